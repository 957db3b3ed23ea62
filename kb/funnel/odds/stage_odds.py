"""Chances of winning by the stages' own odds, and totals by stage; currencies never mix."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from kb.funnel.stages.funnel import Funnel
from kb.states import OPEN, DealStatus


@dataclass(frozen=True)
class StageTotal:
    """How many deals are in a stage, and the sum of their amounts by ISO currency."""

    count: int
    amounts: Mapping[str, Decimal]


def chance(stage: str, status: DealStatus, funnel: Funnel) -> int:
    """The chance of winning in percent: 100 only when won, which means the money is in."""
    if status == DealStatus.WON:
        return 100
    return funnel.stage(stage).odds if status in OPEN else 0


def weigh(amount: Decimal, percent: int) -> Decimal:
    """The amount times its chance, in the same currency, not rounded."""
    return amount * percent / 100


def total_by_stage(rows: Iterable[tuple[str, Decimal | None, str]]) -> Mapping[str, StageTotal]:
    """Counts and amounts per stage of (stage, amount, currency); no amount still counts."""
    counts: Counter[str] = Counter()
    sums: defaultdict[str, dict[str, Decimal]] = defaultdict(dict)
    for stage, amount, currency in rows:
        counts[stage] += 1
        if amount is not None:
            sums[stage][currency] = sums[stage].get(currency, Decimal(0)) + amount
    return {
        stage: StageTotal(count, MappingProxyType(sums[stage])) for stage, count in counts.items()
    }
