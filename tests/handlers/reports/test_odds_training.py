"""Training learned odds: once a day for each pipeline, and only where there is enough to learn."""

from __future__ import annotations

from datetime import timedelta

from handlers.reports import odds_training
from tests.office import Office, desk_of


async def test_each_pipeline_is_due_until_it_is_saved_and_again_a_day_later(
    office: Office,
) -> None:
    await office.says("Kim", "funnel new Partners from crm6")
    now = office.clock.now()
    with desk_of(office, "Kim") as desk:
        team, memory = desk.team.id, desk.memory
        assert {(team, "main"), (team, "partners")} <= set(odds_training.find_due(memory, now))
        data = odds_training.load_data(memory, team, "main", now)
        odds_training.save(memory, data, *odds_training.train(data, now), now)
        assert (team, "main") not in odds_training.find_due(memory, now)
        assert (team, "partners") in odds_training.find_due(memory, now)
        soon, later = now + timedelta(hours=23), now + timedelta(hours=24)
        assert (team, "main") not in odds_training.find_due(memory, soon)
        assert (team, "main") in odds_training.find_due(memory, later)


async def test_the_data_is_the_team_s_own_deals_of_one_pipeline(office: Office) -> None:
    await office.says("Kim", "funnel new Partners from crm6")
    await office.says("Ann", "lead Acme, 5k")
    await office.says("Bo", "lead Delta, 3k in Partners")
    await office.says("Eve", "lead Other, 1k")
    with desk_of(office, "Kim") as desk:
        data = odds_training.load_data(desk.memory, desk.team.id, "main", office.clock.now())
        assert [history.deal.id for history in data.histories] == [office.deal("Acme")]


async def test_too_few_deals_train_nothing_and_have_no_backtest(office: Office) -> None:
    await office.says("Ann", "lead Acme, 5k")
    office.wait(hours=1)
    await office.says("Ann", "lost acme price")
    office.wait(hours=1)
    now = office.clock.now()
    with desk_of(office, "Kim") as desk:
        data = odds_training.load_data(desk.memory, desk.team.id, "main", now)
        model, months = odds_training.train(data, now)
        assert (model.share, model.deals, months) == (0.0, 1, [])
