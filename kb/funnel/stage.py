"""Stages and funnels, read from the templates beside this file.

A template is TOML; every text in it stands in English and in Chinese.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "zh")
Texts = Mapping[str, str]


class BrokenTemplate(Exception):
    """A funnel's template says something that cannot be."""


@dataclass(frozen=True)
class Stage:
    """One stage of a funnel.

    `odds` is the chance of winning in percent. `patience` is how many working days may pass
    without activity before a deal here counts as stalled; a next step booked further than
    `cap_days` ahead does not count as one. `question` has the placeholder {customer}.
    `aliases` are the words reps type for the stage.
    """

    key: str
    name: Texts
    odds: int
    patience: int
    cap_days: int
    question: Texts
    play: Mapping[str, tuple[str, ...]]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class LostReason:
    """One reason a deal is lost for."""

    key: str
    name: Texts
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Funnel:
    """Ordered stages and the reasons deals are lost for."""

    key: str
    name: Texts
    stages: tuple[Stage, ...]
    lost_reasons: tuple[LostReason, ...]

    def has(self, key: str) -> bool:
        """Whether there is a stage of this key."""
        return any(stage.key == key for stage in self.stages)

    def index(self, key: str) -> int:
        """The stage's place, from 0; KeyError for none."""
        for place, stage in enumerate(self.stages):
            if stage.key == key:
                return place
        raise KeyError(key)

    def stage(self, key: str) -> Stage:
        """The stage of this key; KeyError for none."""
        return self.stages[self.index(key)]

    def next_after(self, key: str) -> Stage | None:
        """The stage after this one; None after the last."""
        place = self.index(key) + 1
        return self.stages[place] if place < len(self.stages) else None

    def before(self, key: str) -> Stage | None:
        """The stage before this one; None before the first."""
        place = self.index(key)
        return self.stages[place - 1] if place else None

    def reason(self, key: str) -> LostReason | None:
        """The lost reason of this key."""
        return next((reason for reason in self.lost_reasons if reason.key == key), None)


def text(texts: Texts, language: str) -> str:
    """The text in this language."""
    return texts[language]


@cache
def load_funnel(key: str) -> Funnel:
    """The funnel of a template; BrokenTemplate when it is not there or not right."""
    path = Path(__file__).parent / "templates" / f"{key}.toml"
    if not key.isidentifier() or not path.is_file():
        raise BrokenTemplate(f"there is no funnel {key!r}")
    return parse_funnel(key, tomllib.loads(path.read_text(encoding="utf-8")))


def parse_funnel(key: str, data: Mapping[str, Any]) -> Funnel:
    """The funnel that a template's data describes, checked."""
    stages = tuple(_stage(entry) for entry in data["stage"])
    reasons = tuple(_reason(entry) for entry in data["lost_reason"])
    _check_unique("stage", (stage.key for stage in stages))
    _check_unique("lost reason", (reason.key for reason in reasons))
    odds = [stage.odds for stage in stages]
    if odds != sorted(odds) or not all(0 <= chance <= 100 for chance in odds):
        raise BrokenTemplate(f"{key}: odds go from 0 to 100 and never down, not {odds}")
    return Funnel(key, _texts(data, "name"), stages, reasons)


def _stage(entry: Mapping[str, Any]) -> Stage:
    question = _texts(entry, "question")
    if not all("{customer}" in said for said in question.values()):
        raise BrokenTemplate(f"{entry['key']}: its question names no {{customer}}")
    plays = entry.get("play", {})
    if set(plays) != set(LANGUAGES) or len({len(said) for said in plays.values()}) != 1:
        raise BrokenTemplate(f"{entry['key']}: its plays differ between the languages")
    return Stage(
        key=entry["key"],
        name=_texts(entry, "name"),
        odds=entry["odds"],
        patience=entry["patience"],
        cap_days=entry["cap_days"],
        question=question,
        play={language: tuple(said) for language, said in plays.items()},
        aliases=tuple(entry.get("aliases", ())),
    )


def _reason(entry: Mapping[str, Any]) -> LostReason:
    return LostReason(entry["key"], _texts(entry, "name"), tuple(entry.get("aliases", ())))


def _texts(entry: Mapping[str, Any], field: str) -> Texts:
    texts = entry.get(field, {})
    for language in LANGUAGES:
        if not texts.get(language):
            raise BrokenTemplate(f"{entry.get('key', 'funnel')}: no {field} in {language}")
    return dict(texts)


def _check_unique(what: str, keys: Iterable[str]) -> None:
    listed = list(keys)
    if not listed or len(set(listed)) != len(listed):
        raise BrokenTemplate(f"every {what} needs a key of its own, not {listed}")
