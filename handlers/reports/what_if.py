"""`whatif`: the year through the funnel once more, with a better share at a stage."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

from handlers.contract.catalog import command
from handlers.contract.desk import Desk
from handlers.contract.refusals import Said
from handlers.contract.reply import Button, Reply, Text, bold, lines
from handlers.contract.request import Request
from handlers.deals.deal_view import get_stage_name
from handlers.deals.find_pipeline import split_pipeline
from handlers.objections import look_up
from handlers.reports import figures
from handlers.reports.figures import About
from kb.funnel.figures.deal_history import DealHistory
from kb.funnel.figures.measures import Span
from kb.funnel.figures.money import sum_amounts
from kb.funnel.figures.what_if import AMOUNT, LEADS, ProjectedYear, project_year
from kb.funnel.move import find_stage
from kb.funnel.stages.funnel import Funnel
from kb.funnel.stages.pipelines import MAIN
from kb.states import DealStatus

YEAR = timedelta(days=365)
A_MOMENT = timedelta(seconds=1)  # what was won this instant counts
MOST = 400  # percent, or points
_CHANGE = re.compile(
    r"(?P<name>[^+\-−＋%,，;；、]{1,40}?)\s*(?P<sign>[+\-−＋])\s*(?P<n>\d{1,3}(?:\.\d{1,2})?)\s*(?:%|％|个?点|points?)?"
)
_WORDS = {
    **dict.fromkeys(("leads", "new leads", "new", "线索", "新增", "商机"), LEADS),
    **dict.fromkeys(("amount", "amounts", "price", "deal size", "金额", "客单价", "单价"), AMOUNT),
}
_IF = {"en": "what if ", "zh": "如果"}
_EDGES = " ,，;；、:："
_AND = re.compile(r"\A(?:and\s+|和|与|同时)")


@command("whatif", "what if", "如果", "假如", "假设", "要是")
def what_if(request: Request, desk: Desk) -> Reply:
    """What changes would bring in a year: `what if offer +2%`, several at once, or `all`.

    A pipeline that is named last is meant: `what if proposal +2% in Partners`.
    """
    said, pipeline = split_pipeline(request.text, desk)
    of = figures.about_by_id(desk, 0, pipeline or MAIN)
    changes = read_changes(said, of.funnel)
    if not changes and said.strip():  # a customer's own words: "what if it breaks?"
        return look_up.look_up(request.saying(f"{_IF[desk.words.language]}{request.text}"), desk)
    if not changes:
        raise _how(desk, of)
    year = Span(desk.now - YEAR, desk.now + A_MOMENT)
    found = figures.loaded(desk, of, year.start)
    supposed = figures_of(desk, of, found, year, changes)
    if not supposed.won:
        raise Said("reports.what_if.nothing_won")
    return Reply(_told(desk, supposed, changes, found, year))


def figures_of(
    desk: Desk, of: About, found: list[DealHistory], year: Span, changes: dict[str, float]
) -> ProjectedYear:
    """The year as it was and as it would be, to be said or drawn."""
    won = [
        course
        for course in found
        if course.status == DealStatus.WON and year.holds(course.ended_at)
    ]
    total = figures.rates_of(desk).total(
        sum_amounts((course.amount, course.deal.currency) for course in won)
    )
    return project_year(found, of.funnel, year, total.amount, changes)


def read_changes(said: str, funnel: Funnel) -> dict[str, float]:
    """The changes that a text names: points by stage, percent for leads and amounts.

    `all` is what the funnel's playbook says that winning people back adds at each stage.
    """
    plain = said.strip().casefold()
    if plain in ("all", "全部", "playbook"):
        return {s.key: float(s.uplift) for s in funnel.selling if s.uplift}
    found = {}
    for each in _CHANGE.finditer(said[:300]):
        name = _AND.sub("", each["name"].strip(_EDGES).casefold())
        key = _WORDS.get(name) or find_stage(name, funnel) or _offer(name, funnel)
        if key is not None:
            found[key] = min(MOST, float(each["n"])) * (1 if each["sign"] in "+＋" else -1)
    return found


def _offer(name: str, funnel: Funnel) -> str | None:
    """An offer is no stage of most funnels, but brings a deal to one."""
    if name not in ("offer", "quote", "报价"):
        return None
    return next((stage.key for stage in funnel.stages if stage.offer), None)


def _how(desk: Desk, of: About) -> Said:
    stages = of.funnel.selling
    buttons = [
        Button(f"{stage.name[desk.words.language]} +2 %", f"say:whatif {stage.key} +2%")
        for stage in stages[:4]
    ]
    return Said("reports.what_if.how", *buttons, stage=stages[-2].name[desk.words.language])


def _told(
    desk: Desk,
    found: ProjectedYear,
    changes: dict[str, float],
    histories: list[DealHistory],
    year: Span,
) -> Text:
    words = desk.words
    more = found.extra >= 0
    head = words.say(
        "reports.what_if.more" if more else "reports.what_if.less",
        money=bold(figures.money(desk, abs(found.extra))),
        would=figures.money(desk, found.projected_amount),
        amount=figures.money(desk, found.amount),
    )
    deals = words.say("reports.what_if.deals", would=round(found.projected_wins, 1), won=found.won)
    each = [
        words.say(
            "reports.what_if.step",
            stage=get_stage_name(desk, step.stage),
            was=step.actual.percent,
            would=round(100 * step.projected),
            whole=step.actual.whole,
        )
        for step in found.steps
        if step.changed
    ]
    together: Text = ()
    if len(changes) > 1:
        apart = sum((extra for _, extra in found.extra_of_each), Decimal(0))
        together = words.say("reports.what_if.together", money=figures.money(desk, apart))
    won = [
        course
        for course in histories
        if course.status == DealStatus.WON and year.holds(course.ended_at)
    ]
    total = figures.rates_of(desk).total(sum_amounts((c.amount, c.deal.currency) for c in won))
    return lines(head, deals, *each, together, figures.rate_notes(desk, [total]))
