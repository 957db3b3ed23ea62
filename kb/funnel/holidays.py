"""A country's public holidays, and the weekend days it works instead: from the holidays package."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

FIRST, LAST = 1990, 2099  # years the package knows something of


@dataclass(frozen=True)
class HolidayYear:
    """What is unusual in a country's year."""

    holidays: frozenset[date] = frozenset()  # public holidays
    makeup_workdays: frozenset[date] = frozenset()  # weekend days worked for a bridge day


ORDINARY_YEAR = HolidayYear()


@lru_cache(maxsize=512)
def load_year(country: str, year: int) -> HolidayYear:
    """A country's year (ISO 3166 alpha-2); an ordinary one where nothing is known of it.

    For the years ahead China announces each November which weekends will be worked; until then
    only the holidays themselves are known.
    """
    if not country or not FIRST <= year <= LAST:
        return ORDINARY_YEAR
    import holidays  # noqa: PLC0415  # 50 ms, needed only where a country is known

    try:
        found = holidays.country_holidays(country.upper(), years=year)
    except NotImplementedError:
        return ORDINARY_YEAR
    makeup_workdays: set[date] = getattr(found, "weekend_workdays", set())
    return HolidayYear(
        frozenset(day for day in found if day.year == year),
        frozenset(day for day in makeup_workdays if day.year == year),
    )


def is_holiday(country: str, day: date) -> bool:
    """Whether the day is a public holiday of the country."""
    return day in load_year(country, day.year).holidays


def is_makeup_workday(country: str, day: date) -> bool:
    """Whether the country works on this weekend day to make up for a holiday."""
    return day in load_year(country, day.year).makeup_workdays
