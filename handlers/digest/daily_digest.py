"""The daily digest and `today`: due, overdue and stalled deals, each with a one-tap outcome."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from handlers.cards import lists
from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.reply import Button, Reply, Text, lines, rows
from handlers.contract.request import Request
from handlers.deals.attention import compute_urgency, find_faults, list_fault_counts
from handlers.deals.deal_view import render_deal_row, render_further_steps
from handlers.deals.step_view import name_step, render_step
from handlers.nudges import escalations
from handlers.objections import card_review, deal_attribution
from handlers.selling import lead_pool
from handlers.selling.deal_list import sort_by_attention
from kb.funnel.stall import StepFault
from kb.states import DealStatus
from storage.tables.people_and_deals import Deal
from storage.tables.steps import Step

TAPS = 5
NAMED = 3
OWN_SHOWN = 5  # reminders of one's own, each a line
OWN_TAPS = 2  # of them with a tap
FEWEST = 2  # deals of a page, however much else there is to tap


@dataclass(frozen=True)
class Day:
    """What a member's day holds, each deal once.

    Overdue steps, steps due later today, parked deals whose day has come, stalled deals.
    """

    overdue: tuple[Deal, ...]
    due: tuple[Deal, ...]
    awake: tuple[Deal, ...]
    stalled: tuple[Deal, ...]
    own: tuple[Step, ...] = ()  # reminders of the member's own, about no deal

    @property
    def is_empty(self) -> bool:
        """Whether nothing needs the member today."""
        return not (self.all or self.own)

    @property
    def all(self) -> tuple[Deal, ...]:
        """All deals of the day, the most pressing first."""
        return self.overdue + self.due + self.awake + self.stalled


# What else waits for the member, each a line and a tap under the day.
WAITING = (
    lead_pool.render_new_leads,
    deal_attribution.render_reminder,
    card_review.render_reminder,
    lists.render_unused_reminder,
)


@command(
    "today", "今天", "今日", "待办", "待办事项", "今日待办", "今天待办", "我的待办", "今天做什么",
    "今天干什么", "任务", "日程", "todo", takes=False,
)  # fmt: skip
def today(request: Request, desk: Desk) -> Reply:
    """The member's day."""
    return render_day(desk, "digest.daily_digest.title", 0)


@action("today")
def turn_page(request: Request, desk: Desk) -> Reply:
    """The day from a later deal on: `today:<how many stand before it>`."""
    return render_day(desk, "digest.daily_digest.title", request.number(0)).in_place()


def render_digest(desk: Desk) -> Reply | None:
    """The morning's message: the day, and what else waits; None when there is nothing to say."""
    singles = (render(desk) for render in WAITING)
    more = [(said, (button,)) for said, button in filter(None, singles)]
    slips = escalations.render_waiting(desk)
    waits = [slips, *more] if slips is not None else more
    day = find_day(desk)
    has_deals = not day.is_empty
    if not has_deals and not waits:
        return None
    taps = [button for _, buttons in waits for button in buttons][: TAPS - FEWEST * has_deals]
    greeting = Reply(desk.words.say("digest.daily_digest.good_morning_bare", name=desk.member.name))
    room = TAPS - len(taps)
    first = (
        _render_page(desk, day, "digest.daily_digest.good_morning", 0, room)
        if has_deals
        else greeting
    )
    text = lines(first.text, _render_unanswered(desk, day), *(said for said, _ in waits))
    return Reply(text, buttons=(*first.buttons, *rows(taps, 3)))


def _render_unanswered(desk: Desk, day: Day) -> Text:
    """The deals whose nudges of the days before still wait for an answer."""
    begin = desk.calendar.at_local(desk.calendar.local(desk.now).date(), time())
    asked = desk.memory.nudges.find_unanswered_deals(desk.team.id, desk.member.id, begin)
    names = [deal.customer.name for deal in day.all if deal.id in asked][:NAMED]
    return (
        desk.words.say("digest.daily_digest.unanswered", names=" · ".join(names)) if names else ()
    )


def render_catch_up(desk: Desk) -> Reply | None:
    """One message for all that came due while nothing could be sent; None when nothing did."""
    day = find_day(desk)
    if day.is_empty:
        return None
    return _render_page(desk, day, "digest.daily_digest.catch_up", 0, TAPS)


def find_day(desk: Desk) -> Day:
    """The member's own deals that need them by the end of their day."""
    end, today_ = _find_end_of_day(desk), desk.calendar.local(desk.now).date()
    open_ = sort_by_attention(desk, desk.memory.deals.within(desk.scope))
    mine = [deal for deal in open_ if deal.owner_id == desk.member.id]
    live = [deal for deal in mine if deal.status == DealStatus.LIVE]
    faults = find_faults(desk, live)
    ahead = (deal for deal in live if deal.id not in faults)
    return Day(
        overdue=tuple(deal for deal in live if faults.get(deal.id) == "overdue"),
        due=tuple(d for d in ahead if d.next_step_at is not None and d.next_step_at < end),
        awake=tuple(d for d in mine if d.parked_until is not None and d.parked_until <= today_),
        stalled=_rank_stalled(desk, (d for d in live if faults.get(d.id) == "stalled"), end),
        own=tuple(
            step
            for step in desk.memory.steps.list_of_member(desk.team.id, desk.member.id)
            if step.deal_id is None and step.at < end
        ),
    )


