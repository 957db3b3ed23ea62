"""Drawing styled text as Telegram HTML, judged by the strict parser of the fake Bot API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pytest
import regex  # type: ignore[import-untyped]  # ships no types
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.telegram.html import (
    ENTITIES,
    RAW_BYTES,
    TEXT_UNITS,
    Part,
    count_utf16_units,
    escape,
    is_blank,
    split,
)
from tests.fakes.botapi.markup import parse_html

Style = Literal["plain", "bold", "italic", "code", "link"]
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"  # one cluster of five code points
WORDS = ["hello ", "你好，世界", "مرحبا ", "שלום\n", "e\u0301", FAMILY, "🇫🇷", "\r\n", "a\u200bb"]
HOSTILE = ["<b>", "</", "&amp;", "<a href='x'>", '"', "&#60;", "]]>", "\x00", "\u202eevil", "<!--"]


@dataclass(frozen=True)
class Span:
    """The shape of the neutral span."""

    text: str
    style: Style = "plain"
    url: str | None = None


_pieces = st.one_of(st.sampled_from(WORDS + HOSTILE), st.text(max_size=30), st.characters())
_texts = st.builds(
    lambda pieces, times: "".join(pieces) * times,
    st.lists(_pieces, max_size=25),
    st.sampled_from([1, 1, 1, 3, 40, 400]),
).map(lambda text: text[:50_000])
_spans = st.builds(
    Span,
    _texts,
    st.sampled_from(["plain", "bold", "italic", "code", "link"]),
    st.sampled_from([None, 'https://example.com/?a=1&b="2"\'', "javascript:alert(1)", "tg://x"]),
)


def texts(parts: list[Part]) -> list[str]:
    return [part.text for part in parts]


@settings(max_examples=150, deadline=None)
@given(st.lists(_spans, max_size=6))
@example([Span("x" * 50_000)])
@example([Span("🙂" * 25_000, "bold")])
@example([Span("e" + "\u0301" * 9_000, "italic")])
@example([Span("\n" * 9_000)])
@example([Span("&" * 12_000, "code")])
@example([Span("a", "bold"), Span("b", "italic")] * 400)
@example([Span("&&", "link", f"https://e.com/{n}" + "&" * 2_000) for n in range(9)])
@example([Span("&" * 4_096, "link", "https://" + "'" * 2_040)])
def test_every_part_is_one_that_telegram_takes_and_joined_they_are_the_text(
    spans: list[Span],
) -> None:
    parts = split(spans)
    assert "".join(texts(parts)) == "".join(span.text for span in spans)
    for part in parts:
        parsed = parse_html(part.html)
        assert parsed.text == part.text
        assert count_utf16_units(part.text) <= TEXT_UNITS
        assert len(parsed.entities) <= ENTITIES
        assert len(part.html.encode()) <= RAW_BYTES


@settings(max_examples=100, deadline=None)
@given(_texts)
@example(FAMILY * 2_000)
@example("🇫🇷" * 4_000)
@example(("e\u0301" + " \u0308") * 3_000)
def test_no_cut_falls_inside_a_grapheme_cluster(text: str) -> None:
    borders = {match.end() for match in regex.finditer(r"\X", text)}
    position = 0
    for part in split([Span(text)], units=100):
        position += len(part.text)
        longest = count_utf16_units(part.text) == 100 and len(regex.findall(r"\X", part.text)) == 1
        assert position in borders or longest


@given(st.lists(_spans, max_size=4), st.integers(2, 60))
@settings(max_examples=100, deadline=None)
def test_styles_survive_the_cuts(spans: list[Span], units: int) -> None:
    spans = [Span(span.text[:300], span.style, span.url) for span in spans]
    drawn = [
        (character, bool(run))
        for part in split(spans, units)
        for character, run in zip(part.text, bold_flags(part), strict=True)
    ]
    assert drawn == [(c, span.style == "bold") for span in spans for c in span.text]


def bold_flags(part: Part) -> list[bool]:
    ranges = [(e.offset, e.end) for e in parse_html(part.html).entities if e.type == "bold"]
    flags, at = [], 0
    for character in part.text:
        flags.append(any(start <= at < end for start, end in ranges))
        at += count_utf16_units(character)
    return flags


def test_user_text_is_never_markup() -> None:
    [part] = split([Span("<b>*_@channel & \"co\"</b> <a href='x'>")])
    assert parse_html(part.html).entities == ()
    assert part.html == "&lt;b&gt;*_@channel &amp; \"co\"&lt;/b&gt; &lt;a href='x'&gt;"


def test_each_style_has_its_tag() -> None:
    spans = [Span("b", "bold"), Span("i", "italic"), Span("c", "code"), Span("p")]
    assert split([*spans, Span("l", "link", "https://e.com/?a&b")])[0].html == (
        '<b>b</b><i>i</i><code>c</code>p<a href="https://e.com/?a&amp;b">l</a>'
    )


@pytest.mark.parametrize(
    "url", [None, "", "javascript:alert(1)", "https://a b", 'x"onclick', "https://" + "a" * 3_000]
)
def test_an_address_that_telegram_would_not_link_is_plain_text(url: str | None) -> None:
    assert split([Span("call <us>", "link", url)])[0].html == "call &lt;us&gt;"


def test_a_quote_in_an_address_cannot_leave_its_attribute() -> None:
    [part] = split([Span("l", "link", "https://e.com/\"><b>'")])
    [entity] = parse_html(part.html).entities
    assert (entity.type, entity.url) == ("text_link", "https://e.com/\"><b>'")


def test_cuts_after_a_line_if_there_is_one_then_after_a_word_then_anywhere() -> None:
    assert texts(split([Span("one two\nthree four")], units=14)) == ["one two\n", "three four"]
    assert texts(split([Span("one two three four")], units=10)) == ["one two ", "three four"]
    assert texts(split([Span("onetwothreefour")], units=10)) == ["onetwothre", "efour"]


def test_a_leading_line_break_does_not_become_a_message_of_its_own() -> None:
    assert texts(split([Span("\n" + "x" * 15)], units=10)) == ["\n" + "x" * 9, "x" * 6]


def test_a_part_of_nothing_visible_says_so() -> None:
    parts = split([Span("x" * 10 + " \n\u200b")], units=10)
    assert [part.blank for part in parts] == [False, True]


def test_neighbours_of_one_style_share_a_tag() -> None:
    assert split([Span("a", "bold"), Span("", "code"), Span("b", "bold")])[0].html == "<b>ab</b>"


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    assert split([Span("a\ud83db")]) == [Part("a\ufffdb", "a\ufffdb")]


def test_no_text_gives_no_parts() -> None:
    assert split([]) == []
    assert split([Span("", "bold")]) == []


def test_lengths_are_counted_in_utf_16() -> None:
    assert [count_utf16_units(text) for text in ("", "a", "你", "🙂", "\ud83d", FAMILY)] == [
        0,
        1,
        1,
        2,
        1,
        8,
    ]


def test_escape_leaves_quotes_for_reading() -> None:
    assert escape("<a & 'b'>") == "&lt;a &amp; 'b'&gt;"


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\ufeff", "\u3000\u00a0", "\u2800"])
def test_what_telegram_takes_for_nothing_is_blank(text: str) -> None:
    assert is_blank(text)
    assert not is_blank(text + "x")
