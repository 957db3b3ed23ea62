"""Ends a deal, or lets it sleep: won, lost, park; and reopen, which makes it live again.

What is allowed is the funnel's rule (`kb/funnel/move.py`), as it is for the moves along it.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from handlers.acts import record
from handlers.catalog import action, command
from handlers.deal_view import headline, parked_day
from handlers.desk import Desk
from handlers.finding import EVERY, deal_by_id, find_deal
from handlers.moves import TYPO_FLOOR, allowed_or_refused, changes_of, done, position
from handlers.reading import closest_word, read_money, read_when
from handlers.refusals import Asked
from handlers.reply import Button, Reply
from handlers.request import Request
from kb.funnel import move as rule
from kb.funnel.move import Illegal
from storage.tables import Deal

PARK_CHOICES = (14, 30, 90)  # days
LONGEST_PARK = 3650  # days
NO_STEP: dict[str, Any] = {"next_step": "", "next_step_at": None}


@command("won", "赢单", "成交")
def won(request: Request, desk: Desk) -> Reply:
    """Wins a deal: the contract is signed and the money is in."""
    deal, rest = find_deal(request, desk, "won", EVERY)
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
    deal, rest = find_deal(request, desk, "lost", EVERY)
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
    deal, rest = find_deal(request, desk, "park", EVERY)
    when = read_when(rest, desk.now, desk.zone) if rest.strip() else None
    if when is None:
        raise _until_when(desk, deal)
    return _park(desk, deal, desk.calendar.local(when.at).date())


@action("park")
def parked_for(request: Request, desk: Desk) -> Reply:
    """Puts a deal to sleep: `park:<deal>` asks how long, `park:<deal>:<days>` does it."""
    deal = deal_by_id(desk, request.number(0))
    days = request.number(1)
    if not 0 < days <= LONGEST_PARK:
        raise _until_when(desk, deal)
    return _park(desk, deal, (desk.calendar.local(desk.now) + timedelta(days=days)).date())


@command("reopen", "重新打开", "重启")
def reopen(request: Request, desk: Desk) -> Reply:
    """Makes a closed or parked deal live again, in the stage where it was."""
    deal, _rest = find_deal(request, desk, "reopen", EVERY)
    return _reopen(desk, deal)


@action("reopen")
def reopened(request: Request, desk: Desk) -> Reply:
    """The same from a button."""
    return _reopen(desk, deal_by_id(desk, request.number(0)))


def _until_when(desk: Desk, deal: Deal) -> Asked:
    choices = [
        Button(desk.words.line("endings.park_days", n=days), f"park:{deal.id}:{days}")
        for days in PARK_CHOICES
    ]
    return Asked("endings.park_until_when", *choices, name=deal.customer.name)


def _win(desk: Desk, deal: Deal, amount: Decimal | None, *, money_in: bool) -> Reply:
    decision = rule.win(position(deal), desk.funnel, money_in)
    if isinstance(decision, Illegal) and decision.why == rule.Why.NOT_SIGNED:
        paid = f"won-paid:{deal.id}:{amount if amount is not None else ''}"
        raise Asked(
            "endings.not_signed",
            Button(desk.words.line("endings.only_signed"), f"to:{deal.id}:signed"),
            Button(desk.words.line("endings.signed_and_paid"), paid),
            name=deal.customer.name,
        )
    changes = changes_of(desk, allowed_or_refused(desk, deal, decision)) | {
        "next_step": "",
        "next_step_at": None,
    }
    if amount is not None:
        changes["amount"] = amount
    event = record(desk, deal, "won", changes)
    return done(desk, deal, event, desk.words.say("endings.won", deal=headline(desk, deal)))


def _lose(desk: Desk, deal: Deal, reason: str | None, note: str = "") -> Reply:
    decision = rule.lose(position(deal), reason, desk.funnel)
    if isinstance(decision, Illegal) and decision.why in (
        rule.Why.REASON_NEEDED,
        rule.Why.UNKNOWN_REASON,
    ):
        raise Asked("endings.why_lost", *_reason_buttons(desk, deal), name=deal.customer.name)
    changes = changes_of(desk, allowed_or_refused(desk, deal, decision)) | {
        "next_step": "",
        "next_step_at": None,
    }
    event = record(desk, deal, "lost", changes, note=note, nudge_answer="lost")
    named = desk.funnel.reason(deal.lost_reason)
    why = named.name[desk.words.language] if named else deal.lost_reason
    said = desk.words.say("endings.lost", name=deal.customer.name, reason=why)
    return done(desk, deal, event, said)


def _park(desk: Desk, deal: Deal, until: date) -> Reply:
    today = desk.calendar.local(desk.now).date()
    decision = rule.park(position(deal), until, today)
    changes = changes_of(desk, allowed_or_refused(desk, deal, decision)) | {
        "next_step": "",
        "next_step_at": None,
    }
    event = record(desk, deal, "parked", changes)
    said = desk.words.say("endings.parked", name=deal.customer.name, day=parked_day(desk, deal))
    return done(desk, deal, event, said)


def _reopen(desk: Desk, deal: Deal) -> Reply:
    decision = rule.reopen(position(deal), desk.funnel)
    event = record(
        desk, deal, "reopened", changes_of(desk, allowed_or_refused(desk, deal, decision))
    )
    said = desk.words.say("endings.reopened", deal=headline(desk, deal))
    return done(desk, deal, event, said)


def _reason_buttons(desk: Desk, deal: Deal) -> list[Button]:
    return [
        Button(reason.name[desk.words.language], f"lost:{deal.id}:{reason.key}")
        for reason in desk.funnel.lost_reasons
    ]
