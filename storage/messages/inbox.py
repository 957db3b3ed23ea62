"""What arrived: kept before it is confirmed, handled once, answered at least once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case
from sqlmodel import Session, col, delete, func, select, update

from storage.messages.insert_once import insert_once
from storage.tables.messages import Inbox, InboxState

OPEN = (InboxState.RECEIVED, InboxState.HANDLED)


@dataclass(frozen=True)
class Arrival:
    """One thing as it arrived: `payload` is the platform's own JSON, `lane` whoever it is from."""

    platform: str
    event_id: str
    lane: str
    payload: str


# Made once, for they run with every message: the library then need not build and compare them.
INSERT_ARRIVALS = insert_once("inbox", ("platform", "event_id"), returning=("id", "event_id"))
# The row of one event, held until the transaction ends.
SELECT_EVENT = (
    select(Inbox)
    .where(
        col(Inbox.platform) == bindparam("platform"), col(Inbox.event_id) == bindparam("event_id")
    )
    .with_for_update()
)
# A handled row's reply is sent. Nothing that a unit of work has read of the row is changed: it is
# marked in one of its own.
MARK_ANSWERED = (
    update(Inbox)
    .where(col(Inbox.id) == bindparam("row_id"), col(Inbox.state) == InboxState.HANDLED)
    .values(
        state=InboxState.ANSWERED,
        message_ref=bindparam("ref"),
        payload="",
        reply=case((col(Inbox.fleeting), None), else_=col(Inbox.reply)),
    )
    .execution_options(synchronize_session=False)
)


class InboxRows:
    """Queries on the inbox. An event id exists once a platform: that is what stops doubles."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def save(self, arrivals: Iterable[Arrival], at: datetime) -> Mapping[str, int]:
        """Keeps what is not there yet; the new rows' ids by event id, in order of arrival."""
        values = [
            {
                "platform": a.platform,
                "event_id": a.event_id,
                "lane": a.lane,
                "payload": a.payload,
                "state": InboxState.RECEIVED,
                "received_at": at,
            }
            for a in arrivals
        ]
        if not values:
            return {}
        statement = INSERT_ARRIVALS[self._session.get_bind().dialect.name]
        kept = sorted(tuple(row) for row in self._session.execute(statement, values).all())
        return {event_id: row_id for row_id, event_id in kept}

    def list_open(self, platform: str) -> Sequence[Inbox]:
        """What has arrived on a platform and is not answered yet, in order of arrival."""
        query = select(Inbox).where(Inbox.platform == platform, col(Inbox.state).in_(OPEN))
        return self._session.exec(query.order_by(col(Inbox.id))).all()

    def get(self, row_id: int) -> Inbox | None:
        """A row by its id."""
        return self._session.get(Inbox, row_id)

    def take(self, platform: str, event_id: str, at: datetime) -> Inbox:
        """The row of an event, held until the transaction ends; made if there is none yet."""
        event = {"platform": platform, "event_id": event_id}
        row = self._session.exec(SELECT_EVENT, params=event).first()
        if row is None:
            self.save([Arrival(platform, event_id, "", "")], at)
            row = self._session.exec(SELECT_EVENT, params=event).one()
        return row

    def get_newest_id(self) -> int:
        """The id of what arrived last; 0 before anything has."""
        return self._session.exec(select(func.max(Inbox.id))).one() or 0

    def count_failure(self, row_id: int) -> int:
        """Counts a failed try and says how many there have been."""
        change = update(Inbox).where(col(Inbox.id) == row_id)
        counted = change.values(attempts=col(Inbox.attempts) + 1).returning(col(Inbox.attempts))
        return int(self._session.exec(counted).one()[0])

    def mark_dead(self, row_id: int, reference: str) -> None:
        """Marks a row that cannot be handled as dead, under the reference the log has."""
        change = update(Inbox).where(col(Inbox.id) == row_id)
        self._session.exec(change.values(state=InboxState.DEAD, reference=reference))

    def mark_answered(self, row_id: int, message_ref: str) -> None:
        """Marks a handled row's reply as sent, and by which message.

        What arrived is not needed any more and goes; so does a reply that holds a secret.
        """
        self._session.exec(MARK_ANSWERED, params={"row_id": row_id, "ref": message_ref})

    def mark_done(self, row_id: int) -> None:
        """Marks a row that asks for no reply as done."""
        change = update(Inbox).where(
            col(Inbox.id) == row_id, col(Inbox.state) == InboxState.RECEIVED
        )
        self._session.exec(change.values(state=InboxState.ANSWERED, payload=""))

    def find_deal_of_message(self, team_id: int, message_ref: str) -> int | None:
        """The deal a sent reply spoke of."""
        query = select(Inbox.about_deal_id).where(
            Inbox.team_id == team_id, Inbox.message_ref == message_ref
        )
        return self._session.exec(query.order_by(col(Inbox.id).desc())).first()

    def find_reply_text(self, platform: str, message_ref: str) -> str | None:
        """The reply that a message carried, empty where it is not kept; None for none of ours."""
        query = select(Inbox).where(Inbox.message_ref == message_ref, Inbox.platform == platform)
        row = self._session.exec(query.limit(1)).first()
        return None if row is None else row.reply or ""

    def count_dead(self) -> int:
        """How many have been put aside."""
        query = select(func.count()).select_from(Inbox).where(Inbox.state == InboxState.DEAD)
        return self._session.exec(query).one()

    def forget_before(self, at: datetime) -> None:
        """Forgets what was answered before this; a platform repeats an update for 24 hours."""
        gone = delete(Inbox).where(
            col(Inbox.received_at) < at,
            col(Inbox.state).in_((InboxState.ANSWERED, InboxState.DEAD)),
        )
        self._session.exec(gone)
