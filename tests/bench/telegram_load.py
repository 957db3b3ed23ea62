"""Plays Telegram and its people in a process of its own: each person speaks when answered.

The process has its own core, so that the server is not what is measured; how busy it was is part
of the answer.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from time import perf_counter, process_time

from tests.bench.sales_floor import Rep
from tests.fakes.botapi import BotApi, User
from tests.fakes.botapi.calls import Call
from tests.fakes.botapi.errors import Json
from tests.fakes.botapi.world import World

PATIENCE = 60.0  # seconds for one round
NOTED = 10  # of a rep's customers are called again and again, the others stay as they are
NOTE = "note {name} called, liked the demo and asks for a quote"


@dataclass(frozen=True)
class Place:
    """Where a bot finds this Telegram."""

    token: str
    base_url: str
    base_file_url: str


@dataclass(frozen=True)
class Order:
    """So many people say so many lines in all, each as soon as their last was answered."""

    people: int
    messages: int


@dataclass(frozen=True)
class Heard:
    """What became of an order: seconds to each answer, seconds in all, the server's share."""

    waits: list[float]
    seconds: float
    server_share: float


class Telegram:
    """The process, as the bench sees it."""

    def __init__(self, pipe: Connection, place: Place) -> None:
        self._pipe = pipe
        self.place = place

    async def hears(self, order: Order) -> Heard:
        """Carries out an order against whatever bot is there."""
        self._pipe.send(order)
        answer = await asyncio.to_thread(self._pipe.recv)
        if not isinstance(answer, Heard):
            raise TypeError(answer)
        return answer


@contextmanager
def telegram(reps: Sequence[Rep]) -> Iterator[Telegram]:
    """A Telegram on which these reps have all written to the bot before."""
    ours, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_serve, args=(theirs, reps), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Telegram(ours, ours.recv())
    finally:
        ours.close()
        process.join(PATIENCE)


@dataclass
class _Crowd:
    """The people, what they say next, and since when they wait."""

    api: BotApi
    reps: Sequence[Rep]
    users: list[User]
    said: dict[int, int] = field(default_factory=dict)
    since: dict[int, float] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    left: int = 0

    async def carry_out(self, order: Order) -> Heard:
        self.waits, self.left = [], order.messages
        start, worked = perf_counter(), process_time()
        for number in range(min(order.people, order.messages)):
            self._speak(number)
        await self.api.wait_for(lambda: len(self.waits) >= order.messages, PATIENCE)
        seconds = perf_counter() - start
        share = (process_time() - worked) / seconds
        await self.api.idle()
        return Heard(self.waits, seconds, share)

    def answered(self, chat_id: int) -> None:
        """The bot has sent a message to this chat."""
        began = self.since.pop(chat_id, None)
        if began is None:
            return
        self.waits.append(perf_counter() - began)
        if self.left:
            self._speak(next(n for n, rep in enumerate(self.reps) if rep.account_id == chat_id))

    def _speak(self, number: int) -> None:
        rep = self.reps[number]
        turn = self.said[number] = self.said.get(number, 0) + 1
        name = rep.customers[turn // 2 % min(NOTED, len(rep.customers))]
        line = NOTE.format(name=name) if turn % 2 else "today"
        self.left -= 1
        self.since[rep.account_id] = perf_counter()
        self.users[number].says(line)


def _serve(pipe: Connection, reps: Sequence[Rep]) -> None:
    asyncio.run(_served(pipe, reps))


async def _served(pipe: Connection, reps: Sequence[Rep]) -> None:
    async with BotApi() as api:
        users = [api.user(rep.account_id, "Ann", wrote=True) for rep in reps]
        crowd = _Crowd(api, reps, users)
        send = api.door.methods["sendMessage"]

        def sent(world: World, call: Call) -> Json:
            message: Json = send(world, call)
            crowd.answered(int(message["chat"]["id"]))
            return message

        api.door.methods["sendMessage"] = sent
        pipe.send(Place(api.token, api.base_url, api.base_file_url))
        while True:
            try:
                order = await asyncio.to_thread(pipe.recv)
            except EOFError:
                return
            try:
                pipe.send(await crowd.carry_out(order))
            except AssertionError as error:  # the bot fell silent: said here, raised there
                pipe.send(str(error))
