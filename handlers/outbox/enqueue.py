"""Puts a message that Repmate starts into the outbox, where it waits for its time to be sent."""

from __future__ import annotations

from datetime import datetime

from handlers.contract.reply import Reply, to_json
from storage.tables.messages import Outbox
from storage.tables.people_and_deals import Member
from storage.unit_of_work import UnitOfWork

NOTICE = "notice"  # the kind of a message whose reply is written when it is put


def enqueue(
    memory: UnitOfWork,
    member: Member,
    kind: str,
    key: str,
    due_at: datetime,
    subject_id: int | None = None,
    reply: Reply | None = None,
) -> bool:
    """Puts a message to be sent to a member at `due_at` (aware UTC); false if its key exists.

    What it says is written when it is sent, from `kind` and `subject_id`; a `reply` is kept as is.
    """
    row = make_row(member.team_id, member.id, kind, key, due_at, subject_id)
    row.body = to_json(reply) if reply is not None else None
    return memory.outbox.put(row)


def make_row(
    team_id: int,
    member_id: int,
    kind: str,
    key: str,
    due_at: datetime,
    subject_id: int | None = None,
) -> Outbox:
    """Makes a row of the outbox without putting it there."""
    return Outbox(
        team_id=team_id,
        member_id=member_id,
        kind=kind,
        key=key,
        due_at=due_at,
        subject_id=subject_id,
    )
