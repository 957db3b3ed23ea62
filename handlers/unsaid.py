"""What could not be said: kept as dead for the admins to see, who are told of it once a day."""

from __future__ import annotations

from datetime import datetime

import structlog

from handlers.reply import Reply, to_json
from handlers.words import Words, speaking
from storage.outbox import UNWRITTEN
from storage.tables_messages import Outbox
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger()


def tell_admins(memory: UnitOfWork, team_id: int, now: datetime) -> None:
    """Tells a team's admins, once a day, that something could not be said."""
    for admin in memory.members.active(team_id):
        if admin.role == "admin":
            words = Words(speaking(admin.language))
            memory.outbox.put(
                Outbox(
                    team_id=team_id,
                    member_id=admin.id,
                    key=f"trouble:{admin.id}:{now.date()}",
                    kind="notice",
                    due_at=now,
                    body=to_json(Reply(words.say("unsaid.told"))),
                )
            )


def unwritten(
    memory: UnitOfWork, team_id: int, member_id: int, now: datetime, error: Exception
) -> None:
    """Keeps, once a day, that a member's messages could not even be written."""
    log.error("not written", member=member_id, exc_info=error)
    row = Outbox(
        team_id=team_id,
        member_id=member_id,
        key=f"{UNWRITTEN}:{member_id}:{now.date()}",
        kind=UNWRITTEN,
        due_at=now,
    )
    if memory.outbox.dead_letter(row, f"not written: {type(error).__name__}"):
        tell_admins(memory, team_id, now)
