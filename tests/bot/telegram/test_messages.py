"""A reply becomes messages that Telegram takes, whatever is in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.html import CAPTION_UNITS, TEXT_UNITS, count_utf16_units, is_blank
from bot.telegram.messages import draw_keyboard, draw_sheets
from handlers.contract.reply import BUTTONS_SHOWN, Button, File, Reply, Span, plain

LABELS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)
URLS = st.sampled_from(["https://e.com/a?b", "tel:+4420", "mailto:a@e.com", "tg://user?id=1"])
BUTTONS = st.one_of(
    st.builds(Button, LABELS, st.sampled_from(["move:1:won", "say:today"])),
    st.builds(lambda label, url: Button(label, url=url), LABELS, URLS),
)
SPANS = st.builds(
    Span,
    st.text(st.characters(exclude_categories=["Cs"]), max_size=3000),
    st.sampled_from(["plain", "bold", "code", "italic"]),
)
FILES = st.none() | st.builds(File, st.just("f.png"), st.just(b"x"), st.text(max_size=20))
REPLIES = st.builds(
    lambda text, row, picture, document: Reply(
        tuple(text), (tuple(row),), picture=picture, document=document
    ),
    st.lists(SPANS, max_size=5),
    st.lists(BUTTONS, max_size=BUTTONS_SHOWN),
    FILES,
    FILES,
)


@given(REPLIES)
def test_every_reply_is_drawn_within_telegrams_limits(reply: Reply) -> None:
    drawn = draw_sheets(reply)
    for sheet in drawn:
        limit = CAPTION_UNITS if sheet.file else TEXT_UNITS
        assert sheet.file or sheet.part
        assert sheet.part is None or 0 < count_utf16_units(sheet.part.text) <= limit
        assert all(
            1 <= len(row) <= 8 for row in (sheet.keyboard.inline_keyboard if sheet.keyboard else ())
        )
    assert all(sheet.keyboard is None for sheet in drawn[:-1])
    assert [sheet.file for sheet in drawn if sheet.file] == [
        file for file in (reply.picture, reply.document) if file
    ]


@given(REPLIES)
def test_nothing_that_is_said_is_left_out(reply: Reply) -> None:
    drawn = draw_sheets(reply)
    said = "".join(sheet.part.text for sheet in drawn if sheet.part)
    assert is_blank(plain(reply.text)) or plain(reply.text).strip()[:50] in said
    for button in (button for row in reply.buttons for button in row):
        shown = [
            one
            for sheet in drawn
            if sheet.keyboard
            for row in sheet.keyboard.inline_keyboard
            for one in row
            if one.text == button.label
        ]
        assert shown or (button.url or "").partition(":")[2] in said


def test_a_reply_that_shows_nothing_is_no_message() -> None:
    assert draw_sheets(Reply(toast="Noted")) == []
    assert draw_sheets(Reply((Span(" \u200b\n"),))) == []


def test_buttons_alone_have_a_message_to_stand_under() -> None:
    [sheet] = draw_sheets(Reply(buttons=((Button("Ok", "ok"),),)))
    assert sheet.part is not None
    assert not sheet.part.blank


def test_a_row_wider_than_telegrams_is_broken() -> None:
    row = tuple(Button(f"{number}", f"n:{number}") for number in range(12))
    keyboard = draw_keyboard((row,))
    assert keyboard is not None
    assert [len(row) for row in keyboard.inline_keyboard] == [8, 4]


def test_an_address_already_on_the_label_is_not_said_twice() -> None:
    [sheet] = draw_sheets(Reply((Span("Jane"),), ((Button("+4420 call", url="tel:+4420"),),)))
    assert sheet.part is not None
    assert sheet.part.text == "Jane\n+4420 call"
