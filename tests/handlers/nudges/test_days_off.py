"""Days off: what is read as a range of days, and what is not."""

from __future__ import annotations

import pytest

from tests.office import Office, said

AWAY = "select away_from, away_until from member where name = 'Ann'"


@pytest.mark.parametrize("dash", ["-", "–", "—", "~", "～", "- -", "到", "至"])
async def test_a_dash_alone_is_no_range(office: Office, dash: str) -> None:
    assert "I can't read" in said(await office.says("Ann", f"away {dash}"))
    assert office.rows(AWAY) == [(None, None)]


async def test_a_range_over_the_new_year_ends_in_the_next(office: Office) -> None:
    await office.says("Ann", "away 24 Dec - 2 Jan")
    assert office.rows(AWAY) == [("2026-12-24", "2027-01-02")]


async def test_a_leap_day_a_year_later_is_the_28th(office: Office) -> None:
    office.wait(days=366)  # 19 November 2027
    await office.says("Ann", "away 1 March - 29 Feb")
    assert office.rows(AWAY) == [("2028-03-01", "2029-02-28")]
