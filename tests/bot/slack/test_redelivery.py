"""The same event once, twice or four times at the same time has one effect."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack import inbound, receiving
from bot.slack.payload import kinds
from tests.bot.slack.serving import Served
from tests.fakes.slackapi import SlackApi

EVENTS = 12


async def notes(api: SlackApi, served: Served) -> dict[str, int]:
    """How often each note stands on a deal, each told once and up to three times again."""
    ann = api.user("Ann")
    served.member(ann)
    ann.says("lead Acme")
    await served.answered()
    for number in range(EVENTS):
        told = ann.says(f"note acme call number {number}")
        assert told is not None
        api.again(told, number % 4)
    await served.answered()
    return dict(served.rows("select note, count(*) from event where note != '' group by note"))


async def test_an_event_that_comes_up_to_four_times_at_once_has_one_effect(
    api: SlackApi, served: Served
) -> None:
    found = await notes(api, served)
    assert found == {f"call number {number}": 1 for number in range(EVENTS)}


async def test_without_their_ids_the_same_events_would_have_as_many_as_there_are_copies(
    api: SlackApi, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived: list[dict[str, Any]] = []

    def unlike_any(raw: dict[str, Any]) -> str:
        if not any(raw is one for one in arrived):
            arrived.append(raw)
        copy = next(number for number, one in enumerate(arrived) if one is raw)
        return f"{kinds.make_event_id(raw)}:{copy}"

    for module in (receiving, inbound):
        monkeypatch.setattr(module, "make_event_id", unlike_any)
    found = await notes(api, served)
    assert found == {f"call number {number}": 1 + number % 4 for number in range(EVENTS)}


async def test_a_command_and_a_press_that_come_three_times_are_worked_on_once(
    api: SlackApi, served: Served
) -> None:
    ann = api.user("Ann")
    served.member(ann)
    api.again(ann.commands("/lead", "Acme"), 2)
    await served.answered()
    assert served.rows("select count(*) from deal") == [(1,)]
    api.again(ann.presses("Undo"), 2)
    await served.answered()
    assert len(served.states()) == 2
    assert len(api.sent) == 2
