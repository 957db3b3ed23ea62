"""Changes the stages of a funnel: added, renamed, put elsewhere, tuned, taken out.

Each change takes the pipelines as data and gives new ones that the reader accepts, or raises
CannotShape. A stage that is taken out stays among the `gone` with its key, so that deals which
ended there and the events that name it keep their meaning; no key is ever given away again.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from kb.funnel.stages.pipelines import Data
from kb.funnel.stages.shaping_rules import (
    CannotShape,
    Kept,
    Why,
    checked,
    copied,
    fresh_key,
    is_after,
    keys_of,
    named,
    place_of,
    without_words,
)

MOST_OWN = 10  # stages, so that each has its button and there is room for two more
_OWN = Path(__file__).parent / "own_stage.toml"


def add(kept: Kept, pipeline: str, name: str, after: str) -> tuple[dict[str, Data], str]:
    """With a new stage behind the stage `after` (first where that is empty); also its key.

    Its odds lie between its neighbours'.
    """
    data = copied(kept)
    stages = data[pipeline]["stage"]
    if len(stages) >= MOST_OWN:
        raise CannotShape(Why.TOO_MANY, most=MOST_OWN)
    place = place_of(stages, after) if after else -1
    before = stages[max(place, 0)]
    following = stages[place + 1] if place + 1 < len(stages) else None
    key = fresh_key(name, keys_of(data))
    stages.insert(place + 1, {
        **_own_stage(),
        "key": key,
        "name": named(data[pipeline], name, key),
        "odds": (before["odds"] + (following or before)["odds"]) // 2,
        "patience": before["patience"],
        "cap_days": before["cap_days"],
        "like": before.get("like") or before["key"],
        "after": before.get("after", False),
    })  # fmt: skip
    return checked(data), key


def rename(kept: Kept, pipeline: str, key: str, name: str) -> dict[str, Data]:
    """With another name for a stage; it is the same stage, and its old names still find it."""
    data = copied(kept)
    stage = data[pipeline]["stage"][place_of(data[pipeline]["stage"], key)]
    old = list(stage["name"].values())
    stage["name"] = named(data[pipeline], name, key)
    stage["aliases"] = without_words([*stage.get("aliases", []), *old], {key, name.casefold()})
    return checked(data)


def shift(kept: Kept, pipeline: str, key: str, place: int) -> dict[str, Data]:
    """With a stage at another place, from 0; the odds stay with the places: they never go down."""
    data = copied(kept)
    stages = data[pipeline]["stage"]
    moved = stages[place_of(stages, key)]
    same = [at for at, each in enumerate(stages) if is_after(each) == is_after(moved)]
    if place not in same:
        raise CannotShape(Why.OTHER_SIDE)
    odds = [stage["odds"] for stage in stages]
    stages.remove(moved)
    stages.insert(place, moved)
    for stage, percent in zip(stages, odds, strict=True):
        stage["odds"] = percent
    return checked(data)


def remove(kept: Kept, pipeline: str, key: str, into: str) -> dict[str, Data]:
    """Without a stage; its open deals go `into` another of the same funnel."""
    data = copied(kept)
    stages = data[pipeline]["stage"]
    gone, heir = stages[place_of(stages, key)], stages[place_of(stages, into)]
    if sum(is_after(each) == is_after(gone) for each in stages) < 2 or gone is heir:
        raise CannotShape(Why.LAST_ONE)
    if is_after(gone) != is_after(heir):
        raise CannotShape(Why.OTHER_SIDE)
    stages.remove(gone)
    data[pipeline].setdefault("gone", []).append({**gone, "into": into})
    return checked(data)


def tune(kept: Kept, pipeline: str, key: str, **fields: Any) -> dict[str, Data]:
    """With other values in a stage's fields: odds, patience, cap_days, ladder, checks, question."""
    data = copied(kept)
    stages = data[pipeline]["stage"]
    place = place_of(stages, key)
    if "odds" in fields:
        low = stages[place - 1]["odds"] if place else 0
        high = stages[place + 1]["odds"] if place + 1 < len(stages) else 100
        if not low <= fields["odds"] <= high:
            raise CannotShape(Why.ODDS_ORDER, low=low, high=high)
    stages[place] |= fields
    return checked(data)


@cache
def _read_own() -> str:
    return _OWN.read_text(encoding="utf-8")


def _own_stage() -> Data:
    return tomllib.loads(_read_own())
