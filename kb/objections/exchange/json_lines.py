"""JSON Lines files of cards: one JSON object a line, for other programs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from kb.objections.exchange.csv_sheet import decode
from kb.objections.exchange.headings import find_field
from kb.objections.exchange.record import (
    FIELDS,
    LISTS,
    MAX_CARDS,
    CardRecord,
    InvalidCard,
    RawRow,
    Sheet,
    UnreadableFile,
)
from kb.objections.exchange.row_parser import SheetBuilder
from kb.objections.exchange.table import split_list

MAX_LINE = 100_000  # characters


def write_jsonl(records: Sequence[CardRecord]) -> bytes:
    """Return the cards, each as an object of all its fields."""
    lines = (json.dumps(_make_object(record), ensure_ascii=False) for record in records)
    return "".join(f"{line}\n" for line in lines).encode()


def read_jsonl(content: bytes) -> Sheet:
    """Return what the lines hold, without unknown fields. Raises UnreadableFile."""
    builder = SheetBuilder(lines=True)
    for number, line in enumerate(decode(content).split("\n"), start=1):
        if not line.strip():
            continue
        if len(builder.rows) + len(builder.broken) >= MAX_CARDS:
            raise UnreadableFile("too_many", MAX_CARDS)
        try:
            builder.add(number, parse_fields(_parse_line(line), builder))
        except InvalidCard as error:
            builder.broken.append(error.at(number))
    return builder.sheet


def parse_fields(found: Mapping[str, Any], builder: SheetBuilder) -> RawRow:
    """Return a card's fields as texts and lists of texts. Raises InvalidCard for other values."""
    raw: dict[str, str | Sequence[str]] = {}
    for name, value in found.items():
        field = find_field(name)
        if field is None:
            builder.unread[name] = None
        else:
            raw[field] = _parse_value(field, value)
    return raw


def _make_object(record: CardRecord) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in FIELDS}
    return values | {"proof_on": record.proof_on.isoformat() if record.proof_on else None}


def _parse_line(line: str) -> dict[str, Any]:
    if len(line) > MAX_LINE:
        raise InvalidCard("unreadable")
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise InvalidCard("unreadable") from None
    if not isinstance(found, dict):
        raise InvalidCard("unreadable")
    return found


def _parse_value(field: str, value: Any) -> str | list[str]:
    if field in LISTS and isinstance(value, list):
        return [_parse_text(field, each) for each in value]
    said = _parse_text(field, value)
    return split_list(said) if field in LISTS else said


def _parse_text(field: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise InvalidCard("unreadable", field)
