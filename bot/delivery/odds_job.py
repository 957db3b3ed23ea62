"""The daily job that learns each team's odds: load, learn outside any transaction, save."""

from __future__ import annotations

from contextlib import suppress

from bot.app import App
from handlers.reports import odds_training
from storage.engine import Busy


def learn_odds(app: App) -> int:
    """Learns odds that are more than a day old; returns for how many pipelines.

    While the database is busy it gives up: the next time begins where this one stopped.
    """
    learned = 0
    with suppress(Busy):
        for team_id, pipeline in _find_due(app):
            _learn(app, team_id, pipeline)
            learned += 1
    return learned


def _find_due(app: App) -> list[tuple[int, str]]:
    with app.database.work() as memory:
        return odds_training.find_due(memory, app.clock.now())


def _learn(app: App, team_id: int, pipeline: str) -> None:
    now = app.clock.now()
    with app.database.work() as memory:
        data = odds_training.load_data(memory, team_id, pipeline, now)
    model, months = odds_training.train(data, now)
    with app.database.work() as memory:
        odds_training.save(memory, data, model, months, now)
