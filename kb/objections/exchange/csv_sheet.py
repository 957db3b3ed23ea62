"""CSV files of cards: UTF-8 with a byte order mark, so that Excel opens them as they are.

A text that a spreadsheet would compute as a formula gets an apostrophe in front, line by line,
and loses it again when read, so that an export comes back unchanged (OWASP, CSV injection).
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from kb.objections.card import Language
from kb.objections.exchange.headings import find_field
from kb.objections.exchange.record import CardRecord, InvalidCard, Sheet, UnreadableFile
from kb.objections.exchange.table import MAX_TITLE_ROWS, make_cells, make_header, read_rows

# U+FE62.. and U+FF0B.. are the small and wide + - = @: what folds them would bring a formula back.
_SIGNS = "=+\\-@\t\r＝＋－＠﹦﹢﹣﹫"
_WOULD_BE_A_FORMULA = re.compile(rf"^(?='*[{_SIGNS}])", re.MULTILINE)
_MADE_HARMLESS = re.compile(rf"^'(?='*[{_SIGNS}])", re.MULTILINE)
_SEPARATORS = (",", ";", "\t")
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")


def write_csv(records: Sequence[CardRecord], language: Language) -> bytes:
    """Return the cards as CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(make_header(language))
    writer.writerows([guard_cell(cell) for cell in make_cells(record)] for record in records)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def read_csv(content: bytes) -> Sheet:
    """Return what a CSV holds, in UTF-8, UTF-16 or GB18030, split by commas, semicolons or tabs.

    Raises UnreadableFile where it is no text, or no row names the columns.
    """
    text = decode(content)
    return read_rows(_read_cells(text, _find_separator(text)))


def guard_cell(cell: str) -> str:
    """Return the cell escaped, so that no spreadsheet computes any line of it."""
    return _WOULD_BE_A_FORMULA.sub("'", cell)


def unguard_cell(cell: str) -> str:
    """Return the cell as it was before `guard_cell`."""
    return _MADE_HARMLESS.sub("", cell)


def decode(content: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 with its mark, or GB18030; else UnreadableFile."""
    if content.startswith(_BYTE_ORDER_MARKS):
        return _decode_as(content, "utf-16")
    if b"\x00" in content[:4096]:
        raise UnreadableFile("not_text")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decode_as(content, "gb18030")


def _decode_as(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableFile("not_text") from None


def _find_separator(text: str) -> str:
    """The separator that makes most columns of the first lines."""
    first = text[:4096].splitlines()[:MAX_TITLE_ROWS]

    def columns(separator: str) -> int:
        cells = (cell for line in first for cell in line.split(separator))
        return sum(find_field(cell.strip('" ')) is not None for cell in cells)

    return max(_SEPARATORS, key=columns)


def _read_cells(text: str, separator: str) -> Iterator[list[str] | InvalidCard]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    while True:
        try:
            yield [unguard_cell(cell) for cell in next(reader)]
        except csv.Error:
            yield InvalidCard("unreadable")
        except StopIteration:
            return
