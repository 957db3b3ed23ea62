"""`compare`: the people one sees side by side, in one time."""

from __future__ import annotations

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.refusals import Gone
from handlers.contract.reply import Button, Reply, Text, bold, lines
from handlers.contract.request import Request
from handlers.reading.moments.periods import read_period
from handlers.reports import compare_chart, figures
from handlers.reports.figures import About
from kb.funnel.figures.comparison import Comparison, MemberFigures, compare_people
from kb.funnel.figures.periods import Period, find_numbered_period, find_period
from storage.tables.people_and_deals import Role

SHOWN, SAID = 10, 3  # in the picture, and in words


@command("compare", "对比", "比较", "排名", "业绩排名", role=Role.MANAGER)
def compare(request: Request, desk: Desk) -> Reply:
    """Everybody below a manager in a period, this month where none is named."""
    today = figures.today_of(desk)
    said = read_period(request.text, today)
    period = said.period if said else find_period("month", today)
    return shown(desk, figures.about(desk, said.rest if said else request.text), period)


@action("compare", role=Role.MANAGER)
def compare_by_tap(request: Request, desk: Desk) -> Reply:
    """Another period: `compare:<kind>:<first>:<member>:<pipeline>`."""
    period = find_numbered_period(request.word(0), request.number(1))
    if period is None:
        raise Gone
    return shown(desk, figures.about_by_id(desk, request.number(2), request.word(3)), period)


def figures_of(desk: Desk, of: About, period: Period) -> Comparison:
    """The figures, to be said or drawn."""
    span = period.span(desk.calendar)
    acts: dict[int, int] = {}
    for member, _, times in desk.memory.histories.activity(of.scope, span.start, span.end):
        acts[member] = acts.get(member, 0) + times
    rates = figures.rates_of(desk, min(period.last, figures.today_of(desk)))
    return compare_people(
        figures.loaded(desk, of, span.start), of.funnel, span, period, rates, acts
    )


def shown(desk: Desk, of: About, period: Period) -> Reply:
    """Who won most, then everybody in a line."""
    found = figures_of(desk, of, period)
    people = [person for person in found.people if _did_anything(person)]
    before = period.before
    tap = f"compare:{before.kind}:{before.first.toordinal()}:{of.who}:{of.pipeline}"
    buttons = ((Button(figures.period_name(desk, before), tap),),)
    name, who = figures.period_name(desk, period), figures.whose(desk, of)
    if not people:
        return Reply(desk.words.say("reports.compare.none", period=name, who=who), buttons=buttons)
    head = desk.words.say("reports.compare.head", period=bold(name), who=who)
    told = [_line(desk, person) for person in people[:SAID]]
    notes = figures.rate_notes(desk, [person.won for person in people])
    drawn = compare_chart.picture(desk, of, period, people[:SHOWN])
    return Reply(lines(head, *told, notes), buttons=buttons, picture=drawn)


def _did_anything(person: MemberFigures) -> bool:
    measures = person.measures
    return bool(person.acts or person.open or measures.won.n or measures.lost.n or measures.made.n)


def _line(desk: Desk, person: MemberFigures) -> Text:
    measures = person.measures
    rate = measures.win_rate
    share = f"{rate.percent}\u00a0%" if rate.enough else f"{rate.part}/{rate.whole}"
    return desk.words.say(
        "reports.compare.line",
        name=bold(desk.memory.members.named(desk.team.id, person.member_id)),
        money=figures.with_apart(desk, person.won),
        won=measures.won.n,
        lost=measures.lost.n,
        share=share,
        made=measures.made.n,
        open=person.open,
        acts=person.acts,
    )
