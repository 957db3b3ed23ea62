"""Tables as files: numbers and days stay that, and no text is ever a formula."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from handlers.contract.spreadsheet import WIDEST, Table, write_csv, write_xlsx

AT = datetime.fromisoformat("2026-11-18T10:05")  # naive, in local time
TABLE = Table(
    "Deals",
    ["Name", "Amount", "Day", "At", "Nothing"],
    [["Acme", Decimal("12000.50"), date(2026, 11, 18), AT, None]],
)


def test_csv_is_what_excel_opens_with_every_letter() -> None:
    content = write_csv(Table("S", ["名称"], [["华为"]]))
    assert content == b"\xef\xbb\xbf" + "名称\r\n华为\r\n".encode()


def test_csv_writes_days_and_amounts_so_that_they_sort() -> None:
    [_, row] = write_csv(TABLE).decode("utf-8-sig").splitlines()
    assert row == "Acme,12000.50,2026-11-18,2026-11-18 10:05,"


def test_a_workbook_keeps_numbers_and_days() -> None:
    [sheet] = load_workbook(io.BytesIO(write_xlsx([TABLE]))).worksheets
    assert sheet.title == "Deals"
    name, amount, day, at, nothing = (cell.value for cell in sheet[2])
    assert (name, amount, nothing) == ("Acme", 12000.5, None)
    assert (day, at) == (datetime.fromisoformat("2026-11-18"), AT)
    assert sheet.freeze_panes == "A2"


@given(at=st.datetimes(datetime.fromisoformat("1970-01-01"), datetime.fromisoformat("2199-12-31")))
def test_an_instant_is_its_very_minute_for_a_reader_that_rounds_and_one_that_cuts(
    at: datetime,
) -> None:
    book = write_xlsx([Table("S", ["At"], [[at]])])
    whole = at.replace(second=0, microsecond=0)
    assert load_workbook(io.BytesIO(book)).worksheets[0]["A2"].value == whole
    days = Decimal(written_value(book))
    cut = datetime.fromisoformat("1899-12-30") + int(days * 24 * 60) * timedelta(minutes=1)
    assert cut == whole


def written_value(book: bytes) -> str:
    sheet = zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()
    [value] = re.findall(r"<v>([0-9.]+)</v>", sheet)
    return str(value)


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(1)"])
def test_no_cell_and_no_heading_is_a_formula(formula: str) -> None:
    table = Table("S", [formula], [[formula]])
    for line in write_csv(table).decode("utf-8-sig").splitlines():
        assert line.strip('"').startswith("'")
    [sheet] = load_workbook(io.BytesIO(write_xlsx([table]))).worksheets
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "inlineStr"}


def test_a_column_is_as_wide_as_what_stands_in_it_up_to_a_limit() -> None:
    table = Table("S", ["A", "B"], [["x" * 20, "y" * 500]])
    [sheet] = load_workbook(io.BytesIO(write_xlsx([table]))).worksheets
    assert sheet.column_dimensions["A"].width == pytest.approx(22)
    assert sheet.column_dimensions["B"].width == pytest.approx(WIDEST)
