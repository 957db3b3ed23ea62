"""`funnel`: the live deals of each stage and their worth, in three lines and a chart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from handlers.contract.catalog import command
from handlers.contract.desk import Desk
from handlers.contract.refusals import TextRefusal
from handlers.contract.reply import Button, Reply, Text, lines, plain, rows, text_of
from handlers.contract.request import Request
from handlers.deals.attention import find_faults, list_fault_counts
from handlers.deals.deal_view import get_stage_name
from handlers.pictures import Bar, Bars, Legend
from handlers.reports.chart_files import can_compare_amounts, render_chart, to_length
from handlers.reports.figures import explain_rates, format_day, format_money, format_total
from handlers.reports.report_data import get_today, load_rates
from handlers.reports.report_scope import ReportScope, get_scope_name, read_scope
from kb.funnel.figures.money import Rates, Total, sum_amounts
from kb.funnel.odds.stage_odds import chance, total_by_stage, weigh
from kb.states import DealStatus
from storage.tables.people_and_deals import Deal


@dataclass(frozen=True)
class _StageSum:
    """The live deals of one stage: their number, their worth, and what of it is likely."""

    stage: str
    n: int
    worth: Total
    likely: Decimal


@command("funnel", "pipeline", "漏斗", "销售漏斗", "销售管道", "管道", "盘子")
def funnel(request: Request, desk: Desk) -> Reply:
    """The live deals by stage: `funnel`, `funnel mine`, `funnel Ann`, `funnel partners`."""
    scope = read_scope(desk, request.text)
    pipeline = scope.pipeline if desk.pipelines.several else ""
    deals = desk.memory.deals.within(scope.scope, (DealStatus.LIVE,), pipeline=pipeline)
    if not deals:
        raise TextRefusal("selling.deal_list.none")
    rates = load_rates(desk)
    stages = _sum_stages(scope, deals, rates)
    worth = rates.total(sum_amounts((deal.amount, deal.currency) for deal in deals))
    likely = sum((each.likely for each in stages), Decimal(0))
    text = lines(
        _render_head(desk, scope, len(deals), worth, likely),
        _render_largest(desk, stages, worth),
        _render_steps(desk, deals),
        explain_rates(desk, [worth]),
    )
    buttons = [
        Button(each.name[desk.words.language], f"list:0:0:{each.key}")
        for each in scope.funnel.stages
        if any(found.stage == each.key for found in stages)
    ]
    chart = render_chart(
        desk, "funnel", _draw_bars(desk, scope, stages), _list_stages(desk, stages)
    )
    return Reply(text, buttons=rows(buttons, 3), picture=chart)


def _sum_stages(scope: ReportScope, deals: Sequence[Deal], rates: Rates) -> list[_StageSum]:
    """The funnel's stages that have live deals, in order."""
    totals = total_by_stage((deal.stage, deal.amount, deal.currency) for deal in deals)
    return [
        _StageSum(
            stage.key,
            totals[stage.key].count,
            (worth := rates.total(totals[stage.key].amounts)),
            weigh(worth.amount, chance(stage.key, DealStatus.LIVE, scope.funnel)),
        )
        for stage in scope.funnel.stages
        if stage.key in totals
    ]


def _render_head(desk: Desk, scope: ReportScope, n: int, worth: Total, likely: Decimal) -> Text:
    who = get_scope_name(desk, scope)
    if not worth.amount and not worth.apart:
        return desk.words.say("reports.funnel_overview.head_bare", n=n, who=who)
    return desk.words.say(
        "reports.funnel_overview.head" if likely else "reports.funnel_overview.head_unlikely",
        n=n,
        who=who,
        money=format_total(desk, worth),
        likely=format_money(desk, likely),
    )


def _render_largest(desk: Desk, stages: Sequence[_StageSum], worth: Total) -> Text:
    """The stage with most of the worth; empty where all of it stands in one, or there is none."""
    most = max(stages, key=lambda each: (each.worth.amount, each.n))
    if most.worth.amount in (0, worth.amount):
        return ()
    return desk.words.say(
        "reports.funnel_overview.most",
        stage=get_stage_name(desk, most.stage),
        n=most.n,
        money=_format_worth(desk, most),
    )


def _render_steps(desk: Desk, deals: Sequence[Deal]) -> Text:
    counts = Counter(find_faults(desk, deals).values())
    if not counts:
        return desk.words.say("reports.funnel_overview.all_have_steps")
    return text_of("⏰ ", " · ".join(list_fault_counts(desk.words, counts)))


def _format_worth(desk: Desk, stage: _StageSum) -> str:
    if not stage.worth.amount and not stage.worth.apart:
        return desk.words.line("contract.common.no_amount")
    return format_total(desk, stage.worth)


def _draw_bars(desk: Desk, scope: ReportScope, stages: Sequence[_StageSum]) -> Bars:
    words = desk.words
    by_amount = can_compare_amounts(each.worth for each in stages)
    bars = tuple(
        Bar(
            get_stage_name(desk, each.stage),
            words.line("reports.funnel_overview.bar", n=each.n, money=_format_worth(desk, each)),
            to_length(each.worth.amount) if by_amount else float(each.n),
            to_length(each.likely) if by_amount else None,
        )
        for each in stages
    )
    note = f"{get_scope_name(desk, scope)} · {format_day(desk, get_today(desk))}"
    legend: Legend = (
        ("second", words.line("reports.funnel_overview.all")),
        ("plain", words.line("reports.funnel_overview.likely")),
    )
    return Bars(
        words.line("reports.funnel_overview.picture"), note, bars, legend if by_amount else ()
    )


def _list_stages(desk: Desk, stages: Sequence[_StageSum]) -> str:
    """The chart as text: a line for each stage."""
    listed = (
        desk.words.say(
            "reports.funnel_overview.stage",
            stage=get_stage_name(desk, each.stage),
            percent=chance(each.stage, DealStatus.LIVE, desk.funnel),
            n=each.n,
            money=_format_worth(desk, each),
        )
        for each in stages
    )
    return plain(lines(*listed))
