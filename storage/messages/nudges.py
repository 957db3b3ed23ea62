"""Nudges: each made once, open until it is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import String, bindparam, cast, literal
from sqlmodel import Session, col, func, select, update

from storage.messages.insert_once import insert_once
from storage.tables.messages import Nudge, Outbox, OutboxState

# The key of the message that carries a nudge; one that only the digest tells of has none.
MESSAGE_KEY = cast(literal("nudge:"), String) + cast(col(Nudge.id), String)

# Made once, for they run with every nudge or act: the library then need not build them anew.
INSERT_NUDGE = insert_once("nudge")
# Any nudge of a deal that nobody has answered.
SELECT_OPEN_NUDGE = select(Nudge.id).where(
    col(Nudge.team_id) == bindparam("team"),
    col(Nudge.deal_id) == bindparam("deal"),
    col(Nudge.answered_at).is_(None),
)


class Nudges:
    """Queries on nudges."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def make(self, nudge: Nudge) -> Nudge | None:
        """Keeps a nudge, unless its key has been there: None then."""
        values = {
            "team_id": nudge.team_id,
            "deal_id": nudge.deal_id,
            "member_id": nudge.member_id,
            "key": nudge.key,
            "kind": nudge.kind,
            "rule": nudge.rule,
            "n": nudge.n,
            "made_at": nudge.made_at,
            "answer": "",
            "folded": nudge.folded,
        }
        make = INSERT_NUDGE[self._session.get_bind().dialect.name]
        made = self._session.execute(make, values).first()
        return None if made is None else self._session.get_one(Nudge, made[0])

    def get(self, team_id: int, nudge_id: int) -> Nudge | None:
        """A nudge of the team."""
        nudge = self._session.get(Nudge, nudge_id)
        return nudge if nudge is not None and nudge.team_id == team_id else None

    def find_last_sent_to(self, team_id: int, member_id: int) -> Nudge | None:
        """The nudge a member was sent last."""
        query = select(Nudge).where(
            Nudge.team_id == team_id, Nudge.member_id == member_id, col(Nudge.folded).is_(False)
        )
        return self._session.exec(query.order_by(col(Nudge.id).desc()).limit(1)).first()

    def list_escalations(self, team_id: int, member_id: int) -> Sequence[Nudge]:
        """What a manager is to look at: deals that slip and are not settled, oldest first."""
        query = select(Nudge).where(
            Nudge.team_id == team_id,
            Nudge.member_id == member_id,
            Nudge.kind == "escalate",
            col(Nudge.answered_at).is_(None),
        )
        return self._session.exec(query.order_by(col(Nudge.id))).all()

    def find_unanswered_deals(
        self, team_id: int, member_id: int, before: datetime
    ) -> frozenset[int]:
        """The deals about which nudges sent to a member before then are unanswered."""
        query = select(Nudge.deal_id).join(Outbox, col(Outbox.key) == MESSAGE_KEY)
        query = query.where(
            Nudge.team_id == team_id,
            Nudge.member_id == member_id,
            col(Nudge.answered_at).is_(None),
            Outbox.state == OutboxState.SENT,
            col(Outbox.sent_at) < before,
        )
        return frozenset(self._session.exec(query).all())

    def list_open(self, team_id: int, deal_id: int) -> Sequence[Nudge]:
        """A deal's nudges that nobody has answered."""
        query = select(Nudge).where(
            Nudge.team_id == team_id, Nudge.deal_id == deal_id, col(Nudge.answered_at).is_(None)
        )
        return self._session.exec(query.order_by(col(Nudge.id))).all()

    def find_last_sent_times(self, team_id: int) -> Mapping[int, datetime]:
        """When the newest unanswered nudge of each of the team's deals left, or will leave.

        Of one that only the digest tells of: when it was made.
        """
        left = func.coalesce(Outbox.due_at, Nudge.made_at)
        query = select(Nudge.deal_id, func.max(left)).join(
            Outbox, col(Outbox.key) == MESSAGE_KEY, isouter=True
        )
        query = query.where(Nudge.team_id == team_id, col(Nudge.answered_at).is_(None))
        return dict(self._session.exec(query.group_by(col(Nudge.deal_id))).all())

    def answer_all(self, team_id: int, deal_id: int, answer: str, at: datetime) -> int:
        """Answers a deal's open nudges: what was asked about has happened."""
        if (
            self._session.exec(SELECT_OPEN_NUDGE, params={"team": team_id, "deal": deal_id}).first()
            is None
        ):
            return 0  # mostly there is none, and looking is quicker than changing nothing
        change = update(Nudge).where(
            col(Nudge.team_id) == team_id,
            col(Nudge.deal_id) == deal_id,
            col(Nudge.answered_at).is_(None),
        )
        return int(self._session.exec(change.values(answered_at=at, answer=answer)).rowcount)

    def pass_on(self, team_id: int, deal_id: int, giver_id: int, heir_id: int) -> None:
        """Passes a deal's open nudges on to its new owner, and their messages not yet sent."""
        query = select(Nudge).where(
            Nudge.team_id == team_id,
            Nudge.deal_id == deal_id,
            Nudge.member_id == giver_id,
            Nudge.kind != "escalate",  # a manager's, whoever owns the deal
            col(Nudge.answered_at).is_(None),
        )
        for nudge in self._session.exec(query).all():
            nudge.member_id = heir_id
            change = update(Outbox).where(
                col(Outbox.key) == f"nudge:{nudge.id}", col(Outbox.state) == OutboxState.PENDING
            )
            self._session.exec(change.values(member_id=heir_id))

    def reopen(self, team_id: int, deal_id: int, at: datetime) -> int:
        """Opens the deal's nudges that were answered at this instant: that act was undone."""
        change = update(Nudge).where(
            col(Nudge.team_id) == team_id,
            col(Nudge.deal_id) == deal_id,
            col(Nudge.answered_at) == at,
        )
        return int(self._session.exec(change.values(answered_at=None, answer="")).rowcount)
