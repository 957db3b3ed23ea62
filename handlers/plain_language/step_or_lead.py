"""Reads a plain line as a next step or a lead.

A date and a known customer are a next step; a phone number or an e-mail address looks like a
lead; everything else is an objection to look up.
"""

from __future__ import annotations

from handlers.contract.desk import Desk
from handlers.contract.drafts import save_line
from handlers.contract.refusals import AmbiguousDeal
from handlers.contract.reply import Button, Reply
from handlers.contract.request import Request
from handlers.deals.find_deal import find_named_deals, get_deal, list_nearest
from handlers.deals.step_view import say_once_only
from handlers.deals.when import cut_moment, read_moment
from handlers.objections import look_up
from handlers.reading import read_lead, split_repetition
from handlers.selling.next_step import book
from kb.states import DealStatus

LEAD_CHARACTERS = 1000


def book_step(request: Request, desk: Desk) -> Reply | None:
    """Books the next step that a moment and a deal's name make; None where either is missing."""
    line, repetition = split_repetition(request.text)
    when = read_moment(line, desk)
    if when is None or when.at <= desk.now:
        return None
    said = cut_moment(line, when)
    split = find_named_deals(said, desk, (DealStatus.LIVE,))
    vague = when.precision not in ("minute", "day")
    if split.match.ambiguous and not vague:
        nearest = list_nearest(desk, split)
        raise AmbiguousDeal(nearest[0].customer.name, nearest, "next", request.text)
    if not split.match.sure or (vague and look_up.is_sure(split.rest, desk)):
        return None  # "Acme has no budget this year" is what they say, and books nothing
    deal = get_deal(desk, split.match.best[0].id)
    # The step is kept as it was said: "call Acme" reads better than "call".
    return say_once_only(desk, book(desk, deal, when.at, said), repetition)


def offer_lead(request: Request, desk: Desk) -> Reply | None:
    """Offers to log a line with a telephone number or an address as a lead; None without one."""
    if len(request.text) > LEAD_CHARACTERS:
        return None
    found = read_lead(request.text, desk.team.country or "GB", desk.team.currency)
    if not (found.phone or found.email):
        return None
    draft = save_line(desk, "lead", request.text, request.text)
    buttons = (
        Button(desk.words.line("plain_language.step_or_lead.log"), f"pick-lead:{draft.id}"),
        Button(desk.words.line("contract.refusals.look_up"), f"pick-card:{draft.id}"),
    )
    return Reply(desk.words.say("plain_language.step_or_lead.looks_like_lead"), buttons=(buttons,))
