"""`funnel`: what stands in each stage and what it is worth, as a picture under three lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from handlers.contract.catalog import command
from handlers.contract.desk import Desk
from handlers.contract.refusals import Said
from handlers.contract.reply import Button, Reply, Text, lines, plain, rows
from handlers.contract.request import Request
from handlers.deals.deal_view import get_stage_name
from handlers.pictures import Bar, Bars, Legend
from handlers.reports import figures
from handlers.reports.chart_files import amount_of, as_file
from handlers.reports.figures import About
from kb.funnel.figures.money import Rates, Total
from kb.funnel.odds.stage_odds import chance, total_by_stage, weigh
from kb.states import DealStatus
from storage.tables.people_and_deals import Deal


@dataclass(frozen=True)
class _Stood:
    """What stands in one stage: how many deals, their worth, and what is likely to come of it."""

    stage: str
    n: int
    worth: Total
    likely: Decimal


@command("funnel", "pipeline", "漏斗", "销售漏斗", "销售管道", "管道", "盘子")
def funnel(request: Request, desk: Desk) -> Reply:
    """The live deals by stage: `funnel`, `funnel mine`, `funnel Ann`, `funnel partners`."""
    of = figures.about(desk, request.text)
    pipeline = of.pipeline if desk.pipelines.several else ""
    deals = desk.memory.deals.within(of.scope, (DealStatus.LIVE,), pipeline=pipeline)
    if not deals:
        raise Said("selling.deal_list.none")
    rates = figures.rates_of(desk)
    stood = _stood(of, deals, rates)
    worth = rates.total(_sums(deals))
    said = lines(
        _head(desk, of, len(deals), worth, sum((each.likely for each in stood), Decimal(0))),
        _most(desk, stood),
        _steps(desk, deals),
        figures.rate_notes(desk, [worth]),
    )
    buttons = [
        Button(each.name[desk.words.language], f"list:0:0:{each.key}")
        for each in of.funnel.stages
        if any(here.stage == each.key for here in stood)
    ]
    drawn = as_file(desk, "funnel", _picture(desk, of, stood), _alt(desk, stood))
    return Reply(said, buttons=rows(buttons, 3), picture=drawn)


def _stood(of: About, deals: Sequence[Deal], rates: Rates) -> list[_Stood]:
    """The funnel's stages in which something stands, in order."""
    found = total_by_stage((deal.stage, deal.amount, deal.currency) for deal in deals)
    return [
        _Stood(
            stage.key,
            found[stage.key].count,
            (worth := rates.total(found[stage.key].amounts)),
            weigh(worth.amount, chance(stage.key, DealStatus.LIVE, of.funnel)),
        )
        for stage in of.funnel.stages
        if stage.key in found
    ]


def _sums(deals: Sequence[Deal]) -> Mapping[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for deal in deals:
        if deal.amount is not None:
            sums[deal.currency] = sums.get(deal.currency, Decimal(0)) + deal.amount
    return sums


def _head(desk: Desk, of: About, n: int, worth: Total, likely: Decimal) -> Text:
    who = figures.whose(desk, of)
    if not worth.amount and not worth.apart:
        return desk.words.say("reports.funnel_overview.head_bare", n=n, who=who)
    return desk.words.say(
        "reports.funnel_overview.head",
        n=n,
        who=who,
        money=figures.with_apart(desk, worth),
        likely=figures.money(desk, likely),
    )


def _most(desk: Desk, stood: Sequence[_Stood]) -> Text:
    """Where most of it stands; nothing where there is only one such place."""
    if len(stood) < 2:
        return ()
    most = max(stood, key=lambda each: (each.worth.amount, each.n))
    return desk.words.say(
        "reports.funnel_overview.most",
        stage=get_stage_name(desk, most.stage),
        n=most.n,
        money=_worth(desk, most),
    )


def _steps(desk: Desk, deals: Sequence[Deal]) -> Text:
    without = sum(deal.next_step_at is None for deal in deals)
    overdue = sum(d.next_step_at is not None and d.next_step_at < desk.now for d in deals)
    if not without and not overdue:
        return desk.words.say("reports.funnel_overview.all_have_steps")
    return desk.words.say("reports.funnel_overview.steps", without=without, overdue=overdue)


def _worth(desk: Desk, stood: _Stood) -> str:
    if not stood.worth.amount and not stood.worth.apart:
        return desk.words.line("contract.common.no_amount")
    return figures.with_apart(desk, stood.worth)


def _picture(desk: Desk, of: About, stood: Sequence[_Stood]) -> Bars:
    words = desk.words
    # What has no rate has no length beside what has: then the deals themselves are drawn.
    by_money = any(e.worth.amount for e in stood) and not any(e.worth.apart for e in stood)
    bars = tuple(
        Bar(
            get_stage_name(desk, each.stage),
            words.line("reports.funnel_overview.bar", n=each.n, money=_worth(desk, each)),
            amount_of(each.worth.amount) if by_money else float(each.n),
            amount_of(each.likely) if by_money else None,
        )
        for each in stood
    )
    note = f"{figures.whose(desk, of)} · {figures.day_of(desk, figures.today_of(desk))}"
    legend: Legend = (
        ("second", words.line("reports.funnel_overview.all")),
        ("plain", words.line("reports.funnel_overview.likely")),
    )
    return Bars(
        words.line("reports.funnel_overview.picture"), note, bars, legend if by_money else ()
    )


def _alt(desk: Desk, stood: Sequence[_Stood]) -> str:
    """The picture in words: a line for each stage."""
    told = (
        desk.words.say(
            "reports.funnel_overview.stage",
            stage=get_stage_name(desk, each.stage),
            percent=chance(each.stage, DealStatus.LIVE, desk.funnel),
            n=each.n,
            money=_worth(desk, each),
        )
        for each in stood
    )
    return plain(lines(*told))
