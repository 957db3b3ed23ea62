"""Notices: what a member is told of another's doing, in their language and working hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from handlers.contract.desk import Desk, calendar_of
from handlers.contract.reply import Reply
from handlers.contract.words import Words, choose_words
from handlers.outbox.enqueue import NOTICE, enqueue
from storage.tables.people_and_deals import Member, Role
from storage.unit_of_work import UnitOfWork


def notify(memory: UnitOfWork, member: Member, key: str, reply: Reply, now: datetime) -> bool:
    """Enqueues a notice for a member's next working hours; false if its key exists."""
    due_at = calendar_of(member).next_working(now)
    return enqueue(memory, member, NOTICE, key, due_at, reply=reply)


def notify_other(
    desk: Desk, member_id: int | None, key: str, said: Callable[[Words], Reply]
) -> bool:
    """Notifies a member other than oneself, once a key; false where there is no such member."""
    member = desk.memory.members.get(desk.team.id, member_id) if member_id else None
    if member is None or member.id == desk.member.id:
        return False
    return notify(desk.memory, member, key, said(choose_words(member.language)), desk.now)


def find_deciders(memory: UnitOfWork, team_id: int, manager_id: int | None) -> list[Member]:
    """The members who decide for a rep: their manager, else every manager, else the admins.

    Never nobody: a team has an admin.
    """
    present = memory.members.list_active(team_id)
    own = [each for each in present if each.id == manager_id and each.role != Role.REP]
    managers = [each for each in present if each.role == Role.MANAGER]
    return own or managers or [each for each in present if each.role == Role.ADMIN]
