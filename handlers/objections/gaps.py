"""Gaps: similar queries that no card answered, grouped, for somebody to write a card."""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from typing import Literal

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.list_page import find_page
from handlers.contract.refusals import ChoiceNeeded, NotFound
from handlers.contract.reply import Button, Reply, Text, lines, rows, shorten, text_of
from handlers.contract.request import Request
from handlers.reading import clean_text
from kb.objections.similar_queries import find_similar
from kb.states import CardState
from storage.tables.cards import Card, Gap, GapState, LookUp
from storage.tables.people_and_deals import Role

MAX_COMPARED = 200  # gaps that a new query is compared with, those asked last
RAISED_AT_ONCE_FROM = 2  # times asked; then a manager is told at once
RAISED_AFTER = timedelta(days=1)  # for a gap asked only once
QUERY_CHARACTERS = 500
SHOWN_CHARACTERS = 200
PAGE = 4
MAX_MEASURED = 500  # gaps filled last
WORDINGS_SHOWN = 2  # further wordings shown of one
MAX_LOOK_UPS = 60  # look-ups of one


def record_gap(desk: Desk, lookup: LookUp, kind: Literal["missing", "missed"]) -> Gap | None:
    """Adds a look-up to the gap of similar queries, or opens a new one.

    `missing`: nothing was found; `missed`: what was found did not land. A look-up counts once.
    None where nothing was typed, or the look-up has been counted.
    """
    query = clean_text(lookup.query, QUERY_CHARACTERS)
    if not query or lookup.gap_id is not None:
        return None
    gap = _find_alike(desk, query, kind)
    gap = _count_again(desk, gap) if gap is not None else _add_gap(desk, lookup, query, kind)
    lookup.gap_id = gap.id
    desk.memory.lookups.save_change(lookup)
    return gap


def _find_alike(desk: Desk, query: str, kind: str) -> Gap | None:
    known = desk.memory.gaps.list_newest(desk.team.id, kind, MAX_COMPARED)
    place = find_similar(query, [gap.query for gap in known])
    return known[place] if place is not None else None


def _count_again(desk: Desk, gap: Gap) -> Gap:
    gap.count += 1
    gap.last_at = desk.now
    if gap.raise_at is not None and gap.count >= RAISED_AT_ONCE_FROM:
        gap.raise_at = min(gap.raise_at, desk.now)
    desk.memory.gaps.save_change(gap)
    return gap


def _add_gap(desk: Desk, lookup: LookUp, query: str, kind: str) -> Gap:
    return desk.memory.gaps.add(
        Gap(
            team_id=desk.team.id,
            query=query,
            kind=kind,
            first_member_id=lookup.member_id,
            first_at=desk.now,
            last_at=desk.now,
            raise_at=desk.now + RAISED_AFTER,
        )
    )


@command("gaps", "待补话术", "未答问题", "缺口", role=Role.MANAGER, takes=False)
def gaps(request: Request, desk: Desk) -> Reply:
    """The open gaps, the most asked first, each with a button that opens it."""
    return _render_list(desk, 0)


@action("gaps", role=Role.MANAGER)
def turn_page(request: Request, desk: Desk) -> Reply:
    """Shows a page of the open gaps: `gaps:<page>`."""
    return _render_list(desk, request.number(0)).in_place()


@action("gap")
def open_gap(request: Request, desk: Desk) -> Reply:
    """Shows one gap and what can be done about it: `gap:<gap>`."""
    return render_gap(desk, get_gap(desk, request.number(0)))


def get_gap(desk: Desk, gap_id: int) -> Gap:
    """The gap of that id, if the member may fill it. Raises NotFound."""
    gap = desk.memory.gaps.get(desk.team.id, gap_id)
    if gap is None or not may_fill(desk, gap):
        raise NotFound
    return gap


def may_fill(desk: Desk, gap: Gap) -> bool:
    """Whether the member may fill the gap: a manager any, others those of a card they own."""
    card = None if desk.may(Role.MANAGER) else find_missed_card(desk, gap)
    return desk.may(Role.MANAGER) or (card is not None and card.owner_id == desk.member.id)


