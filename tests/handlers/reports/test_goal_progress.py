"""The progress towards a goal: what counts, which goals there are, and the lines of its chart."""

from __future__ import annotations

from unittest.mock import patch

from handlers.pictures import Lines
from handlers.reports.goal_progress import find_amount_goals, load_progress
from handlers.reports.report_scope import make_scope
from kb.funnel.figures.periods import find_period
from tests.office import Office, desk_of


async def win(office: Office, who: str, line: str, customer: str) -> None:
    await office.says(who, line)
    await office.says(who, f"won {customer}")
    await office.taps(who, f"won-paid:{office.deal(customer)}")


async def test_deals_of_every_pipeline_and_of_everybody_below_count(office: Office) -> None:
    await office.says("Kim", "funnel new Partners from crm6")
    await win(office, "Ann", "lead Acme, 5k", "Acme")
    await win(office, "Bo", "lead Delta, 3k in Partners", "Delta")
    await office.says("Mia", "goal november 20k")
    with desk_of(office, "Mia") as desk:
        [goal] = find_amount_goals(desk, desk.member, None)
        progress = load_progress(desk, make_scope(desk, desk.member.id), goal)
        assert progress.pace.won == 8000
        assert progress.pace.missing == 12000
        assert progress.period == find_period("month", goal.first)


async def test_the_shortest_goal_comes_first_and_a_stage_s_target_is_none(office: Office) -> None:
    await office.says("Ann", "goal q4 50k")
    await office.says("Ann", "goal november 20k")
    await office.says("Ann", "goal demo 60%")
    with desk_of(office, "Ann") as desk:
        assert [g.amount for g in find_amount_goals(desk, desk.member, None)] == [20000, 50000]
        quarter = find_period("quarter", office.clock.now().date())
        assert [g.amount for g in find_amount_goals(desk, desk.member, quarter)] == [50000]


async def test_the_chart_sums_up_what_is_won_until_today_beside_an_even_pace(
    office: Office,
) -> None:
    await win(office, "Ann", "lead Acme, 5k", "Acme")
    await office.says("Ann", "goal november 20k")
    with patch("handlers.reports.chart_files.render_png", return_value=b"") as draws:
        await office.says("Ann", "goal")
    [chart] = [call.args[0] for call in draws.call_args_list]
    assert isinstance(chart, Lines)
    won, pace = (series.values for series in chart.series)
    today = office.clock.now().day
    assert won[today - 1] == 5000
    assert won[today - 2] == 0
    assert won[today:] == (None,) * (30 - today)
    assert pace[-1] == 20000
    assert list(pace) == sorted(value for value in pace if value is not None)
    assert chart.goal is not None
    assert chart.goal[0] == 20000


async def test_a_deal_that_closes_after_the_goal_s_period_is_not_expected_in_it(
    office: Office,
) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", "move acme decider")
    await office.says("Ann", "goal november 20k")
    expected = []
    for line in ("close acme 30 november", "close acme 20 december"):
        await office.says("Ann", line)
        with desk_of(office, "Ann") as desk:
            [goal] = find_amount_goals(desk, desk.member, None)
            pace = load_progress(desk, make_scope(desk, desk.member.id), goal).pace
            expected.append(pace.expected)
            assert pace.open == 10000
    assert expected == [5000, 0]
