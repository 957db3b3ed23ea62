"""The progress towards a goal of an amount: what is won, due and expected, as text and chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

from handlers.contract.desk import Desk
from handlers.contract.reply import File, Text, bold, lines
from handlers.pictures import Lines, Series
from handlers.reports.chart_files import render_chart, to_length
from handlers.reports.figures import (
    explain_rates,
    format_day,
    format_estimate,
    format_known_total,
    format_money,
    format_period,
)
from handlers.reports.forecast import estimate_period
from handlers.reports.report_data import get_today, load_rates
from handlers.reports.report_scope import ReportScope, load_scope_histories, make_scope
from kb.funnel.figures.deal_history import DealHistory
from kb.funnel.figures.goal_pace import Pace, compute_due, count_working_days
from kb.funnel.figures.periods import Kind, Period, find_period
from kb.funnel.odds.forecast import Forecast
from kb.states import DealStatus
from storage.tables.figures import Goal
from storage.tables.people_and_deals import Member

MAX_GOALS = 4


@dataclass(frozen=True)
class GoalProgress:
    """A goal, its period, the pace towards it, and the forecast of the period."""

    goal: Goal
    period: Period
    pace: Pace
    forecast: Forecast


def find_amount_goals(desk: Desk, member: Member, period: Period | None) -> list[Goal]:
    """A member's goals of an amount, of this period or else around today, the shortest first."""
    day = get_today(desk)
    if period is not None and not period.holds(day):
        day = period.first
    every = desk.memory.goals.list_covering(desk.team.id, member.id, day)
    goals = [goal for goal in every if goal.amount is not None]
    if period is not None:
        goals = [each for each in goals if (each.first, each.last) == (period.first, period.last)]
    return sorted(goals, key=lambda goal: goal.last - goal.first)[:MAX_GOALS]


def load_progress(desk: Desk, scope: ReportScope, goal: Goal) -> GoalProgress:
    """The progress towards a goal of a member, with everybody below them, in every pipeline."""
    amount = goal.amount or Decimal(0)
    period = _get_period(goal)
    forecast = estimate_period(desk, scope, period, every_pipeline=True)
    over, days = count_working_days(goal.first, goal.last, get_today(desk), desk.calendar)
    pace = Pace(
        first=goal.first,
        last=goal.last,
        goal=amount,
        currency=desk.team.currency,
        won=forecast.won.amount,
        due=compute_due(amount, over, days),
        open=forecast.open.amount,
        expected=forecast.in_time - forecast.won.amount,
        days_left=days - over,
    )
    return GoalProgress(goal, period, pace, forecast)


def _get_period(goal: Goal) -> Period:
    days = (goal.last - goal.first).days
    kind: Kind = (
        "week" if days < 8 else "month" if days < 32 else "quarter" if days < 93 else "year"
    )
    return find_period(kind, goal.first)


def render_progress(desk: Desk, progress: GoalProgress) -> Text:
    """What is won of the goal, how far ahead or behind that is, and what may still come."""
    words, pace = desk.words, progress.pace
    won = format_known_total(desk, progress.forecast.won)
    head = words.say(
        "reports.goal.head" if won else "reports.goal.head_none",
        period=bold(format_period(desk, progress.period)),
        won=bold(won),
        goal=bold(format_money(desk, pace.goal)) if not won else format_money(desk, pace.goal),
        n=int(100 * pace.won / pace.goal) if pace.goal else 100,
    )
    if not pace.missing:
        return lines(head, words.say("reports.goal.reached"))
    key = (
        "reports.goal.even"
        if not round(pace.ahead)
        else "reports.goal.ahead"
        if pace.ahead > 0
        else "reports.goal.behind"
    )
    even = words.say(key, money=format_money(desk, abs(pace.ahead)), n=pace.days_left)
    missing = (
        words.line("reports.goal.missing", money=format_money(desk, pace.missing)) if won else ""
    )
    parts = (missing, _render_coverage(desk, pace))
    semicolon = words.line("reports.goal.semicolon")
    ahead = semicolon.join(filter(None, parts))
    rates = explain_rates(desk, [progress.forecast.open])
    return lines(head, even, ahead, rates)


def _render_coverage(desk: Desk, pace: Pace) -> str:
    """How far the open deals cover what is missing, and what of them is likely in time."""
    words, expected = desk.words, format_estimate(desk, pace.expected)
    open_ = format_money(desk, pace.open)
    if not pace.open:
        return words.line("reports.goal.nothing_open")
    covered = f"{pace.coverage or 0:.1f}"
    covers = (
        words.line("reports.goal.covers", open=open_, times=covered)
        if float(covered)
        else words.line("reports.goal.covers_little", open=open_)
    )
    likely = (
        words.line("reports.goal.likely", expected=expected)
        if round(pace.expected) and expected != open_
        else ""
    )
    return covers + likely


def draw_progress(desk: Desk, member: Member, progress: GoalProgress) -> File:
    """The amount won day by day up to today, an even pace, and the goal as a level."""
    period, pace = progress.period, progress.pace
    days = [pace.first + timedelta(days=n) for n in range((pace.last - pace.first).days + 1)]
    scope, since = make_scope(desk, member.id), period.span(desk.calendar).start
    histories = load_scope_histories(desk, scope, since, every_pipeline=True)
    title = desk.words.line("reports.goal.picture", period=format_period(desk, period))
    won, goal = format_money(desk, pace.won), format_money(desk, pace.goal)
    note = member.name
    if pace.won:
        note = desk.words.line("reports.goal.picture_note", who=note, won=won)
    won_name = desk.words.line("reports.goal.picture_won")
    pace_name = desk.words.line("reports.goal.picture_pace")
    picture = Lines(
        title,
        note,
        tuple(format_day(desk, day) for day in days),
        (
            Series(won_name, _sum_won_by_day(desk, days, histories)),
            Series(pace_name, _spread_goal(desk, days, pace), "quiet"),
        ),
        lambda value: format_money(desk, Decimal(round(value))),
        (to_length(pace.goal), desk.words.line("reports.goal.picture_goal", goal=goal)),
    )
    return render_chart(desk, "goal", picture, f"{title}\n{note}")


def _sum_won_by_day(
    desk: Desk, days: Sequence[date], histories: Sequence[DealHistory]
) -> tuple[float | None, ...]:
    """The sum that was won by the end of each day up to today; None for days to come."""
    rates, today = load_rates(desk), get_today(desk)
    by_day = dict.fromkeys(days, Decimal(0))
    for history in histories:
        day = desk.calendar.local(history.ended_at).date() if history.ended_at else None
        won = history.status == DealStatus.WON
        if won and day in by_day and history.amount is not None:
            by_day[day] += history.amount * (rates.of(history.deal.currency) or 0)
    sums = accumulate(by_day.values())
    return tuple(
        to_length(total) if day <= today else None for day, total in zip(days, sums, strict=True)
    )


def _spread_goal(desk: Desk, days: Sequence[date], pace: Pace) -> tuple[float | None, ...]:
    """The goal spread evenly over the working days, summed up day by day."""
    worked = list(accumulate(int(desk.calendar.is_working_day(day)) for day in days))
    return tuple(to_length(pace.goal) * each / (worked[-1] or 1) for each in worked)
