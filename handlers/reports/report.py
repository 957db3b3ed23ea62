"""`report`: deals won, lost and created in a period, and the bottleneck, in three lines."""

from __future__ import annotations

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.refusals import NotFound
from handlers.contract.reply import Button, File, Reply, Text, bold, lines, rows, text_of
from handlers.contract.request import Request
from handlers.deals.deal_view import get_stage_name
from handlers.pictures import Bar, Bars, Legend
from handlers.reports.chart_files import render_chart
from handlers.reports.figures import (
    explain_rates,
    format_days,
    format_estimate,
    format_known_total,
    format_period,
    format_share,
    format_stay,
)
from handlers.reports.report_data import get_today, load_rates, load_targets
from handlers.reports.report_scope import (
    ReportScope,
    get_scope_name,
    load_scope_histories,
    make_action,
    read_button,
    read_request,
)
from handlers.reports.report_sections import SECTIONS
from kb.funnel.figures.bottleneck import Bottleneck
from kb.funnel.figures.confidence import Share
from kb.funnel.figures.measures import Flow, summarize_durations
from kb.funnel.figures.money import Total
from kb.funnel.figures.periods import Period
from kb.funnel.figures.report import Activity, Objection, Report, ReportTimes, build_report
from kb.states import DealStatus


@command(
    "report", "reports", "报表", "报告", "汇报", "业绩", "看报表", "业绩报表",
)  # fmt: skip
def report(request: Request, desk: Desk) -> Reply:
    """The figures of a period, this month's where none is named: `report last month Ann`."""
    return render_report(desk, *read_request(request, desk, "month"))


@action("report")
def report_by_tap(request: Request, desk: Desk) -> Reply:
    """Another period, or a section: `report:<kind>:<first>:<member>:<pipeline>:<section>`."""
    scope, period = read_button(request, desk)
    section = request.word(4)
    if section:
        return _render_section(desk, scope, period, section)
    return render_report(desk, scope, period)


def load_report(desk: Desk, scope: ReportScope, period: Period) -> Report:
    """The figures of a report."""
    span, past = period.span(desk.calendar), period.before.span(desk.calendar)
    times = ReportTimes(period, span, past, desk.now)
    by = min(period.last, get_today(desk))
    return build_report(
        load_scope_histories(desk, scope, past.start),
        scope.funnel,
        times,
        load_rates(desk, by),
        load_targets(desk, by),
        _load_activity(desk, scope, times),
    )


def _load_activity(desk: Desk, scope: ReportScope, times: ReportTimes) -> Activity:
    start, end, histories = times.span.start, times.span.end, desk.memory.histories
    acts: dict[int, dict[str, int]] = {}
    for member, kind, count in histories.count_activity(scope.scope, start, end):
        acts.setdefault(member, {})[kind] = count
    waits = (
        touched - created
        for _, created, touched in histories.list_response_times(
            scope.scope, start, end, scope.pipeline
        )
        if touched is not None
    )
    counts: dict[tuple[str, int], dict[DealStatus, int]] = {}
    for stage, card, status, count in desk.memory.lookups.count_deal_outcomes(
        scope.scope, start, end
    ):
        counts.setdefault((stage, card), {})[status] = count
    objections = [
        Objection(stage, card, sum(n.values()), n.get(DealStatus.WON, 0), n.get(DealStatus.LOST, 0))
        for (stage, card), n in counts.items()
    ]
    objections.sort(key=lambda each: -each.times)
    return Activity(acts, summarize_durations(waits), tuple(objections))


def render_report(desk: Desk, scope: ReportScope, period: Period) -> Reply:
    """The report in three lines and a chart, its sections a tap away."""
    figures = load_report(desk, scope, period)
    words = desk.words
    head = words.say(
        "reports.report.head" if not figures.is_unfinished else "reports.report.head_so_far",
        period=bold(format_period(desk, period)),
        who=get_scope_name(desk, scope),
    )
    text = lines(
        head,
        _render_won(desk, figures),
        _render_bottleneck(desk, figures.bottleneck),
        _render_flow(desk, figures),
        explain_rates(desk, [figures.won, figures.lost, figures.made, figures.open]),
    )
    buttons = [
        Button(
            words.line(f"reports.report.part_{section}"),
            make_action("report", scope, period, section),
        )
        for section in SECTIONS
    ]
    before = period.before
    buttons.append(Button(format_period(desk, before), make_action("report", scope, before)))
    return Reply(text, buttons=rows(buttons, 3), picture=_draw_chart(desk, scope, figures))


def _render_section(desk: Desk, scope: ReportScope, period: Period, section: str) -> Reply:
    if section not in SECTIONS:
        raise NotFound
    listed = SECTIONS[section](desk, load_report(desk, scope, period))
    title = desk.words.say(
        f"reports.report.title_{section}",
        period=format_period(desk, period),
        who=get_scope_name(desk, scope),
    )
    none = () if listed else desk.words.say("reports.report.nothing")
    back = Button(desk.words.line("contract.common.back"), make_action("report", scope, period))
    return Reply(lines(title, *listed, none), buttons=((back,),))


