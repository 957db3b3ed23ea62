"""Files made to harm: bombs, entities, formulas, the wrong kind, too much of everything."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from kb.objections.exchange.formats import FILE_BYTES, FORMATS, Format, read_cards, write_cards
from kb.objections.exchange.record import MAX_CARDS, CardRecord, Sheet, UnreadableFile
from tests.kb.objections.exchange.records import PLAIN

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "dozen">'
    + b"".join(b'<!ENTITY %c "%s">' % (c, b"&%c;" % (c - 1) * 10) for c in range(98, 110))
    + b"]>"
)
FORMULAS = ("=1+1", "+1-555-0100", "-5%", "@SUM(1)", "＝1", "'=it", "=cmd|'/c calc'!A1")


def refused(name: str, content: bytes) -> str:
    with pytest.raises(UnreadableFile) as error:
        read_cards(name, content)
    return error.value.reason


def workbook() -> bytes:
    return write_cards("xlsx", [PLAIN], "en")


def made(formula: str) -> CardRecord:
    return replace(PLAIN, say=formula, phrasings=("dear", formula))


def repacked(part: str, content: bytes) -> bytes:
    """The workbook with one of its parts replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in {*old.namelist(), part}:
            new.writestr(name, content if name == part else old.read(name))
    return out.getvalue()


def test_a_zip_bomb_is_not_unpacked() -> None:
    assert refused("a.xlsx", repacked("xl/worksheets/sheet1.xml", b" " * 15_000_000)) == "unsafe"
    assert refused("a.xlsx", repacked("xl/worksheets/sheet1.xml", b" x" * 10_000_000)) == "unsafe"


def test_a_workbook_of_endless_styles_is_not_read() -> None:
    fonts = b"".join(b"<font><sz val='%d'/></font>" % (n * 7919 % 99991) for n in range(50_000))
    assert refused("a.xlsx", repacked("xl/styles.xml", b"<styleSheet>" + fonts)) == "unsafe"


def test_a_workbook_of_endless_strings_is_not_read() -> None:
    strings = b"".join(b"<si><t>%d</t></si>" % (n * 7919 % 9973) for n in range(200_000))
    assert refused("a.xlsx", repacked("xl/sharedStrings.xml", b"<sst>" + strings)) == "unsafe"


def test_what_the_library_would_warn_of_is_read_in_silence() -> None:
    styles = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    assert read_cards("a.xlsx", repacked("xl/styles.xml", styles)).rows


def test_a_zip_of_a_thousand_parts_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(1000):
            archive.writestr(f"xl/{number}.xml", "<a/>")
    assert refused("a.xlsx", out.getvalue()) == "unsafe"


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]
)
def test_entities_in_a_workbook_are_never_expanded(part: str) -> None:
    assert refused("a.xlsx", repacked(part, ENTITIES + b"<a>&m;</a>")) in ("unsafe", "damaged")


def test_a_part_that_unpacks_to_more_than_it_says_is_not_read_further() -> None:
    lying = bytearray(repacked("xl/worksheets/sheet1.xml", b"<a>" + b"x" * 90_000))
    at = lying.index(b"PK\x01\x02")
    while b"sheet1.xml" not in lying[at : at + 100]:
        at = lying.index(b"PK\x01\x02", at + 4)
    lying[at + 24 : at + 28] = (100).to_bytes(4, "little")
    assert refused("a.xlsx", bytes(lying)) == "damaged"


def test_a_hundred_thousand_rows_are_refused() -> None:
    rows = "\n".join(f"Too dear {n},No" for n in range(100_000))
    assert refused("a.csv", f"objection,say\n{rows}".encode()[:FILE_BYTES]) == "too_many"
    objects = "\n".join(f'{{"objection": "Dear {n}", "say": "No"}}' for n in range(MAX_CARDS + 1))
    assert refused("a.jsonl", objects.encode()) == "too_many"


def test_a_file_over_the_limit_is_refused_unread() -> None:
    assert refused("a.csv", b"objection,say\n" + b"x" * FILE_BYTES) == "too_large"


@pytest.mark.parametrize("content", [PNG, b"\xff\xfe\xff", b"\x00" * 100, b"\x81\xff\xff\xff"])
@pytest.mark.parametrize("name", ["a.csv", "a.md", "a.jsonl"])
def test_what_is_no_text_is_refused(name: str, content: bytes) -> None:
    assert refused(name, content) == "not_text"


