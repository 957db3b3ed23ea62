"""What Repmate will say by itself: claimed under a lease, sent, then marked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, func, or_, select, update

from storage.tables_messages import Outbox


class OutboxRows:
    """Queries on the outbox. Every change of state names the state and owner it comes from."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, row: Outbox) -> bool:
        """Keeps a message to send, unless its key has been there: false then."""
        values = {
            "team_id": row.team_id,
            "member_id": row.member_id,
            "key": row.key,
            "kind": row.kind,
            "subject_id": row.subject_id,
            "due_at": row.due_at,
            "body": row.body,
            "state": "pending",
            "owner": "",
            "attempts": 0,
            "repeated": False,
            "platform": row.platform,
            "message_ref": "",
        }
        on_sqlite = self._session.get_bind().dialect.name == "sqlite"
        insert = sqlite.insert(Outbox) if on_sqlite else postgresql.insert(Outbox)
        query = insert.values(values).on_conflict_do_nothing(index_elements=["key"])
        return self._session.execute(query.returning(col(Outbox.id))).first() is not None

    def claim(
        self, owner: str, now: datetime, lease_until: datetime, limit: int
    ) -> Sequence[Outbox]:
        """Takes due rows for `owner`, longest due first: pending, or with a lease that ran out.

        A row taken over from a lease that ran out may already have been sent: it comes marked
        `repeated`.
        """
        free = or_(
            col(Outbox.state) == "pending",
            (col(Outbox.state) == "claimed") & (col(Outbox.lease_until) <= now),
        )
        due = select(Outbox.id).where(free, col(Outbox.due_at) <= now)
        due = due.order_by(col(Outbox.due_at), col(Outbox.id)).limit(limit)
        chosen = self._session.exec(due.with_for_update(skip_locked=True)).all()
        if not chosen:
            return []
        taken = (
            update(Outbox)
            .where(col(Outbox.id).in_(chosen))
            .values(
                repeated=or_(col(Outbox.repeated), col(Outbox.state) == "claimed"),
                state="claimed",
                owner=owner,
                lease_until=lease_until,
                attempts=col(Outbox.attempts) + 1,
            )
        )
        self._session.exec(taken)
        query = (
            select(Outbox)
            .where(col(Outbox.id).in_(chosen))
            .execution_options(populate_existing=True)
        )
        return self._session.exec(query.order_by(col(Outbox.due_at), col(Outbox.id))).all()

    def sent(self, row_id: int, owner: str, at: datetime, platform: str, message_ref: str) -> bool:
        """Marks a claimed row as sent; false if it is no longer this owner's."""
        return self._leave(
            row_id, owner, state="sent", sent_at=at, platform=platform, message_ref=message_ref
        )

    def again(self, row_id: int, owner: str, due_at: datetime) -> bool:
        """Gives a claimed row back, to be sent later."""
        return self._leave(row_id, owner, state="pending", due_at=due_at)

    def end(self, row_id: int, owner: str, state: str) -> bool:
        """Ends a claimed row as parked, cancelled or dead."""
        return self._leave(row_id, owner, state=state)

    def _leave(self, row_id: int, owner: str, **values: object) -> bool:
        change = update(Outbox).where(
            col(Outbox.id) == row_id, col(Outbox.state) == "claimed", col(Outbox.owner) == owner
        )
        return bool(
            self._session.exec(change.values(owner="", lease_until=None, **values)).rowcount
        )

    def revive(self, team_id: int, member_id: int, now: datetime) -> int:
        """Makes a member's parked rows pending again: they can be reached once more."""
        change = update(Outbox).where(
            col(Outbox.team_id) == team_id,
            col(Outbox.member_id) == member_id,
            col(Outbox.state) == "parked",
        )
        return int(self._session.exec(change.values(state="pending", due_at=now)).rowcount)

    def cancel_for(self, team_id: int, member_id: int) -> None:
        """Cancels what a member has not been sent yet."""
        change = update(Outbox).where(
            col(Outbox.team_id) == team_id,
            col(Outbox.member_id) == member_id,
            col(Outbox.state).in_(("pending", "parked", "claimed")),
        )
        self._session.exec(change.values(state="cancelled"))

    def nudges_due(self, team_id: int, member_id: int, begin: datetime, end: datetime) -> int:
        """How many nudges a member has been or will be sent between two instants."""
        query = select(func.count()).where(
            Outbox.team_id == team_id,
            Outbox.member_id == member_id,
            Outbox.kind == "nudge",
            col(Outbox.due_at) >= begin,
            col(Outbox.due_at) < end,
            col(Outbox.state).in_(("pending", "claimed", "sent")),
        )
        return self._session.exec(query).one()

    def of_message(self, team_id: int, platform: str, message_ref: str) -> Outbox | None:
        """The row a sent message came from."""
        query = select(Outbox).where(
            Outbox.team_id == team_id,
            Outbox.platform == platform,
            Outbox.message_ref == message_ref,
        )
        return self._session.exec(query.order_by(col(Outbox.id).desc())).first()

    def knows(self, platform: str, message_ref: str) -> bool:
        """Whether a message of a platform is one that we started."""
        query = select(Outbox.id).where(
            Outbox.message_ref == message_ref, Outbox.platform == platform
        )
        return self._session.exec(query.limit(1)).first() is not None

    def due_since(self, team_id: int, member_id: int, kind: str, since: datetime) -> int:
        """How many messages of a kind a member has been sent, or will be, from then on."""
        query = select(func.count()).where(
            Outbox.team_id == team_id,
            Outbox.member_id == member_id,
            Outbox.kind == kind,
            Outbox.due_at >= since,
        )
        return self._session.exec(query).one()

    def next_due_at(self) -> datetime | None:
        """When the next message is due."""
        query = select(func.min(Outbox.due_at)).where(col(Outbox.state) == "pending")
        return self._session.exec(query).one()
