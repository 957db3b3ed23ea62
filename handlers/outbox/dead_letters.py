"""Dead letters: messages that could not be written or delivered; admins are told once a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from handlers.contract.reply import Reply
from handlers.contract.words import choose_words
from handlers.outbox.enqueue import NOTICE, enqueue, make_row
from storage.engine import CorruptDatabase, is_temporary
from storage.messages.outbox import UNWRITTEN
from storage.tables.people_and_deals import Role
from storage.unit_of_work import UnitOfWork

RETRY_AFTER = timedelta(hours=1)  # until what could not be written is tried again
log = structlog.get_logger()


def notify_admins(memory: UnitOfWork, team_id: int, now: datetime) -> None:
    """Tells a team's admins, once a day, that there are dead letters."""
    for admin in memory.members.list_active(team_id):
        if admin.role == Role.ADMIN:
            words = choose_words(admin.language)
            reply = Reply(words.say("outbox.dead_letters.told"))
            key = f"trouble:{admin.id}:{now.date()}"
            enqueue(memory, admin, NOTICE, key, now, reply=reply)


def try_for_member(
    memory: UnitOfWork, team_id: int, member_id: int, now: datetime, work: Callable[[], None]
) -> bool:
    """Runs work for a member; where it fails, undoes it, saves a dead letter and gives false.

    One member's broken data must not silence anybody else.
    """
    try:
        with memory.savepoint():
            work()
    except Exception as error:
        if is_temporary(error) or isinstance(error, CorruptDatabase):
            raise
        log.exception("not written", member=member_id)
        _save_dead_letter(memory, team_id, member_id, now, type(error).__name__)
        return False
    return True


def _save_dead_letter(
    memory: UnitOfWork, team_id: int, member_id: int, now: datetime, trouble: str
) -> None:
    row = make_row(team_id, member_id, UNWRITTEN, f"{UNWRITTEN}:{member_id}:{now.date()}", now)
    if memory.outbox.put_dead_letter(row, f"not written: {trouble}"):
        notify_admins(memory, team_id, now)
