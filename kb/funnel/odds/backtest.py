"""The record of learned odds: what they said of past months' deals, beside the fixed ones.

For the first of each month they are learned anew from what had ended by then, and asked of the
deals that were open that day and have ended since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from math import log
from typing import Any

from kb.funnel.figures.deal_history import Course
from kb.funnel.figures.money import Rates
from kb.funnel.odds.odds_model import Model, chance_of, fixed_of
from kb.funnel.odds.snapshots import Snapshot, at_moment, ended, of_ended
from kb.funnel.stages.funnel import Funnel

BINS = 5
Learn = Callable[[Sequence[Snapshot], Funnel], Model]


@dataclass(frozen=True)
class Bin:
    """Deals whose chance was said to lie between two fifths: how many, the mean, how many won."""

    n: int
    said: float
    won: int


@dataclass(frozen=True)
class Score:
    """How well two odds did on the same `n` deals; less is better.

    `brier` is the mean squared error (Brier 1950), `loss` the mean log loss; each of the learned
    odds and, `fixed_...`, of the stages' own.
    """

    n: int
    brier: float
    loss: float
    fixed_brier: float
    fixed_loss: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class Month:
    """The score of what was said on the first of a month; `share` is how much learning counted."""

    month: str  # 2026-03
    share: float
    score: Score


def record(
    found: Sequence[Course], funnel: Funnel, rates: Rates, firsts: Iterable[datetime], learn: Learn
) -> list[Month]:
    """The months' scores, those without deals to judge left out."""
    months = []
    for first in firsts:
        model = learn(of_ended(ended(found, first), rates), funnel)
        asked = held_out(found, first, rates)
        if asked:
            scored = score(model, funnel, asked)
            months.append(Month(first.strftime("%Y-%m"), model.share, scored))
    return months


def held_out(found: Iterable[Course], at: datetime, rates: Rates) -> list[Snapshot]:
    """The deals that were open then and have ended since, as they stood."""
    return [
        snapshot
        for course in found
        if course.ended_at is not None and course.ended_at >= at
        if (snapshot := at_moment(course, at, rates)) is not None
    ]


def score(model: Model, funnel: Funnel, asked: Sequence[Snapshot]) -> Score:
    """What the model and the fixed odds said of these deals against how they ended."""
    fixed = [fixed_of(funnel, each.stage) for each in asked]
    said = [chance_of(model, odds, each) for odds, each in zip(fixed, asked, strict=True)]
    won = [each.won for each in asked]
    return Score(
        len(asked), _brier(said, won), _loss(said, won), _brier(fixed, won), _loss(fixed, won),
        _bins(said, won),
    )  # fmt: skip


def to_json(months: Iterable[Month]) -> list[dict[str, Any]]:
    """The record as JSON values."""
    return [asdict(month) for month in months]


def from_json(kept: Iterable[dict[str, Any]]) -> tuple[Month, ...]:
    """What `to_json` wrote."""
    return tuple(_month(each) for each in kept)


def _month(kept: dict[str, Any]) -> Month:
    scored = dict(kept["score"])
    bins = tuple(Bin(**each) for each in scored.pop("bins"))
    return Month(kept["month"], kept["share"], Score(**scored, bins=bins))


def _brier(said: Sequence[float], won: Sequence[bool]) -> float:
    return sum((p - w) ** 2 for p, w in zip(said, won, strict=True)) / len(said)


def _loss(said: Sequence[float], won: Sequence[bool]) -> float:
    return -sum(log(p if w else 1 - p) for p, w in zip(said, won, strict=True)) / len(said)


def _bins(said: Sequence[float], won: Sequence[bool]) -> tuple[Bin, ...]:
    groups: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for chance, was_won in zip(said, won, strict=True):
        groups[min(BINS - 1, int(chance * BINS))].append((chance, was_won))
    return tuple(
        Bin(len(g), sum(p for p, _ in g) / len(g) if g else 0.0, sum(w for _, w in g))
        for g in groups
    )
