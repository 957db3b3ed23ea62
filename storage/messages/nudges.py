"""Nudges: each made once, open until it is answered."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import String, bindparam, cast, literal
from sqlmodel import Session, col, func, or_, select, update

from storage.messages.insert_once import insert_once
from storage.tables.messages import Nudge, Outbox, OutboxState

# The key of the message that carries a nudge; one that only the digest tells of has none.
CARRIER = func.coalesce(col(Nudge.carrier_id), col(Nudge.id))
MESSAGE_KEY = cast(literal("nudge:"), String) + cast(CARRIER, String)

UNANSWERED = 20  # of a member's open nudges that are looked at
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
            "step_id": nudge.step_id,
            "carrier_id": nudge.carrier_id,
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

    def list_unanswered(self, team_id: int, member_id: int) -> Sequence[Nudge]:
        """A member's newest nudges that nobody has answered, the newest first."""
        query = select(Nudge).where(
            Nudge.team_id == team_id,
            Nudge.member_id == member_id,
            col(Nudge.folded).is_(False),
            col(Nudge.answered_at).is_(None),
        )
        return self._session.exec(query.order_by(col(Nudge.id).desc()).limit(UNANSWERED)).all()

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
        return frozenset(deal_id for deal_id in self._session.exec(query).all() if deal_id)

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
        rows = self._session.exec(query.group_by(col(Nudge.deal_id))).all()
        return {deal_id: at for deal_id, at in rows if deal_id is not None}

    def list_in_message(self, team_id: int, carrier_id: int) -> Sequence[Nudge]:
        """The nudges that one message tells of: the one it was made for, and its companions."""
        query = select(Nudge).where(Nudge.team_id == team_id, carrier_id == CARRIER)
        return self._session.exec(query.order_by(col(Nudge.id))).all()

    def find_newest_of_step(self, team_id: int, step_id: int) -> Nudge | None:
        """The newest nudge about a step, answered or not."""
        query = select(Nudge).where(Nudge.team_id == team_id, Nudge.step_id == step_id)
        return self._session.exec(query.order_by(col(Nudge.id).desc()).limit(1)).first()

    def answer_all(
        self, team_id: int, deal_id: int, answer: str, at: datetime, steps: Collection[int] = ()
    ) -> int:
        """Answers a deal's open nudges: what was asked about has happened.

        An act on some of its `steps` leaves alone what was asked about the others.
        """
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
        if steps:
            step = col(Nudge.step_id)
            change = change.where(or_(step.is_(None), step.in_(steps)))
        return int(self._session.exec(change.values(answered_at=at, answer=answer)).rowcount)

    def answer_step(self, team_id: int, step_id: int, answer: str, at: datetime) -> int:
        """Answers the open nudges about a reminder that belongs to no deal."""
        change = update(Nudge).where(
            col(Nudge.team_id) == team_id,
            col(Nudge.step_id) == step_id,
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
            self._split_message(nudge)
            nudge.member_id = heir_id
            change = update(Outbox).where(
                col(Outbox.key) == f"nudge:{nudge.id}", col(Outbox.state) == OutboxState.PENDING
            )
            self._session.exec(change.values(member_id=heir_id))

    def _split_message(self, nudge: Nudge) -> None:
        """Gives each nudge of a message that has not left yet a message of its own."""
        carrier_id = nudge.carrier_id or nudge.id
        row = self._session.exec(select(Outbox).where(Outbox.key == f"nudge:{carrier_id}")).first()
        if row is None or row.state != OutboxState.PENDING:
            return
        for each in self.list_in_message(nudge.team_id, carrier_id):
            if each.carrier_id is not None:
                each.carrier_id = None
                given = row.model_dump(exclude={"id"})
                own = {"key": f"nudge:{each.id}", "subject_id": each.id}
                self._session.add(Outbox(**{**given, **own}))
        self._session.flush()

    def reopen(self, team_id: int, deal_id: int, at: datetime) -> int:
        """Opens the deal's nudges that were answered at this instant: that act was undone."""
        change = update(Nudge).where(
            col(Nudge.team_id) == team_id,
            col(Nudge.deal_id) == deal_id,
            col(Nudge.answered_at) == at,
        )
        return int(self._session.exec(change.values(answered_at=None, answer="")).rowcount)

    def reopen_step(self, team_id: int, step_id: int, at: datetime) -> int:
        """The same of a reminder that belongs to no deal."""
        change = update(Nudge).where(
            col(Nudge.team_id) == team_id,
            col(Nudge.step_id) == step_id,
            col(Nudge.answered_at) == at,
        )
        return int(self._session.exec(change.values(answered_at=None, answer="")).rowcount)
