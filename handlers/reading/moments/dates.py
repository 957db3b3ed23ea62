"""Reads when something will be, in English and Chinese, wherever it stands in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time

from handlers.reading.clean import Span, same_length
from handlers.reading.moments.dates_digits import pieces_in_digits
from handlers.reading.moments.dates_en import pieces_in_english
from handlers.reading.moments.dates_zh import pieces_in_chinese
from handlers.reading.moments.days import Works, on_weekdays
from handlers.reading.moments.pieces import Piece, Saying, together
from handlers.reading.moments.resolution import Hours, Precision, settle

_HIDDEN = re.compile(
    r"\S{1,64}@[\w.-]{1,200}|(?:https?://|www\.)\S{1,500}"  # addresses
    r"|\+\d[\d ().-]{6,20}\d|\(\d{2,5}\) ?\d[\d -]{4,12}\d"  # phones with a prefix
    r"|(?<![\d-])\d{3,4}[- ]\d{3,4}[- ]\d{4}(?!\d)|\d{3}-\d{4}(?!\d)|\d{7,}"
)
_JOINER = re.compile(
    r"[\s,;]{0,3}(?:(?:at|on|by|the|of|in|around|about|before|from|@|~|or so"
    r"|的|在|于|大?约|大概)\s{0,2}){0,3}\(?"
)
_LEAD = re.compile(
    r"(?<![\w'])(?:(?:due|starting|sometime|maybe|latest|early|(?:the\s)?week)\s)?"
    r"(?:sometime|maybe|early|of|commencing|on|at|by|until|till|before|from|after|around|about|for|this|@)\s{1,3}(?:the\s)?\Z"
)
_LEAD_ZH = re.compile(r"(?:截止到?|截至|直到|等到|最晚|最迟|到|在|于|至)\s?\Z")
_TAIL_ZH = re.compile(r"\s?(?:之前|以前|前(?![天台后面])|为止|左右|开始|的时候)")
_MOST_TRIED = 8  # dates, and times of day, of one text
_NOISE = re.compile(r"[\s.,;!?()]*")


@dataclass(frozen=True)
class When:
    """A time somebody named.

    `at` is a usable aware UTC instant whatever the precision: for a day its start of work, for a
    part of it a sensible hour. `span` is where the words stand; `spans` are all the places, for a
    day and an hour may stand apart ("tomorrow call Acme at 3pm"). `text` is the words.
    """

    at: datetime
    precision: Precision
    span: Span
    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class _Group:
    """Pieces that stand together and speak of one time."""

    saying: Saying
    span: Span
    pieces: tuple[Piece, ...]


def read_when(
    text: str,
    now: datetime,
    zone: str,
    work_start: time = time(9),
    work_end: time = time(18),
    *,
    works: Works = on_weekdays,
    day_first: bool = False,
) -> When | None:
    """The time that the text names, or None.

    `now` is aware; `zone` is an IANA name (ZoneInfoNotFoundError for another); `day_first` reads
    12/3 as 12 March; `works` says on which local days the person works, for "in 3 working days".
    The first date ahead counts, with the first time of day beside it or elsewhere. A date that is
    over and has its year is given as it is, so that the caller can say so; "yesterday" and dates no
    calendar has (31 Feb) are None.
    """
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    plain, hours = same_length(text), Hours.of(work_start, work_end, zone, works)
    groups = [group for group in _groups(plain, day_first) if _stands(group, plain)]
    over: When | None = None
    for said, used in _choices(groups):
        settled = None if said.impossible else settle(said, now, hours)
        if settled is None:
            return None
        spans = tuple(_widened(group.span, plain) for group in used)
        words = " … ".join(text[start:end].strip() for start, end in spans)
        when = When(settled[0], settled[1], spans[0], words, spans)
        if when.at > now:
            return when
        over = over or when
    return over


def _groups(plain: str, day_first: bool) -> Iterator[_Group]:
    hidden = _HIDDEN.sub(lambda found: "\x00" * len(found[0]), plain)
    found = [
        *pieces_in_digits(hidden, day_first),
        *pieces_in_english(hidden),
        *pieces_in_chinese(hidden),
    ]
    group: _Group | None = None
    for piece in _apart(found):
        joined = _join(group, piece, hidden) if group else None
        if joined is None:
            if group:
                yield group
            joined = _Group(piece.saying, (piece.start, piece.end), (piece,))
        group = joined
    if group:
        yield group


def _apart(found: list[Piece]) -> Iterator[Piece]:
    """The pieces from left to right without overlap; of two at one place the longer."""
    end = 0
    for piece in sorted(found, key=_place):
        if piece.start >= end:
            yield piece
            end = piece.end


def _place(piece: Piece) -> tuple[int, int, bool]:
    return piece.start, -piece.end, piece.strength != "joined"


def _join(group: _Group, piece: Piece, plain: str) -> _Group | None:
    gap = plain[group.span[1] : piece.start]
    if len(gap) > 16 or not _JOINER.fullmatch(gap):
        return None
    both = together(group.saying, piece.saying)
    if both is None:
        return None
    return _Group(both, (group.span[0], piece.end), (*group.pieces, piece))


def _stands(group: _Group, plain: str) -> bool:
    """Whether the words are a date in this text: "sat" alone in a sentence is not."""
    strengths = {piece.strength for piece in group.pieces}
    if "firm" in strengths:
        return True
    if len(group.pieces) == 1:
        return bool(strengths & {"whole", "alone"}) and _is_all(group, plain)
    return "whole" in strengths and group.saying.is_dated and group.saying.is_timed


def _is_all(group: _Group, plain: str) -> bool:
    start, end = _widened(group.span, plain)
    return bool(_NOISE.fullmatch(plain, 0, start) and _NOISE.fullmatch(plain, end))


def _choices(groups: list[_Group]) -> Iterator[tuple[Saying, tuple[_Group, ...]]]:
    """What may be meant, the likeliest first: dates before mere times of day."""
    ahead = [group for group in groups if not group.saying.past]
    dated = [group for group in ahead if group.saying.is_dated][:_MOST_TRIED]
    times = [group for group in ahead if not group.saying.is_dated][:_MOST_TRIED]
    if not dated:
        yield from ((group.saying, (group,)) for group in times)
    for group in dated:
        yield _with_time(group, times)


def _with_time(group: _Group, times: list[_Group]) -> tuple[Saying, tuple[_Group, ...]]:
    """A day with the time of day that is said elsewhere: "tomorrow call Acme at 3pm"."""
    if not (group.saying.is_timed or group.saying.impossible):
        for time_of_day in times:
            both = together(group.saying, time_of_day.saying)
            if both is not None and not both.impossible:
                return both, tuple(sorted((group, time_of_day), key=lambda each: each.span))
    return group.saying, (group,)


def _widened(span: Span, plain: str) -> Span:
    """The span with the little words that belong to it: on, until, 之前."""
    start, end = span
    head = plain[max(0, start - 24) : start]
    lead = _LEAD.search(head) or _LEAD_ZH.search(head)
    tail = _TAIL_ZH.match(plain, end)
    if "(" in plain[start:end] and plain[end : end + 1] == ")":
        end += 1
    return (start - len(lead[0]) if lead else start, tail.end() if tail else end)
