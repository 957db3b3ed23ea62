"""What a member is told of by somebody else's doing: in their language, in their working hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from handlers.contract.desk import Desk, calendar_of
from handlers.contract.reply import Reply
from handlers.contract.words import Words, speaking
from handlers.outbox.enqueue import NOTICE, enqueue
from storage.tables.people_and_deals import Member, Role
from storage.unit_of_work import UnitOfWork


def notify(memory: UnitOfWork, member: Member, key: str, reply: Reply, now: datetime) -> bool:
    """Puts a notice for a member's next working hours; false where its key was there."""
    due_at = calendar_of(member).next_working(now)
    return enqueue(memory, member, NOTICE, key, due_at, reply=reply)


def notify_other(
    desk: Desk, member_id: int | None, key: str, said: Callable[[Words], Reply]
) -> bool:
    """Puts a notice for a member, once a key; False where nobody else is there to be told."""
    member = desk.memory.members.get(desk.team.id, member_id) if member_id else None
    if member is None or member.id == desk.member.id:
        return False
    return notify(desk.memory, member, key, said(Words(speaking(member.language))), desk.now)


def find_deciders(memory: UnitOfWork, team_id: int, manager_id: int | None) -> list[Member]:
    """Who decides for somebody with this manager: that one, else every manager, else the admins.

    Never nobody: a team has an admin.
    """
    present = memory.members.list_active(team_id)
    own = [each for each in present if each.id == manager_id and each.role != Role.REP]
    managers = [each for each in present if each.role == Role.MANAGER]
    return own or managers or [each for each in present if each.role == Role.ADMIN]
