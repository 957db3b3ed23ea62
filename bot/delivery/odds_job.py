"""The daily job that learns each team's odds: read, learn outside of any transaction, keep."""

from __future__ import annotations

from contextlib import suppress

from bot.app import App
from handlers.reports import learn_odds as odds_learning
from storage.engine import Busy


def learn_odds(app: App) -> int:
    """Learns what was last learned over a day ago; how many pipelines those were.

    While the database is busy it gives up: the next time begins where this one stopped.
    """
    learned = 0
    with suppress(Busy):
        for team_id, pipeline in _due(app):
            _learn(app, team_id, pipeline)
            learned += 1
    return learned


def _due(app: App) -> list[tuple[int, str]]:
    with app.database.work() as memory:
        return odds_learning.due(memory, app.clock.now())


def _learn(app: App, team_id: int, pipeline: str) -> None:
    now = app.clock.now()
    with app.database.work() as memory:
        lesson = odds_learning.read(memory, team_id, pipeline, now)
    found = odds_learning.learnt(lesson, now)
    with app.database.work() as memory:
        odds_learning.keep(memory, lesson, found, now)
