"""Recorded updates, replayed through the real adapter, become the requests they should."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.telegram.inbound import Me, ReachabilityChange, read
from storage.engine import Database
from tests.bot.telegram.serving import made, serving
from tests.fakes.botapi import BotApi
from tests.replay.recorded import NAMES, recorded


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty database."""
    database = made(tmp_path / "test.db")
    yield database
    database.close()


@pytest.mark.parametrize("name", NAMES)
async def test_a_recorded_update_becomes_its_request_and_is_answered(
    name: str, database: Database
) -> None:
    update, expects = recorded(name)
    async with BotApi() as api, serving(api, database) as served:
        people = [api.user(number, wrote=True) for number in (1000001, 1000002)]
        api.group(-1001234567890, "Sales floor", people)
        api.push(update)
        if expects is None:
            await api.idle()
            assert served.skills.asked == []
        else:
            await served.answered(1)
            [request] = served.skills.asked
            asked = dataclasses.asdict(request)
            assert asked == asked | expects | {
                "account": asked["account"] | expects.get("account", {})
            }
            assert request.event_id == f"{api.world.bot_id}:{update['update_id']}"
        assert {refusal.code for refusal in api.refusals} <= {400}


def test_a_block_is_read_as_such() -> None:
    update, _ = recorded("blocked")
    assert read(update, Me(7000000001, "RepmateBot")) == ReachabilityChange(
        "1000001", reachable=False
    )


async def test_all_of_them_in_one_go(database: Database) -> None:
    wanted = [name for name in NAMES if recorded(name)[1] is not None]
    async with BotApi() as api, serving(api, database) as served:
        for number in (1000001, 1000002):
            api.user(number, wrote=True)
        for name in NAMES * 2:
            api.push(recorded(name)[0])
        await served.answered(len(wanted))
        assert len(served.effects()) == len(wanted)
