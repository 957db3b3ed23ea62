"""Cards as rows of cells: the columns named in the first row, one card a row.

A list stands in one cell, its texts one below the other.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from kb.objections.card import Language
from kb.objections.exchange.checking import Reading
from kb.objections.exchange.headings import field_of, heading
from kb.objections.exchange.record import CARDS, FIELDS, LISTS, CardRecord, NoCard, Sheet
from kb.objections.exchange.refusing import NotASheet

COLUMNS = 60
BEFORE_THE_HEADINGS = 5  # rows that a title may take
_APART = re.compile("[;；|｜]")

Cells = Sequence[str]


def header(language: Language) -> list[str]:
    """Return the first row."""
    return [heading(name, language) for name in FIELDS]


def cells_of(record: CardRecord) -> list[str]:
    """Return the card's row."""
    return [_cell(getattr(record, name)) for name in FIELDS]


def read_rows(rows: Iterable[Cells | NoCard]) -> Sheet:
    """Read the cards of a table; a NoCard among its rows is one that could not be read.

    Raises NotASheet where no row names the column of the objections.
    """
    reading, numbered = Reading(), enumerate(rows, start=1)
    columns = _columns(numbered, reading)
    for number, row in numbered:
        if isinstance(row, NoCard):
            reading.broken.append(row.at(number))
        elif any(cell.strip() for cell in row):
            reading.take(number, _fields(columns, row))
        if len(reading.rows) + len(reading.broken) > CARDS:
            raise NotASheet("too_many", CARDS)
    return reading.sheet


def _columns(numbered: Iterator[tuple[int, Cells | NoCard]], reading: Reading) -> list[str | None]:
    for number, row in numbered:
        if isinstance(row, NoCard):
            continue
        found = [field_of(cell) for cell in row[:COLUMNS]]
        if "objection" in found:
            unknown = (cell for cell, name in zip(row, found, strict=False) if name is None)
            reading.unread.update(dict.fromkeys(cell for cell in unknown if cell.strip()))
            return found
        if number >= BEFORE_THE_HEADINGS:
            break
    raise NotASheet("no_columns")


def _fields(columns: Sequence[str | None], row: Cells) -> dict[str, str | list[str]]:
    found: dict[str, str | list[str]] = {}
    for position, name in enumerate(columns):
        if name is not None and name not in found:
            cell = row[position] if position < len(row) else ""
            found[name] = split_list(cell) if name in LISTS else cell
    return found


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return join_list(value)
    return "" if value is None else str(value)


def join_list(texts: Sequence[str]) -> str:
    """Return one cell of the texts. A line break says that nothing else parts them."""
    marked = len(texts) == 1 and _APART.search(texts[0]) is not None
    return f"{texts[0]}\n" if marked else "\n".join(texts)


def split_list(cell: str) -> list[str]:
    """Return the texts of a cell: one a line, or in one line parted by semicolons or bars."""
    if "\n" in cell or "\r" in cell:
        return re.split(r"[\r\n]+", cell)
    return _APART.split(cell)
