"""People side by side in one time: what each won, lost and made, and how much each did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb.funnel.figures.deal_history import Course
from kb.funnel.figures.measures import Measures, Span, measure
from kb.funnel.figures.money import Rates, Total
from kb.funnel.figures.periods import Period
from kb.funnel.stages.funnel import Funnel
from kb.states import DealStatus


@dataclass(frozen=True)
class Person:
    """One member's figures; `won` is their sum in the team's currency, `acts` all they did."""

    member_id: int
    measures: Measures
    won: Total
    open: int
    acts: int


@dataclass(frozen=True)
class Comparison:
    """Everybody's figures of a period, who won most in front."""

    period: Period
    people: tuple[Person, ...]


def compare(
    found: Sequence[Course],
    funnel: Funnel,
    span: Span,
    period: Period,
    rates: Rates,
    acts: Mapping[int, int],
) -> Comparison:
    """The figures of every owner of these courses, and of whoever did anything."""
    owned: dict[int, list[Course]] = {member: [] for member in acts}
    for course in found:
        owned.setdefault(course.deal.owner_id, []).append(course)
    people = []
    for member, theirs in owned.items():
        measured = measure(theirs, funnel, span)
        live = sum(course.status == DealStatus.LIVE for course in theirs)
        won = rates.total(measured.won.amounts)
        people.append(Person(member, measured, won, live, acts.get(member, 0)))
    people.sort(key=lambda each: (-each.won.amount, -each.measures.won.n, each.member_id))
    return Comparison(period, tuple(people))
