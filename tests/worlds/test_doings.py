"""Activity, first answers and objections are those of pandas on the same rows."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from storage.scope import Scope
from tests.worlds.frames import Frames
from tests.worlds.made import World, made
from tests.worlds.making import END, Plan
from tests.worlds.truth import TRUTHS

TOUCHES = ["called", "noted", "step_done", "step_set", "moved", "offered", "objection"]
SPANS = ((400, 0), (120, 30), (30, 0))  # days before the end


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder: Path = tmp_path_factory.mktemp("doings")
    return made(folder, Plan(6, 200, truth=TRUTHS["export"], cards=True))


@pytest.fixture(params=list(product(SPANS, ("all", "half"))), ids=str)
def case(
    request: pytest.FixtureRequest, world: World
) -> tuple[Scope, pd.Timestamp, pd.Timestamp, set[int]]:
    (since, until), who = request.param
    team = world.team
    members = set(team.below(team.managers[0])) if who == "half" else {*team.reps}
    scope = Scope(team.id, frozenset(members) if who == "half" else None)
    start, end = (pd.Timestamp(END - timedelta(days=days)) for days in (since, until))
    return scope, start, end, members


def test_activity_counts_what_each_member_did_and_was_not_undone(
    world: World, case: tuple[Scope, pd.Timestamp, pd.Timestamp, set[int]]
) -> None:
    scope, start, end, members = case
    events = Frames(world.path).events
    events = events[(events["at"] >= start) & (events["at"] < end)]
    events = events[events.member_id.isin(members) & (events.kind != "handed_over")]
    counted = events.groupby(["member_id", "kind"]).size().to_dict()
    with world.database.work() as memory:
        rows = memory.histories.count_activity(scope, start.to_pydatetime(), end.to_pydatetime())
    assert {(member, kind): times for member, kind, times in rows} == counted
    assert counted


def test_a_first_answer_is_the_first_touch_that_stands(
    world: World, case: tuple[Scope, pd.Timestamp, pd.Timestamp, set[int]]
) -> None:
    scope, start, end, members = case
    frames = Frames(world.path, members)
    made_in = frames.deals[(frames.deals.created_at >= start) & (frames.deals.created_at < end)]
    touches = frames.events[frames.events.kind.isin(TOUCHES)].groupby("deal_id")["at"].min()
    expected = {deal: touches.get(deal) for deal in made_in.id}
    with world.database.work() as memory:
        rows = memory.histories.list_response_times(
            scope, start.to_pydatetime(), end.to_pydatetime()
        )
    assert {deal: touched for deal, _, touched in rows} == expected


def test_objections_say_what_became_of_their_deals(
    world: World, case: tuple[Scope, pd.Timestamp, pd.Timestamp, set[int]]
) -> None:
    scope, start, end, members = case
    frames = Frames(world.path)
    asked = frames.lookups
    asked["at"] = pd.to_datetime(asked["at"], utc=True, format="ISO8601")
    asked = asked[(asked["at"] >= start) & (asked["at"] < end) & asked.member_id.isin(members)]
    joined = asked.merge(frames.deals[["id", "status"]], left_on="deal_id", right_on="id")
    counted = joined.groupby(["stage", "used_card_id", "status"]).size().to_dict()
    with world.database.work() as memory:
        rows = memory.lookups.count_deal_outcomes(scope, start.to_pydatetime(), end.to_pydatetime())
    assert {(stage, card, status): n for stage, card, status, n in rows} == counted