def find_missed_card(desk: Desk, gap: Gap) -> Card | None:
    """The card that was shown and did not land; None where nothing was found or it is retired."""
    if gap.kind != "missed":
        return None
    for lookup in desk.memory.gaps.list_look_ups(gap.team_id, gap.id, 1):
        card_id = lookup.used_card_id or lookup.top_card_id
        card = desk.memory.cards.get(gap.team_id, card_id) if card_id else None
        return card if card is not None and card.state == CardState.APPROVED else None
    return None


def render_gap(desk: Desk, gap: Gap) -> Reply:
    """What was asked, how often and by how many people, and buttons to fill the gap."""
    if gap.state == GapState.FILLED:
        return Reply(
            desk.words.say(
                "objections.gaps.filled_already", query=shorten(gap.query, SHOWN_CHARACTERS)
            )
        )
    card, words = find_missed_card(desk, gap), desk.words
    ways = ("edit", "write") if card is not None else ("write", "add")
    buttons = [
        Button(words.line(f"objections.gaps.do_{way}"), f"gap-{way}:{gap.id}")
        for way in (*ways, "ignore")
    ]
    return Reply(
        lines(_describe_gap(desk, gap, card), words.say("objections.gaps.reply")),
        buttons=rows(buttons, 3),
    )


def _describe_gap(desk: Desk, gap: Gap, card: Card | None) -> Text:
    words, query = desk.words, shorten(gap.query, SHOWN_CHARACTERS)
    lookups = desk.memory.gaps.list_look_ups(desk.team.id, gap.id, MAX_LOOK_UPS)
    people = len({lookup.member_id for lookup in lookups})
    if card is not None:
        first = words.say(
            "objections.gaps.missed", n=gap.count, objection=card.objection, query=query
        )
    elif people > 1:
        first = words.say("objections.gaps.people_asked", n=people, query=query)
    else:
        first = words.say("objections.gaps.asked", n=gap.count, query=query)
    wordings = dict.fromkeys(shorten(lookup.query, SHOWN_CHARACTERS) for lookup in lookups)
    others = [wording for wording in wordings if wording != query][:WORDINGS_SHOWN]
    also = words.line("contract.common.comma").join(f"“{wording}”" for wording in others)
    mark = words.say("objections.gaps.draft_waits") if gap.card_id and card is None else ()
    return lines(first, words.say("objections.gaps.also", queries=also) if also else (), mark)


def _render_list(desk: Desk, page: int) -> Reply:
    count = desk.memory.gaps.count(desk.team.id, GapState.OPEN)
    if not count:
        raise ChoiceNeeded("objections.gaps.none", median=_render_median(desk))
    on_page = find_page(count, page, PAGE)
    part = desk.memory.gaps.list_in_state(desk.team.id, GapState.OPEN, PAGE, on_page.start)
    buttons = [Button(gap.query, f"gap:{gap.id}") for gap in part]
    buttons += on_page.make_more_button(desk.words, "gaps:")
    title = desk.words.say("objections.gaps.title", n=count)
    return Reply(
        lines(title, *(_render_row(desk, gap) for gap in part), _render_median(desk)),
        buttons=rows(buttons, 1),
    )


def _render_row(desk: Desk, gap: Gap) -> Text:
    mark = " 📝" if gap.card_id else ""
    return text_of(
        f"{desk.words.number(gap.count)}× “{shorten(gap.query, SHOWN_CHARACTERS)}”{mark}"
    )


def _render_median(desk: Desk) -> Text:
    """The median time a gap stays open, as text; empty before any was filled."""
    filled = desk.memory.gaps.list_filled(desk.team.id, MAX_MEASURED)
    spans = [(gap.filled_at - gap.first_at).total_seconds() for gap in filled if gap.filled_at]
    if not spans:
        return ()
    return desk.words.say(
        "objections.gaps.median", n=len(spans), span=_render_span(desk, median(spans))
    )


def _render_span(desk: Desk, seconds: float) -> str:
    """A length of time in its largest fitting unit, as text."""
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * size or unit == "minutes":
            return desk.words.line(f"objections.gaps.{unit}", n=max(1, round(seconds / size)))
    return ""
