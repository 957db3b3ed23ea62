"""Recorded payloads of Slack's, replayed through the real adapter, become the requests they should.

They are shaped as Slack sends them, with people, customers and tokens made up.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from handlers.contract.request import Request
from tests.bot.slack.serving import Served, serving, setup_of
from tests.bot.telegram.serving import Skills
from tests.fakes.slackapi import Channel, Message, SlackApi, Workspace

FOLDER = Path(__file__).parent / "slack"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
Json = dict[str, Any]
ANN, BO, PARTNER, GRID_ANN = "U02ANN4LEE", "U02BO0000X", "U0PARTNER1", "W02ANN4GRD"
PRIVATE, SALES, SHARED = "D02AB3CD4EF", "C02SALES5RM", "C02SHARED01"
GRID_PRIVATE = "D02GRID0001"
SAID = (  # what the payloads tell of, or stand under
    (SALES, "1763456100.000100"),
    (SHARED, "1763456600.001100"),
    (PRIVATE, "1763456189.184129"),
    (PRIVATE, "1763456900.001700"),
    (GRID_PRIVATE, "1763456500.000900"),
)


def recorded(name: str) -> Json:
    """How a payload came, the payload, and what it must become (None where it becomes nothing)."""
    record: Json = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return record


def people(api: SlackApi) -> Workspace:
    """Everybody in the payloads, the rooms they are in, and the workspace of a Grid."""
    team = api.team
    for user in (ANN, BO):
        api.user(user, id=user, is_admin=True)
    api.user("Sam", id=PARTNER, home_team_id="T0PARTNER")
    rooms = {PRIVATE: ("im", {ANN}), SALES: ("channel", {ANN, BO}), SHARED: ("channel", {PARTNER})}
    for name, (kind, members) in rooms.items():
        inside = {*members, team.bot_user_id}
        api.world.channels[name] = Channel(name, name.lower(), kind, team.id, inside)
    grid = api.workspace("T0GRIDSALES", "Big Corp", enterprise_id="E0BIGCORP1", org_wide=True)
    api.user("Ann", grid, id=GRID_ANN, is_admin=True)
    mates = {GRID_ANN, grid.bot_user_id}
    api.world.channels[GRID_PRIVATE] = Channel(GRID_PRIVATE, "", "im", grid.id, mates)
    for room, ts in SAID:
        said = Message({"type": "message", "ts": ts, "text": "…", "user": BO}, room)
        api.world.channels[room].messages.append(said)
    return grid


def readdressed(api: SlackApi, payload: Json) -> Json:
    """The payload with an address for its answer that leads to this Slack."""
    if "response_url" not in payload:
        return payload
    user = payload.get("user_id") or payload["user"]["id"]
    room = api.world.channels[payload.get("channel_id") or payload["channel"]["id"]]
    return payload | {"response_url": api.world.response_url(room, user, api.team)}


@asynccontextmanager
async def replaying(folder: Path, *, grid: bool = False) -> AsyncIterator[tuple[Served, Skills]]:
    """The adapter on a Slack with everybody on it; the skills remember what they are asked."""
    skills = Skills()
    async with SlackApi() as api:
        big = people(api)
        setup = setup_of(api, bot_token=big.bot_token) if grid else setup_of(api)
        with patch("bot.app.routes.answer", skills):
            async with serving(api, folder / "replay.db", setup) as served:
                yield served, skills


@pytest.mark.parametrize("name", NAMES)
async def test_a_recorded_payload_becomes_its_request_and_is_answered(
    name: str, tmp_path: Path
) -> None:
    record = recorded(name)
    async with replaying(tmp_path, grid="grid" in name) as (served, skills):
        told = served.api.push(readdressed(served.api, record["payload"]), record["how"])
        await served.answered()
        assert told.state == "acked"
        assert [_shown(one, record["expects"]) for one in skills.asked] == _wanted(record)
        assert served.api.refusals == []
        assert served.api.live_mentions == []


async def test_somebody_of_a_shared_channel_is_told_nothing_but_that_it_is_for_members(
    tmp_path: Path,
) -> None:
    record = recorded("mention_by_somebody_of_a_shared_channel")
    async with replaying(tmp_path) as (served, skills):
        served.api.push(record["payload"])
        await served.answered()
        assert skills.asked == []
        [said] = served.api.sent
        assert said.only_for == PARTNER


async def test_all_of_one_workspace_twice_in_one_go_have_one_effect_each(tmp_path: Path) -> None:
    records = [recorded(name) for name in NAMES if "grid" not in name]
    async with replaying(tmp_path) as (served, skills):
        payloads = [(readdressed(served.api, one["payload"]), one["how"]) for one in records]
        for payload, how in payloads * 2:
            served.api.push(payload, how)
        await served.answered()
        assert len(skills.asked) == sum(one["expects"] is not None for one in records)


def _shown(request: Request, expects: Json | None) -> Json:
    """The fields of a request that the record speaks of."""
    asked = dataclasses.asdict(request)
    wanted = expects or {}
    named = {name: asked[name] for name in wanted if name != "account"}
    account = {name: asked["account"][name] for name in wanted.get("account", {})}
    return named | ({"account": account} if account else {})


def _wanted(record: Json) -> list[Json]:
    return [] if record["expects"] is None else [record["expects"]]
