"""A close date is read from the words people use, and a step or a question is not taken for one."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.deals.close_date import read_close_date
from tests.office import Office, desk_of

# The office's clock stands on Wednesday, 18 November 2026.


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("20 dec", date(2026, 12, 20)),
        ("on 20 December, hopefully", date(2026, 12, 20)),
        ("end of january", date(2027, 1, 31)),
        ("january", date(2027, 1, 29)),  # its last working day
        ("next month", date(2026, 12, 31)),
        ("this quarter", date(2026, 12, 31)),
        ("next quarter", date(2027, 3, 31)),
        ("q1", date(2027, 3, 31)),
        ("Q2 2027", date(2027, 6, 30)),
        ("2027", date(2027, 12, 31)),
        ("next week", date(2026, 11, 27)),
        ("in 2 weeks", date(2026, 12, 2)),
        ("12月20日", date(2026, 12, 20)),
        ("一月底", date(2027, 1, 31)),
        ("下个月", date(2026, 12, 31)),
        ("下季度", date(2027, 3, 31)),
        ("明年一季度", date(2027, 3, 31)),
        ("今年四季度", date(2026, 12, 31)),
        ("年底", date(2026, 12, 31)),
    ],
)
def test_a_day_or_the_last_working_day_of_a_period_is_read(
    office: Office, said: str, day: date
) -> None:
    with desk_of(office, "Ann") as desk:
        found = read_close_date(said, desk)
    assert found is not None
    assert (found.day, found.rest) == (day, "")


@pytest.mark.parametrize(
    ("said", "foretells"),
    [
        ("closes end of january", True),
        ("will sign by 20 dec", True),
        ("should be closed in january", True),
        ("close date 20 dec", True),
        ("预计12月20日签单", True),
        ("应该年底签约", True),
        ("有望月底拿下", True),
        ("sign the contract friday", False),
        ("closes at 17:00 on friday", False),
        ("close of business friday", False),
        ("明天签约", False),
        ("friday", False),
    ],
)
def test_only_a_forecast_of_the_signing_is_one(office: Office, said: str, foretells: bool) -> None:
    with desk_of(office, "Ann") as desk:
        found = read_close_date(said, desk)
    assert found is not None
    assert (found.foretells and not found.rest) == foretells


@pytest.mark.parametrize("said", ["", "when they feel like it", "31 feb", "yesterday", "x" * 5000])
def test_what_names_no_day_is_none(office: Office, said: str) -> None:
    with desk_of(office, "Ann") as desk:
        assert read_close_date(said, desk) is None


def test_what_else_a_line_says_stays_as_it_was(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        found = read_close_date("friday, they promised", desk)
    assert found is not None
    assert found.rest == "they promised"
