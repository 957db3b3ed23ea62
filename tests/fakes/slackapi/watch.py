"""What a test looks at, and how it waits: woken by what happens, never by sleeping."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

from tests.fakes.botapi.pulse import Pulse
from tests.fakes.slackapi.deliveries import Deliveries
from tests.fakes.slackapi.door import Door
from tests.fakes.slackapi.reading import Live
from tests.fakes.slackapi.record import Record, Refusal, Sent
from tests.fakes.slackapi.workspaces import Channel
from tests.fakes.slackapi.world import World


class Watch:
    """The test's eyes on the fake."""

    world: World
    door: Door
    deliveries: Deliveries
    pulse: Pulse

    @property
    def record(self) -> Record:
        """Everything the app did."""
        return self.world.record

    @property
    def sent(self) -> list[Sent]:
        """Every accepted message and edit, oldest first."""
        return self.record.sent

    @property
    def calls(self) -> Counter[str]:
        """How often each method was called, refused calls included."""
        return self.record.calls

    @property
    def refusals(self) -> list[Refusal]:
        """Every refused call, scripted refusals included."""
        return self.record.refusals

    @property
    def live_mentions(self) -> list[Live]:
        """Everybody whom Slack would have called because of what the app sent."""
        return [live for live in self.record.live if live.kind != "link"]

    @property
    def live_links(self) -> list[Live]:
        """Every link that Slack would have made of what the app sent."""
        return [live for live in self.record.live if live.kind == "link"]

    def texts(self, channel: Channel, user_id: str = "") -> list[str]:
        """What the app's messages in a channel say now, as this person (or anybody) sees them."""
        return [message.text for message in channel.seen_by(user_id) if message.by_bot]

    async def wait_for(self, wanted: int | Callable[[], bool], timeout: float = 60.0) -> list[Sent]:
        """Wait until so many messages are sent (in all), or until the predicate holds.

        The predicate is asked again after everything that happens here. Raises AssertionError,
        which says what was sent, after `timeout` seconds. Gives back `sent`.
        """
        ready = wanted if callable(wanted) else lambda: len(self.sent) >= wanted
        if not await self.pulse.until(ready, timeout):
            raise AssertionError(f"not within {timeout} s; {self._story()}")
        return self.sent

    async def idle(self, quiet: float = 0.05, timeout: float = 60.0) -> None:
        """Wait until everything due is acknowledged, no call is under way and none came for
        `quiet` seconds.
        """
        try:
            async with asyncio.timeout(timeout):
                while await self._stirs(quiet):
                    pass
        except TimeoutError:
            raise AssertionError(f"not idle within {timeout} s; {self._story()}") from None

    async def _stirs(self, quiet: float) -> bool:
        await self.pulse.until(self._settled, None)
        seen = self.door.seen
        return await self.pulse.until(lambda: self.door.seen != seen or not self._settled(), quiet)

    def _settled(self) -> bool:
        return not self.deliveries.waiting and self.door.busy == 0

    def _story(self) -> str:
        texts = [f"{sent.method} {sent.channel_id}: {sent.text[:80]!r}" for sent in self.sent[-5:]]
        refused = [f"{one.method}: {one.error} {one.messages}" for one in self.refusals[-3:]]
        waiting = len(self.deliveries.waiting)
        return f"{waiting} not acknowledged; last sent {texts}; last refused {refused}"
