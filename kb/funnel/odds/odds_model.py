"""The model of learned odds, and its predictions for a deal; `model_training` trains it.

A logistic regression over stage, age in stage, source, amount and owner. Every stage also has PRIOR
imaginary deals that ended as its own odds say, and all other weights are kept near zero by a ridge
penalty: so a short history moves the odds little. How much the model counts beside the stages' own
odds is then chosen on deals that it was not trained on: as little as does surely no worse. A model
is plain JSON, and to predict needs no library.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, log10
from typing import Any

from kb.funnel.odds.snapshots import Snapshot
from kb.funnel.stages.funnel import Funnel

MIN_DEALS, MIN_OUTCOMES = 30, 5  # ended deals to train on; of them won, and lost, at least
FLOOR = 0.01  # no open deal is certainly lost, nor certainly won
TYPICAL_DAYS = 7.0


@dataclass(frozen=True)
class Model:
    """A trained model. The weights shift the log of the odds."""

    share: float  # how much it counts beside the stages' own odds, 0..1
    deals: int  # how many it was trained on
    stages: Mapping[str, tuple[float, float]]  # bias, and slope by the scaled age
    sources: Mapping[str, float]
    owners: Mapping[str, float]  # by member id
    amount: tuple[float, float, float]  # slope a tenfold, its middle, weight of no amount
    lasted: Mapping[str, Sequence[float]]  # by stage: days that past deals stayed there, ordered
    won: Mapping[str, Sequence[int]]  # by stage, as `lasted`: 1 where that deal was won


UNTRAINED = Model(0.0, 0, {}, {}, {}, (0.0, 0.0, 0.0), {}, {})


@dataclass(frozen=True)
class Odds:
    """A deal's chance, and what it comes from.

    Of `past` deals that were in its stage for `days` days or longer `won` were won.
    """

    chance: float  # 0..1
    fixed: float  # its stage's own odds, 0..1
    days: int
    won: int
    past: int
    shifts: tuple[tuple[str, float], ...] = ()  # what shifts it by how many points, strongest first
    learned: bool = True  # whether a model had a say


def stage_chance(funnel: Funnel, stage: str) -> float:
    """A stage's own odds, 0..1, never quite 0 or 1."""
    return min(1 - FLOOR, max(FLOOR, funnel.stage(stage).odds / 100))


def predict(model: Model, funnel: Funnel, deal: Snapshot) -> Odds:
    """The chance of an open deal, with what it comes from."""
    fixed = stage_chance(funnel, deal.stage)
    days = int(deal.age)
    past, won = _count_past(model, deal.stage, days)
    if not model.share or deal.stage not in model.stages:
        return Odds(fixed, fixed, days, won, past, learned=False)
    chance = predict_chance(model, fixed, deal)
    return Odds(chance, fixed, days, won, past, _explain(model, fixed, deal, chance))


def predict_chance(model: Model, fixed: float, deal: Snapshot) -> float:
    """The chance alone, 0..1; `fixed` is the stage's own."""
    if not model.share or deal.stage not in model.stages:
        return fixed
    bias, slope = model.stages[deal.stage]
    score = bias + slope * scale_age(deal.age) + model.sources.get(deal.source, 0.0)
    score += model.owners.get(str(deal.owner_id), 0.0) + _amount_effect(model, deal.amount)
    learned = 1 / (1 + exp(-max(-30.0, min(30.0, score))))
    return min(1 - FLOOR, max(FLOOR, model.share * learned + (1 - model.share) * fixed))


def scale_age(days: float) -> float:
    """The age on a logarithmic scale: from a week on each doubling counts the same."""
    return log(1 + days / TYPICAL_DAYS)


def scale_amount(amount: float) -> float:
    """The amount on a logarithmic scale: each tenfold counts the same."""
    return log10(max(amount, 1.0))


def to_json(model: Model) -> dict[str, Any]:
    """The model as JSON values."""
    return {
        "share": model.share,
        "deals": model.deals,
        "stages": {key: list(each) for key, each in model.stages.items()},
        "sources": dict(model.sources),
        "owners": dict(model.owners),
        "amount": list(model.amount),
        "lasted": {key: list(each) for key, each in model.lasted.items()},
        "won": {key: list(each) for key, each in model.won.items()},
    }


def from_json(saved: Mapping[str, Any]) -> Model:
    """The model that `to_json` wrote; UNTRAINED for an empty object."""
    if not saved:
        return UNTRAINED
    bias, middle, none = saved["amount"]
    return Model(
        saved["share"],
        saved["deals"],
        {key: (each[0], each[1]) for key, each in saved["stages"].items()},
        saved["sources"],
        saved["owners"],
        (bias, middle, none),
        saved["lasted"],
        saved["won"],
    )


def _amount_effect(model: Model, amount: float | None) -> float:
    slope, middle, none = model.amount
    return none if amount is None else slope * (scale_amount(amount) - middle)


def _count_past(model: Model, stage: str, days: int) -> tuple[int, int]:
    """How many past deals were in the stage that long or longer, and how many of them were won."""
    lasted = model.lasted.get(stage, ())
    first = bisect_left(lasted, days)
    return len(lasted) - first, sum(model.won.get(stage, ())[first:])


def _explain(
    model: Model, fixed: float, deal: Snapshot, chance: float
) -> tuple[tuple[str, float], ...]:
    """What source, owner and amount each do to the chance, in points, against a deal without."""
    without = {
        "source": deal._replace(source=""),
        "owner": deal._replace(owner_id=0),
        "amount": deal._replace(amount=10 ** model.amount[1]),
    }
    shifts = {
        name: 100 * (chance - predict_chance(model, fixed, other))
        for name, other in without.items()
    }
    strongest = sorted(shifts.items(), key=lambda each: -abs(each[1]))
    return tuple((name, shift) for name, shift in strongest if abs(shift) >= 1)
