"""`forecast`: what the open deals will bring, as a range, and how good such forecasts were."""

from __future__ import annotations

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
    format_known_total,
    format_period,
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
    reach = _format_range(desk, report)
    head = words.say(
        "reports.forecast.head_reach" if reach else "reports.forecast.head",
        period=bold(format_period(desk, period)),
        who=get_scope_name(desk, scope),
        money=bold(format_estimate(desk, report.in_time)),
        reach=reach,
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
    text = lines(head, _render_totals(desk, report), _render_weightings(desk, report), *notes)
    return Reply(text, buttons=rows(buttons), picture=_draw_chart(desk, scope, report))


def _format_range(desk: Desk, report: Forecast) -> str:
    """Between what the sum lies in four of five simulations.

    An end that says nothing is left out: a low one at which no open deal is won, a high one at
    which all of them are; with neither end it is empty.
    """
    low, high = (format_estimate(desk, end) for end in (report.low, report.high))
    every = report.won.amount + sum((each.amount for each in report.chances), Decimal(0))
    is_low_known = report.low > report.won.amount
    is_high_known = report.high < every
    if low == high or not (is_low_known or is_high_known):
        return ""
    key = "between" if is_low_known and is_high_known else "least" if is_low_known else "most"
    return desk.words.line(f"reports.forecast.range_{key}", low=low, high=high)


def _render_totals(desk: Desk, report: Forecast) -> Text:
    """What is won so far, and the open deals; that all of it is won already is said in words."""
    words, n = desk.words, len(report.chances) + report.unpriced
    won, worth = format_known_total(desk, report.won), format_known_total(desk, report.open)
    is_all = won == format_estimate(desk, report.in_time)
    parts = [
        words.line("reports.forecast.all_won" if is_all else "reports.forecast.won", money=won)
        if won
        else "",
        words.line(
            "reports.forecast.open" if worth else "reports.forecast.open_bare", n=n, money=worth
        )
        if n
        else "",
    ]
    return text_of(" · ".join(filter(None, parts)))


def _render_weightings(desk: Desk, report: Forecast) -> Text:
    """The worth of all open deals, by each way of weighting them that says something new."""
    words, weightings = desk.words, _list_weightings(desk, report)
    said = [words.line(f"reports.forecast.{name}", money=money) for name, money, _ in weightings]
    if not report.is_learned and report.chances:
        said.append(words.line("reports.forecast.not_learned"))
    listed = " · ".join(said)
    return words.say("reports.forecast.whenever", what=listed) if weightings else text_of(listed)


def _list_weightings(desk: Desk, report: Forecast) -> list[tuple[str, str, Decimal]]:
    """Each weighting's name, its sum in words and as an amount; none that was given before."""
    found = [
        ("by_learned", report.learned, report.is_learned),
        ("by_stage", report.fixed, bool(report.chances)),
        ("by_own", report.own, _has_own_odds(report)),
    ]
    given = {format_estimate(desk, report.in_time), format_known_total(desk, report.won)}
    listed = []
    for name, amount, is_known in found:
        money = format_estimate(desk, amount)
        if is_known and amount and money not in given:
            given.add(money)
            listed.append((name, money, amount))
    return listed


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


def _draw_chart(desk: Desk, scope: ReportScope, report: Forecast) -> File | None:
    """The period's range, what is won already, and all open deals by each weighting.

    None where it would be a single row without a range.
    """
    words, expected = desk.words, _draw_expected(desk, report)
    won = format_known_total(desk, report.won)
    rest = [
        _draw_weighting(desk, name, money, sum_)
        for name, money, sum_ in _list_weightings(desk, report)
    ]
    if won and won != expected.value_text:
        until = to_length(report.won.amount)
        label = words.line("reports.forecast.picture_won")
        rest.insert(0, Reach(label, won, 0.0, until, until, tone="good"))
    if not rest and not expected.detail:
        return None
    reaches = (expected, *rest)
    title = words.line("reports.forecast.picture", period=format_period(desk, report.period))
    cases: Legend = (("plain", words.line("reports.forecast.picture_cases")),)
    legend = cases if report.low < report.high else ()
    spread = Spread(
        title,
        f"{get_scope_name(desk, scope)} · {format_day(desk, get_today(desk))}",
        reaches,
        legend,
        lambda value: format_estimate(desk, Decimal(round(value))),
    )
    alt = "\n".join((title, *(f"{reach.label}: {reach.value_text}" for reach in reaches)))
    return render_chart(desk, "forecast", spread, alt)


def _draw_expected(desk: Desk, report: Forecast) -> Reach:
    """What is expected by the end of the period, and between what it may lie."""
    return Reach(
        desk.words.line("reports.forecast.picture_in_time"),
        format_estimate(desk, report.in_time),
        to_length(min(report.low, report.in_time)),
        to_length(report.in_time),
        to_length(max(report.high, report.in_time)),
        _format_range(desk, report),
    )


def _draw_weighting(desk: Desk, name: str, money: str, amount: Decimal) -> Reach:
    until = to_length(amount)
    label = desk.words.line(f"reports.forecast.picture_{name}")
    return Reach(label, money, 0.0, until, until, tone="second")
