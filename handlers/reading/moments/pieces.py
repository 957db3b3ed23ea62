"""What one piece of a date expression says, and which pieces go together.

The grammars find pieces; `settle` turns what they say together into an instant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from re import Match, Pattern
from typing import Any, Literal

Part = Literal[
    "dawn", "early", "morning", "late morning", "noon", "early afternoon", "afternoon",
    "late afternoon", "eod", "dusk", "evening", "night",
]  # fmt: skip
Edge = Literal["start", "mid", "end"]


@dataclass(frozen=True)
class Clock:
    """A time of day. `sure` is false where 3 may be in the night or in the afternoon."""

    hour: int
    minute: int = 0
    sure: bool = False


@dataclass(frozen=True)
class Saying:
    """What was said; a field is None or False where nothing was.

    `days`, `workdays`, `minutes` and `ahead_months` count from now; `shift` days are added in the
    end. `weeks`, `months`, `quarters` and `years` are offsets of a calendar period, 0 being the
    current one. `weekday` counts from Monday 0, `nth` which of them in the month, the last -1.
    `today_too`: the weekday may be today. `past` is what has been; `impossible` no calendar or
    clock knows.
    """

    days: int | None = None
    workdays: int | None = None
    minutes: int | None = None
    ahead_months: int | None = None
    shift: int | None = None
    weekday: int | None = None
    weeks: int | None = None
    weekend: bool = False
    today_too: bool = False
    month: int | None = None
    months: int | None = None
    day: int | None = None
    nth: int | None = None
    year: int | None = None
    years: int | None = None
    quarter: int | None = None
    quarters: int | None = None
    edge: Edge | None = None
    part: Part | None = None
    clock: Clock | None = None
    past: bool = False
    impossible: bool = False

    def says(self, *names: str) -> bool:
        """Whether any of the named fields was said."""
        return any(_is_said(getattr(self, name)) for name in names)

    @property
    def is_dated(self) -> bool:
        """Whether it names a day, a week, a month, not only a time of day."""
        return self.says(*OFFSET, *WEEK, *CALENDAR, "past")

    @property
    def is_timed(self) -> bool:
        """Whether it names a time of day."""
        return self.says("clock", "part", "minutes")

    @property
    def is_period(self) -> bool:
        """Whether it names a whole week, month or longer, and no day in it."""
        if self.says("day", "nth", "edge", "weekday", "weekend", *OFFSET):
            return False
        return self.says("weeks", "month", "months", "year", "years", "quarter", "quarters")


def _is_said(value: object) -> bool:
    return value is not None and value is not False


OFFSET = ("days", "workdays", "minutes", "ahead_months")
WEEK = ("weekday", "weeks", "weekend")
CALENDAR = ("month", "months", "day", "nth", "year", "years", "quarter", "quarters", "edge")
_RIVALS = (("month", "months"), ("month", "quarter"), ("year", "years"), ("months", "years"))

Strength = Literal["firm", "whole", "alone", "joined"]


@dataclass(frozen=True)
class Piece:
    """A piece of a date expression at `start` to `end`.

    A `firm` one may stand alone anywhere, a `whole` one alone only if there is no other text, a
    `joined` one only behind another: "sat" and "3" are words of many sentences.
    """

    start: int
    end: int
    saying: Saying
    strength: Strength = "firm"


Reader = Callable[[Match[str]], Saying | None]
Rule = tuple[Pattern[str], Strength, Reader]


def pattern(text: str) -> Pattern[str]:
    """The pattern with \\w, \\d and \\b of ASCII, for Chinese may stand right beside a word."""
    return re.compile(text, re.ASCII)


def pieces_by(rules: Iterable[Rule], text: str) -> Iterator[Piece]:
    """Every piece the rules find, overlapping ones too."""
    for words, strength, read in rules:
        for match in words.finditer(text):
            saying = read(match)
            if saying is not None:
                yield Piece(match.start(), match.end(), saying, strength)


def edge_of_year(edge: Edge) -> Saying:
    """The coming start, middle or end of a year that was not named."""
    month = {"start": 1, "mid": 6, "end": 12}[edge]
    return Saying(month=month, edge="start" if edge == "start" else "end")


def together(one: Saying, other: Saying) -> Saying | None:
    """Both sayings as one, or None where they are about different times."""
    said: dict[str, Any] = {}
    for field in fields(Saying):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if _is_said(mine) and _is_said(theirs):
            return None
        said[field.name] = mine if _is_said(mine) else theirs
    both = Saying(**said)
    return both if _agrees(both) else None


def _agrees(said: Saying) -> bool:
    if said.past:
        return not said.says(*OFFSET, *WEEK, *CALENDAR)
    if said.minutes is not None:
        return not said.says("days", "workdays", "ahead_months", *WEEK, *CALENDAR, "part", "clock")
    if any(said.says(one) and said.says(other) for one, other in _RIVALS):
        return False
    if said.is_period and said.is_timed:
        return False
    return _is_one_day(said)


def _is_one_day(said: Saying) -> bool:
    offset, week, calendar = said.says(*OFFSET), said.says(*WEEK), said.says(*CALENDAR)
    if offset and calendar:
        return False
    if offset and week:
        whole_weeks = bool(said.days) and (said.days or 0) % 7 == 0
        return whole_weeks and not said.says("weeks", "weekend")
    if week and calendar:
        weeks_edge = said.says("weeks") and not said.says("month", "months", "day", "year")
        return weeks_edge or (said.says("day", "nth") and not said.says("weeks", "weekend"))
    return True
