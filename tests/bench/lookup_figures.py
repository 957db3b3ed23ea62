"""The figures of look-ups answered: how often right, how often rightly silent or sure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Figures = dict[str, float | int]


@dataclass(frozen=True)
class Outcome:
    """One query answered: at which of the first three places the right card stood (0: none)."""

    kind: str
    answerable: bool
    place: int
    score: float
    milliseconds: float


def figures(outcomes: Sequence[Outcome], nothing: float, sure: float) -> Figures:
    """Return the figures of the set's README, as shares of 1."""
    asked = [one for one in outcomes if one.answerable]
    off = [one for one in outcomes if not one.answerable]
    certain = [one for one in outcomes if one.score >= sure]
    return {
        "queries": len(outcomes),
        "hit@1": share(one.place == 1 for one in asked),
        "hit@3": share(one.place > 0 for one in asked),
        "MRR@3": _mean([1 / one.place if one.place else 0.0 for one in asked]),
        "cov@P90": coverage(outcomes, 0.9),
        "kept": share(one.score >= nothing for one in asked),
        "refused": share(one.score < nothing for one in off),
        "end_to_end": share(one.place == 1 and one.score >= nothing for one in asked),
        "sure": share(one.score >= sure for one in asked),
        "sure_right": share(one.place == 1 for one in certain),
        "off_topic_not_sure": share(one.score < sure for one in off),
    }


def coverage(outcomes: Sequence[Outcome], precision: float) -> float:
    """Return the largest share of answerable queries answered right on top, by any threshold at
    which `precision` of all top cards shown (off-topic ones too) are right."""
    ordered = sorted(outcomes, key=lambda one: -one.score)
    asked = sum(one.answerable for one in outcomes)
    best = right = 0
    for shown, one in enumerate(ordered, 1):
        right += one.place == 1
        last_of_its_score = shown == len(ordered) or ordered[shown].score < one.score
        if last_of_its_score and right >= precision * shown:
            best = right
    return round(best / asked, 4) if asked else 0.0


def share(flags: Iterable[bool]) -> float:
    """Return how many of the flags are set, as a share of 1."""
    return _mean([float(flag) for flag in flags])


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def report(outcomes: Sequence[Outcome], nothing: float, sure: float) -> dict[str, object]:
    """Return the figures of all outcomes, and of each kind."""
    kinds = sorted({one.kind for one in outcomes})
    by_kind = {
        kind: figures([one for one in outcomes if one.kind == kind], nothing, sure)
        for kind in kinds
    }
    return {**figures(outcomes, nothing, sure), "kinds": by_kind}
