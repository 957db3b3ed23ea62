"""Odds are learned at a tick, once a day, kept as data, and used by the forecast."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.clock import SetClock
from bot.delivery import odds_job
from bot.delivery.loop import Delivery
from handlers.contract.request import Account, Request
from kb.funnel.odds.backtest import from_json
from storage.tables.people_and_deals import Identity
from tests.office import said
from tests.worlds.made import World, made
from tests.worlds.making import END, Plan
from tests.worlds.truth import TRUTHS


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A team whose deals go far better than the fixed odds say."""
    world = made(tmp_path_factory.mktemp("lessons"), Plan(5, 400, truth=TRUTHS["easy"]))
    with world.database.work() as memory:
        memory.members.save_identity(
            Identity(
                team_id=world.team.id,
                member_id=world.team.admin,
                platform="terminal",
                account_id="kim",
                last_active_at=END,
            )
        )
    return world


@pytest.mark.slow
async def test_a_tick_learns_once_a_day_and_the_forecast_says_so(world: World) -> None:
    clock = SetClock(END)
    app = App(world.database, clock)
    account = Account("terminal", "kim", "Kim", "en")
    before = said((await app.answer(Request("1", account, text="forecast"))).reply)
    assert "by your own history" not in before
    await Delivery(app, {}).tidy()
    after = said((await app.answer(Request("2", account, text="forecast"))).reply)
    assert "by your own history" in after
    learned_at = world.rows("select learned_at from learned_odds")
    clock.move(timedelta(hours=23))
    assert odds_job.learn_odds(app) == 0
    assert world.rows("select learned_at from learned_odds") == learned_at
    clock.move(timedelta(hours=1))
    assert odds_job.learn_odds(app) == 1
    assert world.rows("select learned_at from learned_odds") != learned_at


async def test_the_record_scores_every_month_that_had_deals_to_judge(world: World) -> None:
    odds_job.learn_odds(App(world.database, SetClock(END)))
    with world.database.work() as memory:
        kept = memory.learned_odds.get(world.team.id, "main")
        assert kept is not None
        months = from_json(kept.record)
    assert len(months) >= 6
    assert [month.month for month in months] == sorted(month.month for month in months)
    for month in months:
        assert sum(each.n for each in month.score.bins) == month.score.n
        assert 0 <= month.score.brier <= 1


def test_odds_are_learned_without_scikit_learn_and_scipy() -> None:
    blocks = "import sys; sys.modules.update({'sklearn': None, 'scipy': None})\n"
    learns = (
        "import bot.bootstrap, handlers.routes\n"
        "from tests.worlds import test_learned_odds as past\n"
        "print(past.train_model(past.made_up(120), past.FUNNEL).share > 0)"
    )
    house = Path(__file__).resolve().parents[3]
    command = [sys.executable, "-c", blocks + learns]
    found = subprocess.run(command, cwd=house, capture_output=True, text=True, check=True)  # noqa: S603 our own command
    assert found.stdout.strip() == "True"
