"""Cards as JSON Lines: one card a line, for other programs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from kb.objections.exchange.checking import Reading
from kb.objections.exchange.csv_sheet import decoded
from kb.objections.exchange.headings import field_of
from kb.objections.exchange.record import CARDS, FIELDS, LISTS, CardRecord, NoCard, Raw, Sheet
from kb.objections.exchange.refusing import NotASheet
from kb.objections.exchange.table import split_list

LINE = 100_000  # characters


def write_jsonl(records: Sequence[CardRecord]) -> bytes:
    """Return the cards, each as an object of all its fields."""
    lines = (json.dumps(_object(record), ensure_ascii=False) for record in records)
    return "".join(f"{line}\n" for line in lines).encode()


def read_jsonl(content: bytes) -> Sheet:
    """Return what the lines hold; fields nobody knows are left out. Raises NotASheet."""
    reading = Reading(lines=True)
    for number, line in enumerate(decoded(content).split("\n"), start=1):
        if not line.strip():
            continue
        if len(reading.rows) + len(reading.broken) >= CARDS:
            raise NotASheet("too_many", CARDS)
        try:
            reading.take(number, known(_parsed(line), reading))
        except NoCard as error:
            reading.broken.append(error.at(number))
    return reading.sheet


def known(found: Mapping[str, Any], reading: Reading) -> Raw:
    """Return the fields of a card, as texts and lists of texts; NoCard for any other value."""
    raw: dict[str, str | Sequence[str]] = {}
    for name, value in found.items():
        field = field_of(name)
        if field is None:
            reading.unread[name] = None
        else:
            raw[field] = _value(field, value)
    return raw


def _object(record: CardRecord) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in FIELDS}
    return values | {"proof_on": record.proof_on.isoformat() if record.proof_on else None}


def _parsed(line: str) -> dict[str, Any]:
    if len(line) > LINE:
        raise NoCard("unreadable")
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise NoCard("unreadable") from None
    if not isinstance(found, dict):
        raise NoCard("unreadable")
    return found


def _value(field: str, value: Any) -> str | list[str]:
    if field in LISTS and isinstance(value, list):
        return [_word(field, each) for each in value]
    said = _word(field, value)
    return split_list(said) if field in LISTS else said


def _word(field: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise NoCard("unreadable", field)
