"""The home page: one's own day and deals with their taps, for a stranger the two ways in."""

from __future__ import annotations

from handlers.home_page import DEALS_OF_A_STAGE, render_sections, suggest_prompts
from tests.office import Office, desk_of, labels, lobby_of, said


async def test_it_shows_the_day_the_own_deals_by_stage_the_funnel_and_the_settings(
    office: Office,
) -> None:
    await office.says("Ann", "lead Acme, Jane, 12k")
    await office.says("Bo", "lead Beta, 5k")
    with desk_of(office, "Ann") as desk:
        page = render_sections(desk)
    whole = "\n".join(said(section) for section in page)
    assert "Acme" in whole
    assert "Beta" not in whole
    [taps] = [labels(section) for section in page if said(section).startswith("Acme")]
    assert taps == ["Next step", "Note", "Show the deal"]
    assert "Change" in labels(page[-1])


async def test_a_due_step_is_done_with_the_first_tap(office: Office) -> None:
    await office.says("Ann", "lead Acme, Jane, 12k")
    await office.says("Ann", "next acme today 12:00 call Jane")
    office.wait(hours=3)
    with desk_of(office, "Ann") as desk:
        [taps] = [labels(each) for each in render_sections(desk) if said(each).startswith("Acme")]
    assert taps[0] == "Done"


async def test_of_a_long_stage_a_few_are_shown_and_a_tap_leads_to_all(office: Office) -> None:
    for n in range(DEALS_OF_A_STAGE + 2):
        await office.says("Ann", f"lead Customer{n}, {n + 1}k")
    with desk_of(office, "Ann") as desk:
        page = render_sections(desk)
    assert sum("Note" in labels(section) for section in page) == DEALS_OF_A_STAGE
    assert [f"All {DEALS_OF_A_STAGE + 2}"] in [labels(section) for section in page]


def test_a_stranger_is_shown_the_ways_in(office: Office) -> None:
    with lobby_of(office, "Zoe") as lobby:
        [only] = render_sections(lobby)
        assert suggest_prompts(lobby) == [("Make a team", "start")]
    assert labels(only) == ["Make a team", "I have an invite"]


async def test_each_prompt_says_something_that_is_understood(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        prompts = suggest_prompts(desk)
    assert prompts[0] == ("Today", "today")
    assert len(prompts) > 3
    for title, line in prompts[1:]:
        assert line.startswith("obj ")
        assert title[:10] in said(await office.says("Ann", line))


async def test_the_deal_of_the_channel_in_view_is_the_first_prompt_with_its_objections(
    office: Office,
) -> None:
    await office.says("Ann", "lead Acme, Jane, 12k")
    await office.says("Ann", "lead Beta, 5k")
    await office.says("Ann", "move beta negotiation")
    with desk_of(office, "Ann") as desk:
        plain = suggest_prompts(desk)
        prompts = suggest_prompts(desk, "acme-rollout")
        assert suggest_prompts(desk, "random") == plain
    assert prompts[:2] == [("Acme: how it stands", "deal Acme"), ("Today", "today")]
    assert prompts[2:] != plain[1:]
    assert "Jane" in said(await office.says("Ann", prompts[0][1]))
