"""Refusals: what was wrong in words, the way out as buttons, and the typed text given back.

A refusal carries facts; the handler raises it and what it had begun is undone. Anything that is
not a Refusal is an error, and the app answers for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import singledispatch

from handlers.contract import open_question
from handlers.contract.desk import Desk, Lobby
from handlers.contract.drafts import save_line
from handlers.contract.open_question import Question
from handlers.contract.reply import Button, Reply, Text, lines, rows
from handlers.contract.request import Request
from storage.tables.people_and_deals import Deal, Role

_LIKE_A_SECRET = re.compile(r"[\w-]{20,64}", re.ASCII)  # 22 URL-safe characters, 32 in scripts


class Refusal(Exception):
    """What was asked for can't be done."""

    key = "contract.refusals.refused"


@dataclass(eq=False)
class UnknownDeal(Refusal):
    """No deal of the member's is called that. `rest` is what else was said, `command` the word."""

    name: str
    nearest: Sequence[Deal]
    command: str
    rest: str
    key = "contract.refusals.unknown_deal"


@dataclass(eq=False)
class AmbiguousDeal(Refusal):
    """Several deals are called nearly that."""

    name: str
    nearest: Sequence[Deal]
    command: str
    rest: str
    key = "contract.refusals.ambiguous_deal"


class TextRefusal(Refusal):
    """A refusal with a text of its own: its key, the values that fill it, and buttons as ways out.

    A `question` may be answered by typing, too.
    """

    def __init__(
        self, key: str, *buttons: Button, question: Question | None = None, **facts: object
    ) -> None:
        super().__init__(key)
        self.key, self.buttons, self.facts = key, buttons, facts
        self.question = question


class ChoiceNeeded(TextRefusal):
    """Something is still to be chosen: no mistake, so what was typed is not given back."""


@dataclass(eq=False)
class NotAllowed(Refusal):
    """The member's role is not enough."""

    role: Role
    key = "contract.refusals.not_allowed"


class NotFound(Refusal):
    """What a button refers to does not exist or belongs to somebody else."""

    key = "contract.refusals.gone"


class NotAMember(Refusal):
    """The account is in no team."""

    key = "contract.refusals.stranger"


def require_role(desk: Desk, role: Role) -> None:
    """Refuses a member who has less than this role."""
    if not desk.may(role):
        raise NotAllowed(role)


@singledispatch
def render_refusal(refusal: Refusal, request: Request, desk: Desk | Lobby) -> Reply:
    """Renders a refusal in the person's language, with what they typed given back."""
    return Reply(lines(desk.words.say(refusal.key), give_back_text(request, desk)))


@render_refusal.register
def _(refusal: NotAMember, request: Request, desk: Desk | Lobby) -> Reply:
    said = lines(desk.words.say(refusal.key), give_back_text(request, desk))
    if request.in_group:  # a team is made, and an invite told, where nobody else reads
        return Reply(said)
    make = Button(desk.words.line("team.onboarding.make_team"), "found")
    come = Button(desk.words.line("team.onboarding.have_invite"), "redeem")
    return Reply(said, buttons=((make,), (come,)))


@render_refusal.register
def _(refusal: TextRefusal, request: Request, desk: Desk | Lobby) -> Reply:
    _ask_question(refusal, desk)
    said = desk.words.say(refusal.key, **refusal.facts)
    return Reply(lines(said, give_back_text(request, desk)), buttons=rows(refusal.buttons))


@render_refusal.register
def _(refusal: ChoiceNeeded, request: Request, desk: Desk | Lobby) -> Reply:
    wide = 3 if len(refusal.buttons) > 4 else 2
    _ask_question(refusal, desk)
    return Reply(desk.words.say(refusal.key, **refusal.facts), buttons=rows(refusal.buttons, wide))


@render_refusal.register
def _(refusal: NotAllowed, request: Request, desk: Desk | Lobby) -> Reply:
    role = desk.words.line(f"contract.refusals.role_{refusal.role}")
    return Reply(lines(desk.words.say(refusal.key, role=role), give_back_text(request, desk)))


@render_refusal.register
def _(refusal: UnknownDeal, request: Request, desk: Desk) -> Reply:
    key = (
        "contract.refusals.unknown_deal" if refusal.nearest else "contract.refusals.no_deal_at_all"
    )
    said = desk.words.say(key, name=refusal.name)
    return _offer_deals(said, refusal, request, desk)


@render_refusal.register
def _(refusal: AmbiguousDeal, request: Request, desk: Desk) -> Reply:
    return _offer_deals(desk.words.say(refusal.key, name=refusal.name), refusal, request, desk)


def _ask_question(refusal: TextRefusal, desk: Desk | Lobby) -> None:
    if refusal.question is not None and isinstance(desk, Desk):
        open_question.ask(desk, refusal.question)


def _offer_deals(
    said: Text, refusal: UnknownDeal | AmbiguousDeal, request: Request, desk: Desk
) -> Reply:
    draft = save_line(desk, refusal.command, refusal.rest, request.text)
    buttons = [
        Button(_make_deal_label(deal, refusal.nearest, desk), f"pick:{draft.id}:{deal.id}")
        for deal in refusal.nearest[:3]
    ]
    if isinstance(refusal, UnknownDeal) and request.kind == "text":
        buttons.append(
            Button(desk.words.line("contract.refusals.new_lead"), f"pick-lead:{draft.id}")
        )
        buttons.append(
            Button(desk.words.line("contract.refusals.look_up"), f"pick-card:{draft.id}")
        )
    return Reply(lines(said, give_back_text(request, desk)), buttons=rows(buttons))


def _make_deal_label(deal: Deal, among: Sequence[Deal], desk: Desk) -> str:
    name = deal.customer.name
    if sum(other.customer.name == name for other in among) == 1:
        return name
    money = desk.words.money(deal.amount, deal.currency)
    return f"{name[:20]} · {desk.funnel.stage(deal.stage).name[desk.words.language]} · {money}"


def give_back_text(request: Request, desk: Desk | Lobby) -> Text:
    """What the person typed, given back to copy; nothing for a button."""
    typed = request.text.strip() if request.kind == "text" else ""
    return desk.words.say("contract.refusals.your_text", text=typed[:500]) if typed else ()


def hide_secrets(reply: Reply, room: Desk | Lobby) -> Reply:
    """The reply without any secret of an invite or link code that can still be used."""

    def hide(found: re.Match[str]) -> str:
        tried = {found[0], found[0].strip("-_")}  # a platform's marks may stand around it
        live = any(room.memory.invites.find_valid(each, room.now) for each in tried)
        return "…" if live else found[0]

    spans = (replace(span, text=_LIKE_A_SECRET.sub(hide, span.text)) for span in reply.text)
    return replace(reply, text=tuple(spans))
