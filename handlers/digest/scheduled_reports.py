"""Scheduled reports for managers: last week's each week, last month's once it is over.

They come at the digest's hour of the manager's own week day, the month's on its first working day;
skipped where nothing happened.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from handlers.contract.desk import Desk, calendar_of
from handlers.contract.reply import Reply, lines
from handlers.nudges.daily_limit import NO_WEEK_DAY
from handlers.outbox.enqueue import enqueue
from handlers.reports import report
from handlers.reports.report_data import get_today
from handlers.reports.report_scope import read_scope
from kb.funnel.figures.periods import Kind, Period, find_period
from storage.tables.messages import Outbox
from storage.tables.people_and_deals import Member, Role
from storage.unit_of_work import UnitOfWork

KIND = "report"
ENDED: tuple[Kind, ...] = ("week", "month")
LATEST = 10  # of the month: after the longest holidays at its start


def enqueue_due(memory: UnitOfWork, member: Member, now: datetime) -> None:
    """Enqueues the reports that are due along with the digest, each once."""
    for period in _find_due_periods(member, calendar_of(member).local(now).date()):
        enqueue(memory, member, KIND, _make_key(member, period), now)


def compose(row: Outbox, desk: Desk) -> Reply | None:
    """Writes the report; None when its time is over or nothing happened in it."""
    today = get_today(desk)
    periods = {
        _make_key(desk.member, period): period for period in _find_due_periods(desk.member, today)
    }
    period = periods.get(row.key)
    if period is None or not desk.may(Role.MANAGER):
        return None
    scope = read_scope(desk, "")
    figures = report.load_report(desk, scope, period)
    if not (figures.now.made.n or figures.now.won.n or figures.now.lost.n):
        return None
    reply = report.render_report(desk, scope, period)
    return replace(
        reply, text=lines(desk.words.say(f"digest.scheduled_reports.{period.kind}"), reply.text)
    )


def _find_due_periods(member: Member, today: date) -> Iterator[Period]:
    """The periods that ended last and are to be reported to the member by now."""
    if member.role == Role.REP or member.week_day == NO_WEEK_DAY:
        return
    if today.weekday() >= member.week_day:
        yield find_period("week", today).before
    if today.day <= LATEST:
        yield find_period("month", today).before


def _make_key(member: Member, period: Period) -> str:
    return f"report:{member.id}:{period.kind}:{period.first}"
