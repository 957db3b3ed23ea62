"""The sections of a report, line by line: stages, sources, people, objections."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers.contract.desk import Desk
from handlers.contract.reply import Text, bold
from handlers.deals.deal_view import get_stage_name
from handlers.reports.figures import format_amounts, format_duration, format_money
from kb.funnel.figures.report import Report
from kb.states import EventKind

MAX_LINES = 6
TOUCHES = (EventKind.CALLED, EventKind.NOTED, EventKind.STEP_DONE)
MOVES = (EventKind.MOVED, EventKind.OFFERED, EventKind.WON, EventKind.LOST)


def _list_stages(desk: Desk, report: Report) -> list[Text]:
    listed = [
        desk.words.say(
            "reports.report.stage",
            stage=bold(get_stage_name(desk, flow.stage)),
            entered=flow.entered,
            on=flow.went_on,
            percent=flow.conversion.percent,
            lost=flow.lost,
            open=flow.open,
            median=format_duration(desk, flow.days),
            late=format_duration(desk, flow.days, "p80"),
        )
        for flow in report.now.flows
        if flow.entered or flow.days.n
    ]
    return [*listed, _render_velocity(desk, report)] if listed else []


def _render_velocity(desk: Desk, report: Report) -> Text:
    """The sales velocity: the amount that the funnel brings in a day."""
    if report.velocity is None:
        return ()
    money = format_money(desk, report.velocity)
    return desk.words.say("reports.report.speed", money=bold(money), n=report.live_deals.n)


def _list_sources(desk: Desk, report: Report) -> list[Text]:
    return [
        desk.words.say(
            "reports.report.source",
            source=bold(_get_source_name(desk, each.source)),
            made=each.made,
            won=each.won,
            lost=each.lost,
            money=format_amounts(desk, each.amounts) or "–",
        )
        for each in report.now.sources[:MAX_LINES]
    ]


def _get_source_name(desk: Desk, source: str) -> str:
    """The name of a deal's source in the member's language."""
    return desk.words.line(
        f"selling.lead.source_{source}" if source else "reports.report.no_source"
    )


def _list_people(desk: Desk, report: Report) -> list[Text]:
    acts_by_name = [
        (desk.memory.members.get_name(desk.team.id, member), counts)
        for member, counts in report.activity.acts.items()
    ]
    acts_by_name.sort(key=lambda each: (-sum(each[1].values()), each[0]))
    return [
        desk.words.say(
            "reports.report.person",
            name=bold(name),
            total=sum(counts.values()),
            touches=sum(counts.get(kind, 0) for kind in TOUCHES),
            moves=sum(counts.get(kind, 0) for kind in MOVES),
        )
        for name, counts in acts_by_name[: 2 * MAX_LINES]
    ]


def _list_objections(desk: Desk, report: Report) -> list[Text]:
    cards = {card.id: card.objection for card in desk.memory.cards.list_all(desk.team.id)}
    stages = {stage.key for _, stage in desk.pipelines.stages()}
    return [
        desk.words.say(
            "reports.report.objection",
            stage=get_stage_name(desk, each.stage) if each.stage in stages else "–",
            objection=bold(cards[each.card_id]),
            times=each.times,
            won=each.won,
            lost=each.lost,
        )
        for each in report.activity.objections[:MAX_LINES]
        if each.card_id in cards
    ]


SECTIONS: Mapping[str, Callable[[Desk, Report], list[Text]]] = {
    "stages": _list_stages,
    "sources": _list_sources,
    "people": _list_people,
    "objections": _list_objections,
}
