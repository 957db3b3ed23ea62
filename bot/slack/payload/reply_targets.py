"""Where a reply is shown: in a channel or thread, to one person only, or in a message's place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.inbound.json_fields import Raw, string


@dataclass(frozen=True)
class Place:
    """A channel, or a person's own chat by their id, and where in it.

    `edits` is the timestamp of the message to replace. `only_for` shows it to that person alone.
    `response_url` is the address Slack gave for answers to one interaction, where it gave one.
    """

    channel: str = ""
    thread: str = ""
    edits: str = ""
    only_for: str = ""
    response_url: str = ""

    @property
    def is_channel(self) -> bool:
        """Whether others may read here."""
        return bool(self.channel) and self.channel[0] not in "DUW"

    def as_new_message(self) -> Place:
        """The same place, as a new message."""
        return replace(self, edits="")

    def for_everybody(self) -> Place:
        """The same place, for everybody there to see, as a new message."""
        return replace(self, edits="", only_for="", response_url="")

    def as_private(self, user: str) -> Place:
        """The same place, shown to one person only; their own chat is private already."""
        return replace(self, only_for=user) if self.is_channel else self

    def pack(self) -> dict[str, str]:
        """The place as data, to be stored in a modal."""
        stored = {"channel": self.channel, "thread": self.thread, "only_for": self.only_for}
        return {name: value for name, value in stored.items() if value}


def find_place(event: Raw) -> Place:
    """Where a message is answered: in its thread, and where it is in none it begins one."""
    return Place(string(event, "channel"), string(event, "thread_ts") or string(event, "ts"))


def unpack(stored: Mapping[str, Any]) -> Place:
    """The place that `packed` wrote."""
    return Place(
        string(stored, "channel"), string(stored, "thread"), "", string(stored, "only_for")
    )
