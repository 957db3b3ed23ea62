"""What was exported is imported as it was, in every format, whatever the cards hold."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from kb.objections.card import Language
from kb.objections.exchange.csv_sheet import guard_cell, unguard_cell
from kb.objections.exchange.formats import FORMATS, Format, read_cards, write_cards
from kb.objections.exchange.record import FIELDS, CardRecord
from kb.objections.exchange.table import join_list, split_list
from kb.objections.exchange.tidy import tidy
from tests.kb.objections.exchange.records import CHINESE, PLAIN, records, texts

LANGUAGES: tuple[Language, ...] = get_args(Language)
FORMULAS = replace(
    PLAIN,
    objection="=1+1",
    say="'=1+1",
    ask="-5 % off?",
    phrasings=("+1", "'@all", "it's"),
    angles=("＝2",),
)
UNIQUE = st.lists(
    records(), min_size=1, max_size=3, unique_by=lambda card: (card.key, card.language)
)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_exported_is_imported_as_it_was(kind: Format, language: Language) -> None:
    cards = [PLAIN, CHINESE]
    sheet = read_cards(f"cards.command.{kind}", write_cards(kind, cards, language))
    assert [row.record for row in sheet.rows] == cards
    assert (sheet.broken, sheet.unread) == ((), ())


@pytest.mark.parametrize("kind", FORMATS)
@given(cards=UNIQUE, language=st.sampled_from(LANGUAGES))
@settings(max_examples=25)
def test_any_cards_come_back_the_same(
    kind: Format, cards: list[CardRecord], language: Language
) -> None:
    sheet = read_cards(f"any.{kind}", write_cards(kind, cards, language))
    assert [row.record for row in sheet.rows] == cards
    assert sheet.broken == ()


@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl"])
def test_every_field_of_an_export_is_named(kind: Format) -> None:
    [row] = read_cards(f"cards.command.{kind}", write_cards(kind, [CHINESE], "en")).rows
    assert row.given == frozenset(FIELDS)


@given(text=st.text())
@example("\u212b\u0301 \u2028x\u200d")
def test_tidying_what_is_tidy_changes_nothing(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@given(cell=st.text())
@example("=1+1")
@example("''=1+1\n'+x\n'it")
def test_a_guarded_cell_is_no_formula_and_comes_back_the_same(cell: str) -> None:
    assert unguard_cell(guard_cell(cell)) == cell
    assert not guard_cell(cell).startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


@given(cards=UNIQUE)
@example(cards=[FORMULAS])
@settings(max_examples=25)
def test_a_csv_saved_as_a_workbook_elsewhere_comes_back_the_same(cards: list[CardRecord]) -> None:
    written = write_cards("csv", cards, "en").decode("utf-8-sig")
    book = save_as_workbook(list(csv.reader(io.StringIO(written, newline=""))))
    assert [row.record for row in read_cards("any.xlsx", book).rows] == cards


def save_as_workbook(cells: list[list[str]]) -> bytes:
    """The cells of a CSV as another program saves them: as texts, with nothing said of them."""
    book = Workbook()
    [sheet] = book.worksheets
    for number, row in enumerate(cells, start=1):
        for place, text in enumerate(row, start=1):
            sheet.cell(number, place, text).data_type = "s"
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


@given(items=st.lists(texts(20, empty=False), max_size=6))
def test_a_list_in_a_cell_comes_back_the_same(items: list[str]) -> None:
    assert [text for text in split_list(join_list(items)) if text] == items
