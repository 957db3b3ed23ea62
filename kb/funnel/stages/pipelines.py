"""A team's pipelines: its funnels, read from what is kept of them and checked as templates are.

They are kept as JSON by pipeline key; each is a template's data and beside it `gone`: the stages
that are no longer in it, each with the one that took its place (`into`). A stage's key belongs to
one stage of the team for good, so that whatever an event says of it stays true.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import Any

from kb.funnel.stages.funnel import Funnel, Stage
from kb.funnel.stages.funnel_templates import load_funnel, parse_funnel, stage_of, template_data
from kb.funnel.stages.template_fields import BrokenTemplate, Table

MAIN = "main"
Data = dict[str, Any]
_KNOWN = 256  # teams' pipelines that are kept read


@dataclass(frozen=True)
class Pipelines:
    """The funnels of a team by pipeline key, the main one first; each knows all the stages."""

    funnels: Mapping[str, Funnel]

    @property
    def main(self) -> Funnel:
        """The funnel of whoever names none."""
        return self.funnels[MAIN]

    @property
    def several(self) -> bool:
        """Whether there is more than one."""
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
        """The same, with the patience that a team has learned by stage."""
        if not learned:
            return self
        funnels = {key: funnel.with_patience(learned) for key, funnel in self.funnels.items()}
        return Pipelines(funnels)

    def with_pool(self, days: int) -> Pipelines:
        """The same, where untouched leads go to the pool after so many working days (0: never)."""
        if not days:
            return self
        pooled = {key: replace(each, pool_days=days) for key, each in self.funnels.items()}
        return Pipelines(pooled)


@lru_cache(_KNOWN)
def read(kept: str, template: str) -> Pipelines:
    """The pipelines of what a team keeps; `template` is the main one where it keeps none.

    Raises BrokenTemplate for what is no funnel.
    """
    if not kept:
        return Pipelines({MAIN: load_funnel(template)})
    return parsed(opened(kept, template))


def opened(kept: str, template: str) -> dict[str, Data]:
    """What a team keeps of its pipelines as data, the main one among it, to be changed."""
    data: dict[str, Data] = json.loads(kept) if kept else {}
    if MAIN in data:
        return data
    return {MAIN: funnel_data(template), **data}


def funnel_data(template: str) -> Data:
    """A template as a team's own funnel begins; each stage says where it comes from."""
    data = template_data(template)
    if "reasons_of" in data:
        data["lost_reason"] = template_data(data.pop("reasons_of"))["lost_reason"]
    for stage in data["stage"]:
        stage["origin"] = f"{template}/{stage['key']}"
        stage.setdefault("like", stage["key"])  # its key may have to change, what it is does not
    return data


def kept(data: Mapping[str, Data]) -> str:
    """The pipelines as they are kept."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def parsed(data: Mapping[str, Data]) -> Pipelines:
    """The pipelines of the data; BrokenTemplate names what is wrong with them."""
    if not isinstance(data, dict) or MAIN not in data:
        raise BrokenTemplate("there is no main pipeline")
    alone = {key: _funnel(key, each) for key, each in data.items()}
    gone = {key: _gone(key, each) for key, each in data.items()}
    every = [*chain.from_iterable(funnel.stages for funnel in alone.values())]
    every += chain.from_iterable(gone.values())
    if len({stage.key for stage in every}) < len(every):
        raise BrokenTemplate("a stage's key belongs to one stage for good")
    into = {entry["key"]: entry["into"] for each in data.values() for entry in each.get("gone", ())}
    return Pipelines({key: _knowing(funnel, every, into) for key, funnel in alone.items()})


def _knowing(funnel: Funnel, every: list[Stage], into: Mapping[str, str]) -> Funnel:
    own = {stage.key for stage in funnel.stages}
    return replace(
        funnel, elsewhere=tuple(stage for stage in every if stage.key not in own), into=into
    )


def _funnel(key: str, data: Data) -> Funnel:
    return parse_funnel(key, {name: value for name, value in data.items() if name != "gone"})


def _gone(key: str, data: Data) -> list[Stage]:
    listed = data.get("gone", [])
    tables = [Table(f"{key}, gone {entry.get('key')!r}", entry) for entry in listed]
    for table in tables:
        if not table.word("into"):
            raise table.wrong("nothing took its place")
    return [
        stage_of(replace(table, data={k: v for k, v in table.data.items() if k != "into"}))
        for table in tables
    ]
