"""Lanes: order within, independence between, and never more at once than allowed."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inbound.lanes import Lanes


async def emptied() -> None:
    """Waits until every lane has come to its end."""
    await asyncio.gather(*(task for task in asyncio.all_tasks() if task.get_name() == "lane"))


@given(st.lists(st.sampled_from("abc"), max_size=30), st.integers(1, 4))
def test_each_lane_keeps_its_order_and_no_more_run_at_once_than_allowed(
    lanes: list[str], at_once: int
) -> None:
    done: list[tuple[str, int]] = []
    running, most = 0, 0

    async def job(lane: str, number: int) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        for _turn in range(number % 3):
            await asyncio.sleep(0)
        running -= 1
        done.append((lane, number))

    async def play() -> None:
        runner = Lanes(at_once)
        for number, lane in enumerate(lanes):
            runner.put(lane, partial(job, lane, number))
        await emptied()

    asyncio.run(play())
    for lane in "abc":
        assert [n for name, n in done if name == lane] == [
            n for n, name in enumerate(lanes) if name == lane
        ]
    assert most <= at_once


async def test_a_waiting_job_holds_up_its_own_lane_only() -> None:
    lanes, held, other = Lanes(), asyncio.Event(), asyncio.Event()
    done: list[str] = []

    async def wait() -> None:
        await held.wait()
        done.append("waited")

    async def after() -> None:
        done.append("after")

    async def answer() -> None:
        done.append("other")
        other.set()

    lanes.put("slow", wait)
    lanes.put("slow", after)
    lanes.put("quick", answer)
    await other.wait()
    assert done == ["other"]
    held.set()
    await emptied()
    assert done == ["other", "waited", "after"]


async def test_a_failed_job_is_logged_and_the_next_of_its_lane_runs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    lanes, done = Lanes(), asyncio.Event()

    async def fail() -> None:
        raise RuntimeError("broken")

    async def follow() -> None:
        done.set()

    lanes.put("a", fail)
    lanes.put("a", follow)
    await done.wait()


async def test_a_job_that_only_waits_lends_its_place() -> None:
    lanes, held, other = Lanes(at_once=1), asyncio.Event(), asyncio.Event()
    finished = asyncio.Event()

    async def wait() -> None:
        async with lanes.lend_place():
            await held.wait()
        finished.set()

    async def answer() -> None:
        other.set()

    lanes.put("waits", wait)
    lanes.put("works", answer)
    await other.wait()
    held.set()
    await finished.wait()


async def test_empty_lanes_are_forgotten() -> None:
    lanes = Lanes()

    async def job() -> None:
        await asyncio.sleep(0)

    for number in range(100):
        lanes.put(str(number), job)
    assert (len(lanes), lanes.waiting) == (100, 100)
    await emptied()
    assert len(lanes) == 0


async def test_draining_finishes_what_is_under_way_and_begins_nothing() -> None:
    lanes, begun, held = Lanes(), asyncio.Event(), asyncio.Event()
    done: list[str] = []

    async def wait() -> None:
        begun.set()
        await held.wait()
        done.append("under way")

    async def later() -> None:
        done.append("later")

    lanes.put("a", wait)
    lanes.put("a", later)
    await begun.wait()
    draining = asyncio.create_task(lanes.drain(5.0))
    await asyncio.sleep(0)
    lanes.put("b", later)
    held.set()
    assert await draining == 1
    assert done == ["under way"]


async def test_draining_ends_what_takes_too_long() -> None:
    lanes, begun = Lanes(), asyncio.Event()
    ended: list[str] = []

    async def hang() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("ended")

    lanes.put("a", hang)
    await begun.wait()
    assert await lanes.drain(0.0) == 1
    assert ended == ["ended"]