def _rank_stalled(desk: Desk, stalled: Iterable[Deal], end: datetime) -> tuple[Deal, ...]:
    """The stalled deals; first those with a step before the day's `end`, then by worth."""

    def rank(deal: Deal) -> tuple[bool, Decimal, int]:
        later = deal.next_step_at is None or deal.next_step_at >= end
        urgency = compute_urgency(deal, desk.funnel, desk.calendar, desk.now)
        return later, -urgency, deal.id

    return tuple(sorted(stalled, key=rank))


def render_day(desk: Desk, title_key: str, start: int) -> Reply:
    """A page of the day from the deal `start` on; says so where nothing is due."""
    day = find_day(desk)
    if day.is_empty:
        return _render_empty_day(desk)
    return _render_page(desk, day, title_key, start, TAPS)


def _render_page(desk: Desk, day: Day, title_key: str, start: int, room: int) -> Reply:
    """The deals of a day from `start` on, each with the tap that settles it."""
    start = start if start < len(day.all) else 0
    own = day.own if start == 0 else ()
    taps = [Button(f"✓ {name_step(desk, step)}", f"step-done:{step.id}") for step in own]
    taps = taps[: OWN_TAPS if day.all else room]
    room -= len(taps)
    begun = room - (start > 0)
    fits = begun if len(day.all) - start <= begun else begun - 1
    part = day.all[start : start + fits]
    title = desk.words.say(
        title_key,
        name=desk.member.name,
        counts=_count_day(desk, day),
    )
    buttons = [
        *taps,
        *(_make_outcome_button(desk, deal) for deal in part),
        *_make_page_buttons(desk, day, start, start + fits),
    ]
    reminders = (render_step(desk, step) for step in own[:OWN_SHOWN])
    return Reply(lines(title, *reminders, *_render_deals(desk, part)), buttons=rows(buttons))


def _count_day(desk: Desk, day: Day) -> str:
    """How much the day holds: 1 overdue, 2 to do, 6 stalled; what there is none of is left out."""
    due = len(day.due) + len(day.awake) + len(day.own)
    counts: dict[StepFault, int] = {"overdue": len(day.overdue), "stalled": len(day.stalled)}
    parts = [
        *list_fault_counts(desk.words, counts, ("overdue",)),
        *([desk.words.line("digest.daily_digest.count_due", n=due)] if due else []),
        *list_fault_counts(desk.words, counts, ("stalled",)),
    ]
    return desk.words.line("contract.common.comma").join(parts)


def _render_empty_day(desk: Desk) -> Reply:
    """Says that nothing is due; who has no deals of their own gets a button to their people's."""
    open_ = desk.memory.deals.within(desk.scope)
    theirs = bool(open_) and all(deal.owner_id != desk.member.id for deal in open_)
    key, action_ = (
        ("digest.daily_digest.team_deals", "list:0:0:")
        if theirs
        else ("digest.daily_digest.deals", "list:0:1:")
    )
    said = desk.words.say(
        "digest.daily_digest.nothing_own" if theirs else "digest.daily_digest.nothing"
    )
    slips = escalations.render_waiting(desk) if theirs else None
    taps = (Button(desk.words.line(key), action_), *(slips[1] if slips else ()))
    return Reply(lines(said, slips[0] if slips else ()), buttons=rows(taps))


def _render_deals(desk: Desk, part: tuple[Deal, ...]) -> list[Text]:
    """Each deal with all of its steps that are due by the end of the day."""
    end = _find_end_of_day(desk)
    return [
        lines(render_deal_row(desk, deal), *render_further_steps(desk, deal, end)) for deal in part
    ]


def _make_outcome_button(desk: Desk, deal: Deal) -> Button:
    """The likeliest tap: the due step is done, the stalled deal gets a next step."""
    due = deal.next_step_at is not None and deal.next_step_at <= desk.now
    if due:
        return Button(f"✓ {deal.customer.name}", f"done:{deal.id}")
    if deal.status == DealStatus.PARKED:
        return Button(f"↺ {deal.customer.name}", f"reopen:{deal.id}")
    if deal.next_step_at is None:
        return Button(f"▶ {deal.customer.name}", f"step:{deal.id}")
    return Button(deal.customer.name, f"open:{deal.id}")


def _make_page_buttons(desk: Desk, day: Day, start: int, after: int) -> list[Button]:
    turns = []
    if start > 0:
        turns.append(
            Button(desk.words.line("contract.common.back"), f"today:{max(0, start - TAPS + 1)}")
        )
    if after < len(day.all):
        turns.append(Button(desk.words.line("contract.common.more"), f"today:{after}"))
    return turns


def _find_end_of_day(desk: Desk) -> datetime:
    tomorrow = desk.calendar.local(desk.now).date() + timedelta(days=1)
    return desk.calendar.at_local(tomorrow, time())
