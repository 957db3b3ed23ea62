"""Undo takes back one's own latest act, once, while its window is open and nothing came since."""

from __future__ import annotations

import pytest

from handlers.contract.reply import Reply
from tests.office import Office, said

STAGES = "select stage, amount from deal"
UNDONE = "select count(*) from event where kind = 'undone'"


def undo_of(reply: Reply) -> str:
    [found] = [b.action for row in reply.buttons for b in row if b.action.startswith("undo:")]
    return found


@pytest.mark.parametrize("word", ["undo", "撤销"])
async def test_the_latest_act_is_taken_back_and_then_the_one_before(
    office: Office, word: str
) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", "advance acme")
    await office.says("Ann", "edit acme 12k")
    await office.says("Ann", word)
    assert office.rows(STAGES) == [("qualified", "10000")]
    await office.says("Ann", word)
    assert office.rows(STAGES) == [("opportunity", "10000")]
    assert office.one(UNDONE) == 2


async def test_an_act_is_taken_back_once_however_often_its_button_is_pressed(
    office: Office,
) -> None:
    await office.says("Ann", "lead Acme, 10k")
    undo = undo_of(await office.says("Ann", "advance acme"))
    await office.taps("Ann", undo)
    await office.taps("Ann", undo)
    assert office.one(UNDONE) == 1


async def test_what_was_changed_again_since_is_not_taken_back(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    undo = undo_of(await office.says("Ann", "edit acme 12k"))
    await office.says("Ann", "edit acme 15k")
    await office.taps("Ann", undo)
    assert office.rows(STAGES) == [("opportunity", "15000")]
    assert office.one(UNDONE) == 0


async def test_somebody_elses_act_is_not_taken_back(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    undo = undo_of(await office.says("Ann", "advance acme"))
    await office.taps("Mia", undo)
    await office.says("Mia", "undo")
    assert office.rows(STAGES) == [("qualified", "10000")]


async def test_nothing_to_take_back_is_said(office: Office) -> None:
    assert "nothing" in said(await office.says("Ann", "undo")).casefold()
    assert office.one(UNDONE) == 0
