"""`losses`: why deals were lost, and at which stage, as text and as a bar chart."""

from __future__ import annotations

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.reply import Button, File, Reply, Text, bold, lines
from handlers.contract.request import Request
from handlers.deals.deal_view import get_stage_name
from handlers.pictures import Bar, Bars
from handlers.reports.chart_files import can_compare_amounts, render_chart, to_length
from handlers.reports.figures import explain_rates, format_known_total, format_period, format_share
from handlers.reports.report_data import get_today, load_rates
from handlers.reports.report_scope import (
    ReportScope,
    get_scope_name,
    load_scope_histories,
    make_action,
    read_button,
    read_request,
)
from kb.funnel.figures.confidence import Share
from kb.funnel.figures.losses import Losses, LossRow, list_losses
from kb.funnel.figures.periods import Period

MAX_LINES, MAX_BARS = 2, 8


@command("losses", "loss", "why lost", "丢单分析", "输单分析", "丢单原因", "输单原因")
def losses(request: Request, desk: Desk) -> Reply:
    """The reasons of a period, this quarter's where none is named: `losses month Ann`."""
    return render_losses(desk, *read_request(request, desk, "quarter"))


@action("losses")
def losses_by_tap(request: Request, desk: Desk) -> Reply:
    """Another period: `losses:<kind>:<first>:<member>:<pipeline>`."""
    return render_losses(desk, *read_button(request, desk))


def load_losses(desk: Desk, scope: ReportScope, period: Period) -> Losses:
    """The lost deals of the period by stage and reason."""
    span = period.span(desk.calendar)
    rates = load_rates(desk, min(period.last, get_today(desk)))
    histories = load_scope_histories(desk, scope, span.start)
    return list_losses(histories, scope.funnel, span, period, rates)


def render_losses(desk: Desk, scope: ReportScope, period: Period) -> Reply:
    """The most frequent reason, then the next, and the chart of more of them."""
    report, words = load_losses(desk, scope, period), desk.words
    who, name = get_scope_name(desk, scope), format_period(desk, period)
    before = period.before
    button = Button(format_period(desk, before), make_action("losses", scope, before))
    if not report.n:
        none = words.say("reports.losses.none", period=name, who=who)
        return Reply(none, buttons=((button,),))
    money = format_known_total(desk, report.total)
    head = words.say(
        "reports.losses.head" if money else "reports.losses.head_bare",
        period=bold(name), who=who, n=report.n, money=bold(money),
    )  # fmt: skip
    most = _render_most(desk, scope, report)
    others = [_render_row(desk, scope, row) for row in report.rows[1:MAX_LINES]]
    text = lines(head, most, *others, explain_rates(desk, [report.total]))
    chart = _draw_chart(desk, scope, report) if len(report.rows) > 1 else None
    return Reply(text, buttons=((button,),), picture=chart)


def _render_most(desk: Desk, scope: ReportScope, report: Losses) -> Text:
    """The most frequent reason and stage, and its share; it is a count where the lost are few."""
    top = report.rows[0]
    share = Share(top.n, report.n)
    if len(report.rows) == 1:
        key = "reports.losses.all"
    else:
        key = "reports.losses.most" if share.enough else "reports.losses.most_few"
    return desk.words.say(
        key,
        reason=bold(_get_reason_name(desk, scope, top.reason)),
        stage=get_stage_name(desk, top.stage),
        n=top.n,
        share=format_share(desk, share),
    )


def _render_row(desk: Desk, scope: ReportScope, row: LossRow) -> Text:
    money = format_known_total(desk, row.total)
    return desk.words.say(
        "reports.losses.row" if money else "reports.losses.row_bare",
        n=row.n,
        money=money,
        reason=_get_reason_name(desk, scope, row.reason),
        stage=get_stage_name(desk, row.stage),
    )


def _draw_chart(desk: Desk, scope: ReportScope, report: Losses) -> File:
    """A bar for each reason and stage: the amount lost, or the number of deals lost."""
    rows = report.rows[:MAX_BARS]
    by_amount = can_compare_amounts(row.total for row in rows)
    title = desk.words.line("reports.losses.picture", period=format_period(desk, report.period))
    notes = (
        get_scope_name(desk, scope),
        desk.words.line("reports.losses.picture_lost", n=report.n),
        format_known_total(desk, report.total),
    )
    note = " · ".join(filter(None, notes))
    bars = tuple(_make_bar(desk, scope, row, by_amount=by_amount) for row in rows)
    alt = "\n".join((title, *(f"{bar.label} ({bar.detail}): {bar.value_text}" for bar in bars)))
    return render_chart(desk, "losses", Bars(title, note, bars), alt)


def _make_bar(desk: Desk, scope: ReportScope, row: LossRow, *, by_amount: bool) -> Bar:
    values = (
        desk.words.line("reports.losses.picture_bar", n=row.n),
        format_known_total(desk, row.total),
    )
    return Bar(
        _get_reason_name(desk, scope, row.reason),
        " · ".join(filter(None, values)),
        to_length(row.total.amount) if by_amount else float(row.n),
        detail=get_stage_name(desk, row.stage),
        tone="bad",
    )


def _get_reason_name(desk: Desk, scope: ReportScope, key: str) -> str:
    """A lost reason in the member's language."""
    reason = scope.funnel.reason(key)
    if reason is not None:
        return reason.name[desk.words.language]
    return key or desk.words.line("reports.losses.no_reason")
