"""Escalations: deals with no nudge answered go to the manager, to ask, reassign or leave.

The owner is told first, in the last nudge, and one tap there keeps the deal from coming here.
"""

from __future__ import annotations

from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.refusals import NotFound
from handlers.contract.reply import Button, Reply, Text, lines, rows
from handlers.contract.request import Request
from handlers.contract.words import choose_words
from handlers.deals.deal_view import render_deal_row, render_headline
from handlers.deals.find_deal import get_deal
from handlers.deals.reassign import log_hand_over, reassign
from handlers.outbox.notices import notify
from kb.funnel.stall import ESCALATE_AFTER
from kb.states import DealStatus
from storage.tables.messages import Nudge
from storage.tables.people_and_deals import Deal, Member, Role

SHOWN, LISTED = 3, 5
HEIRS = 6


def render_warning(desk: Desk, nudge: Nudge, deal: Deal) -> Text:
    """Warns in the owner's last nudge who sees the deal next, and when; empty without a manager.

    `Mia sees this on Thursday unless you answer.`
    """
    ladder = desk.funnel.stage(deal.stage).ladder
    boss = desk.member.manager_id
    if nudge.n != ladder or boss is None or nudge.kind == "unpark":
        return ()
    due = deal.attention_at if deal.attention_kind == "escalate" else None
    at = due or desk.calendar.add_working_days(desk.now, ESCALATE_AFTER)
    day = desk.words.day(at, desk.zone, desk.now)
    return desk.words.say("nudges.escalations.told_first", name=_name_member(desk, boss), day=day)


def render_waiting(desk: Desk) -> tuple[Text, tuple[Button, ...]] | None:
    """The part of the manager's digest on deals that slip, and its buttons; None without any.

    A single one can be settled right there, several are a tap away.
    """
    found = _find_open(desk)
    if not found:
        return None
    if len(found) == 1:
        [(nudge, deal)] = found
        return lines(render_count(desk), render_deal_row(desk, deal)), _make_buttons(desk, nudge)
    return render_count(desk), (Button(desk.words.line("nudges.escalations.do_look"), "slips"),)


def render_count(desk: Desk) -> Text:
    """How many deals slip that the manager has not settled, and the first of them."""
    found = _find_open(desk)
    if not found:
        return ()
    title = desk.words.say("nudges.escalations.title", n=len(found))
    names = " · ".join(deal.customer.name for _, deal in found[:SHOWN])
    return lines(title, names) if len(found) > 1 else title


@action("slips", role=Role.MANAGER)
def show_slipping(request: Request, desk: Desk) -> Reply:
    """Lists the deals that slip, each a tap away: `slips`."""
    found = _find_open(desk)
    if not found:
        return Reply(desk.words.say("nudges.escalations.none"))
    buttons = [Button(deal.customer.name, f"slip:{n.id}") for n, deal in found[:LISTED]]
    title = desk.words.say("nudges.escalations.title", n=len(found))
    return Reply(
        lines(title, *(render_deal_row(desk, deal) for _, deal in found[:LISTED])),
        buttons=rows(buttons),
    )


def _find_open(desk: Desk) -> list[tuple[Nudge, Deal]]:
    found = desk.memory.nudges.list_escalations(desk.team.id, desk.member.id)
    return [(nudge, deal) for nudge in found if (deal := _find_live_deal(desk, nudge)) is not None]


@action("slip", role=Role.MANAGER)
def act_on_slipping(request: Request, desk: Desk) -> Reply:
    """`slip:<nudge>` shows the deal; `…:ask`, `…:leave` and `…:give:<member>` act on it."""
    nudge = desk.memory.nudges.get(desk.team.id, request.number(0))
    if nudge is None or nudge.member_id != desk.member.id or nudge.kind != "escalate":
        raise NotFound
    deal = get_deal(desk, nudge.deal_id or 0)
    if nudge.answered_at is not None:
        return Reply(
            desk.words.say("nudges.nudge.already", deal=render_headline(desk, deal)), about=deal.id
        )
    acts = {"ask": _ask_owner, "leave": _leave_deal, "give": _give_deal}
    act = acts.get(request.word(1))
    return (
        act(request, desk, nudge, deal) if act is not None else _render_slipping(desk, nudge, deal)
    )


