"""Gaps: what was asked for and no card answered, like queries together, for somebody to fill."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from handlers.desk import Desk
from handlers.reading import clean_text
from kb.objections.alike import nearest
from storage.tables_cards import Gap, LookUp

COMPARED = 200  # open gaps, those last asked
ASKED_AGAIN = 2  # times asked: then somebody is told at once
AFTER = timedelta(days=1)  # one asked only once is raised later
QUERY_CHARACTERS = 500


def note_gap(desk: Desk, lookup: LookUp, kind: Literal["missing", "missed"]) -> Gap | None:
    """Counts a look-up as a gap, with those alike: nothing was found, or what was did not land.

    A look-up counts once, whatever becomes of it. None where nothing was typed.
    """
    query = clean_text(lookup.query, QUERY_CHARACTERS)
    if not query or lookup.gap_id is not None:
        return None
    gap = _alike(desk, query, kind)
    gap = _asked_again(desk, gap) if gap is not None else _new(desk, lookup, query, kind)
    lookup.gap_id = gap.id
    desk.memory.lookups.changed(lookup)
    return gap


def _alike(desk: Desk, query: str, kind: str) -> Gap | None:
    known = desk.memory.gaps.newest(desk.team.id, kind, COMPARED)
    place = nearest(query, [gap.query for gap in known])
    return known[place] if place is not None else None


def _asked_again(desk: Desk, gap: Gap) -> Gap:
    gap.count += 1
    gap.last_at = desk.now
    if gap.raise_at is not None and gap.count >= ASKED_AGAIN:
        gap.raise_at = min(gap.raise_at, desk.now)
    desk.memory.gaps.changed(gap)
    return gap


def _new(desk: Desk, lookup: LookUp, query: str, kind: str) -> Gap:
    return desk.memory.gaps.add(
        Gap(
            team_id=desk.team.id,
            query=query,
            kind=kind,
            first_member_id=lookup.member_id,
            first_at=desk.now,
            last_at=desk.now,
            raise_at=desk.now + AFTER,
        )
    )
