"""`--now`: an instant and the zone it was said in, whatever way a person writes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from unittest.mock import patch
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.now_option import Moment, find_local_zone, read_moment

TEN = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("2026-11-18T09:00Z", "UTC"),
        ("2026-11-18T09:00:00+00:00", "UTC"),
        ("2026-11-18 10:00+01:00", "Etc/GMT-1"),
        ("2026-11-18T17:00+08:00", "Asia/Shanghai"),
        ("2026-11-18T14:30+05:30", "Asia/Kolkata"),
        ("2026-11-18T04:00-05:00", "America/Bogota"),
        ("2026-11-18T10:00[Europe/Berlin]", "Europe/Berlin"),
        ("2026-11-18T10:00+01:00[Europe/Berlin]", "Europe/Berlin"),
        (" 2026-11-18T10:00[Europe/Berlin] ", "Europe/Berlin"),
    ],
)
def test_one_instant_said_in_many_ways_is_the_same_and_keeps_its_zone(said: str, zone: str) -> None:
    assert read_moment(said) == Moment(TEN, zone)


def test_a_time_without_a_zone_is_the_machines_own() -> None:
    with patch("bot.now_option.get_localzone_name", return_value="Europe/Berlin"):
        assert read_moment("2026-11-18T10:00") == Moment(TEN, "Europe/Berlin")


def test_a_machine_that_does_not_say_its_zone_is_in_utc() -> None:
    with patch("bot.now_option.get_localzone_name", return_value=None):
        assert find_local_zone() == "UTC"


@pytest.mark.parametrize(
    "said",
    [
        "",
        "tomorrow",
        "2026-13-01T10:00",
        "10:00",
        "2026-11-18T10:00+99:00",
        "NaN",
        "9999-12-31T23:59-05:00",
        "0001-01-01T00:00+05:00",
        "1899-12-31T12:00Z",
    ],
)
def test_what_is_no_time_is_said_so_with_an_example(said: str) -> None:
    with pytest.raises(ValueError, match=r"--now takes a time such as 2026-11-18T10:00\+01:00"):
        read_moment(said)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "", "/etc/localtime"])
def test_a_zone_that_does_not_exist_is_named(zone: str) -> None:
    with pytest.raises(ValueError, match=r"there is no time zone|--now takes a time"):
        read_moment(f"2026-11-18T10:00[{zone or ' '}]")


@settings(max_examples=25)
@given(
    st.integers(1_600_000_000, 3_000_000_000),
    st.integers(-12 * 4, 14 * 4),
)
def test_the_zone_of_an_offset_has_that_offset_at_that_instant(second: int, quarters: int) -> None:
    aware = datetime.fromtimestamp(second, timezone(timedelta(minutes=15 * quarters)))
    moment = read_moment(aware.isoformat())
    assert moment.at == aware
    assert moment.zone in available_timezones()
    same = aware.astimezone(ZoneInfo(moment.zone)).utcoffset() == aware.utcoffset()
    assert same or moment.zone == "UTC"  # an offset that nobody on earth has then
