"""`forecast`: what the open deals will bring, as a range, and how good such forecasts were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.reply import Button, File, Reply, Text, bold, lines, rows, text_of
from handlers.contract.request import Request
from handlers.deals.close_date import render_close_date
from handlers.deals.deal_view import get_stage_name
from handlers.pictures import Legend, Reach, Spread
from handlers.reports.chart_files import render_chart, to_length
from handlers.reports.deal_odds import render_odds
from handlers.reports.figures import (
    explain_rates,
    format_day,
    format_estimate,
    format_period,
    format_total,
)
from handlers.reports.report_data import get_today, load_model, load_rates
from handlers.reports.report_scope import (
    ReportScope,
    get_scope_name,
    load_scope_histories,
    make_action,
    read_button,
    read_request,
)
from kb.funnel.figures.periods import Period, find_period
from kb.funnel.odds.backtest import Month, from_json
from kb.funnel.odds.forecast import Chance, Forecast, forecast_period

MAX_DEALS = 5
MAX_MONTHS = 12
RECENT = timedelta(days=200)  # the won deals that say how long it takes


@command("forecast", "outlook", "预测", "销售预测", "业绩预测")
def forecast(request: Request, desk: Desk) -> Reply:
    """The forecast of a period, this quarter's where none is named: `forecast month Ann`."""
    scope, period = read_request(request, desk, "quarter", ahead=True)
    today = get_today(desk)
    if period.last < today:
        period = find_period(period.kind, today)
    return render_forecast(desk, scope, period)


@action("forecast")
def forecast_by_tap(request: Request, desk: Desk) -> Reply:
    """`forecast:<kind>:<first>:<member>:<pipeline>:<deals or record>`."""
    scope, period = read_button(request, desk)
    parts = {"deals": _render_deals, "record": _render_record}
    part = parts.get(request.word(4))
    if part is None:
        return render_forecast(desk, scope, period)
    back = Button(desk.words.line("contract.common.back"), make_action("forecast", scope, period))
    return Reply(part(desk, load_forecast(desk, scope, period)), buttons=((back,),))


def load_forecast(desk: Desk, scope: ReportScope, period: Period) -> Forecast:
    """The period's forecast, with the backtest of the learned odds."""
    saved = desk.memory.learned_odds.get(desk.team.id, scope.pipeline)
    estimate = estimate_period(desk, scope, period)
    return replace(estimate, record=from_json(saved.record if saved is not None else []))


def estimate_period(
    desk: Desk, scope: ReportScope, period: Period, *, every_pipeline: bool = False
) -> Forecast:
    """The period's forecast from the scope's deals, in one pipeline or in all of them."""
    span = period.span(desk.calendar)
    since = min(span.start, desk.now - RECENT)
    return forecast_period(
        load_scope_histories(desk, scope, since, every_pipeline=every_pipeline),
        scope.funnel,
        load_model(desk, scope.pipeline),
        load_rates(desk),
        period,
        span,
        desk.now,
    )


def render_forecast(desk: Desk, scope: ReportScope, period: Period) -> Reply:
    """The forecast in three lines and a chart, its deals and its record a tap away."""
    report, words = load_forecast(desk, scope, period), desk.words
    if not report.chances and not report.won.amount:
        return Reply(words.say("reports.forecast.none", who=get_scope_name(desk, scope)))
    head = words.say(
        "reports.forecast.head",
        period=bold(format_period(desk, period)),
        who=get_scope_name(desk, scope),
        money=bold(format_estimate(desk, report.in_time)),
        low=format_estimate(desk, report.low),
        high=format_estimate(desk, report.high),
    )
    totals = words.say(
        "reports.forecast.standing",
        won=format_total(desk, report.won),
        n=len(report.chances) + report.unpriced,
        open=format_total(desk, report.open),
    )
    notes = (
        words.say("reports.forecast.unpriced", n=report.unpriced) if report.unpriced else (),
        words.say("reports.forecast.undated", n=report.undated) if report.undated else (),
        explain_rates(desk, [report.won, report.open]),
    )
    parts = ("deals", "record") if report.record else ("deals",)
    buttons = [
        Button(
            words.line(f"reports.forecast.do_{part}"), make_action("forecast", scope, period, part)
        )
        for part in parts
    ]
    text = lines(head, totals, _render_weightings(desk, report), *notes)
    return Reply(text, buttons=rows(buttons), picture=_draw_chart(desk, scope, report))


