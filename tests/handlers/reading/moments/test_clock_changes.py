"""What is said for the night of a clock change is the minute at which a wall first shows it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.reading import read_when
from tests.kb.funnel.wall_clock import (
    CHANGING,
    find_changed_day,
    list_changes,
    list_minutes_to_check,
    walk_clock,
)

CHANGES = [(zone, change) for zone in CHANGING for change in list_changes(zone)]


@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_a_time_said_for_the_night_of_a_change_is_met_once(zone: str, change: datetime) -> None:
    day, walk = find_changed_day(zone, change), walk_clock(zone, change)
    before = datetime.combine(day - timedelta(days=1), time(12), ZoneInfo(zone))
    for clock in list_minutes_to_check(zone, change)[::11]:
        for said in (f"{day} {clock:%H:%M}", f"tomorrow at {clock:%H:%M}", f"明天{clock:%H:%M}"):
            when = read_when(said, before, zone)
            assert when is not None
            assert when.at == walk.first(datetime.combine(day, clock)), said
