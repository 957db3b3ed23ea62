"""`today`: what is due and overdue and what has stalled, in one message with one-tap outcomes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from handlers import card_lists, card_review, pool, slipping, wrap_up
from handlers.acts import facts_of
from handlers.catalog import action, command
from handlers.deal_view import deal_row
from handlers.deals import by_attention
from handlers.desk import Desk
from handlers.reply import Button, Reply, Text, lines, rows
from handlers.request import Request
from kb.funnel.budget import worth
from kb.funnel.odds import chance
from kb.funnel.stall import idle_working_days, is_stalled, patience_of
from storage.tables import Deal

PAGE = 5


@dataclass(frozen=True)
class Day:
    """What a member's day holds: due steps, parked deals whose day has come, stalled deals."""

    due: tuple[Deal, ...]
    awake: tuple[Deal, ...]
    stalled: tuple[Deal, ...]

    @property
    def all(self) -> tuple[Deal, ...]:
        """All of it, what needs the member first in front."""
        return self.due + self.awake + self.stalled


@command(
    "today", "今天", "今日", "待办", "待办事项", "今日待办", "今天待办", "我的待办", "今天做什么",
    "今天干什么", "任务", "日程", "todo", takes=False,
)  # fmt: skip
def today(request: Request, desk: Desk) -> Reply:
    """The member's day."""
    return shown(desk, "today.title", 0)


@action("today")
def turned(request: Request, desk: Desk) -> Reply:
    """Another page of the day: `today:<page>`."""
    return shown(desk, "today.title", request.number(0)).editing()


def digest(desk: Desk) -> Reply | None:
    """The morning's message: the day, and what else waits; None when there is nothing to say."""
    waits = (
        slipping.waiting(desk),
        pool.waiting(desk),
        wrap_up.waiting(desk),
        card_review.waiting(desk),
        card_lists.waiting(desk),
    )
    more = [each for each in waits if each is not None]
    has_deals = bool(day_of(desk).all)
    if not has_deals and not more:
        return None
    greeting = Reply(desk.words.say("today.good_morning_bare", name=desk.member.name))
    first = shown(desk, "today.good_morning", 0) if has_deals else greeting
    taps = rows([button for _, button in more])
    return Reply(lines(first.text, *(said for said, _ in more)), buttons=(*first.buttons, *taps))


def caught_up(desk: Desk) -> Reply | None:
    """The same after an outage: one message for all that came due meanwhile."""
    return shown(desk, "today.catch_up", 0) if day_of(desk).all else None


def day_of(desk: Desk) -> Day:
    """The member's own deals that need them by the end of their day."""
    end, today_ = _end_of_day(desk), desk.calendar.local(desk.now).date()
    open_ = by_attention(desk, desk.memory.deals.within(desk.scope))
    mine = [deal for deal in open_ if deal.owner_id == desk.member.id]
    live = [deal for deal in mine if deal.status == "live"]
    due = {d.id: d for d in live if d.next_step_at is not None and d.next_step_at < end}
    return Day(
        due=tuple(due.values()),
        awake=tuple(d for d in mine if d.parked_until is not None and d.parked_until <= today_),
        stalled=tuple(_ranked(desk, (d for d in live if d.id not in due))),
    )


def _ranked(desk: Desk, deals: Iterable[Deal]) -> list[Deal]:
    """Those of the deals that have stalled, what is worth most first."""
    stalled = [d for d in deals if is_stalled(facts_of(d), desk.funnel, desk.calendar, desk.now)]
    return sorted(stalled, key=lambda deal: (-_worth(desk, deal), deal.id))


def _worth(desk: Desk, deal: Deal) -> Decimal:
    facts = facts_of(deal)
    over = idle_working_days(facts, desk.calendar, desk.now) - patience_of(facts, desk.funnel)
    return worth(deal.amount, chance(deal.stage, deal.status, desk.funnel), over)


def shown(desk: Desk, title_key: str, page: int) -> Reply:
    """One page of the day, each deal with the tap that settles it."""
    day = day_of(desk)
    if not day.all:
        return _nothing(desk)
    last = (len(day.all) - 1) // PAGE
    page = min(page, last)
    part = day.all[page * PAGE : (page + 1) * PAGE]
    title = desk.words.say(
        title_key,
        name=desk.member.name,
        due=len(day.due) + len(day.awake),
        stalled=len(day.stalled),
    )
    buttons = [*(_outcome(desk, deal) for deal in part), *_turns(desk, page, last)]
    return Reply(lines(title, *_listed(desk, part)), buttons=rows(buttons))


def _nothing(desk: Desk) -> Reply:
    """Says so; whoever has no deals of their own is shown the way to those of their people."""
    open_ = desk.memory.deals.within(desk.scope)
    theirs = bool(open_) and all(deal.owner_id != desk.member.id for deal in open_)
    key, action_ = ("today.team_deals", "list:0:0:") if theirs else ("today.deals", "list:0:1:")
    said = desk.words.say("today.nothing_own" if theirs else "today.nothing")
    return Reply(said, buttons=((Button(desk.words.line(key), action_),),))


def _listed(desk: Desk, part: tuple[Deal, ...]) -> list[Text]:
    return [deal_row(desk, deal) for deal in part]


def _outcome(desk: Desk, deal: Deal) -> Button:
    """The likeliest tap: the due step is done, the stalled deal gets a next step."""
    due = deal.next_step_at is not None and deal.next_step_at <= desk.now
    if due:
        return Button(f"✓ {deal.customer.name}", f"done:{deal.id}")
    if deal.status == "parked":
        return Button(f"↺ {deal.customer.name}", f"reopen:{deal.id}")
    if deal.next_step_at is None:
        return Button(f"▶ {deal.customer.name}", f"step:{deal.id}")
    return Button(deal.customer.name, f"open:{deal.id}")


def _turns(desk: Desk, page: int, last: int) -> list[Button]:
    turns = [(page - 1, "common.back"), (page + 1, "common.more")]
    return [Button(desk.words.line(key), f"today:{to}") for to, key in turns if 0 <= to <= last]


def _end_of_day(desk: Desk) -> datetime:
    tomorrow = desk.calendar.local(desk.now).date() + timedelta(days=1)
    return desk.calendar.at_local(tomorrow, time())
