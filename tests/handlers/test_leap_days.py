"""29 February is a day like any other where there is one, and is never asked for where not."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from handlers.reading import read_when
from kb.funnel.calendar import WorkCalendar
from kb.funnel.stages.funnel_templates import load_funnel
from kb.funnel.stall import DealFacts, find_attention
from kb.states import DealStatus

FUNNEL = load_funnel("odds6")
OFFICE = WorkCalendar("Europe/Berlin", time(9), time(18), frozenset(range(5)))
LEAP = date(2028, 2, 29)  # a Tuesday


def berlin(year: int, month: int, day: int, hour: int) -> datetime:
    """A moment of a Berlin winter."""
    return datetime(year, month, day, hour - 1, tzinfo=UTC)


@pytest.mark.parametrize("year", [2024, 2026, 2028, 2096, 2100])
def test_every_weekday_of_a_year_has_one_digest_and_no_other_day(year: int) -> None:
    first = date(year - 1, 12, 31)
    weekdays = [first + timedelta(days=n) for n in range(1, 367)]
    expected = [day for day in weekdays if day.year == year and day.weekday() < 5]
    at, found = datetime(year - 1, 12, 31, 12, tzinfo=UTC), []
    while at.year <= year:
        at = OFFICE.next_hour(at, 8)
        found.append(OFFICE.local(at).date())
    assert [day for day in found if day.year == year] == expected


@pytest.mark.parametrize(
    ("begin", "count", "end"),
    [
        (berlin(2028, 2, 28, 15), 1, berlin(2028, 2, 29, 15)),
        (berlin(2028, 2, 29, 15), 1, berlin(2028, 3, 1, 15)),
        (berlin(2028, 2, 25, 15), 5, berlin(2028, 3, 3, 15)),
        (berlin(2027, 2, 26, 15), 1, berlin(2027, 3, 1, 15)),
        (berlin(2100, 2, 26, 15), 1, berlin(2100, 3, 1, 15)),  # no leap year
    ],
)
def test_patience_runs_over_the_leap_day_where_there_is_one(
    begin: datetime, count: int, end: datetime
) -> None:
    assert OFFICE.add_working_days(begin, count) == end
    assert OFFICE.working_days_between(begin, end) == count


def test_a_deal_parked_until_the_leap_day_wakes_on_it() -> None:
    asleep = berlin(2027, 12, 1, 10)
    facts = DealFacts("qualified", DealStatus.PARKED, asleep, parked_until=LEAP)
    found = find_attention(facts, FUNNEL, OFFICE)
    assert found is not None
    assert found.at == berlin(2028, 2, 29, 9)


@pytest.mark.parametrize(
    ("now", "said", "day"),
    [
        (berlin(2026, 11, 18, 10), "29 Feb", LEAP),
        (berlin(2026, 11, 18, 10), "2028-02-29", LEAP),
        (berlin(2026, 11, 18, 10), "2月29日", LEAP),
        (berlin(2028, 2, 28, 10), "tomorrow", LEAP),
        (berlin(2028, 2, 28, 10), "明天", LEAP),
        (berlin(2028, 1, 31, 10), "in 1 month", LEAP),
        (berlin(2027, 1, 31, 10), "in 1 month", date(2027, 2, 28)),
        (berlin(2028, 2, 29, 10), "in 12 months", date(2029, 2, 28)),
        (berlin(2028, 2, 29, 10), "in 1 working day", date(2028, 3, 1)),
        (berlin(2028, 2, 29, 10), "29 Feb", LEAP),
        (berlin(2028, 3, 1, 10), "29 Feb", date(2032, 2, 29)),
        (berlin(2097, 1, 4, 10), "29 Feb", date(2104, 2, 29)),
        (berlin(2028, 2, 1, 10), "end of month", LEAP),
        (berlin(2028, 2, 1, 10), "last Tuesday of February", LEAP),
    ],
)
def test_words_that_mean_the_leap_day_are_read_so(now: datetime, said: str, day: date) -> None:
    when = read_when(said, now, "Europe/Berlin")
    assert when is not None
    assert OFFICE.local(when.at).date() == day


@pytest.mark.parametrize("said", ["29 Feb 2027", "2027-02-29", "2100-02-29", "30 Feb"])
def test_a_leap_day_that_no_calendar_has_is_no_day(said: str) -> None:
    assert read_when(said, berlin(2026, 11, 18, 10), "Europe/Berlin") is None
