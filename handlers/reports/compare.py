"""`compare`: the people one sees side by side in one period, as text and as a bar chart."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.reply import Button, File, Reply, Text, bold, lines
from handlers.contract.request import Request
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
from kb.funnel.figures.comparison import Comparison, MemberFigures, compare_people
from kb.funnel.figures.periods import Period
from storage.tables.people_and_deals import Role

MAX_BARS, MAX_LINES = 10, 3


@command("compare", "对比", "比较", "排名", "业绩排名", role=Role.MANAGER)
def compare(request: Request, desk: Desk) -> Reply:
    """Everybody below a manager in a period, this month where none is named."""
    return render_comparison(desk, *read_request(request, desk, "month"))


@action("compare", role=Role.MANAGER)
def compare_by_tap(request: Request, desk: Desk) -> Reply:
    """Another period: `compare:<kind>:<first>:<member>:<pipeline>`."""
    return render_comparison(desk, *read_button(request, desk))


def load_comparison(desk: Desk, scope: ReportScope, period: Period) -> Comparison:
    """Everybody's figures of the period."""
    span = period.span(desk.calendar)
    acts: dict[int, int] = {}
    for member, _, times in desk.memory.histories.count_activity(scope.scope, span.start, span.end):
        acts[member] = acts.get(member, 0) + times
    rates = load_rates(desk, min(period.last, get_today(desk)))
    histories = load_scope_histories(desk, scope, span.start)
    return compare_people(histories, scope.funnel, span, period, rates, acts)


def render_comparison(desk: Desk, scope: ReportScope, period: Period) -> Reply:
    """The people who won most, a line each, and the chart of more of them."""
    people = [each for each in load_comparison(desk, scope, period).people if _has_activity(each)]
    name, who = format_period(desk, period), get_scope_name(desk, scope)
    before = period.before
    button = Button(format_period(desk, before), make_action("compare", scope, before))
    if not people:
        none = desk.words.say("reports.compare.none", period=name, who=who)
        return Reply(none, buttons=((button,),))
    head = desk.words.say("reports.compare.head", period=bold(name), who=who)
    listed = [_render_person(desk, person) for person in people[:MAX_LINES]]
    notes = explain_rates(desk, [person.won for person in people])
    chart = _draw_chart(desk, scope, period, people[:MAX_BARS])
    return Reply(lines(head, *listed, notes), buttons=((button,),), picture=chart)


def _has_activity(person: MemberFigures) -> bool:
    measures = person.measures
    return bool(person.acts or person.open or measures.won.n or measures.lost.n or measures.made.n)


def _render_person(desk: Desk, person: MemberFigures) -> Text:
    measures = person.measures
    rate = measures.win_rate
    share = f"{rate.percent}\u00a0%" if rate.enough else f"{rate.part}/{rate.whole}"
    return desk.words.say(
        "reports.compare.line",
        name=bold(desk.memory.members.get_name(desk.team.id, person.member_id)),
        money=format_total(desk, person.won),
        won=measures.won.n,
        lost=measures.lost.n,
        share=share,
        made=measures.made.n,
        open=person.open,
        acts=person.acts,
    )


def _draw_chart(
    desk: Desk, scope: ReportScope, period: Period, people: Sequence[MemberFigures]
) -> File:
    """A bar for each person: the amount won, or the number of deals won."""
    by_amount = can_compare_amounts(person.won for person in people)
    title = desk.words.line("reports.compare.picture", period=format_period(desk, period))
    bars = tuple(_make_bar(desk, person, by_amount=by_amount) for person in people)
    alt = "\n".join((title, *(f"{bar.label}: {bar.value_text}, {bar.detail}" for bar in bars)))
    return render_chart(desk, "compare", Bars(title, get_scope_name(desk, scope), bars), alt)


def _make_bar(desk: Desk, person: MemberFigures, *, by_amount: bool) -> Bar:
    measures = person.measures
    return Bar(
        desk.memory.members.get_name(desk.team.id, person.member_id),
        desk.words.line(
            "reports.compare.picture_bar",
            n=measures.won.n,
            money=format_total(desk, person.won),
        ),
        to_length(person.won.amount) if by_amount else float(measures.won.n),
        detail=desk.words.line(
            "reports.compare.picture_detail",
            lost=measures.lost.n,
            made=measures.made.n,
            open=person.open,
            acts=person.acts,
        ),
        tone="good",
    )
