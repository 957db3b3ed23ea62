"""Tables as files for a spreadsheet: numbers and days stay that, and no text is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from kb.objections.exchange.csv_sheet import guard_cell
from kb.objections.exchange.tidy import tidy
from kb.objections.exchange.xlsx_sheet import make_text_cell

Cell = str | int | Decimal | date | datetime | None
FORMATS = {date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm"}
_DAY_NOUGHT = datetime.combine(date(1899, 12, 30), time())
_HAIR = Decimal("1e-10")  # of a day
WIDEST = 40  # characters of a column


@dataclass(frozen=True)
class Table:
    """One sheet: its name, its first row, and the rows below. Instants are naive local time."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def write_csv(table: Table) -> bytes:
    """The table as CSV in UTF-8 with its mark, as Excel opens it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([guard_cell(name) for name in table.header])
    writer.writerows([_format_cell(cell) for cell in row] for row in table.rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def write_xlsx(tables: Iterable[Table]) -> bytes:
    """The tables as the sheets of one workbook."""
    from openpyxl import Workbook  # noqa: PLC0415 0.2 s, needed only where a workbook is asked for

    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.name)
        sheet.freeze_panes = "A2"
        for column, name in enumerate(table.header, start=1):
            letters = _name_column(column)
            sheet.column_dimensions[letters].width = _measure_width(name, table.rows, column - 1)
        sheet.append([make_text_cell(sheet, name) for name in table.header])
        for row in table.rows:
            sheet.append([_make_cell(sheet, cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _format_cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return guard_cell(tidy(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    return "" if cell is None else str(cell)


def _make_cell(sheet: Any, cell: Cell) -> Any:
    if isinstance(cell, str):
        return make_text_cell(sheet, tidy(cell))
    if not isinstance(cell, date):
        return cell
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 as above

    day: Any = WriteOnlyCell(sheet)
    day.value = _count_days(cell) if isinstance(cell, datetime) else cell
    day.number_format = FORMATS[type(cell)]
    return day


def _count_days(at: datetime) -> float:
    """The instant as a spreadsheet counts it: days since the last of 1899, to the minute.

    A minute is no round part of a day, and a hair below it reads as the minute before wherever
    the rest is cut off. So it is a hair above: at most 9 microseconds, in digits that are written.
    """
    minutes = (at - _DAY_NOUGHT) // timedelta(minutes=1)
    return float((Decimal(minutes) / 1440).quantize(_HAIR, ROUND_FLOOR) + _HAIR)


def _name_column(number: int) -> str:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 as above

    return str(get_column_letter(number))


def _measure_width(name: str, rows: Sequence[Sequence[Cell]], column: int) -> int:
    """Wide enough for most of what stands in the column."""
    longest = max((len(str(row[column] or "")) for row in rows[:200]), default=0)
    return min(WIDEST, max(len(name), longest) + 2)
