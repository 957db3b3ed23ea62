"""Kills a process again and again, in the middle of its work, and starts it anew each time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess

from tests.fakes.botapi import BotApi

AT_ONCE = 20  # messages that are waited for at most before the next kill
LONGEST = 1.6  # seconds a process lives at most when it is killed at any moment


async def kill_storm(
    api: BotApi,
    chance: random.Random,
    kills: int,
    seconds: float,
    start: Callable[[], ForkServerProcess],
    dead: Callable[[float, float], None],
    patience: float = 10.0,
) -> None:
    """So many kills within about so many seconds: half at any moment, half amid what it sends.

    On a slow machine it takes longer: `patience` is how long a process has to send something.
    `dead` is told of each life when it is over: from its first word to Telegram, the loop's time.
    """
    clock = asyncio.get_running_loop().time
    end = clock() + seconds
    for left in range(kills, 0, -1):
        born, process = up(api), start()
        life = min(LONGEST, 2 * (end - clock()) / left) * chance.random()
        if left % 2:
            await asyncio.sleep(life)
        else:
            await _amid(api, chance, patience)
        process.kill()
        await asyncio.to_thread(process.join)
        died = clock()
        dead(born.result() if born.done() else died, died)
        born.cancel()


def up(api: BotApi) -> asyncio.Task[float]:
    """When the next process is up, and asks Telegram who it is; the loop's time."""
    calls = api.calls["getMe"]

    async def asked() -> float:
        await api.pulse.until(lambda: api.calls["getMe"] > calls, None)
        return asyncio.get_running_loop().time()

    return asyncio.create_task(asked())


async def _amid(api: BotApi, chance: random.Random, longest: float) -> None:
    """Waits until some more messages are out, or so long."""
    enough = len(api.sent) + chance.randint(1, AT_ONCE)
    await api.pulse.until(lambda: len(api.sent) >= enough, longest)


async def stopped(process: ForkServerProcess) -> int | None:
    """Tells a process to stop, as a server does; its exit code."""
    process.terminate()
    await asyncio.to_thread(process.join, 30)
    return process.exitcode
