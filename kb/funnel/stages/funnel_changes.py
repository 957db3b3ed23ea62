"""Changes to a team's funnels: stages added, renamed, moved, tuned, removed; whole funnels too.

Each change takes the team's pipelines as data and returns new data that `pipelines` can parse, or
raises CannotChange. A stage that is removed stays in its pipeline's `gone` list with its key, so
that deals which ended there and the events that name it keep their meaning; no key is used twice.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from kb.funnel.stages.funnel import Funnel
from kb.funnel.stages.funnel_templates import parse_funnel
from kb.funnel.stages.pipelines import MAIN, FunnelData, copy_template, parse_pipelines
from kb.funnel.stages.template_fields import LANGUAGES, BrokenTemplate

PipelineData = Mapping[str, FunnelData]  # by pipeline key
MOST_STAGES = 10  # of a funnel, so that each has its button and there is room for two more
MOST_PIPELINES = 6
LONGEST_NAME = 40  # characters, as on a button
KEY_CHARACTERS = 20
_NOT_IN_A_KEY = re.compile(r"[^a-z0-9]+")
_NEW_STAGE = Path(__file__).parent / "own_stage.toml"


class Why(StrEnum):
    """Why a change of the funnels is refused."""

    NAME_TAKEN = "name_taken"
    NAME_BAD = "name_bad"
    TOO_MANY = "too_many"
    LAST_ONE = "last_one"
    OTHER_SIDE = "other_side"  # of the payment
    ODDS_ORDER = "odds_order"
    BAD_VALUE = "bad_value"
    MAIN_STAYS = "main_stays"


class CannotChange(Exception):
    """The funnels cannot be changed like this; `facts` are what its message needs."""

    def __init__(self, why: Why, **facts: object) -> None:
        super().__init__(why.value)
        self.why, self.facts = why, facts


def add_stage(
    pipelines: PipelineData, pipeline: str, name: str, after: str
) -> tuple[dict[str, FunnelData], str]:
    """Adds a stage behind the stage `after` (first where that is empty); also returns its key.

    Its odds lie between its neighbours'.
    """
    data = _copy(pipelines)
    stages = data[pipeline]["stage"]
    if len(stages) >= MOST_STAGES:
        raise CannotChange(Why.TOO_MANY, most=MOST_STAGES)
    place = _find_place(stages, after) if after else -1
    before = stages[max(place, 0)]
    following = stages[place + 1] if place + 1 < len(stages) else None
    key = _make_key(name, _list_keys(data))
    stages.insert(place + 1, {
        **_load_new_stage(),
        "key": key,
        "name": _claim_name(data[pipeline], name, key),
        "odds": (before["odds"] + (following or before)["odds"]) // 2,
        "patience": before["patience"],
        "cap_days": before["cap_days"],
        "like": before.get("like") or before["key"],
        "after": before.get("after", False),
    })  # fmt: skip
    return _check(data), key


def rename_stage(
    pipelines: PipelineData, pipeline: str, key: str, name: str
) -> dict[str, FunnelData]:
    """Gives a stage another name; it is the same stage, and its old names still find it."""
    data = _copy(pipelines)
    stage = data[pipeline]["stage"][_find_place(data[pipeline]["stage"], key)]
    old = list(stage["name"].values())
    stage["name"] = _claim_name(data[pipeline], name, key)
    stage["aliases"] = _drop_words([*stage.get("aliases", []), *old], {key, name.casefold()})
    return _check(data)


def move_stage(
    pipelines: PipelineData, pipeline: str, key: str, place: int
) -> dict[str, FunnelData]:
    """Puts a stage at another place, from 0; the odds stay with the places: they never go down."""
    data = _copy(pipelines)
    stages = data[pipeline]["stage"]
    stage = stages[_find_place(stages, key)]
    same_side = [at for at, each in enumerate(stages) if _is_after(each) == _is_after(stage)]
    if place not in same_side:
        raise CannotChange(Why.OTHER_SIDE)
    odds = [each["odds"] for each in stages]
    stages.remove(stage)
    stages.insert(place, stage)
    for each, percent in zip(stages, odds, strict=True):
        each["odds"] = percent
    return _check(data)


def remove_stage(
    pipelines: PipelineData, pipeline: str, key: str, into: str
) -> dict[str, FunnelData]:
    """Removes a stage; its open deals go `into` another of the same funnel."""
    data = _copy(pipelines)
    stages = data[pipeline]["stage"]
    gone, heir = stages[_find_place(stages, key)], stages[_find_place(stages, into)]
    if sum(_is_after(each) == _is_after(gone) for each in stages) < 2 or gone is heir:
        raise CannotChange(Why.LAST_ONE)
    if _is_after(gone) != _is_after(heir):
        raise CannotChange(Why.OTHER_SIDE)
    stages.remove(gone)
    data[pipeline].setdefault("gone", []).append({**gone, "into": into})
    return _check(data)


def tune_stage(
    pipelines: PipelineData, pipeline: str, key: str, **fields: Any
) -> dict[str, FunnelData]:
    """Sets a stage's fields: odds, patience, cap_days, ladder, checks, question."""
    data = _copy(pipelines)
    stages = data[pipeline]["stage"]
    place = _find_place(stages, key)
    if "odds" in fields:
        low = stages[place - 1]["odds"] if place else 0
        high = stages[place + 1]["odds"] if place + 1 < len(stages) else 100
        if not low <= fields["odds"] <= high:
            raise CannotChange(Why.ODDS_ORDER, low=low, high=high)
    stages[place] |= fields
    return _check(data)


