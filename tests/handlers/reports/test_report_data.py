"""What reports load: the scope's histories, the rates given by a day, the nearest target."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from handlers.reports.report_data import (
    get_today,
    load_histories,
    load_model,
    load_rates,
    load_targets,
)
from tests.office import Office, desk_of


async def test_histories_are_those_of_the_scope_and_of_one_pipeline_or_all(office: Office) -> None:
    await office.says("Kim", "funnel new Partners from crm6")
    await office.says("Ann", "lead Acme, 5k")
    await office.says("Ann", "lead Delta, 3k in Partners")
    await office.says("Bo", "lead Beta, 9k")
    with desk_of(office, "Ann") as desk:
        every = load_histories(desk.memory, desk.scope, desk.funnel)
        assert [history.amount for history in every] == [5000, 3000]
        partners = desk.pipelines.of("partners")
        [one] = load_histories(desk.memory, desk.scope, partners, pipeline="partners")
        assert one.stage == partners.stages[0].key
        assert one.amount == 3000


async def test_a_rate_counts_from_its_day_on(office: Office) -> None:
    await office.says("Mia", "rate USD 0.9 2026-11-01")
    await office.says("Mia", "rate USD 0.8 2026-11-10")
    with desk_of(office, "Mia") as desk:
        assert load_rates(desk).of("USD") == Decimal("0.8")
        assert load_rates(desk, date(2026, 11, 9)).of("USD") == Decimal("0.9")
        assert load_rates(desk, date(2026, 10, 31)).of("USD") is None


async def test_one_s_own_target_goes_before_the_manager_s(office: Office) -> None:
    await office.says("Mia", "goal demo 60%")
    await office.says("Mia", "goal decider 50%")
    await office.says("Ann", "goal demo 70%")
    with desk_of(office, "Ann") as desk:
        assert load_targets(desk, get_today(desk)) == {"demo": 70, "decider": 50}
        assert load_targets(desk, get_today(desk) + timedelta(days=200)) == {}


def test_a_team_without_history_has_an_untrained_model(office: Office) -> None:
    with desk_of(office, "Mia") as desk:
        assert load_model(desk, "main").share == 0


def test_today_is_the_member_s_own_day(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        desk.member.time_zone = "Pacific/Kiritimati"  # fourteen hours ahead of UTC
        ahead = get_today(desk)
    assert ahead in {office.clock.now().date(), office.clock.now().date() + timedelta(days=1)}
    assert ahead == (office.clock.now() + timedelta(hours=14)).date()
