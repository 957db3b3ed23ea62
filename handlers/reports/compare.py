"""`compare`: the people one sees side by side in one period, as text and as a bar chart."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.reply import Button, File, Reply, Text, bold, lines, text_of
from handlers.contract.request import Request
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
from kb.funnel.figures.comparison import Comparison, MemberFigures, compare_people
from kb.funnel.figures.periods import Period
from storage.tables.people_and_deals import Role

MAX_BARS, MAX_LINES = 10, 3
FEWEST = 2  # people to compare in a chart


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
    won = any(person.measures.won.n for person in people)
    key = "reports.compare.head" if won else "reports.compare.head_open"
    head = desk.words.say(key, period=bold(name), who=who)
    listed = [_render_person(desk, person) for person in people[:MAX_LINES]]
    notes = explain_rates(desk, [total for each in people for total in (each.won, each.worth)])
    chart = _draw_chart(desk, scope, period, people[:MAX_BARS])
    return Reply(lines(head, *listed, notes), buttons=((button,),), picture=chart)


def _has_activity(person: MemberFigures) -> bool:
    measures = person.measures
    return bool(person.acts or person.open or measures.won.n or measures.lost.n or measures.made.n)


def _render_person(desk: Desk, person: MemberFigures) -> Text:
    """Ann: €12,000 in 3 won, 4 lost (43 %) · 5 new, 2 open (€8,000) · 12 acts; no zeros."""
    measures, words = person.measures, desk.words
    rate, money = measures.win_rate, format_known_total(desk, person.won)
    ended = _list_known(
        desk,
        (_count(desk, "won_money" if money else "won", measures.won.n, money=money)),
        _count(desk, "lost", measures.lost.n),
    )
    if rate.enough:
        ended += words.line("contract.common.brackets", what=format_share(desk, rate))
    worth = format_known_total(desk, person.worth)
    ahead = _list_known(
        desk,
        _count(desk, "made", measures.made.n),
        _count(desk, "open_money" if worth else "open", person.open, money=worth),
    )
    parts = (ended, ahead, _count(desk, "acts", person.acts))
    name = bold(desk.memory.members.get_name(desk.team.id, person.member_id))
    colon = words.line("contract.common.colon")
    return text_of(name, colon, " · ".join(filter(None, parts)))


def _count(desk: Desk, what: str, n: int, **values: str) -> str:
    return desk.words.line(f"reports.compare.count_{what}", n=n, **values) if n else ""


def _list_known(desk: Desk, *counts: str) -> str:
    return desk.words.line("contract.common.comma").join(filter(None, counts))


def _draw_chart(
    desk: Desk, scope: ReportScope, period: Period, people: Sequence[MemberFigures]
) -> File | None:
    """A bar for each person: what they won, or have open where nobody won anything.

    As long as the amounts, or the number of deals. None where there is nothing to compare.
    """
    by_won = any(person.measures.won.n for person in people)
    if len(people) < FEWEST or not (by_won or any(person.open for person in people)):
        return None
    totals = [person.won if by_won else person.worth for person in people]
    by_amount = can_compare_amounts(totals)
    counts = [person.measures.won.n if by_won else person.open for person in people]
    lengths = [
        to_length(total.amount) if by_amount else float(n)
        for total, n in zip(totals, counts, strict=True)
    ]
    key = "reports.compare.picture" if by_won else "reports.compare.picture_open"
    title = desk.words.line(key, period=format_period(desk, period))
    bars = tuple(
        _make_bar(desk, person, length, by_won=by_won)
        for person, length in zip(people, lengths, strict=True)
    )
    alt = "\n".join((title, *(_describe(bar) for bar in bars)))
    return render_chart(desk, "compare", Bars(title, get_scope_name(desk, scope), bars), alt)


def _describe(bar: Bar) -> str:
    return f"{bar.label}: {', '.join(filter(None, (bar.value_text, bar.detail)))}"


def _make_bar(desk: Desk, person: MemberFigures, length: float, *, by_won: bool) -> Bar:
    measures = person.measures
    won = _count(desk, "won", measures.won.n)
    has_open = _count(desk, "open", person.open)
    money = format_known_total(desk, person.won if by_won else person.worth)
    values = (won if by_won else has_open, money)
    detail = (
        _count(desk, "lost", measures.lost.n),
        _count(desk, "made", measures.made.n),
        has_open if by_won else "",
        _count(desk, "acts", person.acts),
    )
    return Bar(
        desk.memory.members.get_name(desk.team.id, person.member_id),
        " · ".join(filter(None, values)),
        length,
        detail=" · ".join(filter(None, detail)),
        tone="good" if by_won else "plain",
    )
