"""What Slack sends is kept before it is acknowledged, and has one effect however often it comes."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

import pytest

from bot.inbound.inbox import StoredArrival
from bot.slack.receiving import Receiver
from tests.bot.slack.serving import LONGEST, Served
from tests.fakes.slackapi import User


@pytest.fixture
def ann(served: Served) -> User:
    ann = served.api.user("Ann")
    served.member(ann)
    return ann


@pytest.mark.parametrize("copies", [1, 2, 4])
async def test_an_event_that_comes_again_at_the_same_time_has_one_effect(
    served: Served, ann: User, copies: int
) -> None:
    sent = ann.says("lead Acme, 12k")
    assert sent is not None
    served.api.again(sent, copies - 1)
    await served.answered(1)
    assert served.rows("select count(*) from deal") == [(1,)]
    assert len(ann.seen()) == 1


async def test_a_command_an_action_and_a_shortcut_that_come_again_have_one_effect(
    served: Served, ann: User
) -> None:
    served.api.again(ann.commands("/lead", "Acme, 12k"), 3)
    await served.answered()
    served.api.again(ann.presses("Undo"), 3)
    await served.answered()
    served.api.again(ann.takes_shortcut("new_lead"), 3)
    await served.answered()
    assert len(served.states()) == 3
    assert served.rows("select count(*) from deal") == [(1,)]
    assert len(ann.modals) == 1


async def test_while_the_database_is_held_nothing_is_acknowledged_and_slack_sends_it_again(
    served: Served, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = asyncio.Event()
    real = Receiver._store_in_time

    async def store_in_time(self: Receiver, kept: StoredArrival) -> bool:
        try:
            return await real(self, kept)
        except TimeoutError:
            refused.set()
            raise

    monkeypatch.setattr("bot.slack.receiving.STORE_SECONDS", 0.0)
    monkeypatch.setattr(Receiver, "_store_in_time", store_in_time)
    with closing(sqlite3.connect(served.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        sent = ann.says("lead Acme, 12k")
        assert sent is not None
        first = sent.envelope_id
        async with asyncio.timeout(LONGEST):
            await refused.wait()
        assert sent.state != "acked"
        other.execute("ROLLBACK")
    monkeypatch.undo()
    served.api.advance(61)
    await served.answered(1)
    assert first not in served.api.sockets.acks
    assert sent.envelope_id in served.api.sockets.acks
    assert served.rows("select count(*) from deal") == [(1,)]
    assert len(ann.seen()) == 1


async def test_a_form_opens_although_the_database_holds_everybody_up(
    served: Served, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann.says("lead Acme, 12k")
    await served.answered(1)
    monkeypatch.setattr("bot.slack.modal_skeleton.SOON", 0.05)
    with closing(sqlite3.connect(served.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        ann.commands("/note", "acme")
        await served.api.wait_for(lambda: bool(ann.modals))
        assert "One moment" in ann.modal.text
        other.execute("ROLLBACK")
    await served.answered(2)
    assert ann.modal.title == "Note on Acme"
    ann.submits({"What happened?": "called"})
    await served.answered(3)
    assert "Noted on Acme: called" in ann.seen()[-1].text


async def test_one_that_always_fails_is_put_aside_and_the_next_is_answered(
    served: Served, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.slack import handling  # noqa: PLC0415 patched here alone

    real = handling.SlackHandler.handle

    async def handle(self: handling.SlackHandler, kept: object) -> None:
        if "poison" in str(kept):
            raise RuntimeError("no such thing")
        await real(self, kept)  # type: ignore[arg-type]  # what the worker gives

    monkeypatch.setattr(handling.SlackHandler, "handle", handle)
    ann.says("poison")
    ann.says("deals")
    await served.answered(2)
    assert served.states() == ["dead", "answered"]
    assert "Something went wrong" in ann.seen()[0].text or len(ann.seen()) == 2


async def test_what_names_no_workspace_of_ours_is_stored_nowhere(served: Served) -> None:
    stranger = served.api.user("Eve", served.api.workspace("T0ELSE", "Else"))
    stranger.says("deals")
    stranger.commands("/deals")
    await served.api.idle()
    assert served.states() == []
