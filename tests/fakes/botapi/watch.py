"""What a test looks at, and how it waits: woken by what happens, never by sleeping."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

from tests.fakes.botapi.answering import scope_key
from tests.fakes.botapi.chats import Chat
from tests.fakes.botapi.door import Door
from tests.fakes.botapi.errors import Json
from tests.fakes.botapi.pulse import Pulse
from tests.fakes.botapi.record import CallbackAnswer, InlineAnswer, Refusal, Sent
from tests.fakes.botapi.world import World


class Watch:
    """The test's eyes on the fake."""

    def __init__(self, world: World, door: Door, pulse: Pulse) -> None:
        self._record = world.record
        self._chats = world
        self.door = door
        self.pulse = pulse

    @property
    def sent(self) -> list[Sent]:
        """Every accepted send and edit, oldest first."""
        return self._record.sent

    @property
    def calls(self) -> Counter[str]:
        """How often each method was called, refused calls included."""
        return self._record.calls

    @property
    def refusals(self) -> list[Refusal]:
        """Every refused call, scripted refusals included."""
        return self._record.refusals

    @property
    def callback_answers(self) -> list[CallbackAnswer]:
        """Every accepted answer to a pressed button."""
        return self._record.callback_answers

    @property
    def inline_answers(self) -> list[InlineAnswer]:
        """Every accepted answer to an inline query."""
        return self._record.inline_answers

    @property
    def actions(self) -> list[tuple[int, str]]:
        """Every chat action: chat id and action ("typing")."""
        return self._record.actions

    def chat(self, chat_id: int) -> Chat:
        """The chat as the person sees it now."""
        return self._chats.chat(chat_id)

    def commands(self, language_code: str = "", **scope: str | int) -> list[Json]:
        """The command list set for a scope (`type`, `chat_id`) and language."""
        return self._chats.commands.get((scope_key(dict(scope)), language_code), [])

    async def wait_for(self, wanted: int | Callable[[], bool], timeout: float = 60.0) -> list[Sent]:
        """Wait until so many messages are sent (in all), or until the predicate holds.

        The predicate is asked again after every call the bot makes. Raises AssertionError, which
        says what was sent, after `timeout` seconds. Gives back `sent`.
        """
        ready = wanted if callable(wanted) else lambda: len(self.sent) >= wanted
        if not await self.pulse.until(ready, timeout):
            raise AssertionError(f"not within {timeout} s; {self._story()}")
        return self.sent

    async def idle(self, quiet: float = 0.05, timeout: float = 60.0) -> None:
        """Wait until every update is confirmed, no call is under way and none came for `quiet` s.

        Telegram cannot know what a bot still does in silence: to wait for something that should
        come use `wait_for`, and this one to see that nothing else came.
        """
        try:
            async with asyncio.timeout(timeout):
                await self._settle(quiet)
        except TimeoutError:
            raise AssertionError(f"not idle within {timeout} s; {self._story()}") from None

    async def _settle(self, quiet: float) -> None:
        while await self._stirs(quiet):
            pass

    async def _stirs(self, quiet: float) -> bool:
        """Wait for everything to be done, then see whether anything more comes in time."""
        await self.pulse.until(self._settled, None)
        seen = self.door.seen
        return await self.pulse.until(lambda: self.door.seen != seen or not self._settled(), quiet)

    def _settled(self) -> bool:
        return not self._chats.updates.waiting and self.door.busy == 0

    def _story(self) -> str:
        texts = [f"{sent.method} {sent.chat_id}: {sent.text[:80]!r}" for sent in self.sent[-5:]]
        refused = [f"{refusal.method}: {refusal.description}" for refusal in self.refusals[-3:]]
        waiting = len(self._chats.updates.waiting)
        return f"{waiting} updates not confirmed; last sent {texts}; last refused {refused}"
