"""Cards as one Markdown file, to be read and written by hand.

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
from kb.objections.exchange.checking import Reading
from kb.objections.exchange.csv_sheet import decoded
from kb.objections.exchange.headings import field_of, heading
from kb.objections.exchange.json_lines import known
from kb.objections.exchange.record import CARDS, LISTS, CardRecord, NoCard, Sheet
from kb.objections.exchange.refusing import NotASheet

FACTS = 16_000  # characters of a card's facts
DEEPEST = 3
_FENCE = "---"
# Every scalar is a text: `language: no` is no false, and no tag makes an object.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_ABOVE = (
    "key", "language", "category", "state", "stages", "industries", "internal", "proof_on",
    "review_days", "owner",
)  # fmt: skip
_BELOW = ("ask", "say", "angles", "proof", "phrasings")
_ESCAPED = re.compile(r"^\\(?=[\\#*+>-])")
_MARKED = re.compile(r"^(?=[\\#*+>-])")
_ITEM = re.compile(r"^[-*+](?:\s+|$)")


@dataclass(frozen=True)
class _Piece:
    """One card as it stands: the line it begins at, its facts, the lines below them."""

    number: int
    facts: str
    below: list[str]


def write_markdown(records: Sequence[CardRecord], language: Language) -> bytes:
    """Return the cards as Markdown."""
    return "\n".join(_written(record, language) for record in records).encode()


def read_markdown(content: bytes) -> Sheet:
    """Return what a Markdown file holds; numbers are lines. Raises NotASheet."""
    reading = Reading(lines=True)
    lines = re.split(r"\r\n|\r|\n", decoded(content))
    for count, piece in enumerate(_pieces(lines)):
        if count >= CARDS:
            raise NotASheet("too_many", CARDS)
        try:
            reading.take(piece.number, {**_above(piece.facts, reading), **_below(piece, reading)})
        except NoCard as error:
            reading.broken.append(error.at(piece.number))
    if not reading.rows and not reading.broken:
        raise NotASheet("no_columns")
    return reading.sheet


def _pieces(lines: Sequence[str]) -> Iterator[_Piece]:
    """The cards: facts between two fences, then what stands below up to the next fence."""
    fences = [at for at, line in enumerate(lines) if line.rstrip() == _FENCE]
    for opening, closing in zip(fences[::2], fences[1::2], strict=False):
        after = next((at for at in fences if at > closing), len(lines))
        yield _Piece(
            opening + 1, "\n".join(lines[opening + 1 : closing]), list(lines[closing + 1 : after])
        )
    if len(fences) % 2:  # facts that never end
        yield _Piece(fences[-1] + 1, "[", [])


def _above(facts: str, reading: Reading) -> dict[str, Any]:
    if len(facts) > FACTS:
        raise NoCard("unreadable")
    try:
        _refuse_bombs(facts)
        found = yaml.load(facts, Loader=_LOADER)  # noqa: S506 it makes texts, lists and maps only
    except (yaml.YAMLError, ValueError, RecursionError):
        raise NoCard("unreadable") from None
    if found is None or found == "":
        return {}
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
        raise NoCard("unreadable")
    return dict(known(found, reading))


def _refuse_bombs(facts: str) -> None:
    """An alias repeats what it names, and aliases of aliases never end; nor does deep nesting."""
    depth = 0
    for event in yaml.parse(facts, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or depth > DEEPEST:
            raise NoCard("unreadable")


def _below(piece: _Piece, reading: Reading) -> dict[str, str | list[str]]:
    found: dict[str, list[str]] = {}
    into: list[str] = []
    for line in piece.below:
        if line.startswith("# ") and "objection" not in found:
            found["objection"] = [line[2:]]
            into = []
        elif line.startswith("## "):
            name = field_of(line[3:])
            into = [] if name is None else found.setdefault(name, [])
            if name is None:
                reading.unread[line[3:]] = None
        else:
            into.append(line)
    title = found.pop("objection", [])
    said = {name: _items(text) if name in LISTS else _whole(text) for name, text in found.items()}
    return {**said, "objection": title[0]} if title else said


def _items(lines: Sequence[str]) -> list[str]:
    """The items of a list; a line that begins none goes on with the one before it."""
    items: list[str] = []
    for line in lines:
        mark = _ITEM.match(line)
        if mark is not None:
            items.append(line[mark.end() :])
        elif line.strip():
            text = _unescaped(line.strip())
            items = [*items[:-1], f"{items[-1]} {text}"] if items else [text]
    return items


def _whole(lines: Sequence[str]) -> str:
    return " ".join(_unescaped(line.strip()) for line in lines if line.strip())


def _unescaped(line: str) -> str:
    return _ESCAPED.sub("", line)


def _written(record: CardRecord, language: Language) -> str:
    above = {name: _plain(getattr(record, name)) for name in _ABOVE}
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
            *(line for name in _BELOW for line in _section(record, name, language)),
            "",
        ]
    )  # fmt: skip


def _plain(value: object) -> object:
    """A fact as YAML writes it: texts, so that all of them come back as they were."""
    if isinstance(value, tuple):
        return list(value)
    return "" if value is None else str(value)


def _section(record: CardRecord, name: str, language: Language) -> list[str]:
    value = getattr(record, name)
    if isinstance(value, tuple):
        lines = [f"- {text}" for text in value]
    else:
        lines = [_MARKED.sub(r"\\", value)] if value else []
    return ["", f"## {heading(name, language)}", *lines]
