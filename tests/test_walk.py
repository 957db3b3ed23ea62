"""The walk of one message: down through the rooms once, back once, and no call goes upward."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.dialogs.stages import STAGES
from tests.walking import ELSEWHERE, Call, Walk, watched

Fits = Callable[[Call], bool]
WALK = ["adapter", "inbound", "app", "catalog", "handler", "rule", "commit", "outbound"]
DAY = (
    "lead Beta, Jane Doe, 12k",
    "next acme tomorrow 3pm send the offer",
    "note acme called, wants a demo",
    "deals",
    "today",
    "undo",
    "won acme 5k",
    "lost beta price",
    "funnel",
    "invite",
)
# What the desk hands a handler, to be called when it needs it.
OF_THE_DESK = {("bot/app.py", "<lambda>"), ("bot/app.py", "generate_secret")}
VALUES = ("<genexpr>",)  # values that a caller hands down, made as they are asked for


def at(file: str, name: str) -> Fits:
    return lambda call: (call.file, call.name) == (file, name)


def _commits(call: Call) -> bool:
    """The commit of the request's own transaction: others go on beside it."""
    return call.file == ELSEWHERE and "bot/app.py:_transaction" in call.inside


INNER: dict[str, Fits] = {
    "app": at("bot/app.py", "_transaction"),
    "catalog": at("handlers/contract/catalog.py", "parse"),
    "handler": at("handlers/selling/move.py", "move"),
    "rule": at("kb/funnel/move.py", "move"),
    "commit": _commits,
}
OUTER: dict[str, dict[str, Fits]] = {
    "terminal": {
        "adapter": at("bot/terminal/adapter.py", "handle_line"),
        "inbound": at("bot/terminal/adapter.py", "_read_line"),
        "outbound": at("bot/terminal/screen.py", "show"),
    },
    "slack": {
        "adapter": at("bot/slack/receiving.py", "_receive"),
        "inbound": at("bot/slack/inbound.py", "read"),
        "outbound": at("bot/slack/outbound.py", "show"),
    },
    "telegram": {
        "adapter": at("bot/telegram/poller.py", "_store_and_queue"),
        "inbound": at("bot/telegram/inbound.py", "read"),
        "outbound": at("bot/telegram/outbound.py", "show"),
    },
}


async def walked(platform: str, folder: Path, *lines: str) -> Walk:
    """What ran while Ann typed these lines, her deal with Acme being there already."""
    async with STAGES[platform](folder, "en") as stage:
        await stage.says("Ann", "lead Acme, 12k")
        async with watched(stage.app) as walk:
            for line in lines:
                await stage.says("Ann", line)
    return walk


def test_every_platform_is_walked() -> None:
    assert set(OUTER) == set(STAGES)


@pytest.mark.parametrize("platform", OUTER)
async def test_a_message_goes_down_through_the_rooms_once_and_back_once(
    platform: str, tmp_path: Path
) -> None:
    walk = await walked(platform, tmp_path, "move acme proposal")
    assert walk.steps(OUTER[platform] | INNER) == WALK
    assert [str(call) for call in walk.calls if call.is_upward] == []


@pytest.mark.parametrize("platform", OUTER)
async def test_no_call_of_a_whole_day_goes_upward_but_those_the_desk_hands_down(
    platform: str, tmp_path: Path
) -> None:
    walk = await walked(platform, tmp_path, *DAY)
    upward = [call for call in walk.calls if call.is_upward and call.name not in VALUES]
    assert [str(call) for call in upward if (call.file, call.name) not in OF_THE_DESK] == []
    assert len({call.file for call in walk.calls}) > 40


def test_a_call_from_a_lower_room_into_a_higher_one_is_noticed() -> None:
    assert Call("handlers/selling/move.py", "move", "kb/funnel/move.py", "move").is_upward
    assert Call("bot/app.py", "answer", "handlers/selling/deal_list.py", "deals").is_upward
    assert (
        Call("storage/deals/deals.py", "get", "kb/objections/search.py", "search").is_upward
        is False
    )
    assert not Call("kb/funnel/move.py", "move", "handlers/selling/move.py", "move").is_upward
    assert not Call("bot/app.py", "answer", "", "").is_upward
