"""Telegram takes a message, and the connection dies before it says so: one repeat, and marked."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.fakes.botapi import BotApi
from tests.faults import promises
from tests.faults.process import started
from tests.faults.promises import FIRST_ACCOUNT
from tests.faults.report import Report, sized
from tests.faults.storms import stopped

pytestmark = pytest.mark.faults

PEOPLE = sized(12, 200)
PATIENCE = sized(40.0, 120.0)


async def test_an_answer_cut_before_its_body_costs_one_repeat_at_most_and_it_is_marked(
    api: BotApi, tmp_path: Path, report: Report
) -> None:
    chance, path = random.Random(report.seed), tmp_path / "cut.db"
    told = promises.at_random(chance, PEOPLE, 3.0)
    promises.keep(path, told, PEOPLE)
    promises.introduce(api, PEOPLE)
    for number in range(0, PEOPLE, 2):
        api.cut_next("sendMessage", chat=FIRST_ACCOUNT + number)
    told.begin()
    process = started(api, path, told.clock)
    await api.wait_for(lambda: len(api.sent) >= PEOPLE + PEOPLE // 2, PATIENCE)
    await api.idle(quiet=5.0, timeout=PATIENCE)
    assert await stopped(process) == 0
    report.fault("200 and no body", PEOPLE // 2 - api.faults.left)
    names, arrived = list(told.due), told.arrived(api)
    again = {name for name, times in arrived.items() if len(times) > 1}
    report.holds("every fault befell a message", api.faults.left == 0)
    report.holds("no nudge is lost", all(arrived.values()))
    report.holds("none comes more than twice", max(map(len, arrived.values())) <= 2)
    report.holds("only what was cut is repeated", again <= set(names[::2]), len(again))
    report.holds("each repeat is marked so", again <= promises.repeated(path))
