"""Compares people over a period: what each won, lost and created, and how much each did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb.funnel.figures.deal_history import DealHistory
from kb.funnel.figures.measures import Measures, Span, measure
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
    acts: int


@dataclass(frozen=True)
class Comparison:
    """Everybody's figures of a period, whoever won most first."""

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
        live = sum(history.status == DealStatus.LIVE for history in theirs)
        won = rates.total(measured.won.amounts)
        people.append(MemberFigures(member, measured, won, live, acts.get(member, 0)))
    people.sort(key=lambda each: (-each.won.amount, -each.measures.won.n, each.member_id))
    return Comparison(period, tuple(people))
