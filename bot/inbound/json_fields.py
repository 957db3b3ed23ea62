"""Reads single fields of a platform's JSON, which may be missing or of a wrong type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Raw = Mapping[str, Any]

NAME_CHARACTERS = 200
LARGEST_NUMBER = 2**63 - 1
_NOTHING: Raw = {}


def part(raw: Raw, name: str) -> Raw:
    """The object of that name; an empty one where it is missing or not an object."""
    value = raw.get(name)
    return value if isinstance(value, dict) else _NOTHING


def number(raw: Raw, name: str) -> int:
    """The whole number of that name; 0, which is nobody's id, where it is none."""
    value = raw.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        return 0
    return value if abs(value) <= LARGEST_NUMBER else 0


def string(raw: Raw, name: str, limit: int = NAME_CHARACTERS) -> str:
    """The text of that name, at most `limit` characters; empty where it is no text.

    Every database can store it: lone surrogates become U+FFFD, and NUL is left out.
    """
    value = raw.get(name)
    if not isinstance(value, str):
        return ""
    value = value[:limit]
    if value.isascii():
        return value.replace("\0", "")
    whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "")
