"""Has each team's odds learned from its own deals: read, learn with nothing held, keep."""

from __future__ import annotations

from bot.app import App
from handlers import learned_odds


def learn_odds(app: App) -> int:
    """Learns what was last learned over a day ago; how many pipelines those were."""
    now = app.clock.now()
    with app.database.work() as memory:
        due = learned_odds.due(memory, now)
    for team_id, pipeline in due:
        with app.database.work() as memory:
            lesson = learned_odds.read(memory, team_id, pipeline, now)
        found = learned_odds.learnt(lesson, now)
        with app.database.work() as memory:
            learned_odds.keep(memory, lesson, found, now)
    return len(due)
