"""What one process leaves open the next one takes up: once, in order, and without its poison."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.inbound import worker
from handlers.contract.reply import Reply
from handlers.contract.request import Request
from storage.engine import Database
from storage.messages.inbox import Arrival
from tests.bot.telegram.serving import NOW, Room, Served, Skills, heard, message, serving
from tests.fakes.botapi import BotApi


async def test_what_was_kept_and_not_handled_is_handled_after_a_restart(
    api: BotApi, database: Database
) -> None:
    api.user(1, wrote=True)
    me = api.world.bot_id
    keep(database, f"{me}:7", message(7, "kept"))
    keep(database, f"{me}:8", message(8, "kept too"))
    keep(database, "99:9", message(9, "another bot's"))
    async with serving(api, database) as served:
        await api.wait_for(2)
        api.push(message(7, "kept"))
        await api.idle(quiet=0.01)
        assert served.effects() == ["kept", "kept too"]
        assert served.states()[2] == "received"


async def test_a_committed_reply_that_was_not_sent_is_sent_after_a_restart(
    api: BotApi, database: Database
) -> None:
    api.user(1, wrote=True)
    async with serving(api, database) as served:
        api.hang_next("sendMessage")
        api.user(1, wrote=True).says("hello")
        await api.wait_for(lambda: served.states() == ["handled"])
        served.adapter._lanes._closed = True
        for task in [*served.adapter._lanes._tasks]:
            task.cancel()
    assert api.sent == []
    async with serving(api, database) as served:
        await served.answered(1)
        assert served.skills.asked == []
        assert [sent.text for sent in api.sent] == ["heard: hello"]
        assert served.effects() == ["hello"]


async def test_an_update_that_takes_the_process_down_at_each_start_is_put_aside(
    api: BotApi, database: Database
) -> None:
    api.user(1, wrote=True)
    keep(database, f"{api.world.bot_id}:7", message(7, "deadly"))
    with database.work() as memory:
        for _start in range(worker.MAX_ATTEMPTS):
            memory.inbox.count_failure(1)
    async with serving(api, database) as served:
        await served.answered(1)
        assert served.states() == ["dead"]
        assert served.skills.asked == []
        await api.wait_for(1)


def keep(database: Database, event_id: str, raw: dict[str, Any]) -> None:
    """Puts an update into the inbox, as a process that then died had done."""
    with database.work() as memory:
        memory.inbox.save([Arrival("telegram", event_id, "1", json.dumps(raw))], NOW)


def blamed(database: Database, row_id: int, deaths: int) -> None:
    """Counts so many deaths of a process against a row."""
    with database.work() as memory:
        for _death in range(deaths):
            memory.inbox.count_failure(row_id)


async def test_suspects_are_tried_one_by_one_before_all_others(
    api: BotApi, database: Database
) -> None:
    me = api.world.bot_id
    for person in range(1, 6):
        api.user(person, wrote=True)
        keep(database, f"{me}:{person}", message(person, f"{person}", person))
    for row_id in (2, 4):
        blamed(database, row_id, worker.SUSPECT_ATTEMPTS)
    under_way: list[int] = []

    def skill(request: Request, room: Room) -> Reply:
        under_way.append(len(api.sent))
        return heard(request, room)

    async with serving(api, database, Skills(skill)) as served:
        await served.answered(5)
    # Each of the first four began only when all before it had been sent.
    assert under_way[:4] == [0, 1, 2, 3]
    assert served.effects() == ["1", "2", "3", "4", "5"]


async def test_a_suspect_that_takes_too_long_holds_up_only_its_person(
    api: BotApi, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "ALONE_SECONDS", 0.05)
    me = api.world.bot_id
    for update_id, person in ((1, 1), (2, 1), (3, 2)):
        api.user(person, wrote=True)
        keep(database, f"{me}:{update_id}", message(update_id, f"{update_id}", person))
    blamed(database, 3, worker.SUSPECT_ATTEMPTS)
    api.hang_next("sendMessage", chat=1)
    async with serving(api, database) as served:
        await served.answered(3)
    assert api.chat(1).texts == ["heard: 1", "heard: 2"]
    assert api.chat(2).texts == ["heard: 3"]


async def test_a_failure_to_look_at_what_was_left_open_is_tried_again(
    api: BotApi, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.user(1, wrote=True)
    keep(database, f"{api.world.bot_id}:7", message(7, "kept"))
    real, failures = worker.Worker.resume, [RuntimeError("no such table")]

    async def resume(self: worker.Worker, prefix: str = "") -> int:
        if failures:
            raise failures.pop()
        return await real(self, prefix)

    monkeypatch.setattr(worker.Worker, "resume", resume)
    async with serving(api, database) as served:
        await served.answered(1)
    assert served.effects() == ["kept"]


async def test_what_waits_too_long_for_its_turn_waits_in_the_inbox_alone(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "MAX_IN_MEMORY", 0)
    for number in range(10):
        served.api.user(1).says(f"{number}")
    await served.answered(10)
    assert served.effects() == [f"{number}" for number in range(10)]
