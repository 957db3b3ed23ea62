"""`forecast`: what the open deals will bring, as a range, and how good such forecasts were."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.refusals import Gone
from handlers.contract.reply import Button, Reply, Text, bold, lines, rows, text_of
from handlers.contract.request import Request
from handlers.deals.deal_view import get_stage_name
from handlers.reading.moments.periods import read_period
from handlers.reports import figures, forecast_chart
from handlers.reports.deal_odds import told_odds
from handlers.reports.figures import About
from kb.funnel.figures.periods import Period, find_numbered_period, find_period
from kb.funnel.odds.backtest import Month, from_json
from kb.funnel.odds.forecast import Chance, Forecast, forecast_period

SHOWN = 5
RECENT = timedelta(days=200)  # the won deals that say how long it takes


@command("forecast", "outlook", "预测", "销售预测", "业绩预测", "预计")
def forecast(request: Request, desk: Desk) -> Reply:
    """The forecast of a period, this quarter's where none is named: `forecast month Ann`."""
    today = figures.today_of(desk)
    said = read_period(request.text, today, ahead=True)
    period = said.period if said else find_period("quarter", today)
    if period.last < today:
        period = find_period(period.kind, today)
    return shown(desk, figures.about(desk, said.rest if said else request.text), period)


@action("forecast")
def forecast_by_tap(request: Request, desk: Desk) -> Reply:
    """`forecast:<kind>:<first>:<member>:<pipeline>:<deals or record>`."""
    period = find_numbered_period(request.word(0), request.number(1))
    if period is None:
        raise Gone
    of = figures.about_by_id(desk, request.number(2), request.word(3))
    parts = {"deals": _deals, "record": _record}
    part = parts.get(request.word(4))
    if part is None:
        return shown(desk, of, period)
    back = Button(desk.words.line("contract.common.back"), _action(of, period))
    return Reply(part(desk, figures_of(desk, of, period)), buttons=((back,),))


def figures_of(desk: Desk, of: About, period: Period) -> Forecast:
    """A forecast's figures, to be said or drawn."""
    kept = desk.memory.learned_odds.get(desk.team.id, of.pipeline)
    span = period.span(desk.calendar)
    found = forecast_period(
        figures.loaded(desk, of, min(span.start, desk.now - RECENT)),
        of.funnel,
        figures.model_of(desk, of.pipeline),
        figures.rates_of(desk),
        period,
        span,
        desk.now,
    )
    return replace(found, record=from_json(kept.record if kept is not None else []))


def shown(desk: Desk, of: About, period: Period) -> Reply:
    """The forecast in three lines."""
    found, words = figures_of(desk, of, period), desk.words
    if not found.chances and not found.won.amount:
        return Reply(words.say("reports.forecast.none", who=figures.whose(desk, of)))
    head = words.say(
        "reports.forecast.head",
        period=bold(figures.period_name(desk, period)),
        who=figures.whose(desk, of),
        money=bold(figures.rough(desk, found.in_time)),
        low=figures.rough(desk, found.low),
        high=figures.rough(desk, found.high),
    )
    standing = words.say(
        "reports.forecast.standing",
        won=figures.with_apart(desk, found.won),
        n=len(found.chances) + found.unpriced,
        open=figures.with_apart(desk, found.open),
    )
    notes = (
        words.say("reports.forecast.unpriced", n=found.unpriced) if found.unpriced else (),
        figures.rate_notes(desk, [found.won, found.open]),
    )
    buttons = [Button(words.line("reports.forecast.do_deals"), _action(of, period, "deals"))]
    if found.record:
        buttons.append(
            Button(words.line("reports.forecast.do_record"), _action(of, period, "record"))
        )
    text = lines(head, standing, _odds(desk, found), *notes)
    drawn = forecast_chart.picture(desk, of, found)
    return Reply(text, buttons=rows(buttons), picture=drawn)


def _odds(desk: Desk, found: Forecast) -> Text:
    """All open deals, by each way of weighing them."""
    by_stage = desk.words.say("reports.forecast.by_stage", money=figures.rough(desk, found.fixed))
    if not found.is_learned:
        return text_of(by_stage, desk.words.say("reports.forecast.not_learned"))
    learned = desk.words.say(
        "reports.forecast.by_learned", money=figures.rough(desk, found.learned)
    )
    given = any(chance.own is not None for chance in found.chances)
    own = (
        desk.words.say("reports.forecast.by_own", money=figures.rough(desk, found.own))
        if given
        else ()
    )
    return text_of(learned, by_stage, own)


def _deals(desk: Desk, found: Forecast) -> Text:
    """The deals that weigh most, each with the sum behind its chance."""
    title = desk.words.say("reports.forecast.title_deals")
    return lines(title, *(_deal(desk, chance) for chance in found.chances[:SHOWN]))


def _deal(desk: Desk, chance: Chance) -> Text:
    deal = desk.memory.deals.get(desk.scope, chance.deal_id)
    if deal is None:
        return ()
    head = text_of(
        bold(deal.customer.name),
        f" · {get_stage_name(desk, chance.stage)} · {desk.words.money(deal.amount, deal.currency)}",
    )
    return lines(head, told_odds(desk, chance.stage, chance.odds, deal.own_odds))


def _record(desk: Desk, found: Forecast) -> Text:
    """Month by month how far the learned odds were off, beside the fixed ones."""
    title = desk.words.say("reports.forecast.title_record")
    return lines(title, *(_month(desk, month) for month in found.record[-12:]))


def _month(desk: Desk, month: Month) -> Text:
    year, number = map(int, month.month.split("-"))
    score = month.score
    said = sum(each.n * each.said for each in score.bins)
    return desk.words.say(
        "reports.forecast.month",
        month=figures.period_name(desk, Period("month", date(year, number, 1))),
        n=score.n,
        said=round(said, 1),
        won=sum(each.won for each in score.bins),
        brier=f"{score.brier:.3f}",
        fixed=f"{score.fixed_brier:.3f}",
    )


def _action(of: About, period: Period, part: str = "") -> str:
    tail = f":{part}" if part else ""
    return f"forecast:{period.kind}:{period.first.toordinal()}:{of.who}:{of.pipeline}{tail}"
