"""Reads when something will be, in English and Chinese, wherever it stands in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time

from handlers.reading.clean import Span, fold_in_place
from handlers.reading.moments.dates_digits import find_digit_pieces
from handlers.reading.moments.dates_en import find_english_pieces
from handlers.reading.moments.dates_zh import find_chinese_pieces
from handlers.reading.moments.days import IsWorkday, is_weekday
from handlers.reading.moments.pieces import Piece, TimeFields, merge
from handlers.reading.moments.resolution import Precision, WorkingHours, resolve

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
    """A time that a text names."""

    at: datetime  # aware UTC; of a day its start of work, of a part of the day a sensible hour
    precision: Precision  # how exact the words were
    span: Span  # where the words stand, or the first of them
    text: str  # the words
    spans: tuple[Span, ...]  # all places: "tomorrow call Acme at 3pm" has a day and an hour apart


@dataclass(frozen=True)
class _Group:
    """Pieces that stand together and name one time."""

    fields: TimeFields
    span: Span
    pieces: tuple[Piece, ...]


def read_when(
    text: str,
    now: datetime,
    zone: str,
    work_start: time = time(9),
    work_end: time = time(18),
    *,
    is_workday: IsWorkday = is_weekday,
    day_first: bool = False,
) -> When | None:
    """The time that the text names, or None.

    `now` is aware; `zone` is an IANA name (ZoneInfoNotFoundError for another); `day_first` reads
    12/3 as 12 March; `is_workday` tells the local days the person works, for "in 3 working days".
    The first date ahead counts, with the first time of day beside it or elsewhere. A date that is
    over and has its year is given as it is, so that the caller can say so; "yesterday" and dates no
    calendar has (31 Feb) are None.
    """
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    plain, hours = fold_in_place(text), WorkingHours.of(work_start, work_end, zone, is_workday)
    groups = [group for group in _group_pieces(plain, day_first) if _is_date(group, plain)]
    over: When | None = None
    for fields, chosen in _list_choices(groups):
        resolved = None if fields.impossible else resolve(fields, now, hours)
        if resolved is None:
            return None
        spans = tuple(_widen(group.span, plain) for group in chosen)
        words = " … ".join(text[start:end].strip() for start, end in spans)
        when = When(resolved[0], resolved[1], spans[0], words, spans)
        if when.at > now:
            return when
        over = over or when
    return over


def _group_pieces(plain: str, day_first: bool) -> Iterator[_Group]:
    hidden = _HIDDEN.sub(lambda found: "\x00" * len(found[0]), plain)
    found = [
        *find_digit_pieces(hidden, day_first),
        *find_english_pieces(hidden),
        *find_chinese_pieces(hidden),
    ]
    group: _Group | None = None
    for piece in _drop_overlaps(found):
        joined = _join(group, piece, hidden) if group else None
        if joined is None:
            if group:
                yield group
            joined = _Group(piece.fields, (piece.start, piece.end), (piece,))
        group = joined
    if group:
        yield group


def _drop_overlaps(found: list[Piece]) -> Iterator[Piece]:
    """The pieces from left to right without overlap; of two at one place the longer."""
    end = 0
    for piece in sorted(found, key=_order):
        if piece.start >= end:
            yield piece
            end = piece.end


def _order(piece: Piece) -> tuple[int, int, bool]:
    return piece.start, -piece.end, piece.place != "joined"


def _join(group: _Group, piece: Piece, plain: str) -> _Group | None:
    gap = plain[group.span[1] : piece.start]
    if len(gap) > 16 or not _JOINER.fullmatch(gap):
        return None
    both = merge(group.fields, piece.fields)
    if both is None:
        return None
    return _Group(both, (group.span[0], piece.end), (*group.pieces, piece))


def _is_date(group: _Group, plain: str) -> bool:
    """Whether the words name a time in this text: "sat" alone in a sentence does not."""
    places = {piece.place for piece in group.pieces}
    if "anywhere" in places:
        return True
    if len(group.pieces) == 1:
        return bool(places & {"whole", "alone"}) and _is_all(group, plain)
    return "whole" in places and group.fields.is_dated and group.fields.is_timed


def _is_all(group: _Group, plain: str) -> bool:
    start, end = _widen(group.span, plain)
    return bool(_NOISE.fullmatch(plain, 0, start) and _NOISE.fullmatch(plain, end))


def _list_choices(groups: list[_Group]) -> Iterator[tuple[TimeFields, tuple[_Group, ...]]]:
    """The times that the text may mean, the likeliest first: dates before mere times of day."""
    ahead = [group for group in groups if not group.fields.past]
    dated = [group for group in ahead if group.fields.is_dated][:_MOST_TRIED]
    times = [group for group in ahead if not group.fields.is_dated][:_MOST_TRIED]
    if not dated:
        yield from ((group.fields, (group,)) for group in times)
    for group in dated:
        yield _add_time(group, times)


def _add_time(group: _Group, times: list[_Group]) -> tuple[TimeFields, tuple[_Group, ...]]:
    """A day with the time of day that stands elsewhere: "tomorrow call Acme at 3pm"."""
    if not (group.fields.is_timed or group.fields.impossible):
        for time_of_day in times:
            both = merge(group.fields, time_of_day.fields)
            if both is not None and not both.impossible:
                return both, tuple(sorted((group, time_of_day), key=lambda each: each.span))
    return group.fields, (group,)


def _widen(span: Span, plain: str) -> Span:
    """The span with the little words that belong to it: on, until, 之前."""
    start, end = span
    head = plain[max(0, start - 24) : start]
    lead = _LEAD.search(head) or _LEAD_ZH.search(head)
    tail = _TAIL_ZH.match(plain, end)
    if "(" in plain[start:end] and plain[end : end + 1] == ")":
        end += 1
    return (start - len(lead[0]) if lead else start, tail.end() if tail else end)
