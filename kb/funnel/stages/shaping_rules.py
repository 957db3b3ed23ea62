"""What changes to a team's funnels stand on: refusals, fresh keys, names, the last check."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from kb.funnel.stages.pipelines import Data, parsed
from kb.funnel.stages.template_fields import LANGUAGES, BrokenTemplate

Kept = Mapping[str, Data]
LONGEST_NAME = 40  # characters, as on a button
KEY_CHARACTERS = 20
_NO_KEY = re.compile(r"[^a-z0-9]+")


class Why(StrEnum):
    """Why funnels cannot be changed so."""

    NAME_TAKEN = "name_taken"
    NAME_BAD = "name_bad"
    TOO_MANY = "too_many"
    LAST_ONE = "last_one"
    OTHER_SIDE = "other_side"
    ODDS_ORDER = "odds_order"
    BAD_VALUE = "bad_value"
    MAIN_STAYS = "main_stays"


class CannotShape(Exception):
    """The funnels cannot be changed so."""

    def __init__(self, why: Why, **facts: object) -> None:
        super().__init__(why.value)
        self.why, self.facts = why, facts


def fresh_key(name: str, taken: Iterable[str], fallback: str = "stage") -> str:
    """A key made of a name that is not among those taken."""
    base = _NO_KEY.sub("_", name.casefold()).strip("_")
    if not base or not base[0].isalpha():
        base = fallback
    base = base[: KEY_CHARACTERS - 3].strip("_")
    known, number, key = set(taken), 1, base
    while key in known:
        number += 1
        key = f"{base}_{number}"
    return key


def copied(kept: Kept) -> dict[str, Data]:
    """A copy that may be changed."""
    return copy.deepcopy(dict(kept))


def checked(data: dict[str, Data]) -> dict[str, Data]:
    """The data, which the reader accepts; else CannotShape."""
    try:
        parsed(data)
    except BrokenTemplate as error:
        taken = "means both" in str(error)
        raise CannotShape(Why.NAME_TAKEN if taken else Why.BAD_VALUE) from error
    return data


def place_of(stages: list[Data], key: str) -> int:
    """A stage's place; StopIteration for none."""
    return next(at for at, stage in enumerate(stages) if stage["key"] == key)


def is_after(stage: Data) -> bool:
    """Whether a stage comes after the payment."""
    return bool(stage.get("after", False))


def keys_of(data: Kept) -> set[str]:
    """Every key that a stage of the team has or had."""
    listed = (each.get(part, []) for each in data.values() for part in ("stage", "gone"))
    return {stage["key"] for stages in listed for stage in stages}


def in_both(name: str) -> dict[str, str]:
    """A name somebody typed, for both languages; CannotShape where it is none."""
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST_NAME or not any(char.isalnum() for char in plain):
        raise CannotShape(Why.NAME_BAD, most=LONGEST_NAME)
    return dict.fromkeys(LANGUAGES, plain)


def named(funnel: Data, name: str, key: str) -> dict[str, str]:
    """The name in both languages; a name goes before what others are called beside their own."""
    said = in_both(name)
    word = said[LANGUAGES[0]].casefold()
    for stage in funnel["stage"]:
        if stage["key"] != key and "aliases" in stage:
            stage["aliases"] = without_words(stage["aliases"], {word})
    return said


def without_words(words: Iterable[str], without: set[str]) -> list[str]:
    """The words once each, but those."""
    kept = {word.casefold(): word for word in words if word.casefold() not in without}
    return list(kept.values())
