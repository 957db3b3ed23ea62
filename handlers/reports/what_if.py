"""`what if`: what the past year would have brought with other conversions, leads or amounts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from handlers.contract.catalog import command
from handlers.contract.desk import Desk
from handlers.contract.refusals import TextRefusal
from handlers.contract.reply import Button, Reply, Text, bold, lines
from handlers.contract.request import Request
from handlers.deals.deal_view import get_stage_name
from handlers.deals.find_pipeline import split_pipeline
from handlers.objections import look_up
from handlers.reports.figures import explain_rates, format_money
from handlers.reports.report_data import load_rates
from handlers.reports.report_scope import ReportScope, load_scope_histories, make_scope
from kb.funnel.figures.deal_history import DealHistory
from kb.funnel.figures.measures import Span
from kb.funnel.figures.money import Total, sum_amounts
from kb.funnel.figures.what_if import AMOUNT, LEADS, ProjectedYear, project_year
from kb.funnel.move import find_stage
from kb.funnel.stages.funnel import Funnel
from kb.funnel.stages.pipelines import MAIN
from kb.states import DealStatus

YEAR = timedelta(days=365)
A_MOMENT = timedelta(seconds=1)  # so that deals won this instant count
MAX_CHANGE = 400  # percent, or points
_CHANGE = re.compile(
    r"(?P<name>[^+\-−＋%,，;；、]{1,40}?)\s*(?P<sign>[+\-−＋])\s*(?P<n>\d{1,3}(?:\.\d{1,2})?)\s*(?:%|％|个?点|points?)?"
)
_FACTOR_WORDS = {
    **dict.fromkeys(("leads", "new leads", "new", "线索", "新增", "商机"), LEADS),
    **dict.fromkeys(("amount", "amounts", "price", "deal size", "金额", "客单价", "单价"), AMOUNT),
}
_WHAT_IF = {"en": "what if ", "zh": "如果"}
_EDGES = " ,，;；、:："
_AND = re.compile(r"\A(?:and\s+|和|与|同时)")


@command("whatif", "what if", "如果", "假如", "假设", "要是")
def what_if(request: Request, desk: Desk) -> Reply:
    """What changes would have brought in a year: `what if offer +2%`, several at once, or `all`.

    A pipeline may be named last: `what if proposal +2% in Partners`.
    """
    text, pipeline = split_pipeline(request.text, desk)
    scope = make_scope(desk, 0, pipeline or MAIN)
    changes = read_changes(text, scope.funnel)
    if not changes and text.strip():  # a customer's own words: "what if it breaks?"
        return look_up.look_up(
            request.with_text(f"{_WHAT_IF[desk.words.language]}{request.text}"), desk
        )
    if not changes:
        raise _explain_usage(desk, scope)
    year = Span(desk.now - YEAR, desk.now + A_MOMENT)
    histories = load_scope_histories(desk, scope, year.start)
    won = _total_won(desk, histories, year)
    projection = project_year(histories, scope.funnel, year, won.amount, changes)
    if not projection.won:
        raise TextRefusal("reports.what_if.nothing_won")
    thin = next(
        (step for step in projection.steps if step.stage in changes and not step.actual.enough),
        None,
    )
    if thin is not None:
        raise TextRefusal(
            "reports.what_if.too_few",
            stage=get_stage_name(desk, thin.stage),
            n=thin.actual.whole,
        )
    return Reply(_render_projection(desk, projection, len(changes), won))


def _total_won(desk: Desk, histories: Sequence[DealHistory], year: Span) -> Total:
    won = (
        (history.amount, history.deal.currency)
        for history in histories
        if history.status == DealStatus.WON and year.holds(history.ended_at)
    )
    return load_rates(desk).total(sum_amounts(won))


def read_changes(text: str, funnel: Funnel) -> dict[str, float]:
    """The changes that a text names: points by stage, percent for leads and amounts.

    `all` is what the funnel's playbook says that winning people back adds at each stage.
    """
    plain = text.strip().casefold()
    if plain in ("all", "全部", "playbook"):
        return {s.key: float(s.uplift) for s in funnel.selling if s.uplift}
    changes = {}
    for each in _CHANGE.finditer(text[:300]):
        name = _AND.sub("", each["name"].strip(_EDGES).casefold())
        key = _FACTOR_WORDS.get(name) or find_stage(name, funnel) or _find_offer_stage(name, funnel)
        if key is not None:
            changes[key] = min(MAX_CHANGE, float(each["n"])) * (1 if each["sign"] in "+＋" else -1)
    return changes


def _find_offer_stage(name: str, funnel: Funnel) -> str | None:
    """The stage that an offer brings a deal to; most funnels have none of that name."""
    if name not in ("offer", "quote", "报价"):
        return None
    return next((stage.key for stage in funnel.stages if stage.offer), None)


def _explain_usage(desk: Desk, scope: ReportScope) -> TextRefusal:
    stages = scope.funnel.selling
    buttons = [
        Button(f"{stage.name[desk.words.language]} +2 %", f"say:what if {stage.key} +2%")
        for stage in stages[:4]
    ]
    return TextRefusal("reports.what_if.how", *buttons, stage=stages[-2].name[desk.words.language])


def _render_projection(desk: Desk, projection: ProjectedYear, changes: int, won: Total) -> Text:
    words = desk.words
    if not projection.extra:
        return words.say("reports.what_if.same", amount=format_money(desk, projection.amount))
    head = words.say(
        "reports.what_if.more" if projection.extra >= 0 else "reports.what_if.less",
        money=bold(format_money(desk, abs(projection.extra))),
        would=format_money(desk, projection.projected_amount),
        amount=format_money(desk, projection.amount),
    )
    deals = words.say(
        "reports.what_if.deals",
        would=f"{projection.projected_wins:.1f}".removesuffix(".0"),
        won=projection.won,
    )
    steps = [
        words.say(
            "reports.what_if.step",
            stage=get_stage_name(desk, step.stage),
            was=step.actual.percent,
            would=round(100 * step.projected),
            whole=step.actual.whole,
        )
        for step in projection.steps
        if step.changed
    ]
    together: Text = ()
    if changes > 1:
        apart = sum((extra for _, extra in projection.extra_of_each), Decimal(0))
        together = words.say("reports.what_if.together", money=format_money(desk, apart))
    return lines(head, deals, *steps, together, explain_rates(desk, [won]))