def _render_weightings(desk: Desk, report: Forecast) -> Text:
    """The worth of all open deals, by each way of weighting them."""
    by_stage = desk.words.say(
        "reports.forecast.by_stage", money=format_estimate(desk, report.fixed)
    )
    if not report.is_learned:
        return text_of(by_stage, desk.words.say("reports.forecast.not_learned"))
    learned = desk.words.say(
        "reports.forecast.by_learned", money=format_estimate(desk, report.learned)
    )
    own = (
        desk.words.say("reports.forecast.by_own", money=format_estimate(desk, report.own))
        if _has_own_odds(report)
        else ()
    )
    return text_of(learned, by_stage, own)


def _has_own_odds(report: Forecast) -> bool:
    return any(chance.own is not None for chance in report.chances)


def _render_deals(desk: Desk, report: Forecast) -> Text:
    """The deals that weigh most, each with its odds and what they come from.

    Those that are expected in another period come last.
    """
    title = desk.words.say("reports.forecast.title_deals")
    ranked = sorted(report.chances, key=lambda chance: not chance.in_time)
    return lines(title, *(_render_deal(desk, chance) for chance in ranked[:MAX_DEALS]))


def _render_deal(desk: Desk, chance: Chance) -> Text:
    deal = desk.memory.deals.get(desk.scope, chance.deal_id)
    if deal is None:
        return ()
    head = text_of(
        bold(deal.customer.name),
        f" · {get_stage_name(desk, chance.stage)} · {desk.words.money(deal.amount, deal.currency)}",
    )
    odds = render_odds(desk, chance.stage, chance.odds, deal.own_odds)
    return lines(head, odds, render_close_date(desk, deal))


def _render_record(desk: Desk, report: Forecast) -> Text:
    """Month by month how far the learned odds were off, beside the stages' own."""
    title = desk.words.say("reports.forecast.title_record")
    return lines(title, *(_render_month(desk, month) for month in report.record[-MAX_MONTHS:]))


def _render_month(desk: Desk, month: Month) -> Text:
    year, number = map(int, month.month.split("-"))
    score = month.score
    foretold = sum(each.n * each.said for each in score.bins)
    return desk.words.say(
        "reports.forecast.month",
        month=format_period(desk, Period("month", date(year, number, 1))),
        n=score.n,
        said=round(foretold, 1),
        won=sum(each.won for each in score.bins),
        brier=f"{score.brier:.3f}",
        fixed=f"{score.fixed_brier:.3f}",
    )


def _draw_chart(desk: Desk, scope: ReportScope, report: Forecast) -> File:
    """The period's range, what is won already, and all open deals by each weighting."""
    words = desk.words
    expected = Reach(
        words.line("reports.forecast.picture_in_time"),
        format_estimate(desk, report.in_time),
        to_length(report.low),
        to_length(report.in_time),
        to_length(report.high),
        words.line(
            "reports.forecast.picture_range",
            low=format_estimate(desk, report.low),
            high=format_estimate(desk, report.high),
        ),
    )
    until = to_length(report.won.amount)
    won = Reach(
        words.line("reports.forecast.picture_won"),
        format_total(desk, report.won),
        0.0,
        until,
        until,
        tone="good",
    )
    reaches = (expected, won, *_draw_weightings(desk, report))
    title = words.line("reports.forecast.picture", period=format_period(desk, report.period))
    legend: Legend = (("plain", words.line("reports.forecast.picture_cases")),)
    spread = Spread(
        title,
        f"{get_scope_name(desk, scope)} · {format_day(desk, get_today(desk))}",
        reaches,
        legend,
        lambda value: format_estimate(desk, Decimal(round(value))),
    )
    alt = "\n".join((title, *(f"{reach.label}: {reach.value_text}" for reach in reaches)))
    return render_chart(desk, "forecast", spread, alt)


def _draw_weightings(desk: Desk, report: Forecast) -> Sequence[Reach]:
    """What all open deals are worth, whenever they are won."""
    weightings = [_draw_weighting(desk, "by_stage", report.fixed)]
    if report.is_learned:
        weightings.insert(0, _draw_weighting(desk, "by_learned", report.learned))
    if _has_own_odds(report):
        weightings.append(_draw_weighting(desk, "by_own", report.own))
    return weightings


def _draw_weighting(desk: Desk, name: str, amount: Decimal) -> Reach:
    until = to_length(amount)
    label = desk.words.line(f"reports.forecast.picture_{name}")
    return Reach(label, format_estimate(desk, amount), 0.0, until, until, tone="second")
