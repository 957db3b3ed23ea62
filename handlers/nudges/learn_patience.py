"""Learns each team's patience from its won deals, once a day, and reschedules nudges by it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from handlers.contract.desk import calendar_of, funnel_of
from handlers.deals.attention import reschedule_all
from kb.funnel.calendar import WorkCalendar
from kb.funnel.patience import StageEntry, learn_patience
from storage.scope import Scope
from storage.tables.people_and_deals import Team
from storage.unit_of_work import UnitOfWork

FRESH = timedelta(days=1)
OFFICE_HOURS = (time(9), time(18))
WEEKDAYS = frozenset(range(5))


def learn(memory: UnitOfWork, now: datetime) -> None:
    """Learns for every team whose patience was last learned over a day ago."""
    for team in memory.members.list_teams():
        if team.patience_at is None or now - team.patience_at >= FRESH:
            _learn(memory, team, now)


def _learn(memory: UnitOfWork, team: Team, now: datetime) -> None:
    calendar = WorkCalendar(team.time_zone, *OFFICE_HOURS, WEEKDAYS, country=team.country)
    history = (StageEntry(*row) for row in memory.events.list_stages_of_won(team.id))
    found = dict(learn_patience(history, calendar))
    team.patience_at = now
    if found != team.patience:
        team.patience = found
        _reschedule_deals(memory, team, now)


def _reschedule_deals(memory: UnitOfWork, team: Team, now: datetime) -> None:
    calendars = {member.id: calendar_of(member) for member in memory.members.list_active(team.id)}
    reschedule_all(memory, memory.deals.within(Scope(team.id)), funnel_of(team), calendars, now)
