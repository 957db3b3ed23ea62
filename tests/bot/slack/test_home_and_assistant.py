"""The App Home and the assistant's pane."""

from __future__ import annotations

import pytest

from tests.bot.slack.serving import Served
from tests.fakes.slackapi import User


@pytest.fixture
async def ann(served: Served) -> User:
    ann = served.api.user("Ann")
    served.member(ann)
    ann.says("lead Acme, Jane Doe, 12k")
    await served.answered(1)
    return ann


async def test_home_shows_the_day_the_deals_by_stage_the_funnel_and_the_settings(
    served: Served, ann: User
) -> None:
    ann.opens_home()
    await served.answered(2)
    assert ann.home is not None
    for shown in ("Nothing due", "Opportunity · 1", "Acme", "1 live deal", "Working hours"):
        assert shown in ann.home.text
    assert served.api.refusals == []


async def test_home_is_drawn_anew_after_an_act(served: Served, ann: User) -> None:
    ann.opens_home()
    await served.answered(2)
    ann.says("lead Beta, 5k")
    await served.answered(3)
    home = ann.home
    await served.api.wait_for(lambda: "Beta" in (ann.home.text if ann.home else ""))
    assert home is not None
    ann.presses("Note", ann.home)
    await served.answered(4)
    assert ann.modal.title.startswith("Note on")


async def test_a_stranger_sees_at_home_how_to_come_in(served: Served) -> None:
    zoe = served.api.user("Zoe")
    zoe.opens_home()
    await served.answered(1)
    assert zoe.home is not None
    assert "Make a team" in zoe.labels(zoe.home)


async def test_the_pane_offers_the_day_and_the_objections_of_the_moment(
    served: Served, ann: User
) -> None:
    ann.opens_assistant()
    await served.answered(2)
    (prompts,) = served.api.record.prompts
    assert prompts[0] == {"title": "Today", "message": "today"}
    assert all(each["message"].startswith("obj ") for each in prompts[1:])
    assert len(prompts) == 4