def preview_template(pipelines: PipelineData, pipeline: str, template: str) -> Funnel:
    """The funnel that `use_template` would make, with the keys its stages would have."""
    return parse_funnel(pipeline, _adopt_template(pipelines, pipeline, template))


def use_template(
    pipelines: PipelineData, pipeline: str, template: str, mapping: Mapping[str, str]
) -> dict[str, FunnelData]:
    """Puts a template's stages in place of a funnel's own; `mapping` says where the deals go.

    A stage of the template that was in this funnel before comes back with the key it had.
    """
    data = _copy(pipelines)
    old, new = data[pipeline], _adopt_template(pipelines, pipeline, template)
    new_keys = {stage["key"] for stage in new["stage"]}
    replaced = [
        {**stage, "into": mapping.get(stage["key"], "")}
        for stage in old["stage"]
        if stage["key"] not in new_keys
    ]
    if any(entry["into"] not in new_keys for entry in replaced):
        raise CannotChange(Why.BAD_VALUE)
    gone = [entry for entry in old.get("gone", []) if entry["key"] not in new_keys]
    data[pipeline] = {
        **new,
        "name": new["name"] if pipeline == MAIN else old["name"],
        "lost_reason": old["lost_reason"],
        "gone": [*gone, *replaced],
    }
    return _check(data)


def open_pipeline(
    pipelines: PipelineData, name: str, template: str
) -> tuple[dict[str, FunnelData], str]:
    """Adds a pipeline made from a template; also returns its key."""
    data = _copy(pipelines)
    if len(data) >= MOST_PIPELINES:
        raise CannotChange(Why.TOO_MANY, most=MOST_PIPELINES)
    _check_pipeline_name(data, name)
    new, taken = copy_template(template), _list_keys(data)
    for stage in new["stage"]:
        stage["key"] = _make_key(stage["key"], taken)
        taken.add(stage["key"])
    key = _make_key(name, data, "pipeline")
    data[key] = {**new, "name": _name_in_both_languages(name)}
    return _check(data), key


def close_pipeline(
    pipelines: PipelineData, key: str, mapping: Mapping[str, str]
) -> dict[str, FunnelData]:
    """Removes a pipeline; its deals go to the main one, to the stages that `mapping` names."""
    if key == MAIN:
        raise CannotChange(Why.MAIN_STAYS)
    data = _copy(pipelines)
    closed = data.pop(key)
    main_keys = {stage["key"] for stage in data[MAIN]["stage"]}
    gone = [{**stage, "into": mapping.get(stage["key"], "")} for stage in closed["stage"]]
    if any(entry["into"] not in main_keys for entry in gone):
        raise CannotChange(Why.BAD_VALUE)
    data[MAIN].setdefault("gone", []).extend([*closed.get("gone", []), *gone])
    return _check(data)


