"""The screens of a funnel and a stage: what they show, and what each tap does."""

from __future__ import annotations

from tests.office import Office, action, labels, said


async def test_the_funnel_lists_each_stage_and_a_tap_opens_it(office: Office) -> None:
    await office.says("Ann", "lead Acme")
    overview = await office.says("Kim", "funnel edit")
    assert "1. Opportunity · 0 %" in said(overview)
    assert "6. Signed · 90 %" in said(overview)
    screen = await office.taps("Kim", action(overview, "Opportunity"))
    assert "Opportunity · 0 %" in said(screen)
    assert "1 open deal" in said(screen)
    assert labels(screen) == [
        *("Rename", "Odds, patience", "Entry checks", "Earlier", "Later", "Remove"),
    ]


async def test_a_stage_is_renamed_by_a_form_and_shown_under_its_new_name(office: Office) -> None:
    reply = await office.fills("Kim", "fname:demo", {"name": "Workshop"})
    assert "Demo, support won is Workshop from now on" in said(reply)
    assert "Workshop" in said(await office.taps("Kim", action(reply, "See the stage")))


async def test_a_stage_moves_one_place_and_the_odds_stay_with_the_places(office: Office) -> None:
    moved = said(await office.taps("Kim", "fshift:demo:up"))
    assert "2. Demo, support won · 10 %" in moved
    assert "3. Qualified · 30 %" in moved
    back = said(await office.taps("Kim", "fshift:demo:down"))
    assert "3. Demo, support won · 30 %" in back


async def test_the_first_stage_goes_no_further_up(office: Office) -> None:
    refusal = said(await office.taps("Kim", "fshift:opportunity:up"))
    assert "stays on its side of the payment" in refusal
    assert office.one("select pipelines from team where id = 1") == ""


async def test_deals_of_a_removed_stage_go_to_no_stage_that_is_not_there(office: Office) -> None:
    await office.taps("Kim", "fremove:demo:nowhere")
    assert office.one("select pipelines from team where id = 1") == ""
    await office.taps("Kim", "fremove:demo:decider")
    gone = said(await office.taps("Kim", "fstage:demo"))
    assert "Demo" not in gone
