"""Cards as a table: headings in the first row, then one card a row; what CSV and Excel share.

A list is one cell, with one text a line.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from kb.objections.card import Language
from kb.objections.exchange.headings import find_field, find_heading
from kb.objections.exchange.record import (
    FIELDS,
    LISTS,
    MAX_CARDS,
    CardRecord,
    InvalidCard,
    Sheet,
    UnreadableFile,
)
from kb.objections.exchange.row_parser import SheetBuilder

MAX_COLUMNS = 60
MAX_TITLE_ROWS = 5  # rows that a title may take
_SEPARATORS = re.compile("[;；|｜]")

Cells = Sequence[str]


def make_header(language: Language) -> list[str]:
    """Return the row of headings."""
    return [find_heading(name, language) for name in FIELDS]


def make_cells(record: CardRecord) -> list[str]:
    """Return the card's row of cells."""
    return [_make_cell(getattr(record, name)) for name in FIELDS]


def read_rows(rows: Iterable[Cells | InvalidCard]) -> Sheet:
    """Read the cards of a table; an InvalidCard among its rows is a row that cannot be read.

    Raises UnreadableFile where no row names the column of the objections.
    """
    builder, numbered = SheetBuilder(), enumerate(rows, start=1)
    columns = _find_columns(numbered, builder)
    for number, row in numbered:
        if isinstance(row, InvalidCard):
            builder.broken.append(row.at(number))
        elif any(cell.strip() for cell in row):
            builder.add(number, _split_fields(columns, row))
        if len(builder.rows) + len(builder.broken) > MAX_CARDS:
            raise UnreadableFile("too_many", MAX_CARDS)
    return builder.sheet


def _find_columns(
    numbered: Iterator[tuple[int, Cells | InvalidCard]], builder: SheetBuilder
) -> list[str | None]:
    for number, row in numbered:
        if isinstance(row, InvalidCard):
            continue
        found = [find_field(cell) for cell in row[:MAX_COLUMNS]]
        if "objection" in found:
            unknown = (cell for cell, name in zip(row, found, strict=False) if name is None)
            builder.unread.update(dict.fromkeys(cell for cell in unknown if cell.strip()))
            return found
        if number >= MAX_TITLE_ROWS:
            break
    raise UnreadableFile("no_columns")


def _split_fields(columns: Sequence[str | None], row: Cells) -> dict[str, str | list[str]]:
    found: dict[str, str | list[str]] = {}
    for position, name in enumerate(columns):
        if name is not None and name not in found:
            cell = row[position] if position < len(row) else ""
            found[name] = split_list(cell) if name in LISTS else cell
    return found


def _make_cell(value: object) -> str:
    if isinstance(value, tuple):
        return join_list(value)
    return "" if value is None else str(value)


def join_list(texts: Sequence[str]) -> str:
    """Return the texts as one cell, a line each.

    A line break at the end of a single text says that its semicolons separate nothing.
    """
    marked = len(texts) == 1 and _SEPARATORS.search(texts[0]) is not None
    return f"{texts[0]}\n" if marked else "\n".join(texts)


def split_list(cell: str) -> list[str]:
    """Return the texts of a cell: one a line; a single line is split at semicolons and bars."""
    if "\n" in cell or "\r" in cell:
        return re.split(r"[\r\n]+", cell)
    return _SEPARATORS.split(cell)
