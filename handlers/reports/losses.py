"""`losses`: why deals were lost, and at which stage."""

from __future__ import annotations

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.refusals import Gone
from handlers.contract.reply import Button, Reply, Text, bold, lines
from handlers.contract.request import Request
from handlers.deals.deal_view import get_stage_name
from handlers.reading.moments.periods import read_period
from handlers.reports import figures, losses_chart
from handlers.reports.figures import About
from handlers.reports.losses_chart import reason_name
from kb.funnel.figures.losses import Losses, list_losses
from kb.funnel.figures.periods import Period, find_numbered_period, find_period

SHOWN = 2


@command("losses", "loss", "why lost", "丢单分析", "输单分析", "丢单原因", "输单原因")
def losses(request: Request, desk: Desk) -> Reply:
    """The reasons of a period, this quarter's where none is named: `losses month Ann`."""
    today = figures.today_of(desk)
    said = read_period(request.text, today)
    period = said.period if said else find_period("quarter", today)
    return shown(desk, figures.about(desk, said.rest if said else request.text), period)


@action("losses")
def losses_by_tap(request: Request, desk: Desk) -> Reply:
    """Another period: `losses:<kind>:<first>:<member>:<pipeline>`."""
    period = find_numbered_period(request.word(0), request.number(1))
    if period is None:
        raise Gone
    return shown(desk, figures.about_by_id(desk, request.number(2), request.word(3)), period)


def figures_of(desk: Desk, of: About, period: Period) -> Losses:
    """The figures, to be said or drawn."""
    span = period.span(desk.calendar)
    rates = figures.rates_of(desk, min(period.last, figures.today_of(desk)))
    return list_losses(figures.loaded(desk, of, span.start), of.funnel, span, period, rates)


def shown(desk: Desk, of: About, period: Period) -> Reply:
    """The costliest reason first, then the rest."""
    found, words = figures_of(desk, of, period), desk.words
    who, name = figures.whose(desk, of), figures.period_name(desk, period)
    before = period.before
    tap = f"losses:{before.kind}:{before.first.toordinal()}:{of.who}:{of.pipeline}"
    buttons = ((Button(figures.period_name(desk, before), tap),),)
    if not found.n:
        return Reply(words.say("reports.losses.none", period=name, who=who), buttons=buttons)
    head = words.say(
        "reports.losses.head", period=bold(name), who=who, n=found.n,
        money=bold(figures.with_apart(desk, found.total)),
    )  # fmt: skip
    top = found.rows[0]
    most = words.say(
        "reports.losses.most",
        reason=bold(reason_name(desk, of, top.reason)),
        stage=get_stage_name(desk, top.stage),
        n=top.n,
        percent=round(100 * top.n / found.n),
    )
    rest = [_row(desk, of, row.reason, row.stage, row.n, figures.with_apart(desk, row.total))
            for row in found.rows[1:SHOWN]]  # fmt: skip
    notes = figures.rate_notes(desk, [found.total])
    drawn = losses_chart.picture(desk, of, found)
    return Reply(lines(head, most, *rest, notes), buttons=buttons, picture=drawn)


def _row(desk: Desk, of: About, reason: str, stage: str, n: int, money: str) -> Text:
    named = {"reason": reason_name(desk, of, reason), "stage": get_stage_name(desk, stage)}
    return desk.words.say("reports.losses.row", n=n, money=money, **named)
