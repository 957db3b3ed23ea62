"""What a plain line means when it begins with no command.

A date and a known customer are a next step; a phone number or an e-mail address looks like a
lead; everything else is an objection to look up.
"""

from __future__ import annotations

from handlers import objections
from handlers.desk import Desk
from handlers.finding import deal_by_id, named_in
from handlers.moments import read, without
from handlers.reading import read_lead
from handlers.reply import Button, Reply
from handlers.request import Request
from handlers.steps import book

LEAD_CHARACTERS = 1000


def understood(request: Request, desk: Desk) -> Reply | None:
    """The reply to a line that is clearly a step or a lead; None leaves it to the look-up."""
    return _step(request, desk) or _lead(request, desk)


def _step(request: Request, desk: Desk) -> Reply | None:
    when = read(request.text, desk)
    if when is None or when.at <= desk.now:
        return None
    said = without(request.text, when)
    split = named_in(said, desk, ("live",))
    vague = when.precision not in ("minute", "day")
    if not split.match.sure or (vague and objections.is_sure(split.rest, desk)):
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
        Button(desk.words.line("freely.log"), f"pick-lead:{draft.id}"),
        Button(desk.words.line("refusals.look_up"), f"pick-card:{draft.id}"),
    )
    return Reply(desk.words.say("freely.looks_like_lead"), buttons=(buttons,))
