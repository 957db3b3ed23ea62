"""Gap notices: messages to whoever may fill a gap, a few a day; the rest wait in `gaps`."""

from __future__ import annotations

from datetime import datetime, time
from functools import partial

from handlers.contract.desk import Desk, calendar_of
from handlers.contract.reply import Reply
from handlers.objections.gaps import may_fill, render_gap
from handlers.outbox import dead_letters
from handlers.outbox.enqueue import enqueue
from handlers.outbox.notices import find_deciders
from storage.tables.cards import Gap, GapState
from storage.tables.people_and_deals import Member
from storage.unit_of_work import UnitOfWork

NOTICES_A_DAY = 3  # to one member


def raise_due(memory: UnitOfWork, now: datetime) -> None:
    """Puts a notice into the outbox for each gap that is due by `now` (aware UTC)."""
    for gap in memory.gaps.list_to_raise(now):
        raising = partial(_raise_gap, memory, gap, now)
        if not dead_letters.try_for_member(memory, gap.team_id, gap.first_member_id, now, raising):
            gap.raise_at = now + dead_letters.RETRY_AFTER
            memory.gaps.save_change(gap)


def _raise_gap(memory: UnitOfWork, gap: Gap, now: datetime) -> None:
    gap.raise_at = None
    memory.gaps.save_change(gap)
    for member in _find_recipients(memory, gap):
        _put_notice(memory, gap, member, now)


def render_notice(desk: Desk, gap_id: int) -> Reply | None:
    """The notice of a gap; None once it is filled, ignored, or linked to a draft.

    None also for a member who may no longer fill it.
    """
    gap = desk.memory.gaps.get(desk.team.id, gap_id)
    if (
        gap is None
        or gap.state != GapState.OPEN
        or gap.card_id is not None
        or not may_fill(desk, gap)
    ):
        return None
    return render_gap(desk, gap)


def _find_recipients(memory: UnitOfWork, gap: Gap) -> list[Member]:
    """The owner of the card that did not land, else the managers of whoever asked first."""
    for lookup in memory.gaps.list_look_ups(gap.team_id, gap.id, 1) if gap.kind == "missed" else ():
        card_id = lookup.used_card_id or lookup.top_card_id
        card = memory.cards.get(gap.team_id, card_id) if card_id else None
        owner_id = card.owner_id if card is not None else None
        owner = memory.members.get(gap.team_id, owner_id) if owner_id else None
        if owner is not None:
            return [owner]
    asker = memory.members.get(gap.team_id, gap.first_member_id)
    return find_deciders(memory, gap.team_id, asker.manager_id if asker is not None else None)


def _put_notice(memory: UnitOfWork, gap: Gap, member: Member, now: datetime) -> None:
    calendar = calendar_of(member)
    due_at = calendar.next_working(now)
    morning = calendar.at_local(calendar.local(due_at).date(), time())
    if memory.outbox.count_due_since(gap.team_id, member.id, "gap", morning) >= NOTICES_A_DAY:
        return
    enqueue(memory, member, "gap", f"gap:{gap.id}:{member.id}", due_at, gap.id)
