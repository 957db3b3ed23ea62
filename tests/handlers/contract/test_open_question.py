"""The open question: the last one asked, for half an hour, and only of this account."""

from __future__ import annotations

from handlers.contract.open_question import (
    STALE,
    Question,
    ask,
    close_question,
    find_open_question,
)
from tests.office import Office, desk_of

STEP, MOVE = Question("step", 1, "call"), Question("move", 2)


def test_the_last_question_is_the_open_one(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        ask(desk, STEP)
        ask(desk, MOVE)
        assert find_open_question(desk) == MOVE
    assert office.one("select count(*) from draft") == 1


def test_a_question_goes_stale_after_half_an_hour(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        ask(desk, STEP)
    office.wait(seconds=STALE.total_seconds())
    with desk_of(office, "Ann") as desk:
        assert find_open_question(desk) == STEP
    office.wait(seconds=1)
    with desk_of(office, "Ann") as desk:
        assert find_open_question(desk) is None


def test_nobody_else_is_asked_it(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        ask(desk, STEP)
    with desk_of(office, "Bo") as desk:
        assert find_open_question(desk) is None
        close_question(desk)
    with desk_of(office, "Ann") as desk:
        assert find_open_question(desk) == STEP


def test_a_closed_question_is_gone(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        ask(desk, STEP)
        close_question(desk)
        assert find_open_question(desk) is None