def _render_won(desk: Desk, figures: Report) -> Text:
    n, money = figures.now.won.n, format_known_total(desk, figures.won)
    if not n:
        yet = figures.is_unfinished
        return desk.words.say("reports.report.won_none" if yet else "reports.report.won_none_past")
    return text_of(
        desk.words.say(
            "reports.report.won" if money else "reports.report.won_bare", n=n, money=money
        ),
        _render_change(desk, figures.won, figures.past_won, unfinished=figures.is_unfinished),
    )


def _render_change(desk: Desk, now: Total, past: Total, *, unfinished: bool) -> Text:
    """How much more or less it is than in the period before; empty where nothing was then."""
    if not past.amount or now.apart or past.apart:
        return ()
    change = round(100 * (now.amount - past.amount) / past.amount)
    key = (
        "reports.report.same"
        if not change
        else "reports.report.more"
        if change > 0
        else "reports.report.less"
    )
    than = desk.words.line("reports.report.than_so_far" if unfinished else "reports.report.than")
    return desk.words.say(key, n=abs(change), than=than)


def _render_bottleneck(desk: Desk, bottleneck: Bottleneck) -> Text:
    if bottleneck.too_few:
        return desk.words.say("reports.report.too_few")
    loss = bottleneck.loss
    if loss is None:
        return desk.words.say("reports.report.none_worse")
    return desk.words.say(
        "reports.report.costs_target" if loss.target else "reports.report.costs",
        stage=bold(get_stage_name(desk, loss.stage)),
        now=loss.now.percent,
        before=loss.before.percent,
        days=loss.days,
        money=bold(format_estimate(desk, loss.money)),
        sure=min(99, round(100 * loss.confidence)),
    )


def _render_flow(desk: Desk, figures: Report) -> Text:
    """New and lost deals, the win rate, cycle and response time; what is not known is left out."""
    words, rate = desk.words, figures.now.win_rate
    cycle, response = figures.now.cycle.median, figures.activity.response.median
    made, lost = figures.now.made.n, figures.now.lost.n
    if not made and not lost and not rate.whole:
        return words.say("reports.report.nothing_new")
    parts = [
        words.line("reports.report.flow_made", n=made) if made else "",
        words.line("reports.report.flow_lost", n=lost) if lost else "",
        words.line("reports.report.flow_share", share=_format_win_rate(desk, rate))
        if rate.whole
        else "",
        words.line("reports.report.flow_cycle", days=format_days(desk, cycle)) if cycle else "",
        words.line("reports.report.flow_response", days=format_days(desk, response))
        if response is not None
        else "",
    ]
    return text_of(" · ".join(filter(None, parts)))


def _format_win_rate(desk: Desk, rate: Share) -> str:
    if not rate.enough:
        return format_share(desk, rate)
    low, high = round(100 * rate.low), round(100 * rate.high)
    return desk.words.line("reports.report.share", n=rate.percent, low=low, high=high)


def _draw_chart(desk: Desk, scope: ReportScope, figures: Report) -> File | None:
    """How many deals came to each stage, and how many went on; None where none came to any."""
    flows = [flow for flow in figures.now.flows if flow.entered]
    if not flows:
        return None
    words = desk.words
    title = format_period(desk, figures.period)
    won, lost = figures.now.won.n, figures.now.lost.n
    notes = (
        get_scope_name(desk, scope),
        words.line("reports.report.picture_won", n=won) if won else "",
        format_known_total(desk, figures.won),
        words.line("reports.report.stage_lost", n=lost) if lost else "",
    )
    note = " · ".join(filter(None, notes))
    bars = tuple(_make_bar(desk, figures, flow) for flow in flows)
    alt = (words.line("reports.report.picture_alt", stage=get_stage_name(desk, flow.stage),
                      entered=flow.entered, on=flow.went_on) for flow in flows)  # fmt: skip
    picture = Bars(title, note, bars, _make_legend(desk, figures))
    return render_chart(desk, "report", picture, "\n".join((title, *alt)))


def _make_legend(desk: Desk, figures: Report) -> Legend:
    tones: Legend = (
        ("second", desk.words.line("reports.report.picture_entered")),
        ("plain", desk.words.line("reports.report.picture_on")),
    )
    costs: Legend = (("bad", desk.words.line("reports.report.picture_costs")),)
    return (*tones, *costs) if figures.bottleneck.loss is not None else tones


def _make_bar(desk: Desk, figures: Report, flow: Flow) -> Bar:
    loss = figures.bottleneck.loss
    is_bottleneck = loss is not None and loss.stage == flow.stage
    words, share = desk.words, flow.conversion
    detail = (
        words.line("reports.report.stage_lost", n=flow.lost) if flow.lost else "",
        words.line("reports.report.flow_open", n=flow.open) if flow.open else "",
        format_stay(desk, flow.days),
    )
    values = (
        words.line("reports.report.picture_bar", n=flow.entered, share=format_share(desk, share))
        if share.enough
        else words.line("reports.report.picture_bar_few", n=flow.entered, on=flow.went_on),
        format_known_total(desk, figures.worth[flow.stage]),
    )
    return Bar(
        get_stage_name(desk, flow.stage),
        " · ".join(filter(None, values)),
        float(flow.entered),
        float(flow.went_on),
        " · ".join(filter(None, detail)),
        tone="bad" if is_bottleneck else "plain",
    )
