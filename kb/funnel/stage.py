"""Stages and funnels, read from the templates beside this file and checked as they are read.

A template is TOML; every text in it stands in English and in Chinese.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from kb.funnel.table import BrokenTemplate, Table, Texts

__all__ = ["BrokenTemplate", "Funnel", "LostReason", "Stage", "Texts", "load_funnel", "text"]

TEMPLATES = Path(__file__).parent / "templates"
FALLBACK = "en"
LONGEST_PATIENCE = 60  # working days
LONGEST_CAP = 730  # days
PLAYS = (2, 4)
LADDER = 3  # nudges

STAGE_FIELDS = (
    "key", "name", "odds", "patience", "cap_days", "question", "why", "play", "aliases", "ladder",
)  # fmt: skip

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Stage:
    """One stage of a funnel.

    `odds` is the chance of winning in percent. `patience` is how many working days may pass
    without activity before a deal here counts as stalled, `why` says in a sentence why so few, and
    `learned` that it is the team's own; a next step booked further than `cap_days` ahead does not
    count as one. After `ladder` unanswered nudges, 1 to 3, the owner's manager is told; 0 is never.
    `question` has the placeholder {customer}. `play` are the short moves that work
    here. `aliases` are the words reps type for the stage.
    """

    key: str
    name: Texts
    odds: int
    patience: int
    cap_days: int
    question: Texts
    why: Texts
    play: Mapping[str, tuple[str, ...]]
    aliases: tuple[str, ...] = ()
    learned: bool = False
    ladder: int = LADDER


@dataclass(frozen=True)
class LostReason:
    """One reason a deal is lost for; `aliases` are the words reps type for it."""

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

    def with_patience(self, learned: Mapping[str, int]) -> Funnel:
        """The funnel with the patience, in working days, that a team has learned by stage."""
        stages = (
            replace(stage, patience=learned[stage.key], learned=True)
            if stage.key in learned
            else stage
            for stage in self.stages
        )
        return replace(self, stages=tuple(stages)) if learned else self

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
        """The stage after this one; None after the last, KeyError for an unknown one."""
        place = self.index(key) + 1
        return self.stages[place] if place < len(self.stages) else None

    def before(self, key: str) -> Stage | None:
        """The stage before this one; None before the first, KeyError for an unknown one."""
        place = self.index(key)
        return self.stages[place - 1] if place else None

    def reason(self, key: str) -> LostReason | None:
        """The lost reason of this key; None for none."""
        return next((reason for reason in self.lost_reasons if reason.key == key), None)


def text(texts: Texts, language: str) -> str:
    """The text in this language, or in English where the language has none."""
    return texts.get(language) or texts[FALLBACK]


@cache
def load_funnel(key: str) -> Funnel:
    """The funnel of a template; BrokenTemplate when it is not there or not right."""
    path = TEMPLATES / f"{key}.toml"
    if not _NAME.fullmatch(key) or not path.is_file():
        raise BrokenTemplate(f"there is no funnel {key[:40]!r}")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BrokenTemplate(f"{key}: {error}") from error
    return parse_funnel(key, data)


def parse_funnel(key: str, data: Mapping[str, Any]) -> Funnel:
    """The funnel that a template's data describes; BrokenTemplate names what is wrong with it."""
    table = Table(key, data)
    table.only("name", "stage", "lost_reason")
    stages = tuple(_stage(entry) for entry in table.tables("stage"))
    reasons = tuple(_reason(entry) for entry in table.tables("lost_reason"))
    _check_odds(key, [stage.odds for stage in stages])
    _check_apart(key, stages)
    _check_apart(key, reasons)
    return Funnel(key, table.texts("name"), stages, reasons)


def words_of(named: Stage | LostReason) -> tuple[str, ...]:
    """Every word for a stage or a lost reason, folded: its key, its names, its aliases."""
    words = (named.key, *named.name.values(), *named.aliases)
    return tuple(dict.fromkeys(word.casefold() for word in words))


def _stage(table: Table) -> Stage:
    table.only(*STAGE_FIELDS)
    question = table.texts("question")
    if any(_PLACEHOLDER.findall(said) != ["customer"] for said in question.values()):
        raise table.wrong("the question names {customer} once, and nothing else in braces")
    return Stage(
        key=table.key(),
        name=table.texts("name"),
        odds=table.number("odds", 0, 100),
        patience=table.number("patience", 1, LONGEST_PATIENCE),
        cap_days=table.number("cap_days", 1, LONGEST_CAP),
        question=question,
        why=table.texts("why"),
        play=table.lists("play", *PLAYS),
        aliases=table.words("aliases"),
        ladder=table.number("ladder", 0, LADDER) if table.has("ladder") else LADDER,
    )


def _reason(table: Table) -> LostReason:
    table.only("key", "name", "aliases")
    return LostReason(table.key(), table.texts("name"), table.words("aliases"))


def _check_odds(key: str, odds: list[int]) -> None:
    if odds != sorted(odds):
        raise BrokenTemplate(f"{key}: odds never go down from stage to stage, as in {odds}")


def _check_apart(key: str, listed: Iterable[Stage | LostReason]) -> None:
    """A word that meant two things would be found as neither."""
    seen: dict[str, str] = {}
    for named in listed:
        for word in words_of(named):
            if word in seen:
                raise BrokenTemplate(f"{key}: {word!r} means both {seen[word]} and {named.key}")
        seen |= dict.fromkeys(words_of(named), named.key)
