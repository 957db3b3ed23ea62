"""Slack did what was asked, and what it answered can't be read: that is no failed send."""

from __future__ import annotations

import pytest

from bot.port import Address, DeliveryError
from handlers.contract.reply import Reply, text_of
from tests.bot.slack.serving import Served
from tests.fakes.slackapi import User

UNREADABLE = ["", "{", '{"ok": tr', "[]", "[1]", "null", "7", "{}", '{"ts": 1}', '{"ok": true}']


@pytest.fixture
def ann(served: Served) -> User:
    ann = served.api.user("Ann")
    served.member(ann)
    return ann


@pytest.mark.parametrize("body", UNREADABLE)
async def test_an_answer_is_posted_once_whatever_slack_says_of_it(
    served: Served, ann: User, body: str
) -> None:
    served.api.garble_next("chat.postMessage", body, times=9)
    ann.says("lead Acme")
    await served.answered(1)
    assert served.api.calls["chat.postMessage"] == 1
    assert served.states() == ["answered"]
    assert served.rows("select count(*) from deal") == [(1,)]
    assert served.rows("select message_ref from inbox") == [("",)]


@pytest.mark.parametrize("body", UNREADABLE)
async def test_what_repmate_says_by_itself_counts_as_sent(
    served: Served, ann: User, body: str
) -> None:
    served.api.garble_next("chat.postMessage", body)
    sent = await served.adapter.send(
        Address("slack", f"{ann.team.id}.{ann.id}", ann.id), Reply(text_of("Call Acme"))
    )
    assert sent.message_ref == ""
    assert [said.text for said in ann.seen()] == ["Call Acme"]


@pytest.mark.parametrize("body", UNREADABLE)
async def test_a_modal_and_a_home_are_shown_once_too(served: Served, ann: User, body: str) -> None:
    for method in ("views.open", "views.publish"):
        served.api.garble_next(method, body, times=9)
    ann.opens_home()
    await served.answered(1)
    assert served.api.calls["views.publish"] == 1
    ann.commands("/lead")
    await served.answered(2)
    assert served.states() == ["answered", "answered"]
    assert ann.seen() == []


async def test_a_page_of_somebody_in_between_is_a_lost_call(served: Served, ann: User) -> None:
    served.api.fail_next("chat.postMessage", status=200)
    with pytest.raises(DeliveryError) as error:
        await served.adapter.send(
            Address("slack", f"{ann.team.id}.{ann.id}", ann.id), Reply(text_of("Call Acme"))
        )
    assert (error.value.retryable, error.value.unsure) == (True, True)
