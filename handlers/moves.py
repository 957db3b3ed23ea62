"""Moves a deal along the funnel: move, advance, back, offer; won, lost, park, reopen.

What is allowed and what follows is the funnel's rule (`kb/funnel/move.py`); here it is asked,
carried out and answered.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from handlers.acts import record, undo_button
from handlers.catalog import action, command
from handlers.deal_view import headline, parked_day, stage_name
from handlers.desk import Desk
from handlers.finding import deal_by_id, find_deal
from handlers.reading import Money, closest_word, read_money, read_when
from handlers.refusals import Said
from handlers.reply import Button, Reply, Text
from handlers.request import Request
from handlers.steps import with_next_step
from kb.funnel import move as rule
from kb.funnel.move import Allowed, Decision, Illegal, Position
from storage.tables import Deal, Event

CLOSED_TOO = ("live", "parked", "won", "lost")
TYPO_FLOOR = 75
PARK_CHOICES = (14, 30, 90)  # days


@command("move", "移动", "移到", "转到")
def move(request: Request, desk: Desk) -> Reply:
    """Moves a deal to the stage that is named."""
    deal, rest = find_deal(request, desk, "move", CLOSED_TOO)
    said = rest.strip().removeprefix("to ").removeprefix("到").strip()
    stage = rule.find_stage(said, desk.funnel)
    stage = stage or closest_word(said, rule.stage_words(desk.funnel), TYPO_FLOOR)
    if stage is None:
        raise Said("moves.which_stage", *_stage_buttons(desk, deal), name=deal.customer.name)
    return _to(desk, deal, rule.move(_position(deal), stage, desk.funnel))


@command("advance", "推进", "前进")
def advance(request: Request, desk: Desk) -> Reply:
    """Moves a deal one stage on."""
    deal, _rest = find_deal(request, desk, "advance", CLOSED_TOO)
    return _to(desk, deal, rule.advance(_position(deal), desk.funnel))


@command("back", "退回", "后退")
def back(request: Request, desk: Desk) -> Reply:
    """Moves a deal one stage back."""
    deal, _rest = find_deal(request, desk, "back", CLOSED_TOO)
    return _to(desk, deal, rule.back(_position(deal), desk.funnel))


@action("to")
def moved_to(request: Request, desk: Desk) -> Reply:
    """Moves a deal to the stage a button names: `to:<deal>:<stage>`."""
    deal = deal_by_id(desk, request.number(0))
    return _to(desk, deal, rule.move(_position(deal), request.word(1), desk.funnel))


@action("advance")
def advanced(request: Request, desk: Desk) -> Reply:
    """Moves a deal one stage on, from its card."""
    deal = deal_by_id(desk, request.number(0))
    return _to(desk, deal, rule.advance(_position(deal), desk.funnel))


@command("offer", "quote", "报价")
def offer(request: Request, desk: Desk) -> Reply:
    """An offer has gone out: its amount is kept, and the deal is in negotiation from now on."""
    deal, rest = find_deal(request, desk, "offer")
    money = read_money(rest, desk.team.currency) if rest.strip() else None
    changes = _amount(money)
    if desk.funnel.index(deal.stage) < desk.funnel.index("negotiation"):
        decision = rule.move(_position(deal), "negotiation", desk.funnel)
        changes |= _changes(desk, _allowed(desk, deal, decision))
    event = record(desk, deal, "offered", changes, note=rest.strip())
    return _done(desk, deal, event, desk.words.say("moves.offered", deal=headline(desk, deal)))


@command("won", "赢单", "成交")
def won(request: Request, desk: Desk) -> Reply:
    """Wins a deal: the contract is signed and the money is in."""
    deal, rest = find_deal(request, desk, "won", CLOSED_TOO)
    money = read_money(rest, deal.currency) if rest.strip() else None
    return _win(desk, deal, money.amount if money else None, money_in=False)


@action("won")
def won_by_tap(request: Request, desk: Desk) -> Reply:
    """Wins a deal from its card."""
    return _win(desk, deal_by_id(desk, request.number(0)), None, money_in=False)


@action("won-paid")
def won_and_paid(request: Request, desk: Desk) -> Reply:
    """The contract is signed and the money is in, says the tap: `won-paid:<deal>:<amount>`."""
    money = read_money(request.word(1), desk.team.currency) if request.word(1) else None
    deal = deal_by_id(desk, request.number(0))
    return _win(desk, deal, money.amount if money else None, money_in=True)


@command("lost", "输单", "丢单")
def lost(request: Request, desk: Desk) -> Reply:
    """Loses a deal, with the reason: there is none without."""
    deal, rest = find_deal(request, desk, "lost", CLOSED_TOO)
    reason = rule.find_reason(rest, desk.funnel) if rest.strip() else None
    if reason is None and rest.strip():
        reason = closest_word(rest, rule.reason_words(desk.funnel), TYPO_FLOOR)
    return _lose(desk, deal, reason, note="" if reason else rest.strip())


@action("lost")
def lost_for(request: Request, desk: Desk) -> Reply:
    """Loses a deal for the reason a button names: `lost:<deal>:<reason>`."""
    return _lose(desk, deal_by_id(desk, request.number(0)), request.word(1) or None)


@command("park", "搁置", "暂缓")
def park(request: Request, desk: Desk) -> Reply:
    """Puts a deal to sleep until a day."""
    deal, rest = find_deal(request, desk, "park", CLOSED_TOO)
    when = read_when(rest, desk.now, desk.zone) if rest.strip() else None
    if when is None:
        choices = [
            Button(desk.words.line("moves.park_days", n=days), f"park:{deal.id}:{days}")
            for days in PARK_CHOICES
        ]
        raise Said("moves.park_until_when", *choices, name=deal.customer.name)
    return _park(desk, deal, desk.calendar.local(when.at).date())


@action("park")
def parked_for(request: Request, desk: Desk) -> Reply:
    """Puts a deal to sleep for as many days as a button says: `park:<deal>:<days>`."""
    deal = deal_by_id(desk, request.number(0))
    days = request.number(1) or PARK_CHOICES[0]
    return _park(desk, deal, (desk.calendar.local(desk.now) + timedelta(days=days)).date())


@command("reopen", "重新打开", "重启")
def reopen(request: Request, desk: Desk) -> Reply:
    """Makes a closed or parked deal live again, in the stage where it was."""
    deal, _rest = find_deal(request, desk, "reopen", CLOSED_TOO)
    return _reopen(desk, deal)


@action("reopen")
def reopened(request: Request, desk: Desk) -> Reply:
    """The same from a button."""
    return _reopen(desk, deal_by_id(desk, request.number(0)))


def _to(desk: Desk, deal: Deal, decision: Decision) -> Reply:
    allowed = _allowed(desk, deal, decision)
    event = record(desk, deal, "moved", _changes(desk, allowed))
    said = desk.words.say("moves.moved", deal=headline(desk, deal))
    return _done(desk, deal, event, said)


def _win(desk: Desk, deal: Deal, amount: Decimal | None, *, money_in: bool) -> Reply:
    decision = rule.win(_position(deal), desk.funnel, money_in)
    if isinstance(decision, Illegal) and decision.why == rule.Why.NOT_SIGNED:
        paid = f"won-paid:{deal.id}:{amount if amount is not None else ''}"
        raise Said(
            "moves.not_signed",
            Button(desk.words.line("moves.only_signed"), f"to:{deal.id}:signed"),
            Button(desk.words.line("moves.signed_and_paid"), paid),
            name=deal.customer.name,
        )
    changes = _changes(desk, _allowed(desk, deal, decision)) | {
        "next_step": "",
        "next_step_at": None,
    }
    if amount is not None:
        changes["amount"] = amount
    event = record(desk, deal, "won", changes)
    return _done(desk, deal, event, desk.words.say("moves.won", deal=headline(desk, deal)))


def _lose(desk: Desk, deal: Deal, reason: str | None, note: str = "") -> Reply:
    decision = rule.lose(_position(deal), reason, desk.funnel)
    if isinstance(decision, Illegal) and decision.why in (
        rule.Why.REASON_NEEDED,
        rule.Why.UNKNOWN_REASON,
    ):
        raise Said("moves.why_lost", *_reason_buttons(desk, deal), name=deal.customer.name)
    changes = _changes(desk, _allowed(desk, deal, decision)) | {
        "next_step": "",
        "next_step_at": None,
    }
    event = record(desk, deal, "lost", changes, note=note, nudge_answer="lost")
    named = desk.funnel.reason(deal.lost_reason)
    why = named.name[desk.words.language] if named else deal.lost_reason
    said = desk.words.say("moves.lost", name=deal.customer.name, reason=why)
    return _done(desk, deal, event, said)


def _park(desk: Desk, deal: Deal, until: Any) -> Reply:
    today = desk.calendar.local(desk.now).date()
    decision = rule.park(_position(deal), until, today)
    changes = _changes(desk, _allowed(desk, deal, decision)) | {
        "next_step": "",
        "next_step_at": None,
    }
    event = record(desk, deal, "parked", changes)
    said = desk.words.say("moves.parked", name=deal.customer.name, day=parked_day(desk, deal))
    return _done(desk, deal, event, said)


def _reopen(desk: Desk, deal: Deal) -> Reply:
    decision = rule.reopen(_position(deal), desk.funnel)
    event = record(desk, deal, "reopened", _changes(desk, _allowed(desk, deal, decision)))
    said = desk.words.say("moves.reopened", deal=headline(desk, deal))
    return _done(desk, deal, event, said)


def _done(desk: Desk, deal: Deal, event: Event, said: Text) -> Reply:
    reply = Reply(said, buttons=((undo_button(desk, event),),), about=deal.id)
    return with_next_step(desk, deal, reply)


def _position(deal: Deal) -> Position:
    return Position(stage=deal.stage, status=deal.status)


def _changes(desk: Desk, allowed: Allowed) -> dict[str, Any]:
    """The deal's columns after a move that is allowed."""
    return {
        "stage": allowed.stage,
        "status": allowed.status,
        "stage_since": desk.now,
        "lost_reason": allowed.lost_reason or "",
        "parked_until": allowed.parked_until,
    }


