"""A country's public holidays, and the weekend days it works instead: from the holidays package."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

FIRST, LAST = 1990, 2099  # years the package knows something of


@dataclass(frozen=True)
class Year:
    """What is unusual in a year: `off` are public holidays, `worked` weekend days made up for."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()


ORDINARY = Year()


@lru_cache(maxsize=512)
def year_of(country: str, year: int) -> Year:
    """A country's year (ISO 3166 alpha-2); an ordinary one where nothing is known of it.

    For the years ahead China announces each November which weekends will be worked; until then
    only the holidays themselves are known.
    """
    if not country or not FIRST <= year <= LAST:
        return ORDINARY
    import holidays  # noqa: PLC0415  # 50 ms, needed only where a country is known

    try:
        found = holidays.country_holidays(country.upper(), years=year)
    except NotImplementedError:
        return ORDINARY
    worked: set[date] = getattr(found, "weekend_workdays", set())
    return Year(
        frozenset(day for day in found if day.year == year),
        frozenset(day for day in worked if day.year == year),
    )


def is_off(country: str, day: date) -> bool:
    """Whether the day is a public holiday of the country."""
    return day in year_of(country, day.year).off


def is_worked(country: str, day: date) -> bool:
    """Whether the country works on this weekend day to make up for a holiday."""
    return day in year_of(country, day.year).worked
