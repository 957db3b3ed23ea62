"""Erasure: what was deleted as a mistake goes for good, with all that hangs on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, delete, exists, select, update

from kb.states import DealStatus, EventKind
from storage.tables.cards import LookUp
from storage.tables.messages import Nudge, Outbox, OutboxState
from storage.tables.people_and_deals import Contact, Customer, Deal, Event, Member
from storage.tables.playbook import Occasion, Proof, Stake
from storage.tables.steps import Step

BATCH = 50  # deals of one transaction
_OF_DEAL = (Step, Stake, Occasion, Proof)


class Erasures:
    """Finds deals that were deleted, and erases them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list_deleted(self, before: datetime) -> Sequence[Deal]:
        """Deals of every team that were deleted before an instant, and stayed so."""
        deleted = exists().where(
            col(Event.deal_id) == Deal.id, col(Event.kind) == EventKind.DELETED
        )
        query = select(Deal).where(
            Deal.status == DealStatus.WITHDRAWN, col(Deal.last_activity_at) < before, deleted
        )
        return self._session.exec(query.order_by(col(Deal.id)).limit(BATCH)).all()

    def erase(self, deal: Deal) -> None:
        """Deletes the deal with its steps, nudges, history and people, whose no other deal is."""
        run = self._session.execute
        nudges = select(Nudge.id).where(Nudge.team_id == deal.team_id, Nudge.deal_id == deal.id)
        run(
            delete(Outbox).where(
                col(Outbox.team_id) == deal.team_id,
                col(Outbox.kind) == "nudge",
                col(Outbox.subject_id).in_(nudges),
                col(Outbox.state) != OutboxState.CLAIMED,
            )
        )
        run(update(Nudge).where(col(Nudge.carrier_id).in_(nudges)).values(carrier_id=None))
        run(delete(Nudge).where(col(Nudge.deal_id) == deal.id))
        for table in _OF_DEAL:
            run(delete(table).where(table.deal_id == deal.id))  # type: ignore[arg-type]  # a column each
        run(update(LookUp).where(col(LookUp.deal_id) == deal.id).values(deal_id=None))
        run(update(Event).where(col(Event.deal_id) == deal.id).values(undoes_id=None))
        run(delete(Event).where(col(Event.deal_id) == deal.id))
        run(update(Deal).where(col(Deal.referred_by_id) == deal.id).values(referred_by_id=None))
        held = col(Member.deal_in_hand_id) == deal.id
        run(update(Member).where(held).values(deal_in_hand_id=None))
        customer_id, team_id = deal.customer_id, deal.team_id
        run(delete(Deal).where(col(Deal.id) == deal.id))
        self._erase_customer(team_id, customer_id)
        self._session.expire_all()

    def _erase_customer(self, team_id: int, customer_id: int) -> None:
        """Deletes a customer with their people, where no deal of theirs is left."""
        others = select(Deal.id).where(Deal.team_id == team_id, Deal.customer_id == customer_id)
        if self._session.exec(others.limit(1)).first() is not None:
            return
        run = self._session.execute
        people = select(Contact.id).where(Contact.customer_id == customer_id)
        run(delete(Stake).where(col(Stake.contact_id).in_(people)))
        run(delete(Contact).where(col(Contact.customer_id) == customer_id))
        run(delete(Customer).where(col(Customer.id) == customer_id))
