"""Reassigns deals to another member with all their history."""

from __future__ import annotations

from handlers.contract.desk import Desk
from handlers.contract.reply import Reply
from handlers.contract.words import Words, choose_language
from handlers.deals.attention import schedule_for_owner
from handlers.outbox.notices import notify
from kb.states import EventKind
from storage.tables.people_and_deals import Deal, Member


def hand_over(desk: Desk, leaving: Member, heir: Member) -> int:
    """Reassigns every deal of `leaving` to `heir`, who is told; returns how many there were."""
    deals = desk.memory.deals.list_of_owner(desk.team.id, leaving.id)
    for deal in deals:
        reassign(desk, deal, heir)
    if deals:
        _tell(desk, leaving, heir, len(deals))
    return len(deals)


def reassign(desk: Desk, deal: Deal, heir: Member, **more_changes: object) -> None:
    """Makes `heir` the deal's owner, and recomputes its dates by their working time.

    It is not activity on the deal: its patience goes on as it was.
    """
    owner_name = desk.memory.members.get_name(desk.team.id, deal.owner_id)
    desk.memory.deals.change(
        deal,
        {"owner_id": heir.id, **more_changes},
        kind=EventKind.HANDED_OVER,
        by=desk.member.id,
        at=desk.now,
        platform=desk.account.platform,
        note=f"{owner_name} → {heir.name}",
    )
    schedule_for_owner(desk, deal)


def _tell(desk: Desk, leaving: Member, heir: Member, count: int) -> None:
    words = Words(choose_language(heir.language))
    said = Reply(words.say("team.team.handed_over", name=leaving.name, n=count))
    key = f"handover:{leaving.id}:{heir.id}:{int(desk.now.timestamp())}"
    notify(desk.memory, heir, key, said, desk.now)
