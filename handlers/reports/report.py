"""`report`: what was won, lost and made in a time, and where it sticks, in three lines."""

from __future__ import annotations

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.refusals import Gone
from handlers.contract.reply import Button, Reply, Text, bold, lines, rows, text_of
from handlers.contract.request import Request
from handlers.deals.deal_view import get_stage_name
from handlers.reading.moments.periods import read_period
from handlers.reports import figures, report_chart
from handlers.reports.figures import About
from handlers.reports.report_sections import PARTS
from kb.funnel.figures.bottleneck import Bottleneck
from kb.funnel.figures.measures import summarize_durations
from kb.funnel.figures.money import Total
from kb.funnel.figures.periods import Period, find_numbered_period, find_period
from kb.funnel.figures.report import Activity, Objection, Report, ReportTimes, build_report
from kb.states import DealStatus


@command(
    "report", "reports", "报表", "报告", "汇报", "业绩", "看报表", "业绩报表",
)  # fmt: skip
def report(request: Request, desk: Desk) -> Reply:
    """The figures of a period: `report quarter`, `report last month Ann`."""
    said = read_period(request.text, figures.today_of(desk))
    period = said.period if said else find_period("month", figures.today_of(desk))
    return shown(desk, figures.about(desk, said.rest if said else request.text), period)


@action("report")
def report_by_tap(request: Request, desk: Desk) -> Reply:
    """Another period, or a part: `report:<kind>:<first>:<member>:<pipeline>:<part>`."""
    period = find_numbered_period(request.word(0), request.number(1))
    if period is None:
        raise Gone
    of = figures.about_by_id(desk, request.number(2), request.word(3))
    part = request.word(4)
    return _part(desk, of, period, part) if part else shown(desk, of, period)


def shown(desk: Desk, of: About, period: Period) -> Reply:
    """The report in three lines, its parts a tap away."""
    found = figures_of(desk, of, period)
    words = desk.words
    head = words.say(
        "reports.report.head" if not found.is_unfinished else "reports.report.head_so_far",
        period=bold(figures.period_name(desk, period)),
        who=figures.whose(desk, of),
    )
    notes = figures.rate_notes(desk, [found.won, found.lost, found.made, found.open])
    text = lines(
        head, _won(desk, found), _sticks(desk, found.bottleneck), _flow(desk, found), notes
    )
    buttons = [
        Button(words.line(f"reports.report.part_{part}"), _action(of, period, part))
        for part in PARTS
    ]
    before = period.before
    buttons.append(Button(figures.period_name(desk, before), _action(of, before)))
    drawn = report_chart.picture(desk, of, found)
    return Reply(text, buttons=rows(buttons, 3), picture=drawn)


def figures_of(desk: Desk, of: About, period: Period) -> Report:
    """A report's figures, to be said or drawn."""
    span, past = period.span(desk.calendar), period.before.span(desk.calendar)
    asked = ReportTimes(period, span, past, desk.now)
    histories = figures.loaded(desk, of, past.start)
    by = min(period.last, figures.today_of(desk))
    targets = figures.targets_of(desk, by)
    doings = _doings(desk, of, asked)
    return build_report(histories, of.funnel, asked, figures.rates_of(desk, by), targets, doings)


def _doings(desk: Desk, of: About, asked: ReportTimes) -> Activity:
    span, histories = asked.span, desk.memory.histories
    activity: dict[int, dict[str, int]] = {}
    for member, kind, times in histories.activity(of.scope, span.start, span.end):
        activity.setdefault(member, {})[kind] = times
    waits = (
        touched - made
        for _, made, touched in histories.answered(of.scope, span.start, span.end, of.pipeline)
        if touched is not None
    )
    counts: dict[tuple[str, int], dict[DealStatus, int]] = {}
    for stage, card, status, times in desk.memory.lookups.became(of.scope, span.start, span.end):
        counts.setdefault((stage, card), {})[status] = times
    heard = [
        Objection(stage, card, sum(n.values()), n.get(DealStatus.WON, 0), n.get(DealStatus.LOST, 0))
        for (stage, card), n in counts.items()
    ]
    return Activity(
        activity, summarize_durations(waits), tuple(sorted(heard, key=lambda each: -each.times))
    )


def _won(desk: Desk, found: Report) -> Text:
    key = "reports.report.won" if found.now.won.n else "reports.report.won_none"
    return text_of(
        desk.words.say(key, n=found.now.won.n, money=figures.with_apart(desk, found.won)),
        _against(desk, found.won, found.past_won, found.is_unfinished),
    )


def _against(desk: Desk, now: Total, past: Total, so_far: bool) -> Text:
    """How much more or less it is than in the time before; nothing where nothing was then."""
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
    than = desk.words.line("reports.report.than_so_far" if so_far else "reports.report.than")
    return desk.words.say(key, n=abs(change), than=than)


def _sticks(desk: Desk, found: Bottleneck) -> Text:
    if found.too_few:
        return desk.words.say("reports.report.too_few")
    loss = found.loss
    if loss is None:
        return desk.words.say("reports.report.none_worse")
    return desk.words.say(
        "reports.report.costs_target" if loss.target else "reports.report.costs",
        stage=bold(get_stage_name(desk, loss.stage)),
        now=loss.now.percent,
        before=loss.before.percent,
        days=loss.days,
        money=bold(figures.rough(desk, loss.money)),
        sure=min(99, round(100 * loss.confidence)),
    )


def _flow(desk: Desk, found: Report) -> Text:
    rate = found.now.win_rate
    share = desk.words.line(
        "reports.report.share" if rate.enough else "reports.report.share_thin",
        n=rate.percent, low=round(100 * rate.low), high=round(100 * rate.high),
        part=rate.part, whole=rate.whole,
    )  # fmt: skip
    return desk.words.say(
        "reports.report.flow",
        made=found.now.made.n,
        lost=found.now.lost.n,
        share=share,
        cycle=figures.in_days(desk, found.now.cycle),
        response=figures.in_days(desk, found.activity.response),
    )


def _action(of: About, period: Period, part: str = "") -> str:
    tail = f":{part}" if part else ""
    return f"report:{period.kind}:{period.first.toordinal()}:{of.who}:{of.pipeline}{tail}"


def _part(desk: Desk, of: About, period: Period, part: str) -> Reply:
    if part not in PARTS:
        raise Gone
    told = PARTS[part](desk, figures_of(desk, of, period))
    title = desk.words.say(
        f"reports.report.title_{part}",
        period=figures.period_name(desk, period),
        who=figures.whose(desk, of),
    )
    none = () if told else desk.words.say("reports.report.nothing")
    back = Button(desk.words.line("contract.common.back"), _action(of, period))
    return Reply(lines(title, *told, none), buttons=((back,),))
