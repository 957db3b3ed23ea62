"""Gaps: what no card answered, like queries together, until somebody writes the card."""

from __future__ import annotations

from typing import Literal

from handlers.desk import Desk
from kb.objections.alike import first_alike
from storage.tables_cards import Gap, LookUp

COMPARED = 200  # of the open gaps, those asked most


def note_gap(desk: Desk, lookup: LookUp, kind: Literal["missing", "missed"]) -> Gap | None:
    """Counts the look-up's query with the open gap that asks for the same, or opens one.

    `missing`: nothing was found; `missed`: the card that was found did not land.
    """
    if not lookup.query:
        return None
    gaps = [gap for gap in desk.memory.gaps.in_state(desk.team.id, "open") if gap.kind == kind]
    same = first_alike(lookup.query, ((gap.id, gap.query) for gap in gaps[:COMPARED]))
    gap = next((each for each in gaps if each.id == same), None) or _opened(desk, lookup, kind)
    gap.count += 1
    gap.last_at = desk.now
    desk.memory.gaps.changed(gap)
    lookup.gap_id = gap.id
    desk.memory.lookups.changed(lookup)
    return gap


def _opened(desk: Desk, lookup: LookUp, kind: str) -> Gap:
    return desk.memory.gaps.add(
        Gap(
            team_id=desk.team.id,
            query=lookup.query,
            kind=kind,
            count=0,
            first_member_id=desk.member.id,
            first_at=desk.now,
            last_at=desk.now,
        )
    )
