"""Files as people make them: other headings, separators and encodings, half-filled rows."""

from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import Workbook

from kb.objections.exchange.formats import read_cards
from kb.objections.exchange.record import CardRecord, InvalidRow, Sheet, UnreadableFile
from kb.objections.exchange.row_parser import derive_key

TABLE = """customer says,answer,phrasings,notes
It costs a fortune,Let us count.,too dear; so much money,mine
"We are too busy","Ten minutes, no more.",,
"""


def csv(text: str, encoding: str = "utf-8") -> Sheet:
    return read_cards("mine.csv", text.encode(encoding))


def markdown(text: str) -> Sheet:
    return read_cards("mine.md", text.encode())


def cards(sheet: Sheet) -> list[CardRecord]:
    return [row.record for row in sheet.rows]


def book(*rows: list[object]) -> Sheet:
    made, out = Workbook(), io.BytesIO()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    made.save(out)
    return read_cards("mine.xlsx", out.getvalue())


def test_a_table_needs_only_the_objection_and_the_answer() -> None:
    first, second = cards(csv(TABLE))
    assert first.objection == "It costs a fortune"
    assert first.phrasings == ("too dear", "so much money")
    assert (first.language, first.state, first.review_days) == ("en", "approved", 90)
    assert second.say == "Ten minutes, no more."
    assert csv(TABLE).unread == ("notes",)


def test_a_card_without_a_key_gets_the_same_one_however_it_is_typed() -> None:
    first, second = cards(csv(TABLE))
    assert first.key == derive_key("it  costs a FORTUNE!") != second.key
    assert derive_key("太贵了") == derive_key("太貴了！") != derive_key("太忙了")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_chinese_tables_come_in_any_encoding_and_separator(encoding: str, separator: str) -> None:
    rows = [["编号", "异议", "应答", "其他说法"], ["gui", "太贵了", "我们算一算。", '"贵\n超预算"']]
    text = "\r\n".join(separator.join(row) for row in rows)
    [card] = cards(csv(text, encoding))
    assert (card.key, card.language, card.phrasings) == ("gui", "zh", ("贵", "超预算"))


def test_broken_rows_are_numbered_as_a_spreadsheet_shows_them_and_stop_nobody() -> None:
    text = (
        "key,language,objection,say,state,proof date,internal,review days\n"
        "a,en,Too dear,Let us count.,,2026-03-01,,\n"
        "b,en,,Let us count.,,,,\n"
        "\n"
        'c,fr,Trop cher,"Comptons,\nensemble.",,,,\n'
        "a,en,Too dear again,Let us count.,,,,\n"
        "d,en,Too slow,Let us count.,live,,,\n"
        "e,en,Too new,Let us count.,,31.2.2026,,\n"
        "f,en,Too old,Let us count.,,,price,\n"
        "g,en,Too few,Let us count.,,,,never\n"
        f"h,en,{'x' * 201},Let us count.,,,,\n"
        "i,en,Too far,Let us see.,retired,2026年3月1日,say; 证据,30\n"
    )
    sheet = csv(text)
    assert [card.key for card in cards(sheet)] == ["a", "i"]
    assert sheet.broken == (
        InvalidRow(3, "needed", "objection"),
        InvalidRow(5, "language", "language"),
        InvalidRow(6, "double", "key"),
        InvalidRow(7, "state", "state"),
        InvalidRow(8, "day", "proof_on"),
        InvalidRow(9, "internal", "internal"),
        InvalidRow(10, "days", "review_days", 3650),
        InvalidRow(11, "too_long", "objection", 200),
    )
    last = cards(sheet)[1]
    assert (last.state, last.proof_on, last.internal) == (
        "retired",
        date(2026, 3, 1),
        ("say", "proof"),
    )


def test_a_title_may_stand_over_the_headings() -> None:
    sheet = csv("Our cards,,\n,,\nObjection;,Say\nToo dear,Let us count.\n".replace(";", ""))
    assert [row.number for row in sheet.rows] == [4]


def test_a_column_that_is_not_there_is_not_given() -> None:
    [row, _] = csv(TABLE).rows
    assert row.given == {"objection", "say", "phrasings"}


def test_cells_of_a_workbook_are_read_as_a_person_reads_them() -> None:
    [card] = cards(
        book(
            ["Objection", "Say", "Proof", "Proof date", "Review days", "Phrasings"],
            ["Too dear", 42, True, date(2026, 3, 1), 30.0, "=1+1"],
        )
    )
    assert (card.say, card.proof, card.proof_on) == ("42", "true", date(2026, 3, 1))
    assert (card.review_days, card.phrasings) == (30, ())  # a formula nobody computed is nothing


def test_a_card_written_by_hand_in_markdown_is_read() -> None:
    sheet = markdown(
        "Some words before.\n\n---\nkey: no\nstages: [demo]\nOwner: Mia\n---\n# Too dear\n\n"
        "## Ask\nCompared\nwith what?\n\n## Say\n\\# Let us count.\n\n## 其他说法\n* dear\n"
        "  indeed\n- = steep\n\n## Notes\nmine\n"
        "---\nobjection: Too slow\nsay: We are quick.\n---\n"
    )
    first, second = cards(sheet)
    assert (first.key, first.objection, first.ask) == ("no", "Too dear", "Compared with what?")
    assert (first.say, first.phrasings) == ("# Let us count.", ("dear indeed", "= steep"))
    assert (first.stages, first.owner) == (("demo",), "Mia")
    assert (second.objection, second.say) == ("Too slow", "We are quick.")
    assert ([row.number for row in sheet.rows], sheet.unread) == ([3, 24], ("Notes",))


def test_broken_cards_of_a_text_file_are_named_by_their_lines() -> None:
    good = "---\nkey: a\n---\n# Too dear\n## Say\nLet us count.\n"
    sheet = markdown(
        f"{good}---\nkey: [\n---\n# Too slow\n{good.replace('key: a', 'key: b')}---\nkey: c\n"
    )
    assert sheet.lines
    assert [(each.number, each.reason) for each in sheet.broken] == [
        (7, "unreadable"),
        (17, "unreadable"),
    ]
    lines = '{"objection": "Too dear", "say": "Let us count."}\n\n{"objection": 1\n[]\n'
    sheet = read_cards("mine.jsonl", f"{lines}{{'say': 2}}\n".encode())
    assert [row.number for row in sheet.rows] == [1]
    assert [each.number for each in sheet.broken] == [3, 4, 5]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", "one,two\n1,2\n", "no_columns"),
        ("a.csv", "objection,say\n", "empty"),
        ("a.csv", "", "no_columns"),
        ("a.md", "# Notes\n", "no_columns"),
        ("a.jsonl", "\n", "empty"),
        ("a.pdf", "%PDF", "unknown"),
        ("a", "objection,say\n", "unknown"),
    ],
)
def test_a_file_without_cards_is_refused_with_its_reason(
    name: str, content: str, reason: str
) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_cards(name, content.encode())
    assert refused.value.reason == reason
