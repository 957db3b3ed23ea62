"""A deal's course, rebuilt from its events alone: what it reached when, and how it ended.

An event that was undone, and the one that undid it, do not count. A deal that leaps over stages
has reached them too, at the instant of the leap: so the shares that go on from stage to stage
multiply to the share that is won. A stage that is no longer in the funnel counts as the one that
took its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from kb.funnel.stages.funnel import Funnel
from kb.states import ENDED, DealStatus


class Dealt(NamedTuple):
    """A deal as it stands: what never was an event, or is the same whenever one looks.

    `amount` is in `currency` (ISO 4217); `own_odds` is its owner's own chance of it, in percent.
    """

    id: int
    owner_id: int
    source: str
    stage: str
    status: DealStatus
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
    `worths` are its amounts, each from when on; `selling` is how many stages come before the
    payment.
    """

    deal: Dealt
    began_at: datetime
    reached: list[datetime | None]
    selling: int
    stays: list[Stay] = field(default_factory=list)
    status: DealStatus = DealStatus.LIVE
    reason: str = ""
    ended_at: datetime | None = None
    worths: list[tuple[datetime, Decimal | None]] = field(default_factory=list)

    @property
    def stage(self) -> str:
        """Where it stands, or where it ended."""
        return self.stays[-1].stage

    @property
    def is_open(self) -> bool:
        """Whether it can still be won: also one that is parked, or waits for a new owner."""
        return self.status not in ENDED

    @property
    def amount(self) -> Decimal | None:
        """Its newest amount."""
        return self.worths[-1][1]

    def went_on(self, place: int) -> bool:
        """Whether it came to any stage after this one, or was won from it."""
        if self.status == DealStatus.WON and place < self.selling:
            return True
        return any(at is not None for at in self.reached[place + 1 :])

    def worth_at(self, at: datetime) -> Decimal | None:
        """Its amount as it was known at an instant."""
        known = [amount for since, amount in self.worths if since <= at]
        return known[-1] if known else self.worths[0][1]


def courses(deals: Iterable[Dealt], facts: Iterable[Fact], funnel: Funnel) -> list[Course]:
    """The course of each deal that has any; `facts` come deal by deal, in the order of their ids.

    Deals whose making was undone have none.
    """
    known = {deal.id: deal for deal in deals}
    path = _Path(funnel)
    found = []
    for deal_id, its in groupby(facts, key=lambda fact: fact.deal_id):
        deal = known.get(deal_id)
        if deal is not None:
            course = path.course(deal, _standing(list(its)))
            if course.status != DealStatus.WITHDRAWN:
                found.append(course)
    return found


def _standing(facts: list[Fact]) -> list[Fact]:
    """The facts that were not undone, without what undid the others."""
    undone = {fact.undoes_id for fact in facts if fact.undoes_id is not None}
    if not undone:
        return facts
    return [fact for fact in facts if fact.undoes_id is None and fact.id not in undone]


class _Path:
    """A funnel's stages by place, and the courses through them."""

    def __init__(self, funnel: Funnel) -> None:
        self._funnel = funnel
        self._places = {stage.key: place for place, stage in enumerate(funnel.stages)}
        self._here: dict[str, str] = {key: key for key in self._places}

    def course(self, deal: Dealt, facts: Sequence[Fact]) -> Course:
        """The course of one deal, whose standing facts these are."""
        funnel = self._funnel
        began = facts[0].at if facts else deal.created_at
        course = Course(deal, began, [None] * len(funnel.stages), len(funnel.selling))
        first = next((fact.left for fact in facts if fact.left is not None), deal.stage)
        course.stays.append(Stay(self._stage(first), began))
        course.worths.append((began, _first_worth(deal, facts)))
        course.status = deal.status if not facts else DealStatus.WITHDRAWN
        furthest = self._places[course.stage]
        course.reached[furthest] = began
        for fact in facts:
            furthest = self._follow(course, fact, furthest)
        return course

    def _stage(self, key: str) -> str:
        """The stage of this funnel that a key means today."""
        found = self._here.get(key)
        if found is None:
            found = self._here[key] = self._funnel.here(key)
        return found

    def _follow(self, course: Course, fact: Fact, furthest: int) -> int:
        """Carries one event out on the course; how far it has come now."""
        if fact.worth is not None or fact.was_worth is not None:
            course.worths.append((fact.at, _amount(fact.worth)))
        if fact.status is not None and fact.status != course.status:
            _turn(course, DealStatus(fact.status), fact)
        stage = self._stage(fact.stage) if fact.stage is not None else course.stage
        if stage == course.stage:
            return furthest
        place = self._places[stage]
        _enter(course, stage, fact.at, after=place >= course.selling)
        for each in range(furthest + 1, place + 1):
            course.reached[each] = fact.at
        return max(furthest, place)


def _turn(course: Course, status: DealStatus, fact: Fact) -> None:
    """The deal ends, or is open again; its stay in the stage ends and begins with that."""
    course.status, course.reason = status, fact.reason or ""
    course.ended_at = None if course.is_open else fact.at
    if course.ended_at is not None:
        course.stays[-1].went = course.stays[-1].went or fact.at
    elif course.stays[-1].went is not None:
        course.stays.append(Stay(course.stage, fact.at))


def _enter(course: Course, stage: str, at: datetime, *, after: bool) -> None:
    """Into a stage. Won, a deal leaves the last one before the payment in the same instant."""
    course.stays[-1].went = course.stays[-1].went or at
    leaves = at if course.ended_at is not None and not after else None
    course.stays.append(Stay(stage, at, leaves))


def _first_worth(deal: Dealt, facts: Sequence[Fact]) -> Decimal | None:
    for fact in facts:
        if fact.worth is not None or fact.was_worth is not None:
            return _amount(fact.was_worth)
    return deal.amount


def _amount(written: str | None) -> Decimal | None:
    return Decimal(written) if written is not None else None
