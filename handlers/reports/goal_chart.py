"""A goal as a picture: what was won day by day, beside an even pace over the working days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

from handlers.contract.desk import Desk
from handlers.contract.reply import File
from handlers.pictures import Lines, Series
from handlers.reports import figures
from handlers.reports.chart_files import amount_of, as_file
from kb.funnel.figures.deal_history import DealHistory
from kb.funnel.figures.goal_pace import Pace
from kb.funnel.figures.periods import Period
from kb.states import DealStatus


def picture(
    desk: Desk, whose: str, period: Period, pace: Pace, found: Sequence[DealHistory]
) -> File:
    """The lines up to today, the goal as a level to reach."""
    days = [pace.first + timedelta(days=n) for n in range((pace.last - pace.first).days + 1)]
    title = desk.words.line("reports.goal.picture", period=figures.period_name(desk, period))
    won, goal = figures.money(desk, pace.won), figures.money(desk, pace.goal)
    note = desk.words.line("reports.goal.picture_note", who=whose, won=won, goal=goal)
    drawn = Lines(
        title,
        note,
        tuple(figures.day_of(desk, day) for day in days),
        (
            Series(desk.words.line("reports.goal.picture_won"), _won(desk, days, found)),
            Series(desk.words.line("reports.goal.picture_pace"), _even(desk, days, pace), "quiet"),
        ),
        lambda value: figures.money(desk, Decimal(round(value))),
        (amount_of(pace.goal), desk.words.line("reports.goal.picture_goal", goal=goal)),
    )
    return as_file(desk, "goal", drawn, f"{title}\n{note}")


def _won(
    desk: Desk, days: Sequence[date], found: Sequence[DealHistory]
) -> tuple[float | None, ...]:
    """The sum that was won by the end of each day up to today."""
    rates, today = figures.rates_of(desk), figures.today_of(desk)
    by_day = dict.fromkeys(days, Decimal(0))
    for course in found:
        day = desk.calendar.local(course.ended_at).date() if course.ended_at else None
        if course.status == DealStatus.WON and day in by_day and course.amount is not None:
            by_day[day] += course.amount * (rates.of(course.deal.currency) or 0)
    sums = accumulate(by_day.values())
    return tuple(
        amount_of(total) if day <= today else None for day, total in zip(days, sums, strict=True)
    )


def _even(desk: Desk, days: Sequence[date], pace: Pace) -> tuple[float | None, ...]:
    """The goal shared out over the working days."""
    worked = list(accumulate(int(desk.calendar.is_working_day(day)) for day in days))
    return tuple(amount_of(pace.goal) * each / (worked[-1] or 1) for each in worked)
