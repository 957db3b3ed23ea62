"""Deals: found inside a scope, changed only together with the event that says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, SQLModel, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from kb.states import OPEN, DealStatus, EventKind
from storage.deals.event_values import pack, unpack
from storage.scope import Scope
from storage.tables.people_and_deals import Contact, Customer, Deal, Event
from storage.tables.playbook import Stake
from storage.tables.steps import Step

# Made once, for every tick of the clock asks them: the library then need not build them anew.
# When the next open deal deserves a nudge.
SELECT_NEXT_ATTENTION_TIME = select(func.min(Deal.attention_at)).where(col(Deal.status).in_(OPEN))
# When the pool's rule looks at a live deal next.
SELECT_NEXT_POOL_TIME = select(func.min(Deal.pool_at)).where(Deal.status == DealStatus.LIVE)
# Open deals that deserve a nudge by now, but those another process holds.
SELECT_NEEDING_ATTENTION = (
    select(Deal)
    .where(col(Deal.status).in_(OPEN), col(Deal.attention_at) <= bindparam("now"))
    .order_by(col(Deal.attention_at), col(Deal.id))
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=Deal)
)
# Live deals at which the pool's rule looks by now, or soon where a nudge has come due.
SELECT_DUE_FOR_POOL = (
    select(Deal)
    .where(
        Deal.status == DealStatus.LIVE,
        col(Deal.pool_at) <= bindparam("soon"),  # by itself, so that the index ends there
        or_(col(Deal.pool_at) <= bindparam("now"), col(Deal.attention_at) <= bindparam("now")),
    )
    .order_by(col(Deal.pool_at), col(Deal.id))
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=Deal)
)


class Deals:
    """Queries on deals. All but the sweep's take the scope of whoever asks."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, deal: Deal) -> Deal:
        """Keeps a new deal, and gives it its id."""
        self._session.add(deal)
        self._session.flush()
        return deal

    def get(self, scope: Scope, deal_id: int) -> Deal | None:
        """A deal in the scope; None also where it is somebody else's."""
        deal = self._session.get(Deal, deal_id)
        if deal is None or not scope.covers(deal.team_id, deal.owner_id):
            return None
        return deal

    def lock(self, deal: Deal) -> Deal:
        """The deal read anew and held until the transaction ends."""
        self._session.refresh(deal, with_for_update={"of": Deal})
        return deal

    def within(
        self,
        scope: Scope,
        statuses: Iterable[DealStatus] = OPEN,
        stage: str = "",
        pipeline: str = "",
    ) -> Sequence[Deal]:
        """The scope's deals in these statuses, in one stage or one pipeline if it is named."""
        query = _limit_to_scope(select(Deal), scope).where(col(Deal.status).in_(tuple(statuses)))
        if stage:
            query = query.where(Deal.stage == stage)
        if pipeline:
            query = query.where(Deal.pipeline == pipeline)
        return self._session.exec(query.order_by(col(Deal.id))).all()

    def list_names(
        self, scope: Scope, statuses: Iterable[DealStatus] = OPEN
    ) -> Sequence[tuple[int, str]]:
        """The scope's deals as (id, customer's name): what is needed to find one by name."""
        query = select(Deal.id, Customer.name).join(Customer).where(Deal.team_id == scope.team_id)
        if scope.member_ids is not None:
            query = query.where(col(Deal.owner_id).in_(scope.member_ids))
        query = query.where(col(Deal.status).in_(tuple(statuses)))
        return self._session.exec(query.order_by(col(Deal.id))).all()

    def list_people(
        self, scope: Scope, statuses: Iterable[DealStatus] = OPEN
    ) -> Sequence[tuple[int, str]]:
        """The same as (id, name of a person there), for finding one by the people one talks to."""
        there = col(Contact.customer_id) == col(Deal.customer_id)
        query = select(Deal.id, Contact.name).join(Contact, there)
        query = query.where(Deal.team_id == scope.team_id, Contact.name != "")
        if scope.member_ids is not None:
            query = query.where(col(Deal.owner_id).in_(scope.member_ids))
        query = query.where(col(Deal.status).in_(tuple(statuses)))
        return self._session.exec(query.order_by(col(Deal.id), col(Contact.id))).all()

    def list_of_customer(self, team_id: int, customer_id: int) -> Sequence[Deal]:
        """The team's deals with a customer, whoever owns them: the caller names only the owner."""
        query = select(Deal).where(Deal.team_id == team_id, Deal.customer_id == customer_id)
        return self._session.exec(query.order_by(col(Deal.id))).all()

    def list_of_owner(self, team_id: int, member_id: int) -> Sequence[Deal]:
        """Every deal of a member, closed ones too."""
        query = select(Deal).where(Deal.team_id == team_id, Deal.owner_id == member_id)
        return self._session.exec(query.order_by(col(Deal.id))).all()

    def change(
        self,
        deal: Deal,
        changes: Mapping[str, Any],
        *,
        kind: EventKind,
        by: int | None,
        at: datetime,
        platform: str = "",
        note: str = "",
    ) -> Event:
        """Sets the deal's columns and appends the event with what stood there before and after.

        `customer.name`, `contact:<id>.phone`, `stake:<id>.part` and `step:<id>.at` name a column
        of the deal's customer, of one of its people, of what one has to do with the deal, or of
        one of its steps.
        """
        before = {name: getattr(*self._column(deal, name)) for name in changes}
        for name, value in changes.items():
            setattr(*self._column(deal, name), value)
        event = Event(
            team_id=deal.team_id,
            deal_id=deal.id,
            member_id=by,
            kind=kind,
            at=at,
            platform=platform,
            note=note,
            before=pack(before),
            after=pack(changes),
        )
        self._session.add(event)
        self._session.flush()
        return event

    def undo(self, event: Event, *, by: int, at: datetime, platform: str) -> bool:
        """Takes an event back by a compensating one; false if the deal has changed since.

        At most one compensating event can exist for an event: the database says so.
        """
        deal = self.lock(self._session.get_one(Deal, event.deal_id))
        for record in [self._column(deal, name)[0] for name in event.after]:
            if record is not deal:
                self._session.refresh(record, with_for_update=True)
        if not self._still_stands(deal, event):
            return False
        if self._session.exec(select(Event.id).where(Event.undoes_id == event.id)).first():
            return False
        back = self.change(
            deal, unpack(event.before), kind=EventKind.UNDONE, by=by, at=at, platform=platform
        )
        back.undoes_id = event.id
        self._session.flush()
        return True

    def _still_stands(self, deal: Deal, event: Event) -> bool:
        """Whether what the event changed has not changed since; nudges that left do not count."""
        after = {name: event.after[name] for name in event.after.keys() - {"nudges_sent"}}
        return pack({name: getattr(*self._column(deal, name)) for name in after}) == after

    def _column(self, deal: Deal, name: str) -> tuple[SQLModel, str]:
        """The record and the attribute that a change's name means."""
        holder, _, attribute = name.rpartition(".")
        if not holder:
            return deal, name
        if holder == "customer":
            return deal.customer, attribute
        if holder.startswith("step:"):
            step = self._session.get_one(Step, int(holder.removeprefix("step:")))
            if step.deal_id != deal.id:
                raise ValueError("a deal changes only its own steps")
            return step, attribute
        if holder.startswith("stake:"):
            stake = self._session.get_one(Stake, int(holder.removeprefix("stake:")))
            if stake.deal_id != deal.id:
                raise ValueError("a deal changes only its own stakes")
            return stake, attribute
        contact = self._session.get_one(Contact, int(holder.removeprefix("contact:")))
        if contact.customer_id != deal.customer_id:
            raise ValueError("a deal changes only its own customer's people")
        return contact, attribute

    def list_needing_attention(self, now: datetime, limit: int = 200) -> Sequence[Deal]:
        """Deals of every team whose time for a nudge has come, the longest due first.

        Rows another process holds are left to it.
        """
        return self._session.exec(
            SELECT_NEEDING_ATTENTION, params={"now": now, "limit": limit}
        ).all()

    def list_due_of(self, team_id: int, owner_id: int, now: datetime) -> Sequence[Deal]:
        """A member's deals whose time for a nudge has come, but those another process holds."""
        query = select(Deal).where(
            Deal.team_id == team_id,
            Deal.owner_id == owner_id,
            col(Deal.status).in_(OPEN),
            col(Deal.attention_at) <= now,
        )
        query = query.order_by(col(Deal.attention_at), col(Deal.id))
        return self._session.exec(query.with_for_update(skip_locked=True, of=Deal)).all()

    def next_attention_at(self) -> datetime | None:
        """When the next deal of any team deserves a nudge, or the pool's rule looks at one."""
        found = (
            self._session.exec(query).one()
            for query in (SELECT_NEXT_ATTENTION_TIME, SELECT_NEXT_POOL_TIME)
        )
        return min((at for at in found if at is not None), default=None)

    def list_due_for_pool(self, now: datetime, soon: datetime, limit: int = 200) -> Sequence[Deal]:
        """Live deals of every team at which the pool's rule looks by now, the longest due first.

        Where a nudge has come due, by `soon`. Rows another process holds are left to it.
        """
        given = {"now": now, "soon": soon, "limit": limit}
        return self._session.exec(SELECT_DUE_FOR_POOL, params=given).all()

    def list_pooled(self, team_id: int) -> Sequence[Deal]:
        """The team's leads that anybody may take, the newest first."""
        query = select(Deal).where(Deal.team_id == team_id, Deal.status == DealStatus.POOLED)
        return self._session.exec(query.order_by(col(Deal.pool_at).desc(), col(Deal.id))).all()

    def lock_pooled(self, team_id: int, deal_id: int) -> Deal | None:
        """One of them, held until the transaction ends; None once somebody has taken it."""
        query = select(Deal).where(
            Deal.team_id == team_id, Deal.id == deal_id, Deal.status == DealStatus.POOLED
        )
        held = query.with_for_update(of=Deal).execution_options(populate_existing=True)
        return self._session.exec(held).first()


def _limit_to_scope(query: SelectOfScalar[Deal], scope: Scope) -> SelectOfScalar[Deal]:
    query = query.where(Deal.team_id == scope.team_id)
    if scope.member_ids is not None:
        query = query.where(col(Deal.owner_id).in_(scope.member_ids))
    return query
