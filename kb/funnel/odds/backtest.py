"""Backtests learned odds: how well they foretold past months' deals, beside the stages' own.

For the first of each month a model is trained on what had ended by then, and scored on the deals
that were open that day and have ended since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from math import log
from typing import Any

from kb.funnel.figures.deal_history import DealHistory
from kb.funnel.figures.money import Rates
from kb.funnel.odds.odds_model import Model, predict_chance, stage_chance
from kb.funnel.odds.snapshots import Snapshot, list_ended, take_past_snapshots, take_snapshot
from kb.funnel.stages.funnel import Funnel

BINS = 5
Train = Callable[[Sequence[Snapshot], Funnel], Model]


@dataclass(frozen=True)
class Bin:
    """Deals whose chance was foretold within one fifth: how many, the mean chance, how many won.

    The names of the fields are those of the saved JSON, as in Score and Month.
    """

    n: int
    said: float
    won: int


@dataclass(frozen=True)
class Score:
    """How well the learned and the stages' own odds did on the same `n` deals; less is better.

    `brier` is the mean squared error (Brier 1950), `loss` the mean log loss; those of the stages'
    own odds begin with `fixed_`.
    """

    n: int
    brier: float
    loss: float
    fixed_brier: float
    fixed_loss: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class Month:
    """The score of what was foretold on the first of a month; `share` is the model's weight."""

    month: str  # 2026-03
    share: float
    score: Score


def run_backtest(
    histories: Sequence[DealHistory],
    funnel: Funnel,
    rates: Rates,
    firsts: Iterable[datetime],
    train: Train,
) -> list[Month]:
    """The months' scores; months without deals to score are left out."""
    months = []
    for first in firsts:
        model = train(take_past_snapshots(list_ended(histories, first), rates), funnel)
        snapshots = take_held_out(histories, first, rates)
        if snapshots:
            score = score_model(model, funnel, snapshots)
            months.append(Month(first.strftime("%Y-%m"), model.share, score))
    return months


def take_held_out(histories: Iterable[DealHistory], at: datetime, rates: Rates) -> list[Snapshot]:
    """Snapshots at `at` of the deals that were open then and have ended since."""
    return [
        snapshot
        for history in histories
        if history.ended_at is not None and history.ended_at >= at
        if (snapshot := take_snapshot(history, at, rates)) is not None
    ]


def score_model(model: Model, funnel: Funnel, snapshots: Sequence[Snapshot]) -> Score:
    """Scores the model and the stages' own odds on these deals by how they ended."""
    fixed = [stage_chance(funnel, each.stage) for each in snapshots]
    learned = [
        predict_chance(model, odds, each) for odds, each in zip(fixed, snapshots, strict=True)
    ]
    won = [each.won for each in snapshots]
    return Score(
        len(snapshots),
        _brier(learned, won),
        _loss(learned, won),
        _brier(fixed, won),
        _loss(fixed, won),
        _bin(learned, won),
    )


def to_json(months: Iterable[Month]) -> list[dict[str, Any]]:
    """The record as JSON values."""
    return [asdict(month) for month in months]


def from_json(saved: Iterable[dict[str, Any]]) -> tuple[Month, ...]:
    """The record that `to_json` wrote."""
    return tuple(_parse_month(each) for each in saved)


def _parse_month(saved: dict[str, Any]) -> Month:
    score = dict(saved["score"])
    bins = tuple(Bin(**each) for each in score.pop("bins"))
    return Month(saved["month"], saved["share"], Score(**score, bins=bins))


def _brier(chances: Sequence[float], won: Sequence[bool]) -> float:
    return sum((p - w) ** 2 for p, w in zip(chances, won, strict=True)) / len(chances)


def _loss(chances: Sequence[float], won: Sequence[bool]) -> float:
    return -sum(log(p if w else 1 - p) for p, w in zip(chances, won, strict=True)) / len(chances)


def _bin(chances: Sequence[float], won: Sequence[bool]) -> tuple[Bin, ...]:
    groups: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for chance, was_won in zip(chances, won, strict=True):
        groups[min(BINS - 1, int(chance * BINS))].append((chance, was_won))
    return tuple(
        Bin(len(g), sum(p for p, _ in g) / len(g) if g else 0.0, sum(w for _, w in g))
        for g in groups
    )
