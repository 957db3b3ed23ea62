"""Public holidays and made-up weekends, against the days as the governments announced them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from kb.funnel.calendar import WorkCalendar
from kb.funnel.holidays import is_holiday, load_year

WEEK = frozenset(range(5))


def spans(*pairs: tuple[int, int, int]) -> set[date]:
    """Days of 2026: (month, first, last)."""
    return {date(2026, month, day) for month, a, b in pairs for day in range(a, b + 1)}


# China, General Office of the State Council, notice of November 2025 on the holidays of 2026.
CHINA_OFF = spans(
    (1, 1, 3), (2, 15, 23), (4, 4, 6), (5, 1, 5), (6, 19, 21), (9, 25, 27), (10, 1, 7)
)  # fmt: skip
CHINA_WORKED = {date(2026, *day) for day in [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]}


def test_china_works_and_rests_in_2026_as_was_announced() -> None:
    calendar = WorkCalendar("Asia/Shanghai", time(9), time(18), WEEK, country="CN")
    day = date(2026, 1, 1)
    while day.year == 2026:
        ordinary = day.weekday() < 5 and day not in CHINA_OFF
        assert calendar.is_working_day(day) == (ordinary or day in CHINA_WORKED), day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("GB", date(2026, 4, 3)),
        ("GB", date(2026, 12, 28)),
        ("DE", date(2026, 10, 3)),
        ("US", date(2026, 11, 26)),
        ("FR", date(2026, 7, 14)),
        ("JP", date(2026, 5, 6)),
    ],
)
def test_well_known_holidays_are_off(country: str, day: date) -> None:
    assert is_holiday(country, day)


@pytest.mark.parametrize("country", ["", "XX", "ZZ"])
@pytest.mark.parametrize("year", [1, 1989, 2026, 2100, 9999])
def test_nothing_is_unusual_where_nothing_is_known(country: str, year: int) -> None:
    assert load_year(country, year) == load_year("", 2026)


def test_patience_does_not_run_over_golden_week() -> None:
    calendar = WorkCalendar("Asia/Shanghai", time(9), time(18), WEEK, country="CN")
    asked = datetime(2026, 9, 30, 7, tzinfo=UTC)  # 15:00 on the last day before it
    two_later = calendar.local(calendar.add_working_days(asked, 2))
    assert two_later.date() == date(2026, 10, 9)
    assert calendar.local(calendar.add_working_days(asked, 3)).date() == date(2026, 10, 10)


def test_days_away_are_no_working_days_at_both_ends() -> None:
    away = WorkCalendar(
        "UTC", time(9), time(18), WEEK, away_from=date(2026, 11, 4), away_until=date(2026, 11, 5)
    )
    assert [away.is_working_day(date(2026, 11, day)) for day in range(3, 7)] == [1, 0, 0, 1]


def test_whoever_is_away_on_a_made_up_day_is_away() -> None:
    made_up = date(2026, 10, 10)
    china = WorkCalendar("Asia/Shanghai", time(9), time(18), WEEK, country="CN")
    assert china.is_working_day(made_up)
    assert not replace(china, away_from=made_up, away_until=made_up).is_working_day(made_up)


def china_works() -> list[date]:
    """The days that China worked in 2026, counted from the notice alone."""
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    return [d for d in days if d in CHINA_WORKED or (d.weekday() < 5 and d not in CHINA_OFF)]


def test_patience_counts_the_days_that_china_worked_in_2026() -> None:
    calendar = WorkCalendar("Asia/Shanghai", time(9), time(18), WEEK, country="CN")
    works = china_works()
    for place, day in enumerate(works[:-10]):
        asked = datetime(day.year, day.month, day.day, 7, tzinfo=UTC)  # 15:00 there
        for count in (1, 2, 3, 5, 10):
            due = works[place + count]
            expected = datetime(due.year, due.month, due.day, 7, tzinfo=UTC)
            assert calendar.add_working_days(asked, count) == expected
            assert calendar.working_days_between(asked, expected) == count


def test_a_digest_comes_on_each_day_that_china_worked_in_2026_and_on_no_other() -> None:
    calendar = WorkCalendar("Asia/Shanghai", time(9), time(18), WEEK, country="CN")
    at, found = datetime(2025, 12, 31, 4, tzinfo=UTC), []
    while at.year < 2027:
        at = calendar.next_hour(at, 8)
        found.append(at)
    expected = [datetime(day.year, day.month, day.day, tzinfo=UTC) for day in china_works()]
    assert [each for each in found if each.year == 2026] == expected  # 8:00 there is midnight UTC
