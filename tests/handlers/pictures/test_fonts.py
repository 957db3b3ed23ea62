"""Every letter that a picture is likely to show has a glyph, in fonts that may be shipped."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from handlers.pictures.fonts import FILES, family_of, replace_undrawable, shorten_to_width, width
from tests.fonts.subset import PARTS, Part
from tests.handlers.pictures.frames import NAMES

HOUSE = Path(__file__).resolve().parents[3]
TEXTS = sorted(
    path for room in ("bot", "handlers", "kb") for path in (HOUSE / room).rglob("*.toml")
)
ALSO = "¢£¤¥฿￠￡￥￦ … – — “” ‘’ « » · • ≥ ≤ ≈ ± − × ÷ ½ ‰ → ← ↑ ↓ ↗ ↘ ↳ ↺ ✓ ✗ ✕ ▶ ○ ● ★ ☆ ⚠"


def without_glyph(letters: str) -> str:
    """What of the letters has no glyph; what shows nothing by its nature needs none."""
    return "".join(
        letter
        for letter in sorted({*letters})
        if unicodedata.category(letter)[0] not in "CZ" and not family_of(letter)
    )


def block(first: int, last: int) -> str:
    return "".join(map(chr, range(first, last + 1)))


def charset(encoding: str) -> str:
    """Every printable character of an encoding."""
    return "".join(letter for letter in block(0x20, 0xFFFF) if letter.encode(encoding, "ignore"))


@pytest.mark.parametrize(
    ("encoding", "size"),
    [("gb2312", 7541), ("gbk", 21_887), ("big5", 13_802), ("shift_jis", 7040), ("euc_kr", 17_144)],
)
def test_every_character_of_an_east_asian_encoding_has_a_glyph(encoding: str, size: int) -> None:
    letters = charset(encoding)
    assert len(letters) == size
    assert without_glyph(letters) == ""


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (0x20, 0x17F),  # ASCII, Latin-1, Latin Extended-A
        (0x1E00, 0x1EFF),  # Latin Extended Additional: Welsh, Vietnamese
        (0x370, 0x3E1),  # Greek
        (0x400, 0x52F),  # Cyrillic
        (0x2010, 0x2027),  # dashes, quotation marks, ellipsis
        (0x20A0, 0x20BF),  # currency signs
        (0x3001, 0x303F),  # CJK punctuation
        (0xFF01, 0xFFEE),  # full-width and half-width forms
    ],
)
def test_every_character_of_a_block_has_a_glyph(first: int, last: int) -> None:
    assert without_glyph(block(first, last)) == ""


def test_every_character_of_our_texts_has_a_glyph() -> None:
    letters = "".join(path.read_text(encoding="utf-8") for path in TEXTS)
    assert len({*letters}) > 1000
    assert without_glyph(letters + ALSO) == ""


@pytest.mark.parametrize(
    "name", ["Škoda Łódź", "朱镕基", "臺灣積體電路", "トヨタ", "삼성전자", "ไทย", "😀"]
)
def test_a_name_is_drawn_as_it_is(name: str) -> None:
    assert replace_undrawable(name) == name


def test_a_letter_without_a_glyph_is_found() -> None:
    assert without_glyph("a\U00013000华\n") == "\U00013000"


def test_the_fonts_are_those_that_the_script_makes() -> None:
    assert {path.name for path in FILES.glob("*.?tf")} == {part.file_name for part in PARTS}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.file_name)
def test_each_font_tells_its_licence_and_has_a_name_of_its_own(part: Part) -> None:
    names = TTFont(FILES / part.file_name)["name"]
    assert "SIL Open Font License" in names.getDebugName(13)
    assert names.getDebugName(0)
    assert [names.getDebugName(place) for place in (1, 4)] == [part.family] * 2
    assert part.family.startswith("Repmate ")


def test_the_licence_lies_beside_the_fonts() -> None:
    licence = (FILES / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert all(part.family.split()[-1] in licence for part in PARTS)


@given(st.one_of(st.sampled_from(NAMES), st.text(max_size=60)), st.floats(30, 800))
def test_a_text_is_cut_to_its_room_and_only_where_it_must_be(text: str, room: float) -> None:
    shown = shorten_to_width(text, 24, room)
    assert width(shown, 24) <= room
    assert shown == replace_undrawable(text) or shown.endswith("…")


def test_a_letter_that_no_font_has_gets_a_stand_in_and_no_box() -> None:
    assert replace_undrawable("a\U00013000b") == "a·b"
    assert family_of("\U00013000") == ""
    assert replace_undrawable("华\u202eA\x00") == "华A"
