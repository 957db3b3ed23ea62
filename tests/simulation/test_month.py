"""A short month of a small floor keeps every promise; a rule that is broken is found out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from handlers import today
from kb.funnel import budget, stall
from kb.funnel.budget import Due, Share
from tests.simulation.floor import Size
from tests.simulation.ledger import PROMISES
from tests.simulation.month import Month
from tests.simulation.picture import drawn

pytestmark = pytest.mark.slow
PNG = b"\x89PNG\r\n\x1a\n"


def test_a_floor_of_twenty_reps_is_kept_every_promise(tmp_path: Path) -> None:
    month = Month(tmp_path, Size(reps=20, deals=400, days=10))
    ledger = asyncio.run(month.run())
    assert dict(ledger.examples) == {}
    assert set(ledger.checked) == set(PROMISES)
    assert len(ledger.nudges) > 300
    assert sum(ledger.digests.values()) > 50
    assert month.acts > 300
    assert month.post.failed > 0  # the platform had a bad moment, and the process slept once
    drawn(ledger, "Ten days of 20 reps and 400 deals", tmp_path / "month.png")
    assert (tmp_path / "month.png").read_bytes().startswith(PNG)


def everything(due: list[Due], _left: int, _now: datetime, _ahead: int = 0) -> Share:
    return Share(tuple(each.deal_id for each in due), ())


@pytest.mark.parametrize(
    ("promise", "room", "name", "wrong"),
    [
        ("the day's budget", budget, "shared", everything),
        ("no deal with a booked step", stall, "booked", lambda *_: False),
        ("digests name all that waits", today, "is_stalled", lambda *_: False),
    ],
)
def test_a_rule_that_is_broken_is_found_out(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    promise: str,
    room: Any,
    name: str,
    wrong: Callable[..., object],
) -> None:
    monkeypatch.setattr(room, name, wrong)
    month = Month(tmp_path, Size(reps=4, deals=120, days=4))
    assert asyncio.run(month.run()).broken[promise] > 0
