"""Plays Slack and its people in a process of its own: each person speaks when answered.

The process has its own core, so that the server is not what is measured; how busy it was is part
of the answer.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from time import perf_counter, process_time

from tests.bench.sales_floor import Rep
from tests.bench.telegram_load import NOTE, NOTED, PATIENCE, Order
from tests.fakes.slackapi import SlackApi, User
from tests.fakes.slackapi.calls import Call
from tests.fakes.slackapi.errors import Json
from tests.fakes.slackapi.server import FIRST
from tests.fakes.slackapi.world import World

POST = "chat.postMessage"


@dataclass(frozen=True)
class Place:
    """Where an app finds this Slack."""

    bot_token: str
    app_token: str
    base_url: str


@dataclass(frozen=True)
class Heard:
    """What became of an order: seconds to each answer and acknowledgement, seconds in all."""

    waits: list[float]
    acks: list[float]
    seconds: float
    server_share: float


class Slack:
    """The process, as the bench sees it."""

    def __init__(self, pipe: Connection, place: Place) -> None:
        self._pipe = pipe
        self.place = place

    async def hears(self, order: Order) -> Heard:
        """Carries out an order against whatever app is there."""
        self._pipe.send(order)
        answer = await asyncio.to_thread(self._pipe.recv)
        if not isinstance(answer, Heard):
            raise TypeError(answer)
        return answer


def known_as(account: int) -> tuple[str, str, str]:
    """A rep's platform, account and address."""
    return "slack", f"{FIRST}.U{account}", f"U{account}"


@contextmanager
def slack(reps: Sequence[Rep]) -> Iterator[Slack]:
    """A Slack in which these reps are members of the workspace."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(theirs, reps), daemon=True
    )
    process.start()
    theirs.close()
    try:
        yield Slack(ours, ours.recv())
    finally:
        ours.close()
        process.join(PATIENCE)


@dataclass
class _Crowd:
    """The people, what they say next, and since when they wait."""

    api: SlackApi
    reps: Sequence[Rep]
    users: list[User]
    said: dict[int, int] = field(default_factory=dict)
    since: dict[str, float] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    acks: list[float] = field(default_factory=list)
    left: int = 0

    async def carry_out(self, order: Order) -> Heard:
        self.waits, self.acks, self.left = [], [], order.messages
        await self.api.connected(timeout=PATIENCE)
        start, worked = perf_counter(), process_time()
        for number in range(min(order.people, order.messages)):
            self._speak(number)
        await self.api.wait_for(lambda: len(self.waits) >= order.messages, PATIENCE)
        seconds = perf_counter() - start
        share = (process_time() - worked) / seconds
        await self.api.idle(timeout=PATIENCE)
        return Heard(self.waits, self.acks, seconds, share)

    def answered(self, channel_id: str) -> None:
        """The app has sent a message to this channel."""
        number = next(n for n, user in enumerate(self.users) if user.dm.id == channel_id)
        began = self.since.pop(channel_id, None)
        if began is None:
            return
        self.waits.append(perf_counter() - began)
        if self.left:
            self._speak(number)

    def _speak(self, number: int) -> None:
        rep, user = self.reps[number], self.users[number]
        turn = self.said[number] = self.said.get(number, 0) + 1
        name = rep.customers[turn // 2 % min(NOTED, len(rep.customers))]
        self.left -= 1
        began = self.since[user.dm.id] = perf_counter()
        told = user.says(NOTE.format(name=name) if turn % 2 else "today")
        assert told is not None
        told.answered = lambda _: self.acks.append(perf_counter() - began)


def _serve(pipe: Connection, reps: Sequence[Rep]) -> None:
    asyncio.run(_served(pipe, reps))


async def _served(pipe: Connection, reps: Sequence[Rep]) -> None:
    async with SlackApi(now=time.time) as api:
        users = [api.user("Ann", id=f"U{rep.account_id}") for rep in reps]
        crowd = _Crowd(api, reps, users)
        post = api.door.methods[POST]

        def posted(world: World, call: Call) -> Json:
            told = post.act(world, call)
            crowd.answered(str(told["channel"]))
            return told

        api.door.methods[POST] = replace(post, act=posted)
        pipe.send(Place(api.bot_token, api.app_token, api.base_url))
        while True:
            try:
                order = await asyncio.to_thread(pipe.recv)
            except EOFError:
                return
            try:
                pipe.send(await crowd.carry_out(order))
            except AssertionError as error:  # the app fell silent: said here, raised there
                pipe.send(str(error))
