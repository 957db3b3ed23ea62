"""What a funnel did in a time: pure counts over the courses of its deals.

The rule for conversion is the cohort: of the deals that first came to a stage in that time, how
many have since gone on to a later one or were won. Days are whole days and parts of them; the
percentiles are nearest ranks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil

from kb.funnel.figures.confidence import Share
from kb.funnel.figures.deal_history import Course
from kb.funnel.figures.money import Amounts, added
from kb.funnel.stages.funnel import Funnel
from kb.states import DealStatus

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """A time from `start` up to but not including `end`, aware UTC."""

    start: datetime
    end: datetime

    def holds(self, at: datetime | None) -> bool:
        """Whether the instant lies in it."""
        return at is not None and self.start <= at < self.end


@dataclass(frozen=True)
class Days:
    """How long something took: `n` of them, their median and 80th percentile in days."""

    n: int
    median: float | None
    p80: float | None


@dataclass(frozen=True)
class Counted:
    """So many deals and their amounts by currency."""

    n: int
    amounts: Amounts


@dataclass(frozen=True)
class Flow:
    """What became of the deals that first came to a stage in the time.

    `entered` went on, were lost before they did, or are still open. `days` are those of the stays
    in the stage that ended in the time, whichever way.
    """

    stage: str
    entered: int
    went_on: int
    lost: int
    days: Days
    amounts: Amounts

    @property
    def open(self) -> int:
        """How many have not been decided yet."""
        return self.entered - self.went_on - self.lost

    @property
    def conversion(self) -> Share:
        """How many of all that entered have gone on so far."""
        return Share(self.went_on, self.entered)

    @property
    def decided(self) -> Share:
        """How many have gone on of those whose fate here is known."""
        return Share(self.went_on, self.went_on + self.lost)


@dataclass(frozen=True)
class Source:
    """What became of the deals of one source that were made in the time."""

    source: str
    made: int
    won: int
    lost: int
    amounts: Amounts  # of those won

    @property
    def win_rate(self) -> Share:
        """How many were won of those that ended."""
        return Share(self.won, self.won + self.lost)


@dataclass(frozen=True)
class Measures:
    """A funnel's figures of a time. `losses` counts by stage and reason."""

    flows: tuple[Flow, ...]
    made: Counted
    won: Counted
    lost: Counted
    cycle: Days
    losses: Mapping[tuple[str, str], Counted]
    sources: tuple[Source, ...]

    @property
    def win_rate(self) -> Share:
        """How many of the deals that ended in the time were won."""
        return Share(self.won.n, self.won.n + self.lost.n)


def measure(found: Sequence[Course], funnel: Funnel, span: Span) -> Measures:
    """Every figure of these deals in the time."""
    made = [course for course in found if span.holds(course.began_at)]
    ended = [course for course in found if span.holds(course.ended_at)]
    won = [course for course in ended if course.status == DealStatus.WON]
    lost = [course for course in ended if course.status == DealStatus.LOST]
    stays = _stays(found, span)
    return Measures(
        flows=tuple(
            _flow(found, place, stage.key, span, stays.get(stage.key, []))
            for place, stage in enumerate(funnel.stages)
        ),
        made=counted(made),
        won=counted(won),
        lost=counted(lost),
        cycle=days_of(
            course.ended_at - course.began_at for course in won if course.ended_at is not None
        ),
        losses=losses(lost),
        sources=sources(made),
    )


def counted(found: Sequence[Course]) -> Counted:
    """How many, and their amounts."""
    return Counted(len(found), added((course.amount, course.deal.currency) for course in found))


def losses(lost: Iterable[Course]) -> dict[tuple[str, str], Counted]:
    """The lost deals by stage and reason, the most frequent first."""
    groups: dict[tuple[str, str], list[Course]] = {}
    for course in lost:
        groups.setdefault((course.stage, course.reason), []).append(course)
    ranked = sorted(groups.items(), key=lambda each: (-len(each[1]), each[0]))
    return {key: counted(group) for key, group in ranked}


def sources(made: Iterable[Course]) -> tuple[Source, ...]:
    """What became of each source's deals, the largest source first."""
    groups: dict[str, list[Course]] = {}
    for course in made:
        groups.setdefault(course.deal.source, []).append(course)
    ranked = sorted(groups.items(), key=lambda each: (-len(each[1]), each[0]))
    return tuple(_source(name, group) for name, group in ranked)


def velocity(measures: Measures, open_deals: int, won: Decimal) -> Decimal | None:
    """What the funnel brings in a day: open deals x win rate x average won amount / cycle.

    `won` is the amount won in the time, in one currency, and so is the answer; None where nothing
    was won or no time passed. The usual formula of sales velocity.
    """
    cycle = measures.cycle.median
    if not measures.won.n or not cycle:
        return None
    average = won / measures.won.n
    return open_deals * Decimal(str(measures.win_rate.share)) * average / Decimal(str(cycle))


def days_of(spans: Iterable[timedelta]) -> Days:
    """Their number, median and 80th percentile, nearest rank."""
    ordered = sorted(spans)
    return Days(len(ordered), _rank(ordered, 50), _rank(ordered, 80))


def _rank(ordered: Sequence[timedelta], percent: int) -> float | None:
    if not ordered:
        return None
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)] / DAY


def _stays(found: Iterable[Course], span: Span) -> dict[str, list[timedelta]]:
    """How long the stays lasted that ended in the time, by stage; a leap is no stay."""
    lasted: dict[str, list[timedelta]] = {}
    for course in found:
        for stay in course.stays:
            if stay.went is not None and span.holds(stay.went) and stay.went > stay.came:
                lasted.setdefault(stay.stage, []).append(stay.went - stay.came)
    return lasted


def _flow(
    found: Iterable[Course], place: int, stage: str, span: Span, stays: list[timedelta]
) -> Flow:
    came = [course for course in found if span.holds(course.reached[place])]
    fates = Counter(_fate(course, place) for course in came)
    amounts = added((course.amount, course.deal.currency) for course in came)
    return Flow(stage, len(came), fates["on"], fates["lost"], days_of(stays), amounts)


def _fate(course: Course, place: int) -> str:
    if course.went_on(place):
        return "on"
    return "lost" if course.status == DealStatus.LOST else "open"


def _source(name: str, group: Sequence[Course]) -> Source:
    won = [course for course in group if course.status == DealStatus.WON]
    lost = sum(course.status == DealStatus.LOST for course in group)
    return Source(name, len(group), len(won), lost, counted(won).amounts)
