"""The neutral request: what no database takes is gone, and a forged action finds nothing."""

from __future__ import annotations

import pytest

from handlers.contract.request import TEXT_CHARACTERS, Account, Request, SharedContact

ANN = Account("terminal", "1", "Ann")


def test_what_no_database_takes_is_taken_out_wherever_it_stands() -> None:
    request = Request(
        "e", ANN, text="a\x00b\ud800c", values={"name": "x\x00y"}, replied_text="\x00"
    )
    assert (request.text, request.values, request.replied_text) == ("ab\ufffdc", {"name": "xy"}, "")
    assert SharedContact("A\x00nn", "+44").name == "Ann"
    assert Account("terminal", "1", "\udfff").name == "\ufffd"


def test_a_text_is_cut_at_the_longest_message_of_any_platform() -> None:
    long = "x" * (TEXT_CHARACTERS + 1)
    request = Request("e", ANN, text=long, values={"note": long}, replied_text=long)
    assert len(request.text) == len(request.values["note"]) == TEXT_CHARACTERS
    assert len(request.replied_text) == TEXT_CHARACTERS


@pytest.mark.parametrize(
    ("action", "number"),
    [
        ("open:12", 12),
        ("open", 0),
        ("open:", 0),
        ("open:-1", 0),
        ("open:1.5", 0),
        ("open:²", 0),
        ("open:١", 0),
        ("open:" + "9" * 16, 0),
    ],
)
def test_an_argument_that_is_no_id_is_nobodys(action: str, number: int) -> None:
    assert Request("e", ANN, kind="button", action=action).number(0) == number


def test_an_action_is_a_verb_and_its_arguments() -> None:
    request = Request("e", ANN, kind="button", action="move:12:negotiation")
    assert (request.verb, request.arguments) == ("move", ("12", "negotiation"))
    assert (request.word(1), request.word(2)) == ("negotiation", "")


def test_saying_something_is_typing_it() -> None:
    tap = Request("e", ANN, kind="button", action="say:today", values={"a": "b"})
    typed = tap.with_text("today")
    assert (typed.kind, typed.text, typed.action, typed.values) == ("text", "today", "", {})
    assert typed.event_id == "e"
