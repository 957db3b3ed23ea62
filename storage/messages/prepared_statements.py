"""Statements that run with every message, made once: kept unless there already, marked as sent."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import SQLModel, col, update

from storage.tables.messages import Outbox, OutboxState

SENT = (
    update(Outbox)
    .where(
        col(Outbox.id) == bindparam("row_id"),
        col(Outbox.state) == OutboxState.CLAIMED,
        col(Outbox.owner) == bindparam("by"),
    )
    .values(
        owner="",
        lease_until=None,
        state=OutboxState.SENT,
        sent_at=bindparam("at"),
        platform=bindparam("on"),
        message_ref=bindparam("ref"),
    )
    .execution_options(synchronize_session=False)  # it is marked in a unit of work of its own
)


def unless_there(table: str) -> Mapping[str, ReturningInsert[int]]:
    """By the dialect's name: an insert whose values are its parameters, giving the new row's id.

    It gives none where a row with that `key` has been there.
    """
    into = SQLModel.metadata.tables[table]
    return {
        "sqlite": sqlite.insert(into)
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(into.c.id),
        "postgresql": postgresql.insert(into)
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(into.c.id),
    }
