"""Odds learned from a team's own deals, shrunk towards the stages' own odds where that is little.

A logistic regression over stage, age in stage, source, amount and owner. Every stage also holds
PRIOR deals that ended as its fixed odds say, and all but the stages is held near nothing by a ridge
penalty; so what little history says moves the odds little. How much the result counts beside the
fixed odds is then chosen on deals that were not learned from, the less the better unless more is
surely better. What was learned is plain JSON: to predict needs no library.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, log10
from typing import Any

from kb.funnel.odds.snapshots import Snapshot
from kb.funnel.stages.funnel import Funnel

LEAST, LEAST_OF_A_KIND = 30, 5  # ended deals; of them won, and lost
FLOOR = 0.01  # no open deal is quite lost, nor quite won
TYPICAL_DAYS = 7.0


@dataclass(frozen=True)
class Model:
    """What was learned. `share` is how much it counts beside the fixed odds: 0 is not at all.

    `stages` holds for each its bias and its slope by the age; the other weights shift the log of
    the odds. `lasted` and `won` say of each stage how long past deals stood there, ordered, and
    which of them were won.
    """

    share: float
    deals: int
    stages: Mapping[str, tuple[float, float]]
    sources: Mapping[str, float]
    owners: Mapping[str, float]
    amount: tuple[float, float, float]  # slope a tenfold, its middle, and where there is none
    lasted: Mapping[str, Sequence[float]]
    won: Mapping[str, Sequence[int]]


NOTHING = Model(0.0, 0, {}, {}, {}, (0.0, 0.0, 0.0), {}, {})


@dataclass(frozen=True)
class Odds:
    """A deal's learned chance, 0..1, and what it comes from.

    `fixed` is its stage's own. Of `past` deals that stood there `days` days or longer `won` were
    won. `because` are what shifts it, in percentage points, the strongest first.
    """

    chance: float
    fixed: float
    days: int
    won: int
    past: int
    because: tuple[tuple[str, float], ...] = ()
    learned: bool = True


def fixed_of(funnel: Funnel, stage: str) -> float:
    """A stage's own odds, 0..1, kept off the ends."""
    return min(1 - FLOOR, max(FLOOR, funnel.stage(stage).odds / 100))


def predict(model: Model, funnel: Funnel, deal: Snapshot) -> Odds:
    """The chance of an open deal."""
    fixed = fixed_of(funnel, deal.stage)
    days = int(deal.age)
    past, won = _past(model, deal.stage, days)
    if not model.share or deal.stage not in model.stages:
        return Odds(fixed, fixed, days, won, past, learned=False)
    chance = chance_of(model, fixed, deal)
    return Odds(chance, fixed, days, won, past, _because(model, fixed, deal, chance))


def chance_of(model: Model, fixed: float, deal: Snapshot) -> float:
    """The chance alone, 0..1."""
    if not model.share or deal.stage not in model.stages:
        return fixed
    bias, slope = model.stages[deal.stage]
    score = bias + slope * aged(deal.age) + model.sources.get(deal.source, 0.0)
    score += model.owners.get(str(deal.owner_id), 0.0) + _size(model, deal.amount)
    learned = 1 / (1 + exp(-max(-30.0, min(30.0, score))))
    return min(1 - FLOOR, max(FLOOR, model.share * learned + (1 - model.share) * fixed))


def aged(days: float) -> float:
    """The age as it counts: each doubling the same, from a week on."""
    return log(1 + days / TYPICAL_DAYS)


def sized(amount: float) -> float:
    """The amount as it counts: each tenfold the same."""
    return log10(max(amount, 1.0))


def to_json(model: Model) -> dict[str, Any]:
    """What was learned as JSON values."""
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


def from_json(kept: Mapping[str, Any]) -> Model:
    """What `to_json` wrote; NOTHING of an empty one."""
    if not kept:
        return NOTHING
    bias, middle, none = kept["amount"]
    return Model(
        kept["share"],
        kept["deals"],
        {key: (each[0], each[1]) for key, each in kept["stages"].items()},
        kept["sources"],
        kept["owners"],
        (bias, middle, none),
        kept["lasted"],
        kept["won"],
    )


def _size(model: Model, amount: float | None) -> float:
    slope, middle, none = model.amount
    return none if amount is None else slope * (sized(amount) - middle)


def _past(model: Model, stage: str, days: int) -> tuple[int, int]:
    """How many past deals stood in the stage that long or longer, and how many of them were won."""
    lasted = model.lasted.get(stage, ())
    first = bisect_left(lasted, days)
    return len(lasted) - first, sum(model.won.get(stage, ())[first:])


def _because(
    model: Model, fixed: float, deal: Snapshot, chance: float
) -> tuple[tuple[str, float], ...]:
    """What each of source, owner and amount does to the chance, against a deal that lacks it."""
    without = {
        "source": deal._replace(source=""),
        "owner": deal._replace(owner_id=0),
        "amount": deal._replace(amount=10 ** model.amount[1]),
    }
    shifts = {
        name: 100 * (chance - chance_of(model, fixed, other)) for name, other in without.items()
    }
    strongest = sorted(shifts.items(), key=lambda each: -abs(each[1]))
    return tuple((name, shift) for name, shift in strongest if abs(shift) >= 1)
