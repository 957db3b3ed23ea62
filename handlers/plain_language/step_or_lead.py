"""What a plain line means when it begins with no command.

A date and a known customer are a next step; a phone number or an e-mail address looks like a
lead; everything else is an objection to look up.
"""

from __future__ import annotations

from handlers.contract.desk import Desk
from handlers.contract.reply import Button, Reply
from handlers.contract.request import Request
from handlers.deals.find_deal import deal_by_id, named_in
from handlers.deals.when import read, without
from handlers.objections import look_up
from handlers.reading import read_lead
from handlers.selling.next_step import book
from kb.states import DealStatus

LEAD_CHARACTERS = 1000


def understood(request: Request, desk: Desk) -> Reply | None:
    """The reply to a line that is clearly a step or a lead; None leaves it to the look-up."""
    return _step(request, desk) or _lead(request, desk)


def _step(request: Request, desk: Desk) -> Reply | None:
    when = read(request.text, desk)
    if when is None or when.at <= desk.now:
        return None
    said = without(request.text, when)
    split = named_in(said, desk, (DealStatus.LIVE,))
    vague = when.precision not in ("minute", "day")
    if not split.match.sure or (vague and look_up.is_sure(split.rest, desk)):
        return None  # "Acme has no budget this year" is what they say, and books nothing
    deal = deal_by_id(desk, split.match.best[0].id)
    # The step is kept as it was said: "call Acme" reads better than "call".
    return book(desk, deal, when.at, said)


def _lead(request: Request, desk: Desk) -> Reply | None:
    if len(request.text) > LEAD_CHARACTERS:
        return None
    lead = read_lead(request.text, desk.team.country or "GB", desk.team.currency)
    if not (lead.phone or lead.email):
        return None
    draft = desk.memory.drafts.keep(
        desk.account.platform,
        desk.account.id,
        "pick",
        {"command": "lead", "rest": request.text, "text": request.text},
        desk.now,
        desk.team.id,
        desk.member.id,
    )
    buttons = (
        Button(desk.words.line("plain_language.step_or_lead.log"), f"pick-lead:{draft.id}"),
        Button(desk.words.line("contract.refusals.look_up"), f"pick-card:{draft.id}"),
    )
    return Reply(desk.words.say("plain_language.step_or_lead.looks_like_lead"), buttons=(buttons,))
