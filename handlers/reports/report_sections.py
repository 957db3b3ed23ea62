"""The sections of a report, line by line: stages, sources, people, objections."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers.contract.desk import Desk
from handlers.contract.reply import Span, Text, bold, text_of
from handlers.deals.deal_view import get_stage_name
from handlers.reports.figures import (
    format_amounts,
    format_known_total,
    format_money,
    format_share,
    format_stay,
)
from kb.funnel.figures.measures import Flow, Source
from kb.funnel.figures.money import Total
from kb.funnel.figures.report import Objection, Report
from kb.states import EventKind

MAX_LINES = 6
TOUCHES = (EventKind.CALLED, EventKind.NOTED, EventKind.STEP_DONE)
MOVES = (EventKind.MOVED, EventKind.OFFERED, EventKind.WON, EventKind.LOST)


def _list_stages(desk: Desk, report: Report) -> list[Text]:
    flows = [flow for flow in report.now.flows if flow.entered or flow.days.n]
    listed = [_render_stage(desk, flow, report.worth[flow.stage]) for flow in flows]
    return [*listed, _render_velocity(desk, report)] if listed else []


def _render_stage(desk: Desk, flow: Flow, worth: Total) -> Text:
    """What came to a stage, its worth, what became of it, and how long it took."""
    words, money = desk.words, format_known_total(desk, worth)
    came = "reports.report.stage_came" if money else "reports.report.stage_came_bare"
    on = words.line("reports.report.stage_on", on=flow.went_on)
    if flow.conversion.enough:
        on += words.line("contract.common.brackets", what=format_share(desk, flow.conversion))
    counts = [
        words.line(came, entered=flow.entered, money=money),
        *([on] if flow.entered else []),
        *([words.line("reports.report.stage_lost", n=flow.lost)] if flow.lost else []),
        *([words.line("reports.report.flow_open", n=flow.open)] if flow.open else []),
    ]
    stay = format_stay(desk, flow.days)
    said = (words.line("contract.common.comma").join(counts), stay)
    colon = words.line("contract.common.colon")
    return text_of(bold(get_stage_name(desk, flow.stage)), colon, " · ".join(filter(None, said)))


def _render_velocity(desk: Desk, report: Report) -> Text:
    """The sales velocity: the amount that the funnel brings in a day."""
    if report.velocity is None:
        return ()
    money = format_money(desk, report.velocity)
    return desk.words.say("reports.report.speed", money=bold(money), n=report.live_deals.n)


def _list_sources(desk: Desk, report: Report) -> list[Text]:
    return [_render_source(desk, each) for each in report.now.sources[:MAX_LINES]]


def _render_source(desk: Desk, source: Source) -> Text:
    """What became of a source's deals: inbound: 3 new, 1 won (€12,000), 1 lost."""
    words, money = desk.words, format_amounts(desk, source.amounts)
    won = words.line("reports.report.picture_won", n=source.won)
    if money:
        won += words.line("contract.common.brackets", what=money)
    counts = [
        words.line("reports.report.source_made", n=source.made),
        *([won] if source.won else []),
        *([words.line("reports.report.stage_lost", n=source.lost)] if source.lost else []),
    ]
    colon, comma = words.line("contract.common.colon"), words.line("contract.common.comma")
    return text_of(bold(_get_source_name(desk, source.source)), colon, comma.join(counts))


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
    return [_render_person(desk, name, counts) for name, counts in acts_by_name[: 2 * MAX_LINES]]


def _render_person(desk: Desk, name: str, counts: Mapping[str, int]) -> Text:
    """How much a member did: Ann: 8 acts, 3 calls, notes and steps, 4 moves."""
    words = desk.words
    numbers = (
        ("acts", sum(counts.values())),
        ("touches", sum(counts.get(kind, 0) for kind in TOUCHES)),
        ("moves", sum(counts.get(kind, 0) for kind in MOVES)),
    )
    parts = [words.line(f"reports.report.person_{what}", n=n) for what, n in numbers if n]
    colon, comma = words.line("contract.common.colon"), words.line("contract.common.comma")
    return text_of(bold(name), colon, comma.join(parts))


def _list_objections(desk: Desk, report: Report) -> list[Text]:
    cards = {card.id: card.objection for card in desk.memory.cards.list_all(desk.team.id)}
    stages = {stage.key for _, stage in desk.pipelines.stages()}
    return [
        _render_objection(
            desk,
            each,
            bold(cards[each.card_id]),
            get_stage_name(desk, each.stage) if each.stage in stages else "",
        )
        for each in report.activity.objections[:MAX_LINES]
        if each.card_id in cards
    ]


def _render_objection(desk: Desk, each: Objection, name: Span, stage: str) -> Text:
    """How often an objection came up at a stage, and what became of those deals."""
    words = desk.words
    counts = [
        words.line("reports.report.objection_times", n=each.times),
        *([words.line("reports.report.picture_won", n=each.won)] if each.won else []),
        *([words.line("reports.report.stage_lost", n=each.lost)] if each.lost else []),
    ]
    colon, comma = words.line("contract.common.colon"), words.line("contract.common.comma")
    return text_of(f"{stage} · " if stage else "", name, colon, comma.join(counts))


SECTIONS: Mapping[str, Callable[[Desk, Report], list[Text]]] = {
    "stages": _list_stages,
    "sources": _list_sources,
    "people": _list_people,
    "objections": _list_objections,
}
