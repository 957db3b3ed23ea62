"""The queue of updates behind getUpdates: delivered until confirmed, one poller at a time.

As https://core.telegram.org/bots/api#getupdates says: an update is confirmed, and forgotten, as
soon as getUpdates is called with an offset higher than its update_id.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass

from tests.fakes.botapi.errors import ApiError, Json
from tests.fakes.botapi.pulse import Pulse

MAX_LIMIT = 100
MAX_TIMEOUT = 50.0
# Not sent unless a bot asks for them by name.
ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}
_CONFLICT = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


@dataclass
class _Entry:
    raw: Json
    # Out of order (redelivered, or after Telegram drew new ids): must be seen before an offset
    # that was already higher can confirm it.
    unseen: bool = False

    @property
    def id(self) -> int:
        return int(self.raw["update_id"])


class UpdateQueue:
    """Updates in the order in which they happened."""

    def __init__(self, pulse: Pulse, first_id: int) -> None:
        self._pulse = pulse
        self._next_id = first_id
        self._offset = 0
        self._entries: list[_Entry] = []
        self._allowed: frozenset[str] | None = None
        self._poller: object = None
        self.closed = False

    @property
    def waiting(self) -> list[Json]:
        """Updates not yet confirmed, delivered or not."""
        return [entry.raw for entry in self._entries]

    def add(self, kind: str, content: Json) -> Json:
        """Queue an update of this kind under the next id, unless the bot does not want the kind."""
        raw: Json = {"update_id": self._next_id, kind: copy.deepcopy(content)}
        if self._wanted(kind):
            return self.push(raw)
        self._next_id += 1
        return raw

    def push(self, raw: Json) -> Json:
        """Queue exactly this update; without an update_id it gets the next one."""
        raw = raw if "update_id" in raw else {"update_id": self._next_id} | raw
        number = int(raw["update_id"])
        known = number < max(self._next_id, self._offset)
        self._entries.append(_Entry(raw, unseen=known))
        self._next_id = max(self._next_id, number + 1)
        self._pulse.beat()
        return raw

    def renumber(self, next_id: int) -> None:
        """Go on from this id, as Telegram does after a week without updates."""
        self._next_id = next_id

    def clear(self) -> None:
        """Forget everything pending (drop_pending_updates)."""
        self._entries.clear()
        self._pulse.beat()

    async def get(
        self, offset: int, limit: int, timeout: float, allowed: Sequence[str] | None
    ) -> list[Json]:
        """Confirm what lies below `offset`, then answer with what is left, waiting for some.

        Raises ApiError 409 when a newer call takes over.
        """
        if allowed is not None:
            self._allowed = frozenset(allowed) or None
        me = self._poller = object()
        self._confirm(offset)
        self._pulse.beat()
        await self._pulse.until(
            lambda: bool(self._entries or self.closed) or self._poller is not me,
            min(timeout, MAX_TIMEOUT),
        )
        if self._poller is not me:
            raise ApiError(409, _CONFLICT)
        return self._deliver(limit if 1 <= limit <= MAX_LIMIT else MAX_LIMIT)

    def _wanted(self, kind: str) -> bool:
        return kind not in ON_REQUEST if self._allowed is None else kind in self._allowed

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self._entries = self._entries[offset:]
        else:
            self._offset = offset
            self._entries = [e for e in self._entries if e.unseen or e.id >= offset]

    def _deliver(self, limit: int) -> list[Json]:
        batch = self._entries[:limit]
        for entry in batch:
            entry.unseen = False
        return [entry.raw for entry in batch]
