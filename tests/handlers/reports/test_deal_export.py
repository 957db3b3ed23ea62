"""Deals as a file: only one's own, real numbers and days, and nothing that is computed."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from handlers.contract.reply import Reply
from handlers.contract.spreadsheet import Table, write_csv, write_xlsx
from tests.office import Office, labels, said

FORMULAS = ["=cmd|'/c calc'!A1", "+1-555-0100", "-5%", "@SUM(1)", "\t=1+1", "＝1+1", "'=1"]


def sheets(reply: Reply) -> dict[str, list[list[Any]]]:
    assert reply.document is not None
    book = load_workbook(io.BytesIO(reply.document.content))
    return {
        sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)]
        for sheet in book.worksheets
    }


def column(sheet: list[list[Any]], name: str) -> list[Any]:
    place = sheet[0].index(name)
    return [row[place] for row in sheet[1:]]


async def with_deals(office: Office) -> None:
    await office.says("Ann", "lead Acme, Jane Doe, +44 20 7946 0958, 12k, inbound")
    await office.says("Ann", "next acme friday 10:00 send the offer")
    await office.says("Ann", "note acme they like it")
    await office.says("Bo", "lead Beta, $7500")


async def test_a_file_is_offered_in_both_formats(office: Office) -> None:
    await with_deals(office)
    assert labels(await office.says("Ann", "export")) == ["Excel", "CSV"]


async def test_amounts_are_numbers_and_days_are_days(office: Office) -> None:
    await with_deals(office)
    deals = sheets(await office.says("Ann", "export xlsx"))["Deals"]
    assert column(deals, "Customer") == ["Acme"]
    assert column(deals, "Amount") == [12000]
    assert column(deals, "Currency") == ["EUR"]
    assert column(deals, "When") == [datetime(2026, 11, 20, 10)]  # noqa: DTZ001 a cell has no zone
    assert column(deals, "Stage") == ["Opportunity"]


async def test_the_people_and_the_history_are_in_the_workbook(office: Office) -> None:
    await with_deals(office)
    found = sheets(await office.says("Ann", "export excel"))
    assert column(found["People"], "Name") == ["Jane Doe"]
    assert "they like it" in column(found["History"], "Note")
    assert set(column(found["History"], "Who")) == {"Ann"}


async def test_a_rep_gets_their_own_deals_and_a_manager_those_below(office: Office) -> None:
    await with_deals(office)
    for who, customers in (("Ann", ["Acme"]), ("Bo", ["Beta"]), ("Mia", ["Beta", "Acme"])):
        found = sheets(await office.says(who, "export xlsx"))
        assert column(found["Deals"], "Customer") == customers
        assert set(column(found["History"], "Customer")) == set(customers)


async def test_a_csv_has_the_same_deals_in_the_members_language(office: Office) -> None:
    await with_deals(office)
    await office.taps("Ann", "language:zh")
    reply = await office.says("Ann", "导出 csv")
    assert reply.document is not None
    assert reply.document.name == "商机-2026-11-18.csv"
    rows = list(csv.reader(io.StringIO(reply.document.content.decode("utf-8-sig"))))
    assert [row[:1] for row in rows] == [["客户"], ["Acme"]]
    assert "12000" in rows[1]


async def test_five_files_a_day_and_more_the_next(office: Office) -> None:
    await with_deals(office)
    for _ in range(5):
        assert (await office.says("Ann", "export csv")).document is not None
    refused = await office.says("Ann", "export csv")
    assert refused.document is None
    assert "5 files today" in said(refused)
    assert (await office.says("Bo", "export csv")).document is not None
    office.wait(days=1)
    assert (await office.says("Ann", "export csv")).document is not None


async def test_nobody_without_deals_gets_an_empty_file(office: Office) -> None:
    assert (await office.says("Ann", "export xlsx")).document is None


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula_and_the_text_is_there(text: str) -> None:
    table = Table("Sheet", ["Name"], [[text]])
    book = load_workbook(io.BytesIO(write_xlsx([table])))
    cell = book["Sheet"]["A2"]
    assert cell.data_type == "s"
    assert cell.value == text.strip()
    [_, [written]] = list(csv.reader(io.StringIO(write_csv(table).decode("utf-8-sig"))))
    assert written[0] == "'"
