"""Markdown files of cards, to be read and written by hand.

Each card begins with its facts between two lines of `---`; then its objection as the title, and
its lines under headings:

    ---
    key: too-expensive
    language: en
    stages: [demo, negotiation]
    ---
    # It's too expensive

    ## Ask
    Compared with what?

    ## Say
    Let's put what the problem costs you next to what we cost.

    ## Phrasings
    - Your price is too high
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from kb.objections.card import Language
from kb.objections.exchange.csv_sheet import decode
from kb.objections.exchange.headings import find_field, find_heading
from kb.objections.exchange.json_lines import parse_fields
from kb.objections.exchange.record import (
    LISTS,
    MAX_CARDS,
    CardRecord,
    InvalidCard,
    Sheet,
    UnreadableFile,
)
from kb.objections.exchange.row_parser import SheetBuilder

MAX_FACTS = 16_000  # characters of a card's facts
MAX_DEPTH = 3
_FENCE = "---"
# Every scalar is a text: `language: no` is no false, and no tag makes an object.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_FACT_FIELDS = (
    "key", "language", "category", "state", "stages", "industries", "internal", "proof_on",
    "review_days", "owner",
)  # fmt: skip
_LINE_FIELDS = ("ask", "say", "angles", "proof", "phrasings")
_ESCAPED = re.compile(r"^\\(?=[\\#*+>-])")
_MARKED = re.compile(r"^(?=[\\#*+>-])")
_ITEM = re.compile(r"^[-*+](?:\s+|$)")


@dataclass(frozen=True)
class _CardSource:
    """The text of one card: the line it begins at, its YAML facts, and the lines below them."""

    number: int
    facts: str
    below: list[str]


def write_markdown(records: Sequence[CardRecord], language: Language) -> bytes:
    """Return the cards as Markdown."""
    return "\n".join(_write_card(record, language) for record in records).encode()


def read_markdown(content: bytes) -> Sheet:
    """Return what a Markdown file holds; numbers are lines. Raises UnreadableFile."""
    builder = SheetBuilder(lines=True)
    lines = re.split(r"\r\n|\r|\n", decode(content))
    for count, piece in enumerate(_split_cards(lines)):
        if count >= MAX_CARDS:
            raise UnreadableFile("too_many", MAX_CARDS)
        try:
            builder.add(
                piece.number, {**_parse_facts(piece.facts, builder), **_parse_lines(piece, builder)}
            )
        except InvalidCard as error:
            builder.broken.append(error.at(piece.number))
    if not builder.rows and not builder.broken:
        raise UnreadableFile("no_columns")
    return builder.sheet


def _split_cards(lines: Sequence[str]) -> Iterator[_CardSource]:
    """Splits a file into cards: facts between two fences, then the lines up to the next fence."""
    fences = [at for at, line in enumerate(lines) if line.rstrip() == _FENCE]
    for opening, closing in zip(fences[::2], fences[1::2], strict=False):
        after = next((at for at in fences if at > closing), len(lines))
        yield _CardSource(
            opening + 1, "\n".join(lines[opening + 1 : closing]), list(lines[closing + 1 : after])
        )
    if len(fences) % 2:  # facts that never end
        yield _CardSource(fences[-1] + 1, "[", [])


def _parse_facts(facts: str, builder: SheetBuilder) -> dict[str, Any]:
    if len(facts) > MAX_FACTS:
        raise InvalidCard("unreadable")
    try:
        _refuse_bombs(facts)
        found = yaml.load(facts, Loader=_LOADER)  # noqa: S506 it makes texts, lists and maps only
    except (yaml.YAMLError, ValueError, RecursionError):
        raise InvalidCard("unreadable") from None
    if found is None or found == "":
        return {}
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
        raise InvalidCard("unreadable")
    return dict(parse_fields(found, builder))


def _refuse_bombs(facts: str) -> None:
    """Refuses YAML that expands without end: aliases of aliases, and deep nesting."""
    depth = 0
    for event in yaml.parse(facts, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or depth > MAX_DEPTH:
            raise InvalidCard("unreadable")


def _parse_lines(piece: _CardSource, builder: SheetBuilder) -> dict[str, str | list[str]]:
    found: dict[str, list[str]] = {}
    into: list[str] = []
    for line in piece.below:
        if line.startswith("# ") and "objection" not in found:
            found["objection"] = [line[2:]]
            into = []
        elif line.startswith("## "):
            name = find_field(line[3:])
            into = [] if name is None else found.setdefault(name, [])
            if name is None:
                builder.unread[line[3:]] = None
        else:
            into.append(line)
    title = found.pop("objection", [])
    said = {
        name: _split_items(text) if name in LISTS else _join_lines(text)
        for name, text in found.items()
    }
    return {**said, "objection": title[0]} if title else said


def _split_items(lines: Sequence[str]) -> list[str]:
    """The items of a list; a line without a bullet continues the item before it."""
    items: list[str] = []
    for line in lines:
        mark = _ITEM.match(line)
        if mark is not None:
            items.append(line[mark.end() :])
        elif line.strip():
            text = _unescape(line.strip())
            items = [*items[:-1], f"{items[-1]} {text}"] if items else [text]
    return items


def _join_lines(lines: Sequence[str]) -> str:
    return " ".join(_unescape(line.strip()) for line in lines if line.strip())


def _unescape(line: str) -> str:
    return _ESCAPED.sub("", line)


def _write_card(record: CardRecord, language: Language) -> str:
    above = {name: _make_plain(getattr(record, name)) for name in _FACT_FIELDS}
    facts = {name: value for name, value in above.items() if value != ""}
    return "\n".join(
        [
            _FENCE,
            yaml.dump(
                facts, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=100_000,
                default_flow_style=None,
            ).rstrip("\n"),
            _FENCE,
            f"# {record.objection}",
            *(line for name in _LINE_FIELDS for line in _write_section(record, name, language)),
            "",
        ]
    )  # fmt: skip


def _make_plain(value: object) -> object:
    """A fact as YAML is to write it: texts only, so that each comes back as it was."""
    if isinstance(value, tuple):
        return list(value)
    return "" if value is None else str(value)


def _write_section(record: CardRecord, name: str, language: Language) -> list[str]:
    value = getattr(record, name)
    if isinstance(value, tuple):
        lines = [f"- {text}" for text in value]
    else:
        lines = [_MARKED.sub(r"\\", value)] if value else []
    return ["", f"## {find_heading(name, language)}", *lines]
