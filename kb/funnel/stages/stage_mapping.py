"""Suggests for each stage of one funnel the stage of another that its deals go to."""

from __future__ import annotations

from kb.funnel.stages.funnel import Funnel


def suggest_mapping(old: Funnel, new: Funnel) -> dict[str, str]:
    """The stage key of `new` for each stage key of `old`.

    A stage that is like the same default stage comes first, else the one of the nearest odds;
    the order of the stages never turns round. A stage after the payment goes to its like there,
    else to the last stage before the payment.
    """
    mapping: dict[str, str] = {}
    place = 0
    for stage in old.selling:
        place = max(place, _find_nearest(old.like(stage.key), stage.odds, new))
        mapping[stage.key] = new.selling[place].key
    for place, stage in enumerate(old.afterwards):
        candidates = new.afterwards or new.selling[-1:]
        mapping[stage.key] = candidates[min(place, len(candidates) - 1)].key
    return mapping


def _find_nearest(like: str, odds: int, funnel: Funnel) -> int:
    """The place of the selling stage that comes nearest."""
    alike = [at for at, each in enumerate(funnel.selling) if funnel.like(each.key) == like]
    candidates = alike or range(len(funnel.selling))
    return min(candidates, key=lambda at: (abs(funnel.selling[at].odds - odds), at))
