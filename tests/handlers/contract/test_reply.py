"""The neutral reply: limits of the strictest platform, texts as spans, and the way to JSON."""

from __future__ import annotations

import pytest

from handlers.contract.reply import (
    ACTION_BYTES,
    BUTTONS_SHOWN,
    LABEL_CHARACTERS,
    Button,
    Field,
    File,
    Form,
    Option,
    Reply,
    Span,
    bold,
    from_json,
    lines,
    plain,
    rows,
    text_of,
    to_json,
)


def test_an_action_no_platform_could_carry_is_refused() -> None:
    Button("Go", "x" * ACTION_BYTES)
    with pytest.raises(ValueError, match="at most 64 bytes"):
        Button("Go", "x" * (ACTION_BYTES + 1))
    with pytest.raises(ValueError, match="at most 64 bytes"):
        Button("Go", "华" * 22)


def test_a_button_does_one_thing_and_says_what() -> None:
    with pytest.raises(ValueError, match="an action or a url"):
        Button("Go")
    with pytest.raises(ValueError, match="an action or a url"):
        Button("Go", "go", "https://example.org")
    with pytest.raises(ValueError, match="a label"):
        Button(" ", "go")


def test_a_long_label_is_cut_to_what_a_phone_shows() -> None:
    button = Button("x" * 50, "go")
    assert len(button.label) == LABEL_CHARACTERS
    assert button.label.endswith("…")


def test_a_reply_has_at_most_twelve_buttons() -> None:
    many = [Button("Go", f"go:{n}") for n in range(BUTTONS_SHOWN + 1)]
    Reply(buttons=rows(many[:-1]))
    with pytest.raises(ValueError, match="at most 12 buttons"):
        Reply(buttons=rows(many))


def test_empty_parts_leave_no_empty_line() -> None:
    assert plain(lines("one", "", (), bold("two"), text_of("three"))) == "one\ntwo\nthree"


def test_a_text_holds_no_empty_span() -> None:
    assert text_of("", bold("a"), (Span("b"), Span(""))) == (Span("a", "bold"), Span("b"))


def test_buttons_stand_in_rows_in_their_order() -> None:
    buttons = [Button(str(n), f"go:{n}") for n in range(5)]
    assert [len(row) for row in rows(buttons, 3)] == [3, 2]
    assert [button for row in rows(buttons) for button in row] == buttons


def test_every_part_of_a_reply_comes_back_from_json_as_it_was() -> None:
    field = Field("when", "When?", options=(Option("1", "Monday"),), free=True)
    reply = Reply(
        text=lines("Hello", bold("Acme")),
        buttons=((Button("Open", "open:1"), Button("Call", url="tel:+44")),),
        form=Form("next:1", "Next", (field,), {"when": "Say a day."}),
        picture=File("a.png", b"\x89PNG\x00\xff", "a picture"),
        about=3,
        fleeting=True,
    )
    assert from_json(to_json(reply)) == reply
    assert to_json(Reply()) == "{}"
