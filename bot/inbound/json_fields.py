"""Reads single fields out of a platform's JSON, any of which may be missing or strange."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Raw = Mapping[str, Any]

NAME_CHARACTERS = 200
LARGEST_NUMBER = 2**63 - 1
_NOTHING: Raw = {}


def part(raw: Raw, name: str) -> Raw:
    """The object of that name; an empty one when it is missing or no object."""
    value = raw.get(name)
    return value if isinstance(value, dict) else _NOTHING


def number(raw: Raw, name: str) -> int:
    """The whole number of that name; 0, which is nobody's id, when it is none."""
    value = raw.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        return 0
    return value if abs(value) <= LARGEST_NUMBER else 0


def string(raw: Raw, name: str, limit: int = NAME_CHARACTERS) -> str:
    """The text of that name, at most so many characters, such as every database can keep.

    Lone halves of surrogate pairs become U+FFFD; NUL is left out.
    """
    value = raw.get(name)
    if not isinstance(value, str):
        return ""
    value = value[:limit]
    if value.isascii():
        return value.replace("\0", "")
    whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "")
