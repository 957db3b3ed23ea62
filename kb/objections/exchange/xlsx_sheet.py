"""Excel workbooks of cards: every cell is text, and no formula is ever computed.

A CSV of ours that was saved as a workbook elsewhere still has the apostrophes that guard it; they
are taken off as from CSV. The cells of our own workbooks, and those somebody typed a leading
apostrophe into, are marked as text (quotePrefix): there an apostrophe belongs to the text.

A workbook is a zip of XML. Its unpacked size is read from the zip directory before anything is
unpacked (the zip library stops at the announced size); defusedxml refuses entities.
"""

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from kb.objections.card import Language
from kb.objections.exchange.csv_sheet import unguard_cell
from kb.objections.exchange.record import MAX_CARDS, CardRecord, Sheet, UnreadableFile
from kb.objections.exchange.table import (
    MAX_COLUMNS,
    MAX_TITLE_ROWS,
    make_cells,
    make_header,
    read_rows,
)
from kb.objections.exchange.tidy import MAX_CELL

MAX_UNPACKED = 16_000_000  # bytes of all parts together
MAX_PARTS = 200
MAX_OTHER_PART = (
    1_000_000  # of a part beside the cells: styles, names; each of them becomes objects
)
MAX_RATIO = 150  # of a part of some size; text packs to a tenth, a bomb to a thousandth
SMALL_PART = 100_000
MAX_TAGS = 600_000  # of the strings that cells share, all of them read at once: four a string
_STRINGS = "xl/sharedStrings"
_CELLS = ("xl/worksheets/", _STRINGS)


def write_xlsx(records: Sequence[CardRecord], language: Language) -> bytes:
    """Return the cards as a workbook of one sheet."""
    from openpyxl import Workbook  # noqa: PLC0415 0.2 s, needed only where a workbook is asked for

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Cards")
    sheet.freeze_panes = "A2"
    sheet.append(make_header(language))
    for record in records:
        sheet.append([make_text_cell(sheet, text) for text in make_cells(record)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_xlsx(content: bytes) -> Sheet:
    """Return what the first sheet with cards holds. Raises UnreadableFile, also for a zip bomb."""
    from openpyxl import load_workbook  # noqa: PLC0415 as above

    # It warns of what it does not read, such as drop-down lists: neither do we.
    warnings.filterwarnings("ignore", module="openpyxl")
    _refuse_bombs(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # noqa: BLE001 whatever a broken workbook makes the library raise
        raise _explain_error(error) from None
    return _read_first_sheet(book)


def _read_first_sheet(book: Any) -> Sheet:
    refusal = UnreadableFile("no_columns")
    for sheet in book.worksheets[:5]:
        try:
            return read_rows(_read_cells(sheet))
        except UnreadableFile as error:
            if error.reason != "no_columns":
                raise
            refusal = error
        except Exception as error:  # noqa: BLE001 as above: rows are read as they are asked for
            raise _explain_error(error) from None
    raise refusal


def _read_cells(sheet: Any) -> Iterator[list[str]]:
    most = MAX_CARDS + MAX_TITLE_ROWS + 2
    for row in sheet.iter_rows(max_row=most, max_col=MAX_COLUMNS):
        yield [_read_cell(cell) for cell in row]


def _read_cell(cell: Any) -> str:
    text = _read_value(cell.value)
    plain = unguard_cell(text)
    # The style is looked up only where it matters: it is slow, and some programs write none.
    return text if plain == text or cell.style_array.quotePrefix else plain


def _read_value(value: object) -> str:
    """The value of a cell as text, as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)[: MAX_CELL + 1]


def make_text_cell(sheet: Any, text: str) -> Any:
    """Return a text cell, never a formula."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 as above

    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # the library takes =1+1 for a formula, and #N/A for an error
    cell.quotePrefix = True  # nor does Excel, when somebody edits the cell
    return cell


def _refuse_bombs(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unsafe = _is_unsafe(archive)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, RuntimeError):
        raise UnreadableFile("damaged") from None
    if unsafe:
        raise UnreadableFile("unsafe")


def _is_unsafe(archive: zipfile.ZipFile) -> bool:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        return True
    if any(_is_bomb(part) for part in parts):
        return True
    strings = (part for part in parts if part.filename.startswith(_STRINGS))
    return any(archive.read(part).count(b"<") > MAX_TAGS for part in strings)


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    beside = part.filename.endswith((".xml", ".rels")) and not part.filename.startswith(_CELLS)
    if beside and part.file_size > MAX_OTHER_PART:
        return True
    return part.file_size > SMALL_PART and part.file_size > MAX_RATIO * max(part.compress_size, 1)


def _explain_error(error: Exception) -> UnreadableFile:
    # defusedxml's refusals of entities and document types are ValueErrors of its own module.
    return UnreadableFile(
        "unsafe" if type(error).__module__.startswith("defusedxml") else "damaged"
    )
