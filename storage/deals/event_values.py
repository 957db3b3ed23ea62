"""Column values as JSON and back, for the before and after of an event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from kb.states import DealStatus
from storage.tables.columns import exact
from storage.tables.steps import StepState


def pack(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON: instants, days and amounts are marked, so that they come back the same.

    Equal values give equal JSON, whatever their zone or their zeros: undo compares it. Raises
    ValueError for a naive instant and for an amount that no column keeps.
    """
    return {name: _pack(value) for name, value in values.items()}


def unpack(stored: Mapping[str, Any]) -> dict[str, Any]:
    """What `pack` wrote, as it was."""
    return {name: _unpack(name, value) for name, value in stored.items()}


def _pack(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"instant": _in_utc(value).isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Decimal):
        return {"amount": format(exact(value), "f")}
    return value


def _in_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("a naive instant is no instant")
    return instant.astimezone(UTC)


def _unpack(name: str, value: Any) -> Any:
    if name == "status":
        return value if value is None else DealStatus(value)
    if name.startswith("step:") and name.endswith(".state"):
        return StepState(value)
    if not isinstance(value, dict):
        return value
    if "instant" in value:
        return datetime.fromisoformat(value["instant"])
    if "day" in value:
        return date.fromisoformat(value["day"])
    return Decimal(value["amount"])
