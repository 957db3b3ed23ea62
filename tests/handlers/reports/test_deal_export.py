"""Deals as a file: only one's own, real numbers and days, and nothing that is computed."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any, cast

import pytest
from openpyxl import load_workbook

from handlers.contract.reply import Reply
from handlers.contract.spreadsheet import Table, write_csv, write_xlsx
from handlers.contract.words import LANGUAGES, Language, Words
from kb.states import DealStatus, EventKind
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


async def test_the_close_date_is_a_day_in_the_file(office: Office) -> None:
    await with_deals(office)
    await office.says("Ann", "close acme 20 dec")
    book = sheets(await office.says("Ann", "export xlsx"))
    [day] = column(book["Deals"], "Expected close")
    assert (day.year, day.month, day.day) == (2026, 12, 20)
    assert "close date" in column(book["History"], "What")


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


@pytest.mark.parametrize("who", ["Ann", "Mia", "Kim"])
async def test_what_was_undone_leaves_no_trace_in_a_file_and_breaks_none(
    office: Office, who: str
) -> None:
    await office.says("Ann", "lead Acme, 12k")
    await office.says("Ann", "note acme they like it")
    await office.says("Ann", "move acme qualified")
    await office.says("Ann", "undo")
    assert office.rows("select kind from event order by id") == [
        *(("created",), ("noted",), ("moved",), ("undone",))
    ]
    assert (await office.says(who, "export csv")).document is not None
    found = sheets(await office.says(who, "export xlsx"))
    assert column(found["History"], "What") == ["note", "logged"]
    assert column(found["Deals"], "Stage") == ["Opportunity"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_kind_of_event_and_state_of_a_deal_has_its_words_in_a_file(
    office: Office, language: str
) -> None:
    """From the types: whatever may be written can be taken out again."""
    await office.taps("Ann", f"language:{language}")
    for status in DealStatus:
        await office.says("Ann", f"lead {status} GmbH, 12k")
    with office.app.database.work() as memory:
        deals = memory.deals.list_of_owner(1, office.member("Ann"))
        for deal, status in zip(deals, DealStatus, strict=True):
            changes = {"status": status}
            memory.deals.change(deal, changes, kind=EventKind.EDITED, by=None, at=deal.created_at)
        for kind in EventKind:
            memory.deals.change(deals[0], {}, kind=kind, by=None, at=deals[0].created_at)
    assert (await office.says("Ann", "export csv")).document is not None
    deals_sheet, _, history = sheets(await office.says("Ann", "export xlsx")).values()
    words = Words(cast("Language", language))
    shown = {
        words.line(f"selling.deal_list.event_{kind}") for kind in EventKind if kind != "undone"
    }
    assert {row[3] for row in history[1:]} == shown
    assert len(deals_sheet) == len(DealStatus)  # a row of headings, and none for a withdrawn deal


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
