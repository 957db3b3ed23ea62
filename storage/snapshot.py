"""Column values as JSON and back, for the before and after of an event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any


def packed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON: instants, days and amounts are marked, so that they come back the same."""
    return {name: _pack(value) for name, value in values.items()}


def unpacked(stored: Mapping[str, Any]) -> dict[str, Any]:
    """What `packed` wrote, as it was."""
    return {name: _unpack(value) for name, value in stored.items()}


def _pack(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"instant": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Decimal):
        return {"amount": format(value.normalize(), "f")}
    return value


def _unpack(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "instant" in value:
        return datetime.fromisoformat(value["instant"])
    if "day" in value:
        return date.fromisoformat(value["day"])
    return Decimal(value["amount"])
