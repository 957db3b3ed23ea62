"""Starter packs: the cards that ship with Repmate, read from YAML and checked."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from kb.objections.card import Card, Language

FOLDER = Path(__file__).parent / "packs"
LIMITS: Mapping[str, int] = {
    "key": 64,
    "category": 40,
    "objection": 120,
    "ask": 200,
    "say": 320,
    "proof": 240,
}
MAY_BE_EMPTY = frozenset({"proof"})
ANGLES = 3
LISTS: Mapping[str, int] = {  # characters a text of the list may have
    "phrasings": LIMITS["objection"],
    "stages": LIMITS["category"],
    "angles": LIMITS["say"],
    "industries": LIMITS["category"],
}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C, ten times as fast, where built


class BrokenPack(ValueError):
    """A card pack holds something that is not a card."""


def load_pack(name: str, folder: Path = FOLDER) -> tuple[Card, ...]:
    """Return the cards of `<name>.yaml`, or of the files in the folder `<name>`, by their names.

    The language is the name's ending (`starter_en`). Raises FileNotFoundError for an unknown pack
    and BrokenPack, naming file, card and field, for a broken one. A card's id is its language and
    key, so that both languages can share keys.
    """
    language = _find_language(name)
    cards = tuple(card for file in _list_files(name, folder) for card in _read_file(file, language))
    _refuse_double_keys(cards, name)
    return cards


def _list_files(name: str, folder: Path) -> list[Path]:
    return sorted((folder / name).glob("*.yaml")) or [folder / f"{name}.yaml"]


def _read_file(file: Path, language: Language) -> list[Card]:
    text = file.read_text(encoding="utf-8")
    rows = yaml.load(text, Loader=_LOADER)  # noqa: S506 both loaders are the safe ones
    if not isinstance(rows, list):
        raise BrokenPack(f"{file.stem}: a pack is a list of cards")
    return [_read_card(row, language, f"{file.stem}, card {n}") for n, row in enumerate(rows, 1)]


def _find_language(name: str) -> Language:
    if name.endswith("_en"):
        return "en"
    if name.endswith("_zh"):
        return "zh"
    raise BrokenPack(f"{name}: the name of a pack ends in _en or _zh")


def _read_card(row: Any, language: Language, where: str) -> Card:
    if not isinstance(row, dict):
        raise BrokenPack(f"{where}: a card is a map of fields")
    unknown = [str(key) for key in row if key not in LIMITS and key not in LISTS]
    if unknown:
        raise BrokenPack(f"{where}: unknown field {', '.join(sorted(unknown))}")
    texts = {field: _read_text(row, field, where) for field in LIMITS}
    return Card(
        id=f"{language}:{texts['key']}",
        key=texts["key"],
        language=language,
        category=texts["category"],
        objection=texts["objection"],
        phrasings=_read_texts(row, "phrasings", where),
        ask=texts["ask"],
        say=texts["say"],
        proof=texts["proof"],
        stages=_read_texts(row, "stages", where),
        angles=_read_angles(row, where),
        industries=_read_texts(row, "industries", where),
    )


def _read_text(row: dict[Any, Any], field: str, where: str) -> str:
    value = row.get(field, "")
    if not isinstance(value, str):
        raise BrokenPack(f"{where}: {field} is not a text")
    value = value.strip()
    if not value and field not in MAY_BE_EMPTY:
        raise BrokenPack(f"{where}: {field} is empty")
    if len(value) > LIMITS[field]:
        raise BrokenPack(f"{where}: {field} has {len(value)} characters, {LIMITS[field]} allowed")
    return value


def _read_angles(row: dict[Any, Any], where: str) -> tuple[str, ...]:
    angles = _read_texts(row, "angles", where)
    if len(angles) > ANGLES:
        raise BrokenPack(f"{where}: angles holds {len(angles)} lines, {ANGLES} allowed")
    return angles


def _read_texts(row: dict[Any, Any], field: str, where: str) -> tuple[str, ...]:
    values = row.get(field) or []
    if not isinstance(values, list) or not all(isinstance(v, str) and v.strip() for v in values):
        raise BrokenPack(f"{where}: {field} is a list of texts, none of them empty")
    if any(len(value) > LISTS[field] for value in values):
        raise BrokenPack(f"{where}: {field} holds one over {LISTS[field]} characters")
    return tuple(value.strip() for value in values)


def _refuse_double_keys(cards: tuple[Card, ...], name: str) -> None:
    keys = [card.key for card in cards]
    double = sorted({key for key in keys if keys.count(key) > 1})
    if double:
        raise BrokenPack(f"{name}: key used twice: {', '.join(double)}")
