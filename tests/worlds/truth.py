"""What is true in a made-up world: how its deals really go, whatever the funnel says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import log

STAGES = ("opportunity", "qualified", "demo", "decider", "negotiation", "signed")
# As the default funnel's odds have it: a deal goes on from each stage with the share of them.
HONEST = (0.30, 0.34, 0.60, 0.714, 0.778, 0.90)
REASONS: Mapping[str, tuple[str, ...]] = {
    "opportunity": ("silent", "silent", "need"),
    "qualified": ("need", "budget", "silent"),
    "demo": ("product", "competitor", "budget"),
    "decider": ("decision", "timing", "competitor"),
    "negotiation": ("price", "price", "competitor", "timing"),
    "signed": ("timing", "decision"),
}


@dataclass(frozen=True)
class Truth:
    """How deals go: `goes_on` by stage, and what shifts it, in logits.

    `stays` are the median days in each stage. `ages` is what each doubling of a stay's length
    beyond the median takes from the chance; `skill` the spread between reps, `size` what each
    tenfold amount takes. `months` weigh when leads come, January first.
    """

    goes_on: tuple[float, ...] = HONEST
    stays: tuple[float, ...] = (4, 7, 9, 8, 10, 6)
    sources: Mapping[str, tuple[float, float]] = field(
        default_factory=lambda: {
            "inbound": (0.35, 0.0),
            "outbound": (0.35, 0.0),
            "referral": (0.10, 0.0),
            "event": (0.15, 0.0),
            "partner": (0.05, 0.0),
        }
    )
    ages: float = 0.0
    skill: float = 0.0
    size: float = 0.0
    spread: float = 0.7  # of the log of a stay
    typical: float = 12_000.0
    currencies: Mapping[str, float] = field(default_factory=lambda: {"EUR": 1.0})
    months: tuple[float, ...] = (1, 1, 1.2, 1, 1, 1, 0.7, 0.5, 1.2, 1.2, 1.1, 0.6)
    back: float = 0.03
    leap: float = 0.08
    parked: float = 0.04
    undone: float = 0.03
    moves_owner: float = 0.01
    talk: int = 3  # the most notes, calls and steps of a stay


def logit(share: float) -> float:
    """The log of the odds."""
    return log(share / (1 - share))


_SHARP = {
    "inbound": (0.35, 0.5),
    "outbound": (0.35, -0.7),
    "referral": (0.10, 1.0),
    "event": (0.15, -0.3),
    "partner": (0.05, 0.2),
}
TRUTHS: Mapping[str, Truth] = {
    # The fixed odds are right, and nothing else matters.
    "honest": Truth(),
    # Far fewer are won than the fixed odds say.
    "hard": Truth(goes_on=(0.25, 0.25, 0.4, 0.5, 0.55, 0.8), sources=_SHARP, ages=0.3, skill=0.4),
    # Far more are won, early on too; the source says most.
    "easy": Truth(goes_on=(0.6, 0.6, 0.75, 0.8, 0.85, 0.95), sources=_SHARP, skill=0.3, size=0.5),
    # Whatever waits too long is lost, and a large deal waits.
    "stale": Truth(ages=0.9, size=0.6, skill=0.2, sources=_SHARP),
    # Two currencies and strong seasons.
    "export": Truth(
        goes_on=(0.4, 0.45, 0.5, 0.6, 0.6, 0.85),
        sources=_SHARP,
        ages=0.4,
        skill=0.6,
        currencies={"EUR": 0.6, "USD": 0.25, "CNY": 0.15},
        months=(0.6, 0.6, 1.6, 1.4, 1, 1, 0.6, 0.4, 1.6, 1.6, 1.4, 0.5),
    ),
}


def bottleneck(truth: Truth, stage: str, share: float) -> Truth:
    """The same truth, but this share goes on from the stage."""
    goes_on = tuple(
        share if key == stage else before for key, before in zip(STAGES, truth.goes_on, strict=True)
    )
    return replace(truth, goes_on=goes_on)
