"""What a funnel did in a time: counts over the histories of its deals.

Conversion is counted by cohort: of the deals that first came to a stage in that time, how many
have since gone on to a later one or were won. Durations are in days and parts of them; the
percentiles are nearest ranks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil

from kb.funnel.figures.confidence import MIN_COUNT, Share
from kb.funnel.figures.deal_history import DealHistory
from kb.funnel.figures.money import Amounts, sum_amounts
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
class Durations:
    """How long something took, `n` times: the median and the 80th percentile in days."""

    n: int
    median: float | None
    p80: float | None

    @property
    def enough(self) -> bool:
        """Whether they are enough for a share of them to mean anything."""
        return self.n >= MIN_COUNT


@dataclass(frozen=True)
class DealCount:
    """A number of deals and the sums of their amounts by currency."""

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
    days: Durations
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
    """A funnel's figures of a time; `cycle` is from the first event until a deal is won."""

    flows: tuple[Flow, ...]
    made: DealCount
    won: DealCount
    lost: DealCount
    cycle: Durations
    losses: Mapping[tuple[str, str], DealCount]  # by stage and reason
    sources: tuple[Source, ...]

    @property
    def win_rate(self) -> Share:
        """How many of the deals that ended in the time were won."""
        return Share(self.won.n, self.won.n + self.lost.n)


def measure(histories: Sequence[DealHistory], funnel: Funnel, span: Span) -> Measures:
    """All figures of these deals in the time."""
    made = [history for history in histories if span.holds(history.began_at)]
    ended = [history for history in histories if span.holds(history.ended_at)]
    won = [history for history in ended if history.status == DealStatus.WON]
    lost = [history for history in ended if history.status == DealStatus.LOST]
    stays = _collect_stays(histories, span)
    return Measures(
        flows=tuple(
            _measure_flow(histories, place, stage.key, span, stays.get(stage.key, []))
            for place, stage in enumerate(funnel.stages)
        ),
        made=count_deals(made),
        won=count_deals(won),
        lost=count_deals(lost),
        cycle=summarize_durations(
            history.ended_at - history.began_at for history in won if history.ended_at is not None
        ),
        losses=count_losses(lost),
        sources=count_sources(made),
    )


def count_deals(histories: Sequence[DealHistory]) -> DealCount:
    """How many deals there are, and the sums of their amounts."""
    amounts = sum_amounts((history.amount, history.deal.currency) for history in histories)
    return DealCount(len(histories), amounts)


def count_losses(lost: Iterable[DealHistory]) -> dict[tuple[str, str], DealCount]:
    """The lost deals by stage and reason, the most frequent first."""
    groups: dict[tuple[str, str], list[DealHistory]] = {}
    for history in lost:
        groups.setdefault((history.stage, history.reason), []).append(history)
    ranked = sorted(groups.items(), key=lambda each: (-len(each[1]), each[0]))
    return {key: count_deals(group) for key, group in ranked}


def count_sources(made: Iterable[DealHistory]) -> tuple[Source, ...]:
    """What became of each source's deals, the largest source first."""
    groups: dict[str, list[DealHistory]] = {}
    for history in made:
        groups.setdefault(history.deal.source, []).append(history)
    ranked = sorted(groups.items(), key=lambda each: (-len(each[1]), each[0]))
    return tuple(_measure_source(name, group) for name, group in ranked)


def compute_velocity(measures: Measures, open_deals: int, won: Decimal) -> Decimal | None:
    """Sales velocity, the amount a day: open deals x win rate x average won amount / cycle.

    `won` is the amount won in the time, in one currency, and so is the result; None where nothing
    was won or no time passed. The usual formula of the field.
    """
    cycle = measures.cycle.median
    if not measures.won.n or not cycle:
        return None
    average = won / measures.won.n
    return open_deals * Decimal(str(measures.win_rate.share)) * average / Decimal(str(cycle))


def summarize_durations(spans: Iterable[timedelta]) -> Durations:
    """The number, median and 80th percentile (nearest rank) of these spans."""
    ordered = sorted(spans)
    return Durations(len(ordered), _percentile(ordered, 50), _percentile(ordered, 80))


def _percentile(ordered: Sequence[timedelta], percent: int) -> float | None:
    if not ordered:
        return None
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)] / DAY


def _collect_stays(histories: Iterable[DealHistory], span: Span) -> dict[str, list[timedelta]]:
    """How long the stays lasted that ended in the time, by stage; a skipped stage has none."""
    lasted: dict[str, list[timedelta]] = {}
    for history in histories:
        for stay in history.stays:
            if stay.went is not None and span.holds(stay.went) and stay.went > stay.came:
                lasted.setdefault(stay.stage, []).append(stay.went - stay.came)
    return lasted


def _measure_flow(
    histories: Iterable[DealHistory], place: int, stage: str, span: Span, stays: list[timedelta]
) -> Flow:
    came = [history for history in histories if span.holds(history.reached_at[place])]
    fates = Counter(_find_fate(history, place) for history in came)
    amounts = sum_amounts((history.amount, history.deal.currency) for history in came)
    return Flow(stage, len(came), fates["on"], fates["lost"], summarize_durations(stays), amounts)


def _find_fate(history: DealHistory, place: int) -> str:
    if history.went_on(place):
        return "on"
    return "lost" if history.status == DealStatus.LOST else "open"


def _measure_source(name: str, group: Sequence[DealHistory]) -> Source:
    won = [history for history in group if history.status == DealStatus.WON]
    lost = sum(history.status == DealStatus.LOST for history in group)
    return Source(name, len(group), len(won), lost, count_deals(won).amounts)
