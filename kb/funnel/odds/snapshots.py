"""What past deals looked like while they were open, and how each of them ended.

A snapshot is a deal at one age in one stage, with what was known of it then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from kb.funnel.figures.deal_history import Course, Stay
from kb.funnel.figures.measures import DAY
from kb.funnel.figures.money import Rates
from kb.states import DealStatus

AGES = (0, 2, 5, 9, 14, 21, 30, 45, 60, 90)  # days


class Snapshot(NamedTuple):
    """A deal while it was open: `age` days in `stage`; `amount` in the team's currency, or None.

    `stood` is how many days it stood there in all, `won` how it ended; neither was known then.
    """

    deal_id: int
    stage: str
    age: float
    source: str
    owner_id: int
    amount: float | None
    won: bool = False
    stood: float = 0.0


def ended(found: Iterable[Course], before: datetime) -> list[Course]:
    """The deals that had ended by then, the first to end in front."""
    over = [c for c in found if c.ended_at is not None and c.ended_at < before]
    return sorted(over, key=lambda course: (course.ended_at or before, course.deal.id))


def of_ended(courses: Iterable[Course], rates: Rates) -> list[Snapshot]:
    """Every deal that ended at several ages in each stage that it stood in."""
    return [snapshot for course in courses for snapshot in _of(course, rates)]


def _of(course: Course, rates: Rates) -> Iterator[Snapshot]:
    for stay in course.stays:
        if stay.went is None or stay.went == stay.came:
            continue
        for age in AGES:
            at = stay.came + timedelta(days=age)
            if at >= stay.went:
                break
            yield _taken(course, stay, at, rates)


def at_moment(course: Course, at: datetime, rates: Rates) -> Snapshot | None:
    """The deal as it stood at an instant; None where it was not open then."""
    for stay in course.stays:
        if stay.came <= at and (stay.went is None or at < stay.went):
            return _taken(course, stay, at, rates)
    return None


def _taken(course: Course, stay: Stay, at: datetime, rates: Rates) -> Snapshot:
    worth, rate = course.worth_at(at), rates.of(course.deal.currency)
    return Snapshot(
        course.deal.id,
        stay.stage,
        (at - stay.came) / DAY,
        course.deal.source,
        course.deal.owner_id,
        float(worth * rate) if worth is not None and rate is not None else None,
        course.status == DealStatus.WON,
        ((stay.went or at) - stay.came) / DAY,
    )
