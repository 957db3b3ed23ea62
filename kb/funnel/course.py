"""A deal's course, rebuilt from its events alone: what it reached when, and how it ended.

An event that was undone, and the one that undid it, do not count. A deal that leaps over stages
has reached them too, at the instant of the leap: so the shares that go on from stage to stage
multiply to the share that is won.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from kb.funnel.move import OPEN
from kb.funnel.stage import Funnel

WITHDRAWN = "withdrawn"


class Dealt(NamedTuple):
    """A deal as it stands: what never was an event, or is the same whenever one looks.

    `amount` is in `currency` (ISO 4217); `own_odds` is its owner's own chance of it, in percent.
    """

    id: int
    owner_id: int
    source: str
    stage: str
    status: str
    amount: Decimal | None
    currency: str
    created_at: datetime
    own_odds: int | None = None


class Fact(NamedTuple):
    """One event of a deal; what it left unchanged is None. Instants are aware UTC.

    `left` is the stage before it, `was_worth` the amount before it.
    """

    deal_id: int
    id: int
    undoes_id: int | None
    kind: str
    at: datetime
    left: str | None
    stage: str | None
    status: str | None
    reason: str | None
    was_worth: str | None
    worth: str | None


@dataclass(slots=True)
class Stay:
    """Time in one stage, from `came` to `went`; None while the deal still stands there."""

    stage: str
    came: datetime
    went: datetime | None = None


@dataclass(slots=True)
class Course:
    """What became of a deal, as of its newest event.

    `reached` holds, by the funnel's order, when the deal first came to each stage or leapt over
    it; None for what it has not reached. `ended_at` is when it was won or lost; None while open.
    `worths` are its amounts, each from when on.
    """

    deal: Dealt
    began_at: datetime
    reached: list[datetime | None]
    stays: list[Stay] = field(default_factory=list)
    status: str = "live"
    reason: str = ""
    ended_at: datetime | None = None
    worths: list[tuple[datetime, Decimal | None]] = field(default_factory=list)

    @property
    def stage(self) -> str:
        """Where it stands, or where it ended."""
        return self.stays[-1].stage

    @property
    def is_open(self) -> bool:
        """Whether it can still be won."""
        return self.status in OPEN

    @property
    def amount(self) -> Decimal | None:
        """Its newest amount."""
        return self.worths[-1][1]

    def went_on(self, place: int) -> bool:
        """Whether it came to any stage after this one, or was won."""
        return self.status == "won" or any(at is not None for at in self.reached[place + 1 :])

    def worth_at(self, at: datetime) -> Decimal | None:
        """Its amount as it was known at an instant."""
        known = [amount for since, amount in self.worths if since <= at]
        return known[-1] if known else self.worths[0][1]


def courses(deals: Iterable[Dealt], facts: Iterable[Fact], funnel: Funnel) -> list[Course]:
    """The course of each deal that has any; `facts` come deal by deal, in the order of their ids.

    Deals whose making was undone have none.
    """
    known = {deal.id: deal for deal in deals}
    found = []
    for deal_id, its in groupby(facts, key=lambda fact: fact.deal_id):
        deal = known.get(deal_id)
        if deal is not None:
            course = _course(deal, _standing(list(its)), funnel)
            if course.status != WITHDRAWN:
                found.append(course)
    return found


def _standing(facts: list[Fact]) -> list[Fact]:
    """The facts that were not undone, without what undid the others."""
    undone = {fact.undoes_id for fact in facts if fact.undoes_id is not None}
    if not undone:
        return facts
    return [fact for fact in facts if fact.undoes_id is None and fact.id not in undone]


def _course(deal: Dealt, facts: Sequence[Fact], funnel: Funnel) -> Course:
    began = facts[0].at if facts else deal.created_at
    course = Course(deal, began, [None] * len(funnel.stages))
    first = next((fact.left for fact in facts if fact.left is not None), deal.stage)
    course.stays.append(Stay(first, began))
    course.worths.append((began, _first_worth(deal, facts)))
    course.status = deal.status if not facts else WITHDRAWN
    places = {stage.key: place for place, stage in enumerate(funnel.stages)}
    furthest = places.get(first, -1)
    if furthest >= 0:
        course.reached[furthest] = began
    for fact in facts:
        furthest = _follow(course, fact, places, furthest)
    return course


def _follow(course: Course, fact: Fact, places: dict[str, int], furthest: int) -> int:
    """Carries one event out on the course; how far it has come now."""
    if fact.worth is not None or fact.was_worth is not None:
        course.worths.append((fact.at, _amount(fact.worth)))
    if fact.status is not None:
        course.status = fact.status
        course.reason = fact.reason or ""
        course.ended_at = None if fact.status in OPEN else fact.at
        if course.ended_at is not None:
            course.stays[-1].went = fact.at
        elif course.stays[-1].went is not None:
            course.stays.append(Stay(course.stays[-1].stage, fact.at))
    if fact.stage is None or fact.stage == course.stays[-1].stage:
        return furthest
    return _enter(course, fact, places, furthest)


def _enter(course: Course, fact: Fact, places: dict[str, int], furthest: int) -> int:
    stage = fact.stage or ""
    if course.ended_at is None:
        course.stays[-1].went = fact.at
        course.stays.append(Stay(stage, fact.at))
    else:  # won: the last stage is reached by it, and left in the same instant
        course.stays.append(Stay(stage, fact.at, fact.at))
    place = places.get(stage, -1)
    for each in range(furthest + 1, place + 1):
        course.reached[each] = fact.at
    return max(furthest, place)


def _first_worth(deal: Dealt, facts: Sequence[Fact]) -> Decimal | None:
    for fact in facts:
        if fact.worth is not None or fact.was_worth is not None:
            return _amount(fact.was_worth)
    return deal.amount


def _amount(written: str | None) -> Decimal | None:
    return Decimal(written) if written is not None else None
