"""Checks of JSON against Slack's schemas: what is required, allowed, how long and how many."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.slackapi.errors import Malformed

# A value and where it stands (a JSON pointer); raises Malformed.
Check = Callable[[Any, str], None]


def flag(value: Any, at: str) -> None:
    """true or false"""
    if not isinstance(value, bool):
        raise Malformed("must be a boolean", at)


def anything(value: Any, at: str) -> None:
    """Whatever; the sdk's own models look at it."""


def string(most: int, least: int = 1) -> Check:
    """A string of so many characters."""

    def check(value: Any, at: str) -> None:
        if not isinstance(value, str):
            raise Malformed("must be a string", at)
        if len(value) < least:
            raise Malformed(f"must be more than {least - 1} characters", at)
        if len(value) > most:
            raise Malformed(f"must be less than {most + 1} characters", at)

    return check


def whole(low: int, high: int) -> Check:
    """A whole number between the two."""

    def check(value: Any, at: str) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise Malformed(f"must be an integer from {low} to {high}", at)

    return check


def one_of(*values: str) -> Check:
    """One of these strings."""

    def check(value: Any, at: str) -> None:
        if value not in values:
            raise Malformed(f"failed to match one of {list(values)}", at)

    return check


def url(most: int = 3000) -> Check:
    """A web address."""

    def check(value: Any, at: str) -> None:
        string(most)(value, at)
        if not value.lower().startswith(("http://", "https://", "mailto:", "slack://", "tel:")):
            raise Malformed("must be a valid URL", at)

    return check


def listed(item: Check, most: int, least: int = 1) -> Check:
    """A list of so many items."""

    def check(value: Any, at: str) -> None:
        if not isinstance(value, list):
            raise Malformed("must be an array", at)
        if len(value) < least:
            raise Malformed(f"no less than {least} items allowed", at)
        if len(value) > most:
            raise Malformed(f"no more than {most} items allowed", at)
        for number, one in enumerate(value):
            item(one, f"{at}/{number}")

    return check


def fields(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these fields and no other."""
    known = {**(optional or {}), **required}

    def check(value: Any, at: str) -> None:
        if not isinstance(value, dict):
            raise Malformed("must be an object", at)
        for name in required:
            if name not in value:
                raise Malformed(f"missing required field: {name}", at)
        for name, one in value.items():
            if name not in known:
                raise Malformed(f"no more than known fields allowed: {name}", at)
            known[name](one, f"{at}/{name}")

    return check


def typed(kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` says which of these it is."""

    def check(value: Any, at: str) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind not in kinds:
            raise Malformed(f"unsupported type: {kind}", f"{at}/type")
        kinds[str(kind)]({name: one for name, one in value.items() if name != "type"}, at)

    return check
