"""Cards as CSV that Excel opens as it is: UTF-8 with its mark, formulas made harmless.

A text that a spreadsheet would take for a formula gets an apostrophe in front, line by line, and
loses it again when it is read: so what was exported comes back the same (OWASP, CSV injection).
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from kb.objections.card import Language
from kb.objections.exchange.headings import field_of
from kb.objections.exchange.record import CardRecord, NoCard, Sheet
from kb.objections.exchange.refusing import NotASheet
from kb.objections.exchange.table import BEFORE_THE_HEADINGS, cells_of, header, read_rows

# U+FE62.. and U+FF0B.. are the small and wide + - = @: what folds them would bring a formula back.
_SIGNS = "=+\\-@\t\r＝＋－＠﹦﹢﹣﹫"
_WOULD_BE_A_FORMULA = re.compile(rf"^(?='*[{_SIGNS}])", re.MULTILINE)
_MADE_HARMLESS = re.compile(rf"^'(?='*[{_SIGNS}])", re.MULTILINE)
_SEPARATORS = (",", ";", "\t")
_MARKED = (b"\xff\xfe", b"\xfe\xff")


def write_csv(records: Sequence[CardRecord], language: Language) -> bytes:
    """Return the cards as CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header(language))
    writer.writerows([guarded(cell) for cell in cells_of(record)] for record in records)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def read_csv(content: bytes) -> Sheet:
    """Return what a CSV holds, in UTF-8, UTF-16 or GB18030, parted by commas, semicolons or tabs.

    Raises NotASheet for what is no text or names no columns.
    """
    text = decoded(content)
    return read_rows(_rows(text, _separator(text)))


def guarded(cell: str) -> str:
    """Return the cell so that no spreadsheet computes any line of it."""
    return _WOULD_BE_A_FORMULA.sub("'", cell)


def unguarded(cell: str) -> str:
    """Return the cell as it was before `guarded`."""
    return _MADE_HARMLESS.sub("", cell)


def decoded(content: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 with its mark, or GB18030; else NotASheet."""
    if content.startswith(_MARKED):
        return _decoded(content, "utf-16")
    if b"\x00" in content[:4096]:
        raise NotASheet("not_text")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decoded(content, "gb18030")


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise NotASheet("not_text") from None


def _separator(text: str) -> str:
    """The separator that makes most columns of the first lines."""
    first = text[:4096].splitlines()[:BEFORE_THE_HEADINGS]

    def columns(separator: str) -> int:
        cells = (cell for line in first for cell in line.split(separator))
        return sum(field_of(cell.strip('" ')) is not None for cell in cells)

    return max(_SEPARATORS, key=columns)


def _rows(text: str, separator: str) -> Iterator[list[str] | NoCard]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    while True:
        try:
            yield [unguarded(cell) for cell in next(reader)]
        except csv.Error:
            yield NoCard("unreadable")
        except StopIteration:
            return
