"""Learns each team's odds from its ended deals, at most once a day, in three steps.

Reading and keeping are transactions; the learning between them takes seconds and holds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from handlers.contract.desk import pipelines_of
from kb.funnel.figures.deal_history import DealHistory, DealRow, EventRow, build_histories
from kb.funnel.figures.money import Rate, Rates, newest_rates
from kb.funnel.figures.periods import Period, find_period
from kb.funnel.odds import backtest, odds_model
from kb.funnel.odds.model_training import MAX_DEALS, train_model
from kb.funnel.odds.snapshots import list_ended, take_past_snapshots
from kb.funnel.stages.funnel import Funnel
from storage.scope import Scope
from storage.tables.people_and_deals import Team
from storage.unit_of_work import UnitOfWork

FRESH = timedelta(days=1)
MONTHS = 12
RECENT = timedelta(days=730)  # what is older says little of today


@dataclass(frozen=True)
class Lesson:
    """What one team's pipeline has to be learned from."""

    team_id: int
    pipeline: str
    funnel: Funnel
    histories: Sequence[DealHistory]
    rates: Rates


def due(memory: UnitOfWork, now: datetime) -> list[tuple[int, str]]:
    """The teams' pipelines whose odds were last learned over a day ago, or never."""
    found = []
    for team in memory.members.teams():
        for pipeline in pipelines_of(team).funnels:
            kept = memory.learned_odds.get(team.id, pipeline)
            if kept is None or now - kept.learned_at >= FRESH:
                found.append((team.id, pipeline))
    return found


def read(memory: UnitOfWork, team_id: int, pipeline: str, now: datetime) -> Lesson:
    """Everything there is to learn from, as plain values."""
    team = memory.members.team(team_id)
    funnel, scope, since = pipelines_of(team).of(pipeline), Scope(team_id), now - RECENT
    deals = map(DealRow._make, memory.histories.deals(scope, since, pipeline))
    facts = map(EventRow._make, memory.histories.facts(scope, since, pipeline))
    return Lesson(
        team_id, pipeline, funnel, build_histories(deals, facts, funnel), _rates(memory, team, now)
    )


def _rates(memory: UnitOfWork, team: Team, now: datetime) -> Rates:
    kept = (Rate(*row) for row in memory.rates.of_team(team.id, team.currency))
    return newest_rates(kept, team.currency, now.date())


def learnt(lesson: Lesson, now: datetime) -> tuple[odds_model.Model, list[backtest.Month]]:
    """The model of now, and the record of what such models said in the months before."""
    over = list_ended(lesson.histories, now)[-MAX_DEALS:]
    model = train_model(take_past_snapshots(over, lesson.rates), lesson.funnel)
    if len(over) < odds_model.MIN_DEALS:
        return model, []
    kept = {course.deal.id for course in over}
    asked = [course for course in lesson.histories if course.is_open or course.deal.id in kept]
    months = backtest.run_backtest(
        asked, lesson.funnel, lesson.rates, _firsts(now.date()), train_model
    )
    return model, months


def keep(
    memory: UnitOfWork,
    lesson: Lesson,
    found: tuple[odds_model.Model, list[backtest.Month]],
    now: datetime,
) -> None:
    """Keeps what was learned, for a day."""
    model, months = found
    memory.learned_odds.keep(
        lesson.team_id, lesson.pipeline, odds_model.to_json(model), backtest.to_json(months), now
    )


def _firsts(today: date) -> list[datetime]:
    """The first of each of the last months, the earliest first."""
    month: Period = find_period("month", today)
    firsts = []
    for _ in range(MONTHS):
        firsts.append(datetime(month.first.year, month.first.month, 1, tzinfo=UTC))
        month = month.before
    return firsts[::-1]
