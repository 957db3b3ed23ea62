"""What Repmate will say by itself: claimed under a lease, sent, then marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, or_, select, update

from storage.messages.insert_once import insert_once
from storage.tables.messages import Nudge, Outbox, OutboxState

TROUBLE = 100  # characters kept of what went wrong
UNWRITTEN = "unwritten"  # the kind of what could not even be written
# Made once, for they run with every message: the library then need not build and compare them.
INSERT_MESSAGE = insert_once("outbox")
# A row that is still this owner's has been sent.
MARK_SENT = (
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


@dataclass(frozen=True)
class Ended:
    """How a try ended: whether it counts, whether the message may have left, what went wrong."""

    counts: bool = True
    unsure: bool = False
    trouble: str = ""


TRIED = Ended()


class OutboxRows:
    """Queries on the outbox. Every change of state names the state and owner it comes from.

    Who gets which row to send is decided in `outbox_claims.py`.
    """

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
            "wanted_at": row.due_at,
            "body": row.body,
            "state": OutboxState.PENDING,
            "owner": "",
            "attempts": 0,
            "repeated": False,
            "platform": row.platform,
            "message_ref": "",
            "trouble": "",
        }
        put = INSERT_MESSAGE[self._session.get_bind().dialect.name]
        return self._session.execute(put, values).first() is not None

    def mark_sent(
        self, row_id: int, owner: str, at: datetime, platform: str, message_ref: str
    ) -> bool:
        """Marks a claimed row as sent; false if it is no longer this owner's."""
        given = {"row_id": row_id, "by": owner, "at": at, "on": platform, "ref": message_ref}
        return bool(self._session.exec(MARK_SENT, params=given).rowcount)

    def retry_later(self, row_id: int, owner: str, due_at: datetime, ended: Ended = TRIED) -> bool:
        """Gives a claimed row back, to be sent later."""
        values: dict[str, Any] = {"state": OutboxState.PENDING, "due_at": due_at}
        if not ended.counts:
            values["attempts"] = col(Outbox.attempts) - 1
        if ended.unsure:
            values["repeated"] = True
        if ended.trouble:
            values["trouble"] = ended.trouble[:TROUBLE]
        return self._leave(row_id, owner, **values)

    def reschedule(self, row_id: int, owner: str, due_at: datetime) -> bool:
        """Gives a claimed row back untried: `due_at` is its right time from now on."""
        back = {"attempts": col(Outbox.attempts) - 1, "due_at": due_at, "wanted_at": due_at}
        return self._leave(row_id, owner, state=OutboxState.PENDING, **back)

    def finish(self, row_id: int, owner: str, state: OutboxState, trouble: str = "") -> bool:
        """Ends a claimed row as parked, cancelled or dead."""
        return self._leave(row_id, owner, state=state, trouble=trouble[:TROUBLE])

    def _leave(self, row_id: int, owner: str, **values: object) -> bool:
        change = update(Outbox).where(
            col(Outbox.id) == row_id,
            col(Outbox.state) == OutboxState.CLAIMED,
            col(Outbox.owner) == owner,
        )
        return bool(
            self._session.exec(change.values(owner="", lease_until=None, **values)).rowcount
        )

    def revive(self, team_id: int, member_id: int, now: datetime) -> int:
        """Makes a member's parked rows pending again: they can be reached once more."""
        change = update(Outbox).where(
            col(Outbox.team_id) == team_id,
            col(Outbox.member_id) == member_id,
            col(Outbox.state) == OutboxState.PARKED,
        )
        return int(
            self._session.exec(change.values(state=OutboxState.PENDING, due_at=now)).rowcount
        )

    def cancel_for(self, team_id: int, member_id: int) -> None:
        """Cancels what a member has not been sent yet."""
        change = update(Outbox).where(
            col(Outbox.team_id) == team_id,
            col(Outbox.member_id) == member_id,
            col(Outbox.state).in_((OutboxState.PENDING, OutboxState.PARKED, OutboxState.CLAIMED)),
        )
        # A claimed one leaves its owner as well, who then finds that it is not to be sent.
        self._session.exec(change.values(state=OutboxState.CANCELLED, owner="", lease_until=None))

    def list_late(self, row: Outbox, before: datetime) -> Sequence[Outbox]:
        """The row and what else of its kind its member should have been sent before then."""
        query = select(Outbox).where(
            Outbox.team_id == row.team_id,
            Outbox.member_id == row.member_id,
            Outbox.kind == row.kind,
            col(Outbox.wanted_at) < before,
            or_(col(Outbox.state) == OutboxState.PENDING, col(Outbox.id) == row.id),
        )
        return self._session.exec(query.order_by(col(Outbox.id)).with_for_update()).all()

    def cancel(self, rows: Sequence[Outbox]) -> int:
        """Cancels those of the rows that nobody has claimed."""
        change = update(Outbox).where(
            col(Outbox.id).in_([row.id for row in rows]), col(Outbox.state) == OutboxState.PENDING
        )
        return int(self._session.exec(change.values(state=OutboxState.CANCELLED)).rowcount)

    def put_dead_letter(self, row: Outbox, trouble: str) -> bool:
        """Keeps, once a key, that something could not even be written; for the admin to see."""
        if not self.put(row):
            return False
        change = update(Outbox).where(
            col(Outbox.key) == row.key, col(Outbox.state) == OutboxState.PENDING
        )
        self._session.exec(change.values(state=OutboxState.DEAD, trouble=trouble[:TROUBLE]))
        return True

    def count_by_state(self, team_id: int) -> Mapping[OutboxState, int]:
        """How many of a team's messages stand in each state."""
        query = select(Outbox.state, func.count()).where(Outbox.team_id == team_id)
        rows = self._session.exec(query.group_by(col(Outbox.state))).all()
        return {OutboxState(state): count for state, count in rows}

    def list_in_state(self, team_id: int, state: OutboxState, limit: int) -> Sequence[Outbox]:
        """A team's messages in a state, the newest first."""
        query = select(Outbox).where(Outbox.team_id == team_id, Outbox.state == state)
        return self._session.exec(query.order_by(col(Outbox.id).desc()).limit(limit)).all()

    def find_longest_waiting(self, team_id: int) -> datetime | None:
        """Since when the team's longest due message should have left."""
        query = select(func.min(Outbox.due_at)).where(
            Outbox.team_id == team_id, Outbox.state == OutboxState.PENDING
        )
        return self._session.exec(query).one()

    def retry_dead(self, team_id: int, now: datetime) -> int:
        """Makes a team's dead messages pending again, with all their tries."""
        change = update(Outbox).where(
            col(Outbox.team_id) == team_id,
            col(Outbox.state) == OutboxState.DEAD,
            col(Outbox.kind) != UNWRITTEN,
        )
        values = {"state": OutboxState.PENDING, "attempts": 0, "due_at": now, "wanted_at": now}
        return int(self._session.exec(change.values(**values)).rowcount)

    def forget_dead(self, team_id: int) -> int:
        """Cancels a team's dead messages."""
        change = update(Outbox).where(
            col(Outbox.team_id) == team_id, col(Outbox.state) == OutboxState.DEAD
        )
        return int(self._session.exec(change.values(state=OutboxState.CANCELLED)).rowcount)

    def count_nudges_due(self, team_id: int, member_id: int, begin: datetime, end: datetime) -> int:
        """How many nudges a member has been or will be sent between two instants."""
        query = select(func.count()).where(
            Outbox.team_id == team_id,
            Outbox.member_id == member_id,
            col(Outbox.kind).in_(("nudge", "occasion")),
            col(Outbox.due_at) >= begin,
            col(Outbox.due_at) < end,
            col(Outbox.state).in_((OutboxState.PENDING, OutboxState.CLAIMED, OutboxState.SENT)),
        )
        return self._session.exec(query).one()

    def count_nudges_sent(
        self, team_id: int, member_id: int, begin: datetime, end: datetime
    ) -> int:
        """How many nudges left for a member between two instants."""
        query = select(func.count()).where(
            Outbox.team_id == team_id,
            Outbox.member_id == member_id,
            Outbox.kind == "nudge",
            Outbox.state == OutboxState.SENT,
            col(Outbox.sent_at) >= begin,
            col(Outbox.sent_at) < end,
        )
        return self._session.exec(query).one()

    def find_by_message(self, team_id: int, platform: str, message_ref: str) -> Outbox | None:
        """The row a sent message came from."""
        query = select(Outbox).where(
            Outbox.team_id == team_id,
            Outbox.platform == platform,
            Outbox.message_ref == message_ref,
        )
        return self._session.exec(query.order_by(col(Outbox.id).desc())).first()

    def find_text(self, platform: str, message_ref: str) -> str | None:
        """What a message that we started said, empty where nothing is kept; None for another."""
        query = select(Outbox).where(Outbox.message_ref == message_ref, Outbox.platform == platform)
        row = self._session.exec(query.limit(1)).first()
        return None if row is None else row.body or ""

    def get(self, team_id: int, row_id: int) -> Outbox | None:
        """A row of the team."""
        row = self._session.get(Outbox, row_id)
        return row if row is not None and row.team_id == team_id else None

    def list_of_answered_nudges(
        self, team_id: int, answered_at: datetime, *, deal_id: int = 0, step_id: int = 0
    ) -> Sequence[Outbox]:
        """The messages that carried nudges about a deal or a step, answered at an instant."""
        carrier = func.coalesce(col(Nudge.carrier_id), col(Nudge.id))
        query = select(Outbox).join(Nudge, carrier == col(Outbox.subject_id)).distinct()
        query = query.where(
            Outbox.team_id == team_id,
            Outbox.kind == "nudge",
            Outbox.state == OutboxState.SENT,
            Nudge.team_id == team_id,
            Nudge.deal_id == deal_id if deal_id else Nudge.step_id == step_id,
            Nudge.answered_at == answered_at,
        )
        return self._session.exec(query.order_by(col(Outbox.id))).all()

    def count_due_since(self, team_id: int, member_id: int, kind: str, since: datetime) -> int:
        """How many messages of a kind a member has been sent, or will be, from then on."""
        query = select(func.count()).where(
            Outbox.team_id == team_id,
            Outbox.member_id == member_id,
            Outbox.kind == kind,
            Outbox.due_at >= since,
        )
        return self._session.exec(query).one()
