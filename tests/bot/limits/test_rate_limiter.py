"""Turns to send: never more than a platform allows, answers first, no chat at another's cost."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.limits.rate_limiter import Key, Rate, RateLimited, RateLimiter
from bot.telegram.rate_limits import ALL, make_chat_key, make_limiter
from tests.fakes.botapi.errors import ApiError
from tests.fakes.botapi.rates import Rates

SLACK = {"T1": Rate(1.0, 4.0), "chat": Rate(1.0, 1.0)}


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


def paced(clock: Seconds) -> RateLimiter:
    """Telegram's pace, by this clock."""
    with patch("bot.telegram.rate_limits._now", clock.time):
        return make_limiter(30)


def keys(chat: int) -> tuple[Key, ...]:
    return (ALL, make_chat_key(chat))


async def sends(
    pace: RateLimiter, clock: Seconds, platform: Platform, chats: list[int], *, urgent: bool
) -> None:
    for chat in chats:
        await pace.acquire(keys(chat), clock.rest, urgent=urgent)
        platform.send(chat)


async def test_a_thousand_nudges_and_live_answers_never_meet_a_refusal() -> None:
    clock = Seconds()
    pace, platform = paced(clock), Platform(clock)
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
    pace, platform = paced(clock), Platform(clock)
    storm = asyncio.create_task(sends(pace, clock, platform, list(range(1, 500)), urgent=False))
    waited = []

    async def person() -> None:
        for n in range(30):
            await clock.rest(0.5)
            asked = clock.now
            await pace.acquire(keys(9000 + n), clock.rest, urgent=True)
            platform.send(9000 + n)
            waited.append(clock.now - asked)

    await clock.run(storm, asyncio.create_task(person()))
    assert max(waited) < 0.2
    assert platform.refused == 0


async def test_a_chat_that_is_full_holds_up_no_other() -> None:
    clock = Seconds()
    pace, platform = paced(clock), Platform(clock)
    flood = asyncio.create_task(sends(pace, clock, platform, [7] * 20, urgent=True))
    other = asyncio.create_task(sends(pace, clock, platform, [8], urgent=True))
    await clock.run(flood, other)
    assert next(at for at, chat in platform.sent if chat == 8) == 1000.0
    assert clock.now >= 1000 + 17


async def test_a_group_gets_no_more_than_twenty_a_minute() -> None:
    clock = Seconds()
    pace, platform = paced(clock), Platform(clock)
    await clock.run(asyncio.create_task(sends(pace, clock, platform, [-5] * 60, urgent=True)))
    assert platform.refused == 0
    minutes = Counter(int((at - 1000) // 60) for at, _ in platform.sent)
    assert max(list(minutes.values())[1:]) <= 20


async def test_without_rates_nobody_waits() -> None:
    pace, clock = make_limiter(0), Seconds()
    for _ in range(200):
        await pace.acquire(keys(1), clock.rest, urgent=False)
    assert clock.sleepers == []


@given(st.lists(st.tuples(st.integers(-2, 4), st.booleans()), max_size=60))
def test_any_mix_of_sends_keeps_the_rates(asked: list[tuple[int, bool]]) -> None:
    clock = Seconds()
    platform = Platform(clock)

    async def play() -> None:
        pace = paced(clock)
        tasks = [
            asyncio.create_task(sends(pace, clock, platform, [chat or 1], urgent=urgent))
            for chat, urgent in asked
        ]
        await clock.run(*tasks)

    asyncio.run(play())
    assert platform.refused == 0
    assert len(platform.sent) == len(asked)


def slack(clock: Seconds) -> RateLimiter:
    """A pace by workspace, and by channel inside it: as another platform may count."""
    return RateLimiter(clock.time, lambda key: SLACK.get("chat" if len(key) > 1 else key[0]))


async def test_any_keys_a_platform_counts_by_are_each_kept() -> None:
    clock = Seconds()
    pace, went = slack(clock), []

    async def send(*key: str) -> None:
        await pace.acquire([key[:1], key], clock.rest, urgent=False)
        went.append((key, clock.now - 1000))

    asked = [("T1", f"C{n}") for n in range(6)] + [("T1", "C0"), ("T2", "C0")]
    await clock.run(*(asyncio.create_task(send(*key)) for key in asked))
    assert [at for key, at in went if key[0] == "T2"] == [0.0]
    assert [at for key, at in went if key == ("T1", "C0")] in ([0.0, 1.0], [0.0, 2.0], [0.0, 3.0])
    assert sorted(at for key, at in went if key[0] == "T1") == [0, 0, 0, 0, 1, 2, 3]


async def test_nobody_gets_a_turn_while_the_platform_asked_to_wait_and_others_do() -> None:
    clock = Seconds()
    pace, platform = paced(clock), Platform(clock)
    pace.hold(make_chat_key(7), 35)
    pace.hold(make_chat_key(7), 1)  # a shorter wait takes nothing back
    held = asyncio.create_task(sends(pace, clock, platform, [7], urgent=True))
    other = asyncio.create_task(sends(pace, clock, platform, [8], urgent=False))
    await clock.run(held, other)
    assert platform.sent == [(1000.0, 8), (1035.0, 7)]
    assert pace.held_keys() == {}


async def test_whoever_will_not_wait_so_long_is_told_how_long_it_takes_and_takes_no_turn() -> None:
    clock = Seconds()
    pace = paced(clock)
    pace.hold(ALL, 3600)
    with pytest.raises(RateLimited) as told:
        await pace.acquire(keys(1), clock.rest, urgent=False, at_most=5)
    assert (told.value.key, told.value.seconds) == (ALL, 3600)
    clock.now += 3600
    for _ in range(3):
        await pace.acquire(keys(1), clock.rest, urgent=False, at_most=0)
    with pytest.raises(RateLimited) as told:
        await pace.acquire(keys(1), clock.rest, urgent=False, at_most=0.5)
    assert told.value.key == make_chat_key(1)


async def test_a_bucket_that_is_full_again_is_forgotten_and_one_that_is_not_stays() -> None:
    clock = Seconds()
    pace = paced(clock)
    with patch("bot.limits.rate_limiter.MAX_BUCKETS", 3):
        for chat in (1, 1, 1, 2):
            await pace.acquire(keys(chat), clock.rest, urgent=True)
        clock.now += 1.5  # the second chat may speak freely again, the first may not
        await pace.acquire(keys(3), clock.rest, urgent=True)
        await pace.acquire(keys(1), clock.rest, urgent=True, at_most=0)
        with pytest.raises(RateLimited):
            await pace.acquire(keys(1), clock.rest, urgent=True, at_most=0)
