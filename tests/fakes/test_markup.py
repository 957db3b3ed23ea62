"""The strict HTML parser of the fake refuses what Telegram refuses, and counts in UTF-16."""

from __future__ import annotations

import pytest

from tests.fakes.botapi.entities import Entity, found_in, linkable
from tests.fakes.botapi.markup import MarkupError, parse_html


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("你<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("你<b", "Unclosed start tag at byte offset 3"),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
        ("<script>x</script>", 'Unsupported start tag "script" at byte offset 0'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        (
            "<b><i>a</b></i>",
            'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
        ),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ("<a  =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        (
            "<i class>y</i>",
            'Expected equal sign in declaration of an attribute of the tag "i" at byte offset 0',
        ),
        ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<tg-emoji emoji-id=x>y</tg-emoji>", "Invalid custom emoji identifier specified"),
        (
            "&#xD83D;",
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units",
        ),
    ],
)
def test_broken_markup_is_refused_in_telegrams_words(html: str, reason: str) -> None:
    with pytest.raises(MarkupError) as refusal:
        parse_html(html)
    assert str(refusal.value) == reason


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("🙂<b>你🙂</b>", "🙂你🙂", (Entity("bold", 2, 3),)),
        ("<b>a<i>b</i></b>", "ab", (Entity("bold", 0, 2), Entity("italic", 1, 1))),
        ("<i><b>a</b></i>", "a", (Entity("bold", 0, 1), Entity("italic", 0, 1))),
        ("<b></b>x", "x", ()),
        ("<b>x</>", "x", (Entity("bold", 0, 1),)),
        ("<STRONG>x</strong >", "x", (Entity("bold", 0, 1),)),
        ("&lt;&gt;&amp;&quot;&#65;&#x42;&nbsp;&lt", '<>&"AB&nbsp;<', ()),
        ("&#0;&#99999999;", "&#0;&#99999999;", ()),
        (
            '<a href="https://e.com?a&amp;b">l</a>',
            "l",
            (Entity("text_link", 0, 1, "https://e.com/?a&b"),),
        ),
        ("<a href='nowhere'>l</a>", "l", ()),
        ("<a>e.com</a>", "e.com", (Entity("text_link", 0, 5, "http://e.com/"),)),
        ('<span class="tg-spoiler">x</span>', "x", (Entity("spoiler", 0, 1),)),
        ("<blockquote expandable>x</blockquote>", "x", (Entity("expandable_blockquote", 0, 1),)),
        (
            '<pre><code class="language-sql">x</code></pre>',
            "x",
            (Entity("pre", 0, 1, language="sql"),),
        ),
        ('<code class="language-sql">x</code>', "x", (Entity("code", 0, 1),)),
    ],
)
def test_markup_becomes_text_and_entities(
    html: str, text: str, entities: tuple[Entity, ...]
) -> None:
    parsed = parse_html(html)
    assert (parsed.text, parsed.entities) == (text, entities)


def test_telegram_finds_commands_mentions_and_addresses_in_what_a_person_types() -> None:
    found = found_in("🙂 /start@RepmateBot @ann_b https://e.com/x a/b x@y")
    assert [(e.type, e.offset, e.length) for e in found.entities] == [
        ("bot_command", 3, 17),
        ("mention", 21, 6),
        ("url", 28, 15),
    ]


@pytest.mark.parametrize(
    "url", ["", "x", "javascript:alert(1)", "ftp://e.com", "tel:+1.5", "mailto:a@b.co", "http://["]
)
def test_only_web_and_telegram_addresses_are_links(url: str) -> None:
    assert linkable(url) is None
