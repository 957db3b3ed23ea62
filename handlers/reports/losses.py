"""`losses`: why deals were lost, and at which stage, as text and as a bar chart."""

from __future__ import annotations

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.reply import Button, File, Reply, Text, bold, lines
from handlers.contract.request import Request
from handlers.deals.deal_view import get_stage_name
from handlers.pictures import Bar, Bars
from handlers.reports.chart_files import can_compare_amounts, render_chart, to_length
from handlers.reports.figures import explain_rates, format_period, format_total
from handlers.reports.report_data import get_today, load_rates
from handlers.reports.report_scope import (
    ReportScope,
    get_scope_name,
    load_scope_histories,
    make_action,
    read_button,
    read_request,
)
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
    head = words.say(
        "reports.losses.head", period=bold(name), who=who, n=report.n,
        money=bold(format_total(desk, report.total)),
    )  # fmt: skip
    top = report.rows[0]
    most = words.say(
        "reports.losses.most",
        reason=bold(_get_reason_name(desk, scope, top.reason)),
        stage=get_stage_name(desk, top.stage),
        n=top.n,
        percent=round(100 * top.n / report.n),
    )
    others = [_render_row(desk, scope, row) for row in report.rows[1:MAX_LINES]]
    text = lines(head, most, *others, explain_rates(desk, [report.total]))
    return Reply(text, buttons=((button,),), picture=_draw_chart(desk, scope, report))


def _render_row(desk: Desk, scope: ReportScope, row: LossRow) -> Text:
    return desk.words.say(
        "reports.losses.row",
        n=row.n,
        money=format_total(desk, row.total),
        reason=_get_reason_name(desk, scope, row.reason),
        stage=get_stage_name(desk, row.stage),
    )


def _draw_chart(desk: Desk, scope: ReportScope, report: Losses) -> File:
    """A bar for each reason and stage: the amount lost, or the number of deals lost."""
    rows = report.rows[:MAX_BARS]
    by_amount = can_compare_amounts(row.total for row in rows)
    title = desk.words.line("reports.losses.picture", period=format_period(desk, report.period))
    note = desk.words.line(
        "reports.losses.picture_note",
        who=get_scope_name(desk, scope),
        n=report.n,
        money=format_total(desk, report.total),
    )
    bars = tuple(_make_bar(desk, scope, row, by_amount=by_amount) for row in rows)
    alt = "\n".join((title, *(f"{bar.label} ({bar.detail}): {bar.value_text}" for bar in bars)))
    return render_chart(desk, "losses", Bars(title, note, bars), alt)


def _make_bar(desk: Desk, scope: ReportScope, row: LossRow, *, by_amount: bool) -> Bar:
    money = format_total(desk, row.total)
    return Bar(
        _get_reason_name(desk, scope, row.reason),
        desk.words.line("reports.losses.picture_bar", n=row.n, money=money),
        to_length(row.total.amount) if by_amount else float(row.n),
        detail=get_stage_name(desk, row.stage),
        tone="bad",
    )


def _get_reason_name(desk: Desk, scope: ReportScope, key: str) -> str:
    """A lost reason in the member's language."""
    reason = scope.funnel.reason(key)
    return reason.name[desk.words.language] if reason is not None else key or "–"
