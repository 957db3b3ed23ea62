"""The moments of steps: read from a line, named by a button, or offered as taps."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from handlers.deals.when import read_minute
from tests.office import Office, action

BOOKED = "select next_step_at, next_step from deal"


def test_a_minute_of_a_button_is_read_as_utc_and_anything_else_is_none() -> None:
    assert read_minute("202611200800") == datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert [read_minute(text) for text in ("", "today", "2026-11-20", "209999999999")] == [None] * 4


@pytest.mark.parametrize(
    ("label", "moment"),
    [
        ("Today 17:00", "2026-11-18 16:00:00.000000"),
        ("Tomorrow 9:00", "2026-11-19 08:00:00.000000"),
        ("In 3 days", "2026-11-23 08:00:00.000000"),
    ],
)
async def test_an_offered_moment_on_a_day_off_becomes_the_next_working_morning(
    office: Office, label: str, moment: str
) -> None:
    """From Wednesday, three days on is a Saturday."""
    await office.says("Ann", "lead Acme, 10k")
    reply = await office.says("Ann", "next acme")
    await office.taps("Ann", action(reply, label))
    assert office.one("select next_step_at from deal") == moment


@pytest.mark.parametrize(
    "line",
    [
        "next acme send the offer tomorrow 3pm",
        "next acme tomorrow 3pm: send the offer",
        "下一步 acme 明天下午3点 send the offer",
    ],
)
async def test_the_words_of_the_moment_are_cut_out_wherever_they_stand(
    office: Office, line: str
) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", line)
    assert office.rows(BOOKED) == [("2026-11-19 14:00:00.000000", "send the offer")]
