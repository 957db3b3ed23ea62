"""A member's working days and a deal's patience, counted by hand: from lists of days, not rules.

Good for October 2026 to Christmas and for hours by day: no clock of these zones changes in them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
# Public holidays from 1 October 2026 until Christmas, as the governments announced them.
HOLIDAYS: dict[str, frozenset[date]] = {
    "Europe/Berlin": frozenset(),
    "Europe/London": frozenset(),
    "America/New_York": frozenset(date(2026, *day) for day in [(10, 12), (11, 11), (11, 26)]),
    "Asia/Shanghai": frozenset(date(2026, 10, day) for day in range(1, 8)),
    "Australia/Sydney": frozenset(),
    "UTC": frozenset(),
}
WORKED = {"Asia/Shanghai": frozenset({date(2026, 10, 10)})}  # a Saturday, made up for
Rows = Callable[..., Sequence[Any]]  # the rows of a query and its values
PATIENCE = {  # working days, and days that a booked step may lie ahead
    "opportunity": (1, 60),
    "qualified": (3, 60),
    "demo": (3, 60),
    "decider": (4, 60),
    "negotiation": (2, 45),
    "signed": (5, 90),
}


@dataclass(frozen=True)
class Person:
    """A member as the database has them."""

    id: int
    zone: ZoneInfo
    start: time
    end: time
    days: frozenset[int]
    budget: int
    away: tuple[date, date] | None

    def local(self, at: datetime) -> datetime:
        """The naive local time."""
        return at.astimezone(self.zone).replace(tzinfo=None)

    def instant(self, local: datetime) -> datetime:
        """The instant of a naive local time, of which there are no others here."""
        return local.replace(tzinfo=self.zone).astimezone(UTC)

    def works_on(self, day: date) -> bool:
        """Whether they work on the local day."""
        if self.away is not None and self.away[0] <= day <= self.away[1]:
            return False
        if day in WORKED.get(self.zone.key, ()):
            return True
        return day.weekday() in self.days and day not in HOLIDAYS[self.zone.key]

    def works_at(self, at: datetime) -> bool:
        """Whether they work at the instant."""
        local = self.local(at)
        return self.works_on(local.date()) and self.start <= local.time() < self.end

    def days_off(self, day: date) -> bool:
        """Whether they are away on the local day."""
        return self.away is not None and self.away[0] <= day <= self.away[1]

    def after(self, since: datetime, working_days: int) -> datetime:
        """So many working days later, at the same time of day."""
        local = self.local(since)
        if not self.works_on(local.date()) or local.time() >= self.end:
            local = datetime.combine(self._next_day(local.date()), self.start)
        local = max(local, datetime.combine(local.date(), self.start))
        day = local.date()
        for _ in range(working_days):
            day = self._next_day(day)
        return self.instant(datetime.combine(day, local.time()))

    def last_morning(self, now: datetime, hour: int) -> datetime:
        """The latest instant until `now` at which it struck the hour on a working day."""
        for back in count():
            local = datetime.combine(self.local(now).date() - back * DAY, time(hour))
            if self.works_on(local.date()) and self.instant(local) <= now:
                return self.instant(local)
        raise AssertionError("days do not end")

    def _next_day(self, day: date) -> date:
        return next(day + n * DAY for n in count(1) if self.works_on(day + n * DAY))


@dataclass(frozen=True)
class Plain:
    """A deal as the database has it."""

    id: int
    name: str
    owner: int
    stage: str
    status: str
    step_at: datetime | None
    active_at: datetime
    parked_until: date | None
    rhythm: int

    def is_booked(self, now: datetime) -> bool:
        """Whether a next step lies ahead, and not too far ahead to count."""
        cap = PATIENCE[self.stage][1] * DAY
        return self.step_at is not None and now < self.step_at <= self.active_at + cap

    def patient_until(self, person: Person) -> datetime:
        """When its stage's patience, or its own, ends."""
        return person.after(self.active_at, self.rhythm or PATIENCE[self.stage][0])

    def is_stalled(self, person: Person, now: datetime) -> bool:
        """Whether nothing is booked nor overdue, and the patience has ended."""
        if self.status != "live" or self.rhythm < 0 or self.is_booked(now) or self.is_overdue(now):
            return False
        return self.patient_until(person) <= now

    def is_overdue(self, now: datetime) -> bool:
        """Whether its next step has come or passed."""
        return self.status == "live" and self.step_at is not None and self.step_at <= now

    def belongs_in_the_digest(self, person: Person, now: datetime) -> bool:
        """Whether it is due by the end of the day, has stalled, or wakes."""
        local = person.local(now)
        if self.status == "parked":
            return self.parked_until is not None and self.parked_until <= local.date()
        midnight = person.instant(datetime.combine(local.date() + DAY, time()))
        due = self.step_at is not None and self.step_at < midnight
        return self.status == "live" and (due or self.is_stalled(person, now))


def person(rows: Rows, member_id: int) -> Person:
    """The member, read from the database."""
    [row] = rows(
        "select id, time_zone, work_start, work_end, work_days, nudges_a_day, away_from, away_until"
        " from member where id = ?",
        member_id,
    )
    number, zone, start, end, days, budget, since, until = row
    away = (date.fromisoformat(since), date.fromisoformat(until)) if since and until else None
    hours = time.fromisoformat(start), time.fromisoformat(end)
    return Person(number, ZoneInfo(zone), *hours, frozenset(map(int, days)), budget, away)


def deals(rows: Rows, owner_id: int) -> list[Plain]:
    """Every deal of a member, read from the database."""
    found = rows(
        "select deal.id, c.name, owner_id, stage, status, next_step_at, last_activity_at,"
        " parked_until, rhythm from deal join customer c on c.id = customer_id"
        " where owner_id = ? order by deal.id",
        owner_id,
    )
    return [
        Plain(number, name, owner, stage, status, at(step), read(active), day(until), rhythm)
        for number, name, owner, stage, status, step, active, until, rhythm in found
    ]


def reminders_until(rows: Rows, me: Person, day: date) -> int:
    """How many open reminders of their own, about no deal, stand until the end of a local day."""
    midnight = me.instant(datetime.combine(day + DAY, time()))
    [(count_,)] = rows(
        "select count(*) from step where member_id = ? and deal_id is null and state = 'open'"
        " and at < ?",
        me.id,
        f"{midnight:%Y-%m-%d %H:%M:%S}",
    )
    return int(count_)


def at(written: str | None) -> datetime | None:
    """An instant as the database writes it."""
    return read(written) if written else None


def read(written: str) -> datetime:
    """An instant as the database writes it, which is UTC."""
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def day(written: str | None) -> date | None:
    """A day as the database writes it."""
    return date.fromisoformat(written) if written else None
