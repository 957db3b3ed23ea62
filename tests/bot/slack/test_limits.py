"""What Slack refuses, and how long it asks us to wait."""

from __future__ import annotations

import pytest

from bot.port import Address, DeliveryError
from handlers.contract.reply import Reply, text_of
from tests.bot.slack.serving import Served
from tests.fakes.slackapi import User

HELLO = Reply(text_of("hello"))


@pytest.fixture
def ann(served: Served) -> User:
    ann = served.api.user("Ann")
    served.member(ann)
    return ann


def address(who: User) -> Address:
    return Address("slack", f"{who.team.id}.{who.id}", who.id)


async def refused(served: Served, who: User) -> DeliveryError:
    with pytest.raises(DeliveryError) as error:
        await served.adapter.send(address(who), HELLO)
    return error.value


async def test_too_many_is_waited_for_as_long_as_slack_says(served: Served, ann: User) -> None:
    served.api.fail_next("chat.postMessage", "ratelimited", status=429, retry_after=35)
    error = await refused(served, ann)
    assert (error.retryable, error.retry_after, error.gone) == (True, 35.0, False)


async def test_a_workspace_that_must_wait_holds_up_no_other_method(
    served: Served, ann: User
) -> None:
    served.api.fail_next("chat.postMessage", "ratelimited", status=429, retry_after=3600)
    await refused(served, ann)
    ann.opens_home()
    await served.answered(1)
    assert ann.home is not None
    later = await refused(served, ann)
    assert later.retryable
    assert later.retry_after is not None
    assert later.retry_after > 3000


@pytest.mark.parametrize(
    "code",
    ["account_inactive", "token_revoked", "invalid_auth", "channel_not_found", "is_archived"],
)
async def test_where_nobody_is_any_more_the_person_counts_as_gone(
    served: Served, ann: User, code: str
) -> None:
    served.api.fail_next("chat.postMessage", code)
    assert (await refused(served, ann)).gone


async def test_a_lost_answer_may_have_been_sent(served: Served, ann: User) -> None:
    served.api.fail_next("chat.postMessage", status=500)
    error = await refused(served, ann)
    assert (error.retryable, error.unsure) == (True, True)


@pytest.mark.parametrize("applied", [True, False])
async def test_a_call_whose_connection_is_cut_is_made_once_and_may_have_been_taken(
    served: Served, ann: User, applied: bool
) -> None:
    """The library's own client would post again by itself, and nobody would know of the double."""
    served.api.drop_next("chat.postMessage", applied=applied)
    error = await refused(served, ann)
    assert (error.retryable, error.unsure) == (True, True)
    assert served.api.calls["chat.postMessage"] == 1
    assert [said.text for said in ann.seen()] == ["hello"] * applied


async def test_a_used_up_answer_address_is_no_end(
    served: Served, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.fakes.slackapi.responding.RESPONSE_USES", 0)
    room = served.api.channel("sales", [ann])
    ann.commands("/deals", where=room)
    await served.answered(1)
    assert ann.seen(room)[-1].only_for == ann.id
    elsewhere = served.api.channel("other", [ann], bot=False)
    ann.commands("/deals", where=elsewhere)
    await served.answered(2)
    assert ann.seen(elsewhere) == []
    assert ann.seen()[-1].text == ann.seen(room)[-1].text
