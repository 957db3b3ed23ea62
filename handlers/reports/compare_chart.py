"""People side by side as a picture: what each has won."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.contract.desk import Desk
from handlers.contract.reply import File
from handlers.pictures import Bar, Bars
from handlers.reports import figures
from handlers.reports.chart_files import amount_of, as_file
from handlers.reports.figures import About
from kb.funnel.figures.comparison import MemberFigures
from kb.funnel.figures.periods import Period


def picture(desk: Desk, of: About, period: Period, people: Sequence[MemberFigures]) -> File:
    """A bar for each, by what was won or, where amounts have no rate, by how many deals."""
    by_money = any(p.won.amount for p in people) and not any(p.won.apart for p in people)
    title = desk.words.line("reports.compare.picture", period=figures.period_name(desk, period))
    bars = tuple(_bar(desk, person, by_money=by_money) for person in people)
    alt = "\n".join((title, *(f"{bar.label}: {bar.shown}, {bar.detail}" for bar in bars)))
    return as_file(desk, "compare", Bars(title, figures.whose(desk, of), bars), alt)


def _bar(desk: Desk, person: MemberFigures, *, by_money: bool) -> Bar:
    measures = person.measures
    return Bar(
        desk.memory.members.named(desk.team.id, person.member_id),
        desk.words.line(
            "reports.compare.picture_bar",
            n=measures.won.n,
            money=figures.with_apart(desk, person.won),
        ),
        amount_of(person.won.amount) if by_money else float(measures.won.n),
        detail=desk.words.line(
            "reports.compare.picture_detail",
            lost=measures.lost.n,
            made=measures.made.n,
            open=person.open,
            acts=person.acts,
        ),
        tone="good",
    )
