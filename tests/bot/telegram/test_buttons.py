"""A pressed button is always let go, acts once, and changes its message where it can."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from bot.telegram import typing_indicator
from handlers.contract.reply import Button, File, Reply, rows, text_of
from handlers.contract.request import Request
from tests.bot.telegram.serving import Room, Served
from tests.fakes.botapi import User

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x08\x08\x02\0\0\0"


@pytest.fixture
def ann(served: Served) -> User:
    return served.api.user(1, "Ann", wrote=True)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Holds a skill until it is set; "a moment" is over at once."""
    monkeypatch.setattr(typing_indicator, "SOON", 0.01)
    gate = threading.Event()
    yield gate
    gate.set()


async def test_a_pressed_button_is_answered_and_its_message_replaced(
    served: Served, ann: User
) -> None:
    def skill(request: Request, room: Room) -> Reply:
        if request.kind == "button":
            return Reply(text_of("moved by ", request.action), toast="Moved").in_place()
        return Reply(text_of("deal"), rows([Button("Advance", "advance:7"), Button("Lost", "l:7")]))

    served.skills.answer = skill
    ann.says("deal")
    await served.api.wait_for(1)
    ann.presses("Advance")
    await served.answered(2)
    [message] = served.api.chat(1).from_bot
    assert (message.text, message.edits, message.labels) == ("moved by advance:7", 1, [])
    assert [answer.text for answer in served.api.callback_answers] == ["Moved"]


async def test_a_button_that_changes_nothing_is_no_error(served: Served, ann: User) -> None:
    same = Reply(text_of("same"), ((Button("Again", "again"),),), edit=True)
    served.skills.answer = lambda request, room: same
    ann.says("x")
    await served.api.wait_for(1)
    for _tap in range(2):
        ann.presses("Again")
    await served.answered(3)
    assert served.states() == ["answered"] * 3
    assert served.api.chat(1).texts == ["same"]
    assert len(served.api.callback_answers) == 2
    assert {refusal.description[:39] for refusal in served.api.refusals} == {
        "Bad Request: message is not modified: s"
    }


async def test_a_press_too_old_to_be_answered_has_its_effect_all_the_same(
    served: Served, ann: User
) -> None:
    served.skills.answer = lambda request, room: Reply(
        text_of("done: ", request.kind), ((Button("Do", "do"),),)
    )
    ann.says("x")
    await served.api.wait_for(1)
    ann.presses("Do")
    served.api.expire_queries()
    await served.answered(2)
    assert served.api.chat(1).texts == ["done: text", "done: button"]
    assert served.states() == ["answered", "answered"]


async def test_a_message_that_cannot_be_replaced_any_more_is_sent_anew(
    served: Served, ann: User
) -> None:
    served.skills.answer = lambda request, room: Reply(
        text_of("v: ", request.kind), ((Button("Go", "go"),),), edit=True
    )
    ann.says("x")
    await served.api.wait_for(1)
    button = served.api.chat(1).find_button("Go")
    served.api.chat(1).messages.remove(served.api.chat(1).last)
    ann.presses(button)
    await served.answered(2)
    assert served.api.chat(1).texts == ["v: button"]


async def test_a_slow_button_is_let_go_first_and_its_toast_becomes_a_message(
    served: Served, ann: User, gate: threading.Event
) -> None:
    def slow(request: Request, room: Room) -> Reply:
        if request.kind == "button":
            gate.wait(5)
            return Reply(toast="Snoozed", document=File("a.csv", b"a", "All"))
        return Reply(text_of("nudge"), ((Button("Later", "later"),),))

    served.skills.answer = slow
    ann.says("x")
    await served.api.wait_for(1)
    ann.presses("Later")
    await served.api.wait_for(lambda: len(served.api.callback_answers) == 1)
    assert served.api.callback_answers[0].text == ""
    gate.set()
    await served.api.wait_for(lambda: served.api.chat(1).texts == ["nudge", "Snoozed"])
    assert served.api.chat(1).last.filename == "a.csv"
    await served.answered(2)
    assert len(served.api.callback_answers) == 1


async def test_a_toast_alone_sends_no_message(served: Served, ann: User) -> None:
    served.skills.answer = lambda request, room: (
        Reply(toast="Noted " * 60)
        if request.kind == "button"
        else Reply(text_of("n"), ((Button("Ok", "ok"),),))
    )
    ann.says("x")
    await served.api.wait_for(1)
    ann.presses("Ok")
    await served.answered(2)
    assert served.api.chat(1).texts == ["n"]
    [answer] = served.api.callback_answers
    assert answer.text.startswith("Noted Noted")
