"""Parses the option `--now`: an instant and its time zone."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from tzlocal import get_localzone_name

# Zones without daylight saving, so that an offset alone identifies them.
_FIXED = {
    0: "UTC",
    180: "Europe/Istanbul",
    240: "Asia/Dubai",
    300: "Asia/Tashkent",
    330: "Asia/Kolkata",
    345: "Asia/Kathmandu",
    420: "Asia/Bangkok",
    480: "Asia/Shanghai",
    540: "Asia/Tokyo",
    600: "Australia/Brisbane",
    -180: "America/Sao_Paulo",
    -300: "America/Bogota",
    -420: "America/Phoenix",
    -600: "Pacific/Honolulu",
}
YEARS = range(1970, 2200)  # outside of it calendars and databases begin to fail


@dataclass(frozen=True)
class Moment:
    """An aware UTC instant and the IANA zone it belongs to."""

    at: datetime
    zone: str


def read_moment(option: str) -> Moment:
    """`2026-11-18T10:00+08:00`, `...Z`, `...[Europe/Berlin]`, or local without a zone.

    Raises ValueError with a sentence for a person when it is none of these.
    """
    text, _, named = option.strip().removesuffix("]").partition("[")
    at = _parse(text)
    if at is None or at.year not in YEARS:
        raise ValueError(f"--now takes a time such as 2026-11-18T10:00+01:00, not {option}")
    if named and named not in available_timezones():
        raise ValueError(f"there is no time zone {named}")
    if at.tzinfo is None or named:
        zone = named or find_local_zone()
        return Moment(at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC), zone)
    return Moment(at.astimezone(UTC), _find_zone(at))


def _parse(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None


def find_local_zone() -> str:
    """The machine's own IANA zone; UTC where it does not say.

    Raises ValueError where TZ has the form of a zone's name and names none.
    """
    told = os.environ.get("TZ", "").removeprefix(":")
    if "/" in told and not told.startswith("/") and told not in available_timezones():
        raise ValueError(f"TZ: there is no time zone {told}")  # else it would be passed over
    return get_localzone_name() or "UTC"


def _find_zone(at: datetime) -> str:
    offset = at.utcoffset() or timedelta()
    minutes = int(offset.total_seconds() // 60)
    if minutes in _FIXED:
        return _FIXED[minutes]
    if minutes % 60 == 0 and abs(minutes) <= 12 * 60:
        return f"Etc/GMT{-minutes // 60:+d}"
    same = (
        zone
        for zone in sorted(available_timezones())
        if at.astimezone(ZoneInfo(zone)).utcoffset() == offset
    )
    return next(same, "UTC")
