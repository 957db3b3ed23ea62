"""Finds the time zone somebody means: an IANA name, a city, or what they typed of one."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from babel.core import get_global

from handlers.reading import find_closest_word

TYPO_FLOOR = 90
NO_TERRITORY = "ZZ"  # what CLDR says of a zone such as Etc/GMT+5
_BY_LANGUAGE = {
    "en": ("Europe/London", "America/New_York", "Europe/Berlin"),
    "en-us": ("America/New_York", "America/Chicago", "America/Los_Angeles"),
    "en-gb": ("Europe/London", "Europe/Dublin", "Europe/Berlin"),
    "de": ("Europe/Berlin", "Europe/Vienna", "Europe/Zurich"),
    "fr": ("Europe/Paris", "Europe/Brussels", "Europe/Zurich"),
    "es": ("Europe/Madrid", "America/Mexico_City", "America/Bogota"),
    "pt": ("America/Sao_Paulo", "Europe/Lisbon", "Europe/Berlin"),
    "zh": ("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Singapore"),
    "zh-hant": ("Asia/Taipei", "Asia/Hong_Kong", "Asia/Shanghai"),
}
_CHINESE = {
    "北京": "Asia/Shanghai",
    "上海": "Asia/Shanghai",
    "深圳": "Asia/Shanghai",
    "广州": "Asia/Shanghai",
    "中国": "Asia/Shanghai",
    "香港": "Asia/Hong_Kong",
    "台北": "Asia/Taipei",
    "台湾": "Asia/Taipei",
    "澳门": "Asia/Macau",
    "新加坡": "Asia/Singapore",
    "东京": "Asia/Tokyo",
    "日本": "Asia/Tokyo",
    "伦敦": "Europe/London",
    "柏林": "Europe/Berlin",
    "巴黎": "Europe/Paris",
    "纽约": "America/New_York",
    "洛杉矶": "America/Los_Angeles",
}


def suggest_zones(hint: str) -> tuple[str, ...]:
    """The likeliest zones of somebody whose platform gives this language hint."""
    folded = hint.casefold().replace("_", "-")
    return _BY_LANGUAGE.get(folded) or _BY_LANGUAGE.get(folded[:2]) or _BY_LANGUAGE["en"]


def find_zone(said: str) -> str | None:
    """The IANA zone of `Europe/Berlin`, `berlin`, `new york` or `北京`; None for none."""
    folded = said.strip().casefold().replace(" ", "_")
    if not folded or len(folded) > 64:
        return None
    exact = _index_zones().get(folded)
    if exact is not None:
        return exact
    if said.strip() in _CHINESE:
        return _CHINESE[said.strip()]
    return find_closest_word(folded, tuple(_index_zones().items()), TYPO_FLOOR)


def find_country(zone: str) -> str:
    """The ISO country a time zone lies in; empty where it lies in none."""
    territory = str(get_global("zone_territories").get(zone, ""))
    return territory if len(territory) == 2 and territory != NO_TERRITORY else ""


@cache
def _index_zones() -> dict[str, str]:
    """Zones by folded full name and, where only one has it, by folded city."""
    zones = sorted(
        zone for zone in available_timezones() if not zone.startswith(("posix", "right"))
    )
    names = {zone.casefold(): zone for zone in zones}
    for zone in zones:
        if "/" in zone and not zone.startswith("Etc/"):
            names.setdefault(zone.rpartition("/")[2].casefold(), zone)
    return names
