"""The App Home, the prompts of our chat, and those of the assistant's pane of older apps."""

from __future__ import annotations

import pytest

from bot.slack.manifest import SCOPES
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


async def test_our_chat_offers_the_day_and_the_objections_of_the_moment(
    served: Served, ann: User
) -> None:
    ann.opens_chat()
    await served.answered(2)
    (prompts,) = served.api.record.prompts
    assert prompts[0] == {"title": "Today", "message": "today"}
    assert all(each["message"].startswith("obj ") for each in prompts[1:])
    assert len(prompts) == 4
    assert served.api.refusals == []


async def test_a_prompt_says_what_it_promises(served: Served, ann: User) -> None:
    ann.opens_chat(viewing=served.api.channel("acme-rollout", [ann]))
    await served.answered(2)
    (prompts,) = served.api.record.prompts
    assert prompts[0] == {"title": "Acme: how it stands", "message": "deal Acme"}
    ann.says(prompts[0]["message"])
    await served.answered(3)
    assert "Jane Doe" in ann.seen()[-1].text


@pytest.mark.parametrize("named", [True, False])
async def test_the_channel_in_view_suggests_its_deal_and_takes_it_not_in_hand(
    served: Served, ann: User, named: bool
) -> None:
    """The event names its person in either of the two shapes that Slack describes."""
    ann.says("lead Beta, 5k")
    await served.answered(2)
    ann.looks_at(served.api.channel("beta-and-us", [ann]), named=named)
    await served.answered(3)
    assert [each[0]["message"] for each in served.api.record.prompts] == ["deal Beta"]
    ann.looks_at(served.api.channel("ext-acme", [ann]), named=named)
    await served.answered(4)
    assert [each[0]["message"] for each in served.api.record.prompts[1:]] == ["deal Acme"]
    held = "select customer.name from customer join deal on deal.customer_id = customer.id"
    held += " join member on member.deal_in_hand_id = deal.id"
    assert served.rows(held) == [("Beta",)]


async def test_a_way_through_channels_of_no_deal_offers_nothing_anew(
    served: Served, ann: User
) -> None:
    ann.opens_chat()
    await served.answered(2)
    for number, name in enumerate(("random", "lunch"), start=3):
        ann.looks_at(served.api.channel(name, [ann]))
        await served.answered(number)
    ann.looks_at(None)
    await served.answered(5)
    assert len(served.api.record.prompts) == 1


async def test_a_channel_we_may_not_know_of_suggests_nothing(served: Served, ann: User) -> None:
    ann.opens_chat(viewing=served.api.channel("acme-secret", [ann], bot=False, private=True))
    await served.answered(2)
    assert [each[0]["message"] for each in served.api.record.prompts] == ["today"]


async def test_a_colleagues_deal_is_not_suggested(served: Served, ann: User) -> None:
    bo = served.api.user("Bo")
    served.member(bo)
    bo.opens_chat(viewing=served.api.channel("acme-rollout", [ann, bo]))
    await served.answered(2)
    assert [each[0]["message"] for each in served.api.record.prompts] == ["today"]


async def test_without_the_scope_of_channels_the_day_is_offered_all_the_same(
    served: Served, ann: User
) -> None:
    """An app that was installed before we asked for it goes on as it was."""
    served.api.team.scopes = frozenset(SCOPES) - {"channels:read"}
    ann.opens_chat(viewing=served.api.channel("acme-rollout", [ann]))
    await served.answered(2)
    assert [each[0]["message"] for each in served.api.record.prompts] == ["today"]
    assert served.states() == ["answered", "answered"]


async def test_prompts_that_slack_refuses_are_no_trouble(served: Served, ann: User) -> None:
    served.api.fail_next("assistant.threads.setSuggestedPrompts", "message_not_found")
    ann.opens_chat()
    await served.answered(2)
    assert served.states() == ["answered", "answered"]
    ann.says("deals")
    await served.answered(3)
    assert "1 deal" in ann.seen()[-1].text


async def test_a_stranger_is_offered_a_team(served: Served) -> None:
    served.api.user("Zoe").opens_chat()
    await served.answered(1)
    assert served.api.record.prompts == [[{"title": "Make a team", "message": "start"}]]


async def test_a_customer_with_markup_in_its_name_is_no_prompt(served: Served, ann: User) -> None:
    ann.says("lead <!channel> Corp, 5k")
    await served.answered(2)
    ann.opens_chat(viewing=served.api.channel("channel-corp", [ann]))
    await served.answered(3)
    (prompts,) = served.api.record.prompts
    assert "<" not in str(prompts)
    assert prompts[0]["message"] == "today"


async def test_in_chinese_the_prompts_are_chinese(served: Served) -> None:
    li = served.api.user("Li", locale="zh-CN")
    served.member(li, language="zh")
    li.says("线索 小米科技 张三 5万")
    await served.answered(1)
    li.opens_chat(viewing=served.api.channel("小米-项目", [li]))
    await served.answered(2)
    (prompts,) = served.api.record.prompts
    assert prompts[0] == {"title": "小米科技进展如何", "message": "deal 小米科技"}
    assert prompts[1]["title"] == "今天"


async def test_the_pane_of_an_older_app_offers_the_same(with_pane: Served) -> None:
    ann = with_pane.api.user("Ann")
    with_pane.member(ann)
    ann.says("lead Acme, Jane Doe, 12k")
    await with_pane.answered(1)
    ann.opens_assistant(viewing=with_pane.api.channel("acme-rollout", [ann]))
    await with_pane.answered(2)
    (prompts,) = with_pane.api.record.prompts
    assert [each["message"] for each in prompts[:2]] == ["deal Acme", "today"]
    assert all(each["message"].startswith("obj ") for each in prompts[2:])
    assert with_pane.api.refusals == []


async def test_an_older_app_is_told_of_its_chat_as_well(with_pane: Served) -> None:
    """Nothing was said there yet, so Slack has nowhere to put prompts."""
    ann = with_pane.api.user("Ann")
    with_pane.member(ann)
    ann.opens_chat()
    await with_pane.answered(1)
    assert with_pane.states() == ["answered"]
    assert with_pane.api.record.prompts == []
