"""A team's pipelines: its own funnels, saved as JSON and checked like templates when parsed.

The JSON is an object by pipeline key. Each value is a template's data and, under `gone`, the stages
that are no longer in the funnel, each with the stage that took its place (`into`). A stage's key
belongs to one stage of the team for good, so that whatever an event says of it stays true.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import Any

from kb.funnel.stages.funnel import Funnel, Stage
from kb.funnel.stages.funnel_templates import load_funnel, load_template, parse_funnel, read_stage
from kb.funnel.stages.template_fields import BrokenTemplate, Table

MAIN = "main"
FunnelData = dict[str, Any]
_CACHED = 256  # pipelines of so many teams stay parsed


@dataclass(frozen=True)
class Pipelines:
    """The funnels of a team by pipeline key, the main one first.

    Each funnel also knows the stages of the others and those that are gone.
    """

    funnels: Mapping[str, Funnel]

    @property
    def main(self) -> Funnel:
        """The funnel that is meant where none is named."""
        return self.funnels[MAIN]

    @property
    def several(self) -> bool:
        """Whether the team has more than one funnel."""
        return len(self.funnels) > 1

    def of(self, key: str) -> Funnel:
        """The funnel of a pipeline; the main one where there is none of this key."""
        return self.funnels.get(key, self.main)

    def key_of(self, key: str) -> str:
        """The pipeline of this key, if there is one; else the main one."""
        return key if key in self.funnels else MAIN

    def stages(self) -> Iterator[tuple[str, Stage]]:
        """Every stage in use with its pipeline, in order."""
        for key, funnel in self.funnels.items():
            for stage in funnel.stages:
                yield key, stage

    def with_patience(self, learned: Mapping[str, int]) -> Pipelines:
        """The pipelines with the patience, in working days, that a team has learned by stage."""
        if not learned:
            return self
        funnels = {key: funnel.with_patience(learned) for key, funnel in self.funnels.items()}
        return Pipelines(funnels)

    def with_pool(self, days: int) -> Pipelines:
        """The pipelines, their untouched leads pooled after so many working days (0: never)."""
        if not days:
            return self
        pooled = {key: replace(each, pool_days=days) for key, each in self.funnels.items()}
        return Pipelines(pooled)


@lru_cache(_CACHED)
def read_pipelines(saved: str, template: str) -> Pipelines:
    """Parses what a team has saved; `template` is the main funnel where it has saved none.

    Raises BrokenTemplate for text that describes no funnel.
    """
    if not saved:
        return Pipelines({MAIN: load_funnel(template)})
    return parse_pipelines(load_data(saved, template))


def load_data(saved: str, template: str) -> dict[str, FunnelData]:
    """What a team has saved as data that may be changed, the main pipeline included."""
    data: dict[str, FunnelData] = json.loads(saved) if saved else {}
    if MAIN in data:
        return data
    return {MAIN: copy_template(template), **data}


def copy_template(template: str) -> FunnelData:
    """A template's data as a team's own funnel begins; `origin` says where a stage comes from."""
    data = load_template(template)
    if "reasons_of" in data:
        data["lost_reason"] = load_template(data.pop("reasons_of"))["lost_reason"]
    for stage in data["stage"]:
        stage["origin"] = f"{template}/{stage['key']}"
        stage.setdefault("like", stage["key"])  # its key may have to change, what it is does not
    return data


def dump_data(data: Mapping[str, FunnelData]) -> str:
    """The pipelines as the JSON that is saved."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def parse_pipelines(data: Mapping[str, FunnelData]) -> Pipelines:
    """The pipelines that the data describes; BrokenTemplate names what is wrong with them."""
    if not isinstance(data, dict) or MAIN not in data:
        raise BrokenTemplate("there is no main pipeline")
    alone = {key: _parse_funnel(key, each) for key, each in data.items()}
    gone = {key: _parse_gone(key, each) for key, each in data.items()}
    every = [*chain.from_iterable(funnel.stages for funnel in alone.values())]
    every += chain.from_iterable(gone.values())
    if len({stage.key for stage in every}) < len(every):
        raise BrokenTemplate("a stage's key belongs to one stage for good")
    into = {entry["key"]: entry["into"] for each in data.values() for entry in each.get("gone", ())}
    return Pipelines({key: _link_stages(funnel, every, into) for key, funnel in alone.items()})


def _link_stages(funnel: Funnel, every: list[Stage], into: Mapping[str, str]) -> Funnel:
    """The funnel with the team's other stages, so that it finds each by its key."""
    own = {stage.key for stage in funnel.stages}
    return replace(
        funnel, elsewhere=tuple(stage for stage in every if stage.key not in own), into=into
    )


def _parse_funnel(key: str, data: FunnelData) -> Funnel:
    return parse_funnel(key, {name: value for name, value in data.items() if name != "gone"})


def _parse_gone(key: str, data: FunnelData) -> list[Stage]:
    listed = data.get("gone", [])
    tables = [Table(f"{key}, gone {entry.get('key')!r}", entry) for entry in listed]
    for table in tables:
        if not table.word("into"):
            raise table.wrong("nothing took its place")
    return [
        read_stage(replace(table, data={k: v for k, v in table.data.items() if k != "into"}))
        for table in tables
    ]
