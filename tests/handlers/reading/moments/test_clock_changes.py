"""What is said for the night of a clock change is the minute at which a wall first shows it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.reading import read_when
from tests.kb.funnel.wall_clock import CHANGING, changes_of, day_of, minutes_of_interest, walked

CHANGES = [(zone, change) for zone in CHANGING for change in changes_of(zone)]


@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_a_time_said_for_the_night_of_a_change_is_met_once(zone: str, change: datetime) -> None:
    day, walk = day_of(zone, change), walked(zone, change)
    before = datetime.combine(day - timedelta(days=1), time(12), ZoneInfo(zone))
    for clock in minutes_of_interest(zone, change)[::11]:
        for said in (f"{day} {clock:%H:%M}", f"tomorrow at {clock:%H:%M}", f"明天{clock:%H:%M}"):
            when = read_when(said, before, zone)
            assert when is not None
            assert when.at == walk.first(datetime.combine(day, clock)), said