def _amount(money: Money | None) -> dict[str, Any]:
    return {"amount": money.amount, "currency": money.currency} if money else {}


def _allowed(desk: Desk, deal: Deal, decision: Decision) -> Allowed:
    """The decision when it allows; else a refusal that says why and offers what is legal."""
    if isinstance(decision, Allowed):
        return decision
    buttons = [
        Button(_legal_label(desk, legal), _legal_action(deal, legal))
        for legal in decision.legal[:4]
    ]
    raise Said(
        f"moves.illegal_{decision.why.value}",
        *buttons,
        name=deal.customer.name,
        stage=stage_name(desk, deal.stage),
    )


def _legal_label(desk: Desk, legal: rule.Legal) -> str:
    if legal.act == "move" and legal.stage:
        return f"→ {stage_name(desk, legal.stage)}"
    return desk.words.line(f"moves.do_{legal.act}")


def _legal_action(deal: Deal, legal: rule.Legal) -> str:
    if legal.act == "move":
        return f"to:{deal.id}:{legal.stage}"
    return f"{legal.act}:{deal.id}"


def _stage_buttons(desk: Desk, deal: Deal) -> list[Button]:
    return [
        Button(each.name[desk.words.language], f"to:{deal.id}:{each.key}")
        for each in desk.funnel.stages
        if each.key != deal.stage
    ]


def _reason_buttons(desk: Desk, deal: Deal) -> list[Button]:
    return [
        Button(reason.name[desk.words.language], f"lost:{deal.id}:{reason.key}")
        for reason in desk.funnel.lost_reasons
    ]
