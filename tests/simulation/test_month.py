"""A short month of a small floor keeps every promise; a rule that is broken is found out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from handlers.deals import steps
from handlers.digest import daily_digest, send_time
from kb.funnel import nudge_budget, stall
from kb.funnel.nudge_budget import Due, Share
from storage.tables.steps import Step, StepState
from tests.simulation.floor import BEGIN, Size
from tests.simulation.ledger import PROMISES
from tests.simulation.month import DAY, Month
from tests.simulation.people import Person
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


def of_one_rep_who_blocks_the_bot_on_the_second_day(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Month:
    month = Month(folder, Size(reps=1, deals=30, days=8))
    rep = month.people["member-Rep0"]
    rep.persona = "silent"
    month.post.blocked = {"member-Rep0": (BEGIN + DAY, BEGIN + 2 * DAY)}
    monkeypatch.setattr(Person, "answers", lambda _person: None)
    monkeypatch.setattr(Person, "acts_today", lambda *_: [])
    return month


def test_whoever_blocked_the_bot_and_never_wrote_again_is_out_of_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    month = of_one_rep_who_blocks_the_bot_on_the_second_day(tmp_path, monkeypatch)
    ledger = asyncio.run(month.run())
    assert dict(ledger.examples) == {}


def test_whoever_writes_again_is_told_of_all_that_waits_from_the_next_morning_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    month = of_one_rep_who_blocks_the_bot_on_the_second_day(tmp_path, monkeypatch)
    written = BEGIN + 3 * DAY
    monkeypatch.setattr(
        Person,
        "acts_today",
        lambda person, _me, day: (
            [written] * (day.date() == written.date() and not person.worker.is_manager)
        ),
    )
    ledger = asyncio.run(month.run())
    assert dict(ledger.examples) == {}
    assert month.back["member-Rep0"] == written
    assert ledger.checked["nobody forgotten"] > 0


def everything(due: list[Due], _left: int, _now: datetime, _ahead: int = 0) -> Share:
    return Share(tuple(each.key for each in due), ())


def nothing(due: list[Due], _left: int, _now: datetime, _ahead: int = 0) -> Share:
    return Share((), tuple(each.key for each in due))


def never(*_: object) -> bool:
    return False


def ring_late(step: Step) -> None:
    if step.state == StepState.OPEN and step.rang_for != step.at:
        step.ring_at = step.at + timedelta(minutes=5)


def no_faults(*_: object) -> dict[int, str]:
    return {}


@pytest.mark.parametrize(
    ("promise", "wrong"),
    [
        (
            "the day's budget",
            [(nudge_budget, "share_budget", everything), (send_time, "fold_over_limit", never)],
        ),
        ("no deal with a booked step", [(stall, "is_step_booked", never)]),
        ("digests name all that waits", [(daily_digest, "find_faults", no_faults)]),
        ("every booked step rings once, at its minute", [(steps, "set_ring", ring_late)]),
        (
            "every booked step rings once, at its minute",
            [(nudge_budget, "share_budget", nothing)],
        ),
        (
            "nobody forgotten",
            [
                (daily_digest, "render_digest", lambda _: None),
                (nudge_budget, "share_budget", nothing),
            ],
        ),
    ],
)
def test_a_rule_that_is_broken_is_found_out(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    promise: str,
    wrong: list[tuple[Any, str, Callable[..., object]]],
) -> None:
    for room, name, instead in wrong:
        monkeypatch.setattr(room, name, instead)
    month = Month(tmp_path, Size(reps=4, deals=120, days=4))
    assert asyncio.run(month.run()).broken[promise] > 0
