"""The theme of a member's pictures: stored for this member, and only light or dark."""

from __future__ import annotations

import pytest

from tests.office import Office, said


def theme_of(office: Office, name: str) -> object:
    return office.one("select pictures from member where name = ?", name)


@pytest.mark.parametrize("word", ["dark", "DARK", "深色", "暗色"])
async def test_a_theme_is_said_in_either_language(office: Office, word: str) -> None:
    await office.says("Ann", f"pictures {word}")
    assert (theme_of(office, "Ann"), theme_of(office, "Bo")) == ("dark", "light")


async def test_a_tap_puts_the_answer_in_place_of_the_question(office: Office) -> None:
    assert (await office.taps("Ann", "pictures:dark")).edit
    assert theme_of(office, "Ann") == "dark"


@pytest.mark.parametrize("action", ["pictures", "pictures:pink", "pictures:bright"])
async def test_a_forged_theme_changes_nothing(office: Office, action: str) -> None:
    assert "no longer here" in said(await office.taps("Ann", action))
    assert theme_of(office, "Ann") == "light"