def test_an_image_and_a_torn_workbook_are_no_workbooks() -> None:
    assert refused("a.xlsx", PNG) == "damaged"
    assert refused("a.xlsx", workbook()[:2000]) == "damaged"
    assert refused("a.xlsx", b"PK\x03\x04") == "damaged"
    assert refused("a.xls", b"\xd0\xcf\x11\xe0" + bytes(100)) == "old_excel"


def test_a_workbook_is_one_whatever_its_name_says() -> None:
    assert read_cards("a.csv", workbook()).rows[0].record == PLAIN


@pytest.mark.parametrize(
    "facts",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nkey: *b",
        "key: &k x\nowner: *k",
        "stages: " + "[" * 5000,
        "stages: [[[[deep]]]]",
        "key: {a: b}",
        "? [a]\n: b",
        "- a",
        "key: \x01",
        "a: " + "x" * 20_000,
    ],
)
def test_facts_that_are_no_plain_facts_break_only_their_card(facts: str) -> None:
    good = "---\nkey: fine\n---\n# Too dear\n## Say\nLet us count.\n"
    sheet = read_cards("a.md", f"---\n{facts}\n---\n# x\n## Say\ny\n{good}".encode())
    assert [row.record.key for row in sheet.rows] == ["fine"]
    assert [each.reason for each in sheet.broken] == ["unreadable"]


def test_a_tag_makes_no_object() -> None:
    facts = '---\nkey: !!python/object/apply:os.system ["false"]\n---\n# Too dear\n## Say\nNo.\n'
    assert read_cards("a.md", facts.encode()).broken[0].reason == "unreadable"


def test_deep_and_endless_json_breaks_only_its_line() -> None:
    good = '{"objection": "Too dear", "say": "No"}'
    bad = ["[" * 50_000, '{"objection": ' * 5_000, "1" * 6_000, f'{{"say": "{"x" * 100_000}"}}']
    sheet = read_cards("a.jsonl", "\n".join([*bad, good]).encode())
    assert [row.number for row in sheet.rows] == [len(bad) + 1]
    assert len(sheet.broken) == len(bad)


def test_an_unclosed_quote_and_a_huge_cell_break_their_rows() -> None:
    huge = read_cards("a.csv", f"objection,say\n{'x' * 200_000},No\nToo dear,No\n".encode())
    assert ([row.number for row in huge.rows], huge.broken[0].number) == ([3], 2)
    unclosed = read_cards("a.csv", b'objection,say\nToo dear,No\n"Too slow,No\nToo new,No\n')
    assert [row.number for row in unclosed.rows] == [2]
    assert [each.number for each in unclosed.broken] == [3]


def test_a_hundred_thousand_columns_are_cut() -> None:
    wide = "objection,say" + ",x" * 100_000 + "\nToo dear,No" + ",y" * 100_000
    assert len(read_cards("a.csv", wide.encode()).rows) == 1


@pytest.mark.parametrize("formula", FORMULAS)
def test_an_exported_formula_is_only_text_in_excel(formula: str) -> None:
    book = load_workbook(io.BytesIO(write_cards("xlsx", [made(formula)], "en")))
    cells = [cell for sheet in book for row in sheet.iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    found = [cell for cell in cells if cell.value == formula]
    assert found
    assert all(cell.quotePrefix for cell in found)


@pytest.mark.parametrize("formula", FORMULAS)
def test_an_exported_formula_starts_no_line_of_a_csv_cell(formula: str) -> None:
    content = write_cards("csv", [made(formula)], "en").decode("utf-8-sig")
    starts = (cell.lstrip('"')[:1] for line in content.splitlines() for cell in line.split(","))
    assert not set(starts) & set("=+-@＝")


@pytest.mark.parametrize("kind", FORMATS)
@given(content=st.binary(max_size=300), cut=st.integers(0, 400))
@settings(max_examples=25)
def test_any_bytes_are_read_or_refused(kind: Format, content: bytes, cut: int) -> None:
    whole = write_cards(kind, [PLAIN], "en")
    for tried in (content, whole[:cut] + content, whole[:cut] + content + whole[cut:]):
        with suppress(UnreadableFile):
            assert isinstance(read_cards(f"any.{kind}", tried), Sheet)