def _render_slipping(desk: Desk, nudge: Nudge, deal: Deal) -> Reply:
    owner = _name_member(desk, deal.owner_id)
    said = lines(
        desk.words.say("nudges.escalations.shown", name=owner), render_deal_row(desk, deal)
    )
    return Reply(said, buttons=rows(_make_buttons(desk, nudge), 3), about=deal.id)


def _make_buttons(desk: Desk, nudge: Nudge) -> tuple[Button, ...]:
    return tuple(
        Button(desk.words.line(f"nudges.escalations.do_{act}"), f"slip:{nudge.id}:{act}")
        for act in ("give", "ask", "leave")
    )


def _ask_owner(request: Request, desk: Desk, nudge: Nudge, deal: Deal) -> Reply:
    """Sends the owner the question, as the manager's own."""
    owner = desk.memory.members.get(desk.team.id, deal.owner_id)
    if owner is None:
        raise NotFound
    words = choose_words(owner.language)
    asked = Reply(
        words.say("nudges.escalations.asked_you", name=desk.member.name, deal=deal.customer.name),
        buttons=rows(
            [
                Button(words.line("selling.deal_list.do_note"), f"note:{deal.id}"),
                Button(words.line("selling.deal_list.do_step"), f"step:{deal.id}"),
                Button(words.line("undo.see"), f"open:{deal.id}"),
            ],
            3,
        ),
        about=deal.id,
    )
    _send(desk, owner, asked, f"asked:{nudge.id}")
    _save_answer(desk, nudge, "asked")
    said = desk.words.say("nudges.escalations.asked", name=owner.name, deal=deal.customer.name)
    return Reply(said, about=deal.id).in_place()


def _leave_deal(request: Request, desk: Desk, nudge: Nudge, deal: Deal) -> Reply:
    _save_answer(desk, nudge, "left")
    said = desk.words.say("nudges.escalations.left", deal=deal.customer.name)
    return Reply(said, about=deal.id).in_place()


def _give_deal(request: Request, desk: Desk, nudge: Nudge, deal: Deal) -> Reply:
    """Gives the deal to another member below the manager; both are told."""
    heirs = [
        m for m in desk.memory.members.list_active(desk.team.id) if _may_take_over(desk, m, deal)
    ]
    heir = next((each for each in heirs if each.id == request.number(2)), None)
    if heir is None:
        buttons = [Button(each.name, f"slip:{nudge.id}:give:{each.id}") for each in heirs[:HEIRS]]
        key = "nudges.escalations.to_whom" if buttons else "nudges.escalations.nobody"
        said = desk.words.say(key, deal=deal.customer.name)
        return Reply(said, buttons=rows(buttons), about=deal.id)
    owner = desk.memory.members.get(desk.team.id, deal.owner_id)
    event = reassign(desk, deal, heir, nudges_sent=0)
    log_hand_over(desk, [deal], heir, [event])
    _save_answer(desk, nudge, "given")
    for member, key in (
        (heir, "nudges.escalations.now_yours"),
        (owner, "nudges.escalations.now_theirs"),
    ):
        if member is not None:
            words = choose_words(member.language)
            told = words.say(key, name=heir.name, deal=deal.customer.name)
            _send(desk, member, Reply(told, about=deal.id), f"given:{nudge.id}:{member.id}")
    said = desk.words.say("nudges.escalations.now_theirs", name=heir.name, deal=deal.customer.name)
    return Reply(said, about=deal.id).in_place()


def _may_take_over(desk: Desk, member: Member, deal: Deal) -> bool:
    below = desk.scope.member_ids
    return member.id != deal.owner_id and (below is None or member.id in below)


def _send(desk: Desk, member: Member, reply: Reply, key: str) -> None:
    notify(desk.memory, member, key, reply, desk.now)


def _save_answer(desk: Desk, nudge: Nudge, answer: str) -> None:
    nudge.answered_at, nudge.answer = desk.now, answer


def _find_live_deal(desk: Desk, nudge: Nudge) -> Deal | None:
    deal = desk.memory.deals.get(desk.scope, nudge.deal_id or 0)
    return deal if deal is not None and deal.status == DealStatus.LIVE else None


def _name_member(desk: Desk, member_id: int) -> str:
    return desk.memory.members.get_name(desk.team.id, member_id)
