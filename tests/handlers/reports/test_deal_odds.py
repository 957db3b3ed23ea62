"""`odds`: the stage's own odds, and the owner's number beside them."""

from __future__ import annotations

import pytest

from handlers.reports.deal_odds import read_percent
from tests.office import Office, action, said


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("60", 60), ("60%", 60), ("60 percent", 60), ("６成", 60), ("六成", 60), ("to 60 %", 60),
        ("0", 0), ("100%", 100), ("101", None), ("6.5", None), ("十一成", None), ("acme", None),
    ],
)  # fmt: skip
def test_a_percent_is_read_in_both_languages(text: str, percent: int | None) -> None:
    assert read_percent(text) == percent


async def test_a_team_without_history_sees_the_odds_of_the_stage(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", "move acme demo")
    assert "30 %" in said(await office.says("Ann", "odds acme"))


async def test_the_owner_s_number_is_saved_shown_and_undone(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    saved = await office.says("Ann", "odds acme 60%")
    assert office.one("select own_odds from deal") == 60
    assert "60 %" in said(await office.says("Ann", "odds acme"))
    await office.taps("Ann", action(saved, "Undo"))
    assert office.one("select own_odds from deal") is None


@pytest.mark.parametrize("word", ["none", "清除"])
async def test_the_owner_s_number_is_cleared_by_a_word(office: Office, word: str) -> None:
    await office.says("Ann", "lead Acme")
    await office.says("Ann", "odds acme 60%")
    await office.says("Ann", f"odds acme {word}")
    assert office.one("select own_odds from deal") is None


async def test_what_is_no_chance_is_refused_and_saves_nothing(office: Office) -> None:
    await office.says("Ann", "lead Acme")
    await office.says("Ann", "odds acme 140%")
    assert office.one("select own_odds from deal") is None


async def test_a_deal_that_has_ended_takes_no_odds(office: Office) -> None:
    await office.says("Ann", "lead Acme")
    await office.says("Ann", "lost acme price")
    await office.says("Ann", "odds acme 60%")
    assert office.one("select own_odds from deal") is None
