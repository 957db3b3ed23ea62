"""Trains the model of a team's odds on its ended deals by a ridge logistic regression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from math import log, sqrt
from typing import Any

import numpy as np

from kb.funnel.odds.logistic_regression import RidgeLogisticRegression
from kb.funnel.odds.odds_model import (
    MIN_DEALS,
    MIN_OUTCOMES,
    UNTRAINED,
    Model,
    predict_chance,
    scale_age,
    scale_amount,
    stage_chance,
)
from kb.funnel.odds.snapshots import Snapshot
from kb.funnel.stages.funnel import Funnel

MAX_DEALS = 4_000  # ended deals, the newest
PRIOR = 12.0  # imaginary deals a stage that ended as its own odds say
RIDGE = 0.5
BIAS = 10.0  # a large column needs a small weight: the penalty hardly holds the stages
FOLDS = 5
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
MIN_GAIN = 1.5  # standard errors by which a model must help to count at all
MAX_STAYS = 400  # past stays a stage, for the counts shown with the odds


def train_model(snapshots: Sequence[Snapshot], funnel: Funnel) -> Model:
    """The model of these snapshots, given deal by deal; of share 0 where there are too few deals.

    The same snapshots always give the same model.
    """
    deals = [list(its) for _, its in groupby(snapshots, key=lambda each: each.deal_id)][-MAX_DEALS:]
    won = sum(its[0].won for its in deals)
    if len(deals) < MIN_DEALS or min(won, len(deals) - won) < MIN_OUTCOMES:
        return _add_past_stays(replace(UNTRAINED, deals=len(deals)), deals)
    folds = [deals[n::FOLDS] for n in range(FOLDS)]
    models = [
        _fit([deal for other in folds if other is not fold for deal in other], funnel)
        for fold in folds
    ]
    share = _choose_share(models, folds, funnel)
    model = _fit(deals, funnel) if share else UNTRAINED
    return _add_past_stays(replace(model, share=share, deals=len(deals)), deals)


def _choose_share(models: list[Model], folds: list[list[list[Snapshot]]], funnel: Funnel) -> float:
    """How much the model shall count: no more than surely helps deals it was not trained on."""
    losses = {
        share: [
            _loss(replace(model, share=share), deal, funnel)
            for model, fold in zip(models, folds, strict=True)
            for deal in fold
        ]
        for share in SHARES
    }
    best = min(SHARES, key=lambda share: sum(losses[share]))
    if not _surely_worse(losses[0.0], losses[best], MIN_GAIN):
        return 0.0
    return next(s for s in SHARES[1:] if not _surely_worse(losses[s], losses[best], 1.0))


def _surely_worse(ones: list[float], others: list[float], by: float) -> bool:
    """Whether the mean of the first lies above the others' by so many standard errors."""
    gaps = [a - b for a, b in zip(ones, others, strict=True)]
    mean = sum(gaps) / len(gaps)
    error = sqrt(sum((each - mean) ** 2 for each in gaps)) / len(gaps)
    return mean > by * error


def _loss(model: Model, deal: list[Snapshot], funnel: Funnel) -> float:
    """The mean log loss over a deal's snapshots."""
    chances = (predict_chance(model, stage_chance(funnel, each.stage), each) for each in deal)
    return -sum(log(p if deal[0].won else 1 - p) for p in chances) / len(deal)


def _add_past_stays(model: Model, deals: list[list[Snapshot]]) -> Model:
    """The model with the past stays whose counts are shown with the odds."""
    stays: dict[str, list[tuple[float, int]]] = {}
    for deal in deals:
        for stage, its in groupby(deal, key=lambda each: each.stage):
            stays.setdefault(stage, []).append((max(each.stayed for each in its), int(deal[0].won)))
    ordered = {stage: sorted(each[-MAX_STAYS:]) for stage, each in stays.items()}
    return replace(
        model,
        lasted={stage: [round(days, 2) for days, _ in each] for stage, each in ordered.items()},
        won={stage: [won for _, won in each] for stage, each in ordered.items()},
    )


def _fit(deals: list[list[Snapshot]], funnel: Funnel) -> Model:
    matrix = _DesignMatrix(deals, funnel)
    regression = RidgeLogisticRegression(matrix.rows, matrix.won, matrix.weights, RIDGE)
    return matrix.model(regression.fit().tolist())


class _DesignMatrix:
    """Snapshots as the rows of a regression, and the fitted weights as a model."""

    def __init__(self, deals: list[list[Snapshot]], funnel: Funnel) -> None:
        every = [snapshot for deal in deals for snapshot in deal]
        self.stages = [stage.key for stage in funnel.selling]
        self.sources = sorted({each.source for each in every} - {""})
        self.owners = sorted({each.owner_id for each in every})
        sizes = [scale_amount(each.amount) for each in every if each.amount is not None]
        self.middle = sum(sizes) / len(sizes) if sizes else 0.0
        self._places: dict[tuple[str, Any], int] = {}
        for name, kinds in (
            ("stage", self.stages),
            ("age", self.stages),
            ("source", self.sources),
            ("owner", self.owners),
            ("amount", ["size", "none"]),
        ):
            for kind in kinds:
                self._places[name, kind] = len(self._places)
        self._read(deals, funnel)

    def _read(self, deals: list[list[Snapshot]], funnel: Funnel) -> None:
        known = [
            (self._row(each), int(each.won), 1 / sqrt(len(deal)))
            for deal in deals
            for each in deal
            if each.stage in self.stages
        ]
        for stage in self.stages:
            odds = stage_chance(funnel, stage)
            row = {self._places["stage", stage]: BIAS}
            known += [(row, 1, PRIOR * odds), (row, 0, PRIOR * (1 - odds))]
        self.rows = np.zeros((len(known), len(self._places)))
        for number, (row, _, _) in enumerate(known):
            for place, value in row.items():
                self.rows[number, place] = value
        self.won = np.array([won for _, won, _ in known], dtype=bool)
        self.weights = np.array([weight for _, _, weight in known])

    def _row(self, deal: Snapshot) -> dict[int, float]:
        at = self._places
        row = {
            at["stage", deal.stage]: BIAS,
            at["age", deal.stage]: scale_age(deal.age),
            at["owner", deal.owner_id]: 1.0,
        }
        if deal.source:
            row[at["source", deal.source]] = 1.0
        if deal.amount is None:
            row[at["amount", "none"]] = 1.0
        else:
            row[at["amount", "size"]] = scale_amount(deal.amount) - self.middle
        return row

    def model(self, weights: list[float]) -> Model:
        """The model that the fitted weights make."""
        at = self._places
        return Model(
            1.0,
            0,
            {
                stage: (BIAS * weights[at["stage", stage]], weights[at["age", stage]])
                for stage in self.stages
            },
            {source: weights[at["source", source]] for source in self.sources},
            {str(owner): weights[at["owner", owner]] for owner in self.owners},
            (weights[at["amount", "size"]], self.middle, weights[at["amount", "none"]]),
            {},
            {},
        )
