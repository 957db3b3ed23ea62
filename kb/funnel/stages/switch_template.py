"""Exchanges whole funnels: a template in place of a team's own, pipelines opened and closed.

As with single stages (`shaping.py`), what goes stays among the `gone` with its key.
"""

from __future__ import annotations

from collections.abc import Mapping

from kb.funnel.stages.funnel import Funnel
from kb.funnel.stages.funnel_templates import parse_funnel
from kb.funnel.stages.pipelines import MAIN, Data, funnel_data
from kb.funnel.stages.shaping_rules import (
    CannotShape,
    Kept,
    Why,
    checked,
    copied,
    fresh_key,
    in_both,
    keys_of,
)
from kb.funnel.stages.template_fields import LANGUAGES

MOST_PIPELINES = 6


def arriving(kept: Kept, pipeline: str, template: str) -> Funnel:
    """The funnel that a template would make of a pipeline, with the keys its stages would have."""
    return parse_funnel(pipeline, _renewed(kept, pipeline, template))


def use(kept: Kept, pipeline: str, template: str, mapping: Mapping[str, str]) -> dict[str, Data]:
    """With a template's stages in place of a funnel's own; `mapping` says where the deals go.

    A stage of the template that was in this funnel before comes back with the key it had.
    """
    data = copied(kept)
    old, new = data[pipeline], _renewed(kept, pipeline, template)
    came = {stage["key"] for stage in new["stage"]}
    left = [
        {**stage, "into": mapping.get(stage["key"], "")}
        for stage in old["stage"]
        if stage["key"] not in came
    ]
    if any(entry["into"] not in came for entry in left):
        raise CannotShape(Why.BAD_VALUE)
    gone = [entry for entry in old.get("gone", []) if entry["key"] not in came]
    names = new["name"] if pipeline == MAIN else old["name"]
    data[pipeline] = {
        **new,
        "name": names,
        "lost_reason": old["lost_reason"],
        "gone": [*gone, *left],
    }
    return checked(data)


def _renewed(kept: Kept, pipeline: str, template: str) -> Data:
    """A template's data, its stages under the keys they had here before, or under fresh ones."""
    new, here = funnel_data(template), kept[pipeline]
    stages = [*here.get("gone", []), *here["stage"]]
    known = {entry["origin"]: entry["key"] for entry in stages if "origin" in entry}
    taken = keys_of(kept)
    for stage in new["stage"]:
        stage["key"] = known.get(stage["origin"]) or fresh_key(stage["key"], taken)
        taken.add(stage["key"])
    return new


def opened_with(kept: Kept, name: str, template: str) -> tuple[dict[str, Data], str]:
    """With one more pipeline, made from a template; also its key."""
    data = copied(kept)
    if len(data) >= MOST_PIPELINES:
        raise CannotShape(Why.TOO_MANY, most=MOST_PIPELINES)
    _free_pipeline_name(data, name)
    new, taken = funnel_data(template), keys_of(data)
    for stage in new["stage"]:
        stage["key"] = fresh_key(stage["key"], taken)
        taken.add(stage["key"])
    key = fresh_key(name, data, "pipeline")
    data[key] = {**new, "name": in_both(name)}
    return checked(data), key


def rename_pipeline(kept: Kept, key: str, name: str) -> dict[str, Data]:
    """With another name for a pipeline."""
    data = copied(kept)
    _free_pipeline_name({k: each for k, each in data.items() if k != key}, name)
    data[key]["name"] = in_both(name)
    return checked(data)


def closed(kept: Kept, key: str, mapping: Mapping[str, str]) -> dict[str, Data]:
    """Without a pipeline; its deals go to the main one, where `mapping` says."""
    if key == MAIN:
        raise CannotShape(Why.MAIN_STAYS)
    data = copied(kept)
    left = data.pop(key)
    there = {stage["key"] for stage in data[MAIN]["stage"]}
    gone = [{**stage, "into": mapping.get(stage["key"], "")} for stage in left["stage"]]
    if any(entry["into"] not in there for entry in gone):
        raise CannotShape(Why.BAD_VALUE)
    data[MAIN].setdefault("gone", []).extend([*left.get("gone", []), *gone])
    return checked(data)


def suggest(old: Funnel, new: Funnel) -> dict[str, str]:
    """For each stage of a funnel the one of another that comes nearest.

    What is like the same default stage, else the nearest odds; the order never turns round. What
    comes after the payment goes to its like there, else to the last stage before it.
    """
    mapping: dict[str, str] = {}
    reached = 0
    for stage in old.selling:
        reached = max(reached, _nearest(old.like(stage.key), stage.odds, new))
        mapping[stage.key] = new.selling[reached].key
    for place, stage in enumerate(old.afterwards):
        there = new.afterwards or new.selling[-1:]
        mapping[stage.key] = there[min(place, len(there) - 1)].key
    return mapping


def _nearest(like: str, odds: int, new: Funnel) -> int:
    alike = [at for at, each in enumerate(new.selling) if new.like(each.key) == like]
    among = alike or range(len(new.selling))
    return min(among, key=lambda at: (abs(new.selling[at].odds - odds), at))


def _free_pipeline_name(data: Kept, name: str) -> None:
    word = in_both(name)[LANGUAGES[0]].casefold()
    for key, each in data.items():
        if word in (key, *(said.casefold() for said in each["name"].values())):
            raise CannotShape(Why.NAME_TAKEN)
