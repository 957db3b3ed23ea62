"""What people are called in Telegram's JSON."""

from __future__ import annotations

from bot.inbound.json_fields import Raw, string

TEXT_CHARACTERS = 4096  # more than that no message has


def read_full_name(person: Raw) -> str:
    """First and last name of a user or of a shared contact."""
    names = (string(person, "first_name"), string(person, "last_name"))
    return " ".join(name for name in names if name)
