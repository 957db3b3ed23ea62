"""Compares people over a period: what each won, lost and created, and how much each did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kb.funnel.figures.deal_history import DealHistory
from kb.funnel.figures.measures import Measures, Span, count_deals, measure
from kb.funnel.figures.money import Rates, Total
from kb.funnel.figures.periods import Period
from kb.funnel.stages.funnel import Funnel
from kb.states import DealStatus


@dataclass(frozen=True)
class MemberFigures:
    """One member's figures; `won` is a sum in the team's currency, `acts` counts their events."""

    member_id: int
    measures: Measures
    won: Total
    open: int
    worth: Total  # of the open deals
    acts: int


@dataclass(frozen=True)
class Comparison:
    """Everybody's figures of a period, whoever won most first, then whoever has most open."""

    period: Period
    people: tuple[MemberFigures, ...]


def compare_people(
    histories: Sequence[DealHistory],
    funnel: Funnel,
    span: Span,
    period: Period,
    rates: Rates,
    acts: Mapping[int, int],
) -> Comparison:
    """The figures of every owner of these deals, and of every member who did anything."""
    owned: dict[int, list[DealHistory]] = {member: [] for member in acts}
    for history in histories:
        owned.setdefault(history.deal.owner_id, []).append(history)
    people = []
    for member, theirs in owned.items():
        measured = measure(theirs, funnel, span)
        live = count_deals([each for each in theirs if each.status == DealStatus.LIVE])
        won, worth = rates.total(measured.won.amounts), rates.total(live.amounts)
        people.append(MemberFigures(member, measured, won, live.n, worth, acts.get(member, 0)))
    people.sort(key=_rank)
    return Comparison(period, tuple(people))


def _rank(each: MemberFigures) -> tuple[Decimal, int, Decimal, int, int]:
    return -each.won.amount, -each.measures.won.n, -each.worth.amount, -each.open, each.member_id
