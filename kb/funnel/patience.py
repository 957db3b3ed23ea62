"""A stage's patience learned from the team's own won deals, once there are enough of them.

The rule: the 80th percentile (nearest rank) of the working days that won deals stayed in a stage.
A deal that stays longer than four of five won deals did is worth a question.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import ceil

from kb.funnel.calendar import WorkCalendar
from kb.funnel.stages.funnel_templates import LONGEST_PATIENCE

ENOUGH_DEALS = 20  # won deals that passed through a stage
PERCENTILE = 80


@dataclass(frozen=True)
class StageEntry:
    """When a won deal came into a stage, or was won."""

    deal_id: int
    at: datetime  # aware UTC
    stage: str  # "" for the moment it was won


def learn_patience(history: Iterable[StageEntry], calendar: WorkCalendar) -> Mapping[str, int]:
    """The patience of each stage that enough won deals passed through, in working days.

    `history` holds, deal by deal and in order of time, what won deals went through.
    """
    stays = _measure_stays(history, calendar)
    return {
        stage: min(LONGEST_PATIENCE, max(1, compute_percentile(days, PERCENTILE)))
        for stage, days in sorted(stays.items())
        if len(days) >= ENOUGH_DEALS
    }


def compute_percentile(values: Sequence[int], percent: int) -> int:
    """The nearest-rank percentile: the least value that `percent` of all do not exceed."""
    return sorted(values)[max(0, ceil(len(values) * percent / 100) - 1)]


def _measure_stays(
    history: Iterable[StageEntry], calendar: WorkCalendar
) -> Mapping[str, list[int]]:
    """The working days of each deal in each stage, all its stays there together, by stage."""
    days: dict[tuple[int, str], int] = defaultdict(int)
    for came, left in pairwise(history):
        if came.deal_id == left.deal_id and came.stage:
            days[came.deal_id, came.stage] += calendar.working_days_between(came.at, left.at)
    stays: dict[str, list[int]] = defaultdict(list)
    for (_, stage), count in days.items():
        stays[stage].append(count)
    return stays
