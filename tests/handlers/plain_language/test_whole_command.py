"""Whole commands: what is one from end to end, and what only begins like one."""

from __future__ import annotations

import pytest

from handlers.plain_language.whole_command import find_whole_command
from tests.office import Office, desk_of

WHOLE = (
    "today", "deals", "deals stalled", "deals demo", "report last month", "lead Beta, Jo, 5k",
    "lead jo@beta.com", "note acme she called", "won acme", "move acme demo", "/move ltd",
    "undo", "撤销", "今天", "备注 acme 好", "线索 小米，李雷，5万", "查 acme",
)  # fmt: skip
WORDS = (
    "Move Ltd", "call centre", "call centre wants the demo", "Team Viewer", "Help Scout",
    "Goal Zero", "Report Ltd", "lead Bank", "offer was too high", "happy with the demo",
    "away from the office", "Card Factory", "note to self", "acme", "推进器公司", "电话里说下周",
)  # fmt: skip


@pytest.mark.parametrize("line", WHOLE)
async def test_a_command_with_what_it_takes_is_whole(office: Office, line: str) -> None:
    await office.says("Ann", "lead Acme, Jane Doe, 12k")
    with desk_of(office, "Ann") as desk:
        assert find_whole_command(line, desk) is not None


@pytest.mark.parametrize("line", WORDS)
async def test_words_that_begin_like_a_command_are_words(office: Office, line: str) -> None:
    await office.says("Ann", "lead Acme, Jane Doe, 12k")
    with desk_of(office, "Ann") as desk:
        assert find_whole_command(line, desk) is None