def _adopt_template(pipelines: PipelineData, pipeline: str, template: str) -> FunnelData:
    """A template's data, its stages under the keys they had here before, or under fresh ones."""
    new, here = copy_template(template), pipelines[pipeline]
    stages = [*here.get("gone", []), *here["stage"]]
    known = {entry["origin"]: entry["key"] for entry in stages if "origin" in entry}
    taken = _list_keys(pipelines)
    for stage in new["stage"]:
        stage["key"] = known.get(stage["origin"]) or _make_key(stage["key"], taken)
        taken.add(stage["key"])
    return new


def _copy(pipelines: PipelineData) -> dict[str, FunnelData]:
    """A copy that may be changed."""
    return copy.deepcopy(dict(pipelines))


def _check(data: dict[str, FunnelData]) -> dict[str, FunnelData]:
    """The data itself where it can be parsed; else raises CannotChange."""
    try:
        parse_pipelines(data)
    except BrokenTemplate as error:
        taken = "means both" in str(error)
        raise CannotChange(Why.NAME_TAKEN if taken else Why.BAD_VALUE) from error
    return data


@cache
def _read_new_stage() -> str:
    return _NEW_STAGE.read_text(encoding="utf-8")


def _load_new_stage() -> FunnelData:
    """What a stage of the team's own begins with, each time a new dict."""
    return tomllib.loads(_read_new_stage())


def _find_place(stages: list[FunnelData], key: str) -> int:
    """A stage's place; StopIteration for none."""
    return next(at for at, stage in enumerate(stages) if stage["key"] == key)


def _is_after(stage: FunnelData) -> bool:
    """Whether a stage comes after the payment."""
    return bool(stage.get("after", False))


def _make_key(name: str, taken: Iterable[str], fallback: str = "stage") -> str:
    """A key made of a name that is not among those taken."""
    base = _NOT_IN_A_KEY.sub("_", name.casefold()).strip("_")
    if not base or not base[0].isalpha():
        base = fallback
    base = base[: KEY_CHARACTERS - 3].strip("_")
    known, number, key = set(taken), 1, base
    while key in known:
        number += 1
        key = f"{base}_{number}"
    return key


def _list_keys(pipelines: PipelineData) -> set[str]:
    """Every key that a stage of the team has or had."""
    listed = (each.get(part, []) for each in pipelines.values() for part in ("stage", "gone"))
    return {stage["key"] for stages in listed for stage in stages}


def _name_in_both_languages(name: str) -> dict[str, str]:
    """A typed name for both languages; raises CannotChange where it is no name."""
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST_NAME or not any(char.isalnum() for char in plain):
        raise CannotChange(Why.NAME_BAD, most=LONGEST_NAME)
    return dict.fromkeys(LANGUAGES, plain)


def _claim_name(funnel: FunnelData, name: str, key: str) -> dict[str, str]:
    """The name in both languages, taken from the aliases of the funnel's other stages."""
    names = _name_in_both_languages(name)
    word = names[LANGUAGES[0]].casefold()
    for stage in funnel["stage"]:
        if stage["key"] != key and "aliases" in stage:
            stage["aliases"] = _drop_words(stage["aliases"], {word})
    return names


def _drop_words(words: Iterable[str], unwanted: set[str]) -> list[str]:
    """The words, each once, without the unwanted ones."""
    wanted = {word.casefold(): word for word in words if word.casefold() not in unwanted}
    return list(wanted.values())


def _check_pipeline_name(data: PipelineData, name: str) -> None:
    """Refuses a name that another pipeline has."""
    word = _name_in_both_languages(name)[LANGUAGES[0]].casefold()
    for key, each in data.items():
        if word in (key, *(text.casefold() for text in each["name"].values())):
            raise CannotChange(Why.NAME_TAKEN)
