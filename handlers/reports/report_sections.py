"""The parts of a report, line by line: stages, sources, people, objections."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers.contract.desk import Desk
from handlers.contract.reply import Text, bold
from handlers.deals.deal_view import get_stage_name
from handlers.reports import figures
from kb.funnel.figures.report import Report

SHOWN = 6
TOUCHES = ("called", "noted", "step_done")
MOVES = ("moved", "offered", "won", "lost")


def _stages(desk: Desk, found: Report) -> list[Text]:
    told = [
        desk.words.say(
            "reports.report.stage",
            stage=bold(get_stage_name(desk, flow.stage)),
            entered=flow.entered,
            on=flow.went_on,
            percent=flow.conversion.percent,
            lost=flow.lost,
            open=flow.open,
            median=figures.in_days(desk, flow.days),
            late=figures.in_days(desk, flow.days, "p80"),
        )
        for flow in found.now.flows
        if flow.entered or flow.days.n
    ]
    return [*told, _speed(desk, found)] if told else []


def _speed(desk: Desk, found: Report) -> Text:
    """What the funnel brings in a day: how many, how large, how often won, how fast."""
    if found.velocity is None:
        return ()
    money = figures.money(desk, found.velocity)
    return desk.words.say("reports.report.speed", money=bold(money), n=found.live_deals.n)


def _sources(desk: Desk, found: Report) -> list[Text]:
    return [
        desk.words.say(
            "reports.report.source",
            source=bold(source_name(desk, each.source)),
            made=each.made,
            won=each.won,
            lost=each.lost,
            money=figures.listed(desk, each.amounts) or "–",
        )
        for each in found.now.sources[:SHOWN]
    ]


def source_name(desk: Desk, source: str) -> str:
    """A source in the member's language."""
    return desk.words.line(
        f"selling.lead.source_{source}" if source else "reports.report.no_source"
    )


def _people(desk: Desk, found: Report) -> list[Text]:
    named = [
        (desk.memory.members.named(desk.team.id, member), counts)
        for member, counts in found.activity.acts.items()
    ]
    named.sort(key=lambda each: (-sum(each[1].values()), each[0]))
    return [
        desk.words.say(
            "reports.report.person",
            name=bold(name),
            total=sum(counts.values()),
            touches=sum(counts.get(kind, 0) for kind in TOUCHES),
            moves=sum(counts.get(kind, 0) for kind in MOVES),
        )
        for name, counts in named[: 2 * SHOWN]
    ]


def _objections(desk: Desk, found: Report) -> list[Text]:
    cards = {card.id: card.objection for card in desk.memory.cards.all(desk.team.id)}
    known = {stage.key for _, stage in desk.pipelines.stages()}
    return [
        desk.words.say(
            "reports.report.objection",
            stage=get_stage_name(desk, each.stage) if each.stage in known else "–",
            objection=bold(cards[each.card_id]),
            times=each.times,
            won=each.won,
            lost=each.lost,
        )
        for each in found.activity.objections[:SHOWN]
        if each.card_id in cards
    ]


PARTS: Mapping[str, Callable[[Desk, Report], list[Text]]] = {
    "stages": _stages,
    "sources": _sources,
    "people": _people,
    "objections": _objections,
}
