"""Turns to send: never more than a platform allows, answers first, no chat at another's cost."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from bot.pace import Pace, Rate
from bot.telegram.rates import GROUP, MARGIN, PRIVATE, telegram_pace
from tests.fakes.botapi.errors import ApiError
from tests.fakes.botapi.rates import Rates

ALL = Rate(30 * MARGIN, 30 * MARGIN)


@dataclass
class Seconds:
    """A clock of seconds that goes on when everybody rests: a small event loop of its own."""

    now: float = 1000.0
    sleepers: list[tuple[float, int, asyncio.Event]] = field(default_factory=list)
    count: int = 0

    def time(self) -> float:
        return self.now

    async def rest(self, seconds: float) -> None:
        woken = asyncio.Event()
        self.count += 1
        self.sleepers.append((self.now + seconds, self.count, woken))
        await woken.wait()

    async def run(self, *tasks: asyncio.Task[None]) -> None:
        while not all(task.done() for task in tasks):
            for _ in range(20):
                await asyncio.sleep(0)
            if self.sleepers:
                self.sleepers.sort()
                at, _, woken = self.sleepers.pop(0)
                self.now = max(self.now, at)
                woken.set()
        for task in tasks:
            task.result()


@dataclass
class Platform:
    """Counts by Telegram's own limits, as the fake Bot API does."""

    clock: Seconds
    refused: int = 0
    sent: list[tuple[float, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rates = Rates(self.clock.time)

    def send(self, chat: int) -> None:
        try:
            self.rates.spend(chat)
        except ApiError:
            self.refused += 1
        self.sent.append((self.clock.now, chat))


async def sends(
    pace: Pace, clock: Seconds, platform: Platform, chats: list[int], *, urgent: bool
) -> None:
    for chat in chats:
        await pace.turn(chat, clock.rest, urgent=urgent)
        platform.send(chat)


async def test_a_thousand_nudges_and_live_answers_never_meet_a_refusal() -> None:
    clock = Seconds()
    pace, platform = Pace(clock.time, ALL, PRIVATE, GROUP), Platform(clock)
    nudges = asyncio.create_task(
        sends(pace, clock, platform, [1 + n % 300 for n in range(1000)], urgent=False)
    )
    people = [
        asyncio.create_task(sends(pace, clock, platform, [5000 + n] * 4, urgent=True))
        for n in range(40)
    ]
    await clock.run(nudges, *people)
    assert platform.refused == 0
    assert len(platform.sent) == 1160


async def test_an_answer_does_not_wait_for_a_storm_of_nudges() -> None:
    clock = Seconds()
    pace, platform = Pace(clock.time, ALL, PRIVATE, GROUP), Platform(clock)
    storm = asyncio.create_task(sends(pace, clock, platform, list(range(1, 500)), urgent=False))
    waited = []

    async def person() -> None:
        for n in range(30):
            await clock.rest(0.5)
            asked = clock.now
            await pace.turn(9000 + n, clock.rest, urgent=True)
            platform.send(9000 + n)
            waited.append(clock.now - asked)

    await clock.run(storm, asyncio.create_task(person()))
    assert max(waited) < 0.2
    assert platform.refused == 0


async def test_a_chat_that_is_full_holds_up_no_other() -> None:
    clock = Seconds()
    pace, platform = Pace(clock.time, ALL, PRIVATE, GROUP), Platform(clock)
    flood = asyncio.create_task(sends(pace, clock, platform, [7] * 20, urgent=True))
    other = asyncio.create_task(sends(pace, clock, platform, [8], urgent=True))
    await clock.run(flood, other)
    assert next(at for at, chat in platform.sent if chat == 8) == 1000.0
    assert clock.now >= 1000 + 17


async def test_a_group_gets_no_more_than_twenty_a_minute() -> None:
    clock = Seconds()
    pace, platform = Pace(clock.time, ALL, PRIVATE, GROUP), Platform(clock)
    await clock.run(asyncio.create_task(sends(pace, clock, platform, [-5] * 60, urgent=True)))
    assert platform.refused == 0
    minutes = Counter(int((at - 1000) // 60) for at, _ in platform.sent)
    assert max(list(minutes.values())[1:]) <= 20


async def test_without_rates_nobody_waits() -> None:
    pace, clock = telegram_pace(0), Seconds()
    for _ in range(200):
        await pace.turn(1, clock.rest, urgent=False)
    assert clock.sleepers == []


@given(st.lists(st.tuples(st.integers(-2, 4), st.booleans()), max_size=60))
def test_any_mix_of_sends_keeps_the_rates(asked: list[tuple[int, bool]]) -> None:
    clock = Seconds()
    platform = Platform(clock)

    async def play() -> None:
        pace = Pace(clock.time, ALL, PRIVATE, GROUP)
        tasks = [
            asyncio.create_task(sends(pace, clock, platform, [chat or 1], urgent=urgent))
            for chat, urgent in asked
        ]
        await clock.run(*tasks)

    asyncio.run(play())
    assert platform.refused == 0
    assert len(platform.sent) == len(asked)
