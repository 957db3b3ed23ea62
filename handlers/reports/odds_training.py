"""Trains the models of learned odds on each team's ended deals, at most once a day.

Three steps: loading and saving are transactions; the training between them takes seconds and
holds none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from handlers.contract.desk import pipelines_of
from handlers.reports.report_data import load_histories, load_team_rates
from kb.funnel.figures.deal_history import DealHistory
from kb.funnel.figures.money import Rates
from kb.funnel.figures.periods import Period, find_period
from kb.funnel.odds import backtest, odds_model
from kb.funnel.odds.backtest import Month
from kb.funnel.odds.model_training import MAX_DEALS, train_model
from kb.funnel.odds.odds_model import Model
from kb.funnel.odds.snapshots import list_ended, take_past_snapshots
from kb.funnel.stages.funnel import Funnel
from storage.scope import Scope
from storage.unit_of_work import UnitOfWork

RETRAIN_AFTER = timedelta(days=1)
BACKTEST_MONTHS = 12
RECENT = timedelta(days=730)  # what is older says little of today


@dataclass(frozen=True)
class TrainingData:
    """What the odds of one team's pipeline are learned from, as plain values."""

    team_id: int
    pipeline: str
    funnel: Funnel
    histories: Sequence[DealHistory]
    rates: Rates


def find_due(memory: UnitOfWork, now: datetime) -> list[tuple[int, str]]:
    """The pipelines, as (team id, key), whose odds were learned over a day ago or never."""
    due = []
    for team in memory.members.list_teams():
        for pipeline in pipelines_of(team).funnels:
            saved = memory.learned_odds.get(team.id, pipeline)
            if saved is None or now - saved.learned_at >= RETRAIN_AFTER:
                due.append((team.id, pipeline))
    return due


def load_data(memory: UnitOfWork, team_id: int, pipeline: str, now: datetime) -> TrainingData:
    """Loads everything there is to learn from."""
    team = memory.members.get_team(team_id)
    funnel = pipelines_of(team).of(pipeline)
    histories = load_histories(memory, Scope(team_id), funnel, now - RECENT, pipeline)
    rates = load_team_rates(memory, team_id, team.currency, now.date())
    return TrainingData(team_id, pipeline, funnel, histories, rates)


def train(data: TrainingData, now: datetime) -> tuple[Model, list[Month]]:
    """The model of now, and the backtest of such models in the months before."""
    ended = list_ended(data.histories, now)[-MAX_DEALS:]
    model = train_model(take_past_snapshots(ended, data.rates), data.funnel)
    if len(ended) < odds_model.MIN_DEALS:
        return model, []
    ids = {history.deal.id for history in ended}
    tested = [each for each in data.histories if each.is_open or each.deal.id in ids]
    firsts = _list_firsts(now.date())
    return model, backtest.run_backtest(tested, data.funnel, data.rates, firsts, train_model)


def save(
    memory: UnitOfWork, data: TrainingData, model: Model, months: list[Month], now: datetime
) -> None:
    """Saves the model and its backtest."""
    memory.learned_odds.save(
        data.team_id, data.pipeline, odds_model.to_json(model), backtest.to_json(months), now
    )


def _list_firsts(today: date) -> list[datetime]:
    """The first of this month and of those before it, the earliest first."""
    month: Period = find_period("month", today)
    firsts = []
    for _ in range(BACKTEST_MONTHS):
        firsts.append(datetime(month.first.year, month.first.month, 1, tzinfo=UTC))
        month = month.before
    return firsts[::-1]
