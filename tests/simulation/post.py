"""The platform of the simulated month, and the app that uses it without threads."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.app import App, Result
from bot.port import Address, DeliveryError, Sent
from handlers.contract.reply import Reply
from tests.bot.delivery.recorder import Recorder
from tests.simulation.floor import BEGIN

FLOODS, CUTS = 0.004, 0.003  # of the sends


@dataclass
class Post(Recorder):
    """The platform, on a good day and on others."""

    chance: random.Random = field(default_factory=random.Random)
    blocked: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    refs: list[str] = field(default_factory=list)
    failed: int = 0

    async def send(self, address: Address, reply: Reply) -> Sent:
        """Takes the message, or asks to wait, or is cut off before it took it."""
        begin, end = self.blocked.get(address.account_id, (BEGIN, BEGIN))
        roll = self.chance.random()
        self.failed += 1
        if begin <= self.clock.now() < end:
            raise DeliveryError("blocked", gone=True)
        if roll < FLOODS:
            raise DeliveryError("flood", retryable=True, retry_after=900)
        if roll < FLOODS + CUTS:
            raise DeliveryError("cut off", retryable=True)
        self.failed -= 1
        sent = await super().send(address, reply)
        self.refs.append(sent.message_ref)
        return sent


class OneThread(App):
    """The app without its threads: nothing happens at the same time, and a seed is a month."""

    async def run_off_loop(self, work: Callable[[], Result], *, ahead: bool = False) -> Result:
        """Runs the work where it stands."""
        return work()
