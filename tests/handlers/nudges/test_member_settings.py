"""Undo takes back the last change of one's own settings, or names a change it cannot take back."""

from __future__ import annotations

import pytest

from tests.office import Office, said

OWN = "select language, pictures, nudges_a_day, away_from, away_until from member where name = ?"


@pytest.mark.parametrize(
    "line", ["nudges 2", "nudges 0", "away tomorrow", "away until friday", "pictures dark"]
)
async def test_undo_gives_back_a_setting_of_ones_own_and_no_older_act(
    office: Office, line: str
) -> None:
    await office.says("Ann", "lead Acme, 12k")
    before = office.rows(OWN, "Ann")
    await office.says("Ann", line)
    assert office.rows(OWN, "Ann") != before
    assert "Undone" in said(await office.says("Ann", "undo"))
    assert office.rows(OWN, "Ann") == before
    assert office.one("select status from deal") == "live"


async def test_a_language_by_tap_is_undone_in_the_language_of_before(office: Office) -> None:
    await office.taps("Ann", "language:zh")
    await office.says("Ann", "undo")
    assert office.one("select language from member where name = 'Ann'") == "en"


@pytest.mark.parametrize(
    "line", ["goal 50k this month", "invite", "card retire"], ids=["goal", "invite", "feedback"]
)
async def test_what_cannot_be_taken_back_is_named_and_no_older_act_is_undone(
    office: Office, line: str
) -> None:
    await office.says("Kim", "lead Acme, 12k")
    if line == "card retire":
        reply = await office.says("Kim", "obj too expensive")
        tap = next(b.action for row in reply.buttons for b in row if b.action.startswith("obj-yes"))
        await office.taps("Kim", tap)
    else:
        await office.says("Kim", line)
    assert "can't be undone" in said(await office.says("Kim", "undo"))
    assert office.one("select status from deal") == "live"


async def test_undo_gives_the_funnel_back_as_its_button_does(office: Office) -> None:
    await office.says("Kim", "lead Acme, 12k")
    before = office.one("select pipelines from team where name = (select name from team limit 1)")
    await office.says("Kim", "funnel add Pilot after demo")
    assert office.one("select count(*) from funnelchange") == 1
    assert "funnel is as it was" in said(await office.says("Kim", "undo"))
    team = "select pipelines from team where name = (select name from team limit 1)"
    assert office.one(team) == before
    await office.says("Kim", "undo")
    assert office.one("select status from deal") == "withdrawn"  # the act before, by itself
