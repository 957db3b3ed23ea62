"""The chance of winning by stage, and what it makes of amounts; currencies are never mixed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from kb.funnel.stage import Funnel


@dataclass
class StageTotal:
    """How many deals stand in a stage, and their amounts by currency."""

    count: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)


def chance(stage: str, status: str, funnel: Funnel) -> int:
    """The chance of winning in percent: 100 only when won, which means the money is in."""
    if status == "won":
        return 100
    return 0 if status in ("lost", "withdrawn") else funnel.stage(stage).odds


def weighted(amount: Decimal, percent: int) -> Decimal:
    """The amount times its chance, in the same currency."""
    return amount * percent / 100


def totals(rows: Iterable[tuple[str, Decimal | None, str]]) -> Mapping[str, StageTotal]:
    """Counts and amounts per stage of (stage, amount, currency); no amount still counts."""
    found: dict[str, StageTotal] = {}
    for stage, amount, currency in rows:
        total = found.setdefault(stage, StageTotal())
        total.count += 1
        if amount is not None:
            total.amounts[currency] = total.amounts.get(currency, Decimal(0)) + amount
    return found
