"""Reads the funnel templates beside this file into `Funnel` values, and checks them.

A template is a TOML file; every text in it is given in English and in Chinese.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from kb.funnel.stages.funnel import LADDER, Funnel, LostReason, Stage
from kb.funnel.stages.playbook import read_checks, read_uplift, read_win_backs
from kb.funnel.stages.template_fields import BrokenTemplate, Table

TEMPLATES = Path(__file__).parent / "templates"
LONGEST_PATIENCE = 60  # working days
LONGEST_CAP = 730  # days
PLAYS = (2, 4)

MOST_STAGES = 12  # as many as there are buttons
STAGE_FIELDS = (
    "key", "name", "odds", "patience", "cap_days", "question", "why", "play", "aliases", "ladder",
    "like", "offer", "after", "checks", "leave", "uplift", "origin",
)  # fmt: skip

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@cache
def load_funnel(key: str) -> Funnel:
    """The funnel of a template; BrokenTemplate when it is not there or not right."""
    return parse_funnel(key, load_template(key))


def load_template(key: str) -> dict[str, Any]:
    """A template file's data, each time a new dict; BrokenTemplate when there is none."""
    path = TEMPLATES / f"{key}.toml"
    if not _NAME.fullmatch(key) or not path.is_file():
        raise BrokenTemplate(f"there is no funnel {key[:40]!r}")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BrokenTemplate(f"{key}: {error}") from error


def parse_funnel(key: str, data: Mapping[str, Any]) -> Funnel:
    """The funnel that a template's data describes; BrokenTemplate names what is wrong with it."""
    table = Table(key, data)
    table.only("name", "stage", "lost_reason", "reasons_of")
    stages = tuple(read_stage(entry) for entry in table.tables("stage"))
    reasons = _read_reasons(table)
    _check_odds(key, [stage.odds for stage in stages])
    _check_order(key, stages)
    _check_distinct_words(key, stages)
    _check_distinct_words(key, reasons)
    return Funnel(key, table.texts("name"), stages, reasons)


def list_words(named: Stage | LostReason) -> tuple[str, ...]:
    """Every word for a stage or a lost reason, folded: its key, its names, its aliases."""
    words = (named.key, *named.name.values(), *named.aliases)
    return tuple(dict.fromkeys(word.casefold() for word in words))


def read_stage(table: Table) -> Stage:
    """The stage that a template's table describes."""
    table.only(*STAGE_FIELDS)
    question = table.texts("question")
    if any(_PLACEHOLDER.findall(text) != ["customer"] for text in question.values()):
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
        like=table.word("like"),
        offer=table.flag("offer"),
        after=table.flag("after"),
        checks=read_checks(table),
        leave=read_win_backs(table),
        uplift=read_uplift(table),
    )


def _read_reasons(table: Table) -> tuple[LostReason, ...]:
    """Its own lost reasons, or those of the template it names."""
    if table.has("reasons_of") and not table.has("lost_reason"):
        return load_funnel(table.word("reasons_of")).lost_reasons
    return tuple(_read_reason(entry) for entry in table.tables("lost_reason"))


def _read_reason(table: Table) -> LostReason:
    table.only("key", "name", "aliases")
    return LostReason(table.key(), table.texts("name"), table.words("aliases"))


def _check_odds(key: str, odds: list[int]) -> None:
    """Refuses odds that go down."""
    if odds != sorted(odds):
        raise BrokenTemplate(f"{key}: odds never go down from stage to stage, as in {odds}")


def _check_order(key: str, stages: tuple[Stage, ...]) -> None:
    """Refuses a stage before the payment behind one after it, and too many stages."""
    after = [stage.after for stage in stages]
    if after != sorted(after) or all(after):
        raise BrokenTemplate(f"{key}: what comes after the payment comes last")
    if len(stages) > MOST_STAGES:
        raise BrokenTemplate(f"{key}: there are at most {MOST_STAGES} stages")


def _check_distinct_words(key: str, listed: Iterable[Stage | LostReason]) -> None:
    """Refuses a word for two things: it would be found as neither."""
    seen: dict[str, str] = {}
    for named in listed:
        for word in list_words(named):
            if word in seen:
                raise BrokenTemplate(f"{key}: {word!r} means both {seen[word]} and {named.key}")
        seen |= dict.fromkeys(list_words(named), named.key)
