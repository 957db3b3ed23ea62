"""A made world has the product's own shape, and the same seed makes the same one."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path

import pytest

from kb.funnel.figures.deal_history import DealHistory, DealRow, EventRow, build_histories
from kb.funnel.stages.funnel_templates import load_funnel
from storage.scope import Scope
from tests.office import Office, opened
from tests.worlds.made import World, made
from tests.worlds.making import Plan
from tests.worlds.truth import TRUTHS

DAY = (
    "lead Acme, 12k, inbound", "called acme talked", "note acme wants a demo",
    "next acme call tomorrow 10am", "done acme", "move acme qualified", "undo",
    "move acme demo", "offer acme 14k", "park acme until 1 March", "reopen acme", "lost acme price",
    "reopen acme", "next acme call tomorrow 10am", "won-paid",
)  # fmt: skip


STEP = re.compile(r"step:\d+\.")


def rebuilt(world: World) -> list[DealHistory]:
    funnel = load_funnel("odds6")
    with world.database.work() as memory:
        scope = Scope(world.team.id)
        deals = [DealRow._make(row) for row in memory.histories.list_deals(scope)]
        return build_histories(
            deals, map(EventRow._make, memory.histories.list_facts(scope)), funnel
        )


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("world")
    return made(folder, Plan(seed=4, deals=400, truth=TRUTHS["export"]))


def test_the_state_of_every_deal_can_be_rebuilt_from_its_events(world: World) -> None:
    found = rebuilt(world)
    assert len(found) == 400
    for course in found:
        deal = course.deal
        assert (course.stage, course.status, course.amount) == (
            deal.stage,
            deal.status,
            deal.amount,
        )


def test_the_same_seed_makes_the_same_world(tmp_path: Path) -> None:
    twice = [made(tmp_path / name, Plan(seed=9, deals=60)) for name in ("one", "two")]
    rows = [world.rows("select * from event order by id") for world in twice]
    assert rows[0] == rows[1]
    assert len(rows[0]) > 200


def test_another_seed_makes_another_world(tmp_path: Path) -> None:
    twice = [made(tmp_path / str(seed), Plan(seed=seed, deals=60)) for seed in (1, 2)]
    rows = [world.rows("select at, kind from event order by id") for world in twice]
    assert rows[0] != rows[1]


def test_events_stand_in_the_order_in_which_they_happened(world: World) -> None:
    moments = [at for (at,) in world.rows("select at from event order by id")]
    assert moments == sorted(moments)


async def test_every_event_has_the_shape_that_the_product_gives_its_kind(
    world: World, tmp_path: Path
) -> None:
    with opened(tmp_path) as office:
        await played(office)
        theirs = shapes(office.rows("select kind, before, after from event"))
    ours = shapes(world.rows("select kind, before, after from event"))
    known = {kind for kind in ours if kind in theirs}
    assert known >= {"created", "called", "noted", "moved", "offered", "lost", "parked", "reopened"}
    assert {kind: ours[kind] - theirs[kind] for kind in known - {"undone"}} == {
        kind: set() for kind in known - {"undone"}
    }
    assert set(ours) <= {*theirs, "won", "handed_over", "objection"}


async def played(office: Office) -> None:
    for line in DAY:
        if line == "won-paid":
            await office.taps("Ann", f"won-paid:{office.deal('Acme')}")
        else:
            await office.says("Ann", line)
    await office.says("Ann", "lead Beta, 5k")
    await office.says("Ann", "next beta tomorrow 10am call")
    await office.says("Ann", "park beta until 1 March")
    await office.says("Ann", "reopen beta")
    await office.says("Ann", "next beta tomorrow 11am call")
    await office.says("Ann", "lost beta price")
    await office.says("Ann", "reopen beta")
    await office.says("Ann", "move beta demo")
    await office.says("Ann", "offer beta")
    await office.says("Ann", "offer beta 9k")
    await office.taps("Ann", f"won-paid:{office.deal('Beta')}")


def shapes(rows: list[tuple[str, str, str]]) -> dict[str, set[tuple[str, ...]]]:
    """The columns that each kind of event names, however they are ordered."""

    found: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for kind, before, after in rows:
        assert set(json.loads(before)) == set(json.loads(after))
        found[kind].add(tuple(sorted({STEP.sub("step.", name) for name in json.loads(after)})))
    return found
