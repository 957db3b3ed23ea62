"""Pieces of date and time expressions, what each states, and which of them go together.

The grammars (`dates_en`, `dates_zh`, ...) find pieces; `resolution` turns what they state together
into an instant.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from re import Match, Pattern
from typing import Any, Literal

DayPart = Literal[
    "dawn", "early", "morning", "late morning", "noon", "early afternoon", "afternoon",
    "late afternoon", "eod", "dusk", "evening", "night",
]  # fmt: skip
Edge = Literal["start", "mid", "end"]


@dataclass(frozen=True)
class Clock:
    """A time of day."""

    hour: int
    minute: int = 0
    sure: bool = False  # False where 3 may be in the night or in the afternoon


@dataclass(frozen=True)
class TimeFields:
    """What an expression states of a time; a field is None or False where it states nothing."""

    # Counted from now.
    days: int | None = None
    workdays: int | None = None
    minutes: int | None = None
    ahead_months: int | None = None
    shift: int | None = None  # days added in the end: "two days after Friday"
    # In a week; `weeks` is an offset, 0 being the current week.
    weekday: int | None = None  # Monday 0
    weeks: int | None = None
    weekend: bool = False
    today_too: bool = False  # the weekday may be today
    # In the calendar; `months`, `years` and `quarters` are offsets, 0 being the current one.
    month: int | None = None
    months: int | None = None
    day: int | None = None
    nth: int | None = None  # which such weekday of the month; -1 for the last
    year: int | None = None
    years: int | None = None
    quarter: int | None = None
    quarters: int | None = None
    edge: Edge | None = None
    # On a day.
    part: DayPart | None = None
    clock: Clock | None = None
    past: bool = False  # it has been: yesterday, three days ago
    impossible: bool = False  # no calendar or clock has it: 31 February, 25:00

    def has(self, *names: str) -> bool:
        """Whether any of the named fields is stated."""
        return any(_is_stated(getattr(self, name)) for name in names)

    @property
    def is_dated(self) -> bool:
        """Whether it names a day, a week, a month, not only a time of day."""
        return self.has(*OFFSET, *WEEK, *CALENDAR, "past")

    @property
    def is_timed(self) -> bool:
        """Whether it names a time of day."""
        return self.has("clock", "part", "minutes")

    @property
    def is_period(self) -> bool:
        """Whether it names a whole week, month or longer, and no day in it."""
        if self.has("day", "nth", "edge", "weekday", "weekend", *OFFSET):
            return False
        return self.has("weeks", "month", "months", "year", "years", "quarter", "quarters")


def _is_stated(value: object) -> bool:
    return value is not None and value is not False


OFFSET = ("days", "workdays", "minutes", "ahead_months")
WEEK = ("weekday", "weeks", "weekend")
CALENDAR = ("month", "months", "day", "nth", "year", "years", "quarter", "quarters", "edge")
_RIVALS = (("month", "months"), ("month", "quarter"), ("year", "years"), ("months", "years"))

# Where a piece counts. "anywhere": in any text. "whole": if the text says nothing else, or with a
# date and a time beside it. "alone": only if the text says nothing else. "joined": only beside
# another piece. For "sat" and "3" are words of many sentences.
Place = Literal["anywhere", "whole", "alone", "joined"]


@dataclass(frozen=True)
class Piece:
    """A piece of a date expression, from `start` to `end` of the text."""

    start: int
    end: int
    fields: TimeFields
    place: Place = "anywhere"


ReadMatch = Callable[[Match[str]], TimeFields | None]
Rule = tuple[Pattern[str], Place, ReadMatch]


def compile_ascii(text: str) -> Pattern[str]:
    """The pattern with \\w, \\d and \\b of ASCII, for Chinese may stand right beside a word."""
    return re.compile(text, re.ASCII)


def compile_rules(
    rules: Iterable[tuple[str, Place, ReadMatch]], before: str = "", behind: str = ""
) -> tuple[Rule, ...]:
    """A grammar's rules with their patterns compiled, each between `before` and `behind`."""
    return tuple(
        (compile_ascii(before + words + behind), place, read) for words, place, read in rules
    )


def find_pieces(rules: Iterable[Rule], text: str) -> Iterator[Piece]:
    """Every piece the rules find, overlapping ones too."""
    for words, place, read in rules:
        for match in words.finditer(text):
            fields = read(match)
            if fields is not None:
                yield Piece(match.start(), match.end(), fields, place)


def build_year_edge(edge: Edge) -> TimeFields:
    """The coming start, middle or end of a year that was not named."""
    month = {"start": 1, "mid": 6, "end": 12}[edge]
    return TimeFields(month=month, edge="start" if edge == "start" else "end")


def merge(one: TimeFields, other: TimeFields) -> TimeFields | None:
    """What both state, as one; None where they are about different times."""
    stated: dict[str, Any] = {}
    for field in dataclasses.fields(TimeFields):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if _is_stated(mine) and _is_stated(theirs):
            return None
        stated[field.name] = mine if _is_stated(mine) else theirs
    both = TimeFields(**stated)
    return both if _is_consistent(both) else None


def _is_consistent(fields: TimeFields) -> bool:
    if fields.past:
        return not fields.has(*OFFSET, *WEEK, *CALENDAR)
    if fields.minutes is not None:
        return not fields.has("days", "workdays", "ahead_months", *WEEK, *CALENDAR, "part", "clock")
    if any(fields.has(one) and fields.has(other) for one, other in _RIVALS):
        return False
    if fields.is_period and fields.is_timed:
        return False
    return _is_one_day(fields)


def _is_one_day(fields: TimeFields) -> bool:
    offset, week, calendar = fields.has(*OFFSET), fields.has(*WEEK), fields.has(*CALENDAR)
    if offset and calendar:
        return False
    if offset and week:
        whole_weeks = bool(fields.days) and (fields.days or 0) % 7 == 0
        return whole_weeks and not fields.has("weeks", "weekend")
    if week and calendar:
        weeks_edge = fields.has("weeks") and not fields.has("month", "months", "day", "year")
        return weeks_edge or (fields.has("day", "nth") and not fields.has("weeks", "weekend"))
    return True
