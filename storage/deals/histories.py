"""The histories of many deals at once, as plain rows for the funnel's figures.

What is asked here may be a hundred thousand deals and a million events: columns, never records.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from kb.states import ENDED, DealStatus, EventKind
from storage.scope import Scope
from storage.tables.people_and_deals import Deal, Event
from storage.tables.playbook import Stake

# Every kind of event that may change a deal's stage, status or amount, or take one back.
COURSE_KINDS = (
    *(EventKind.CREATED, EventKind.MOVED, EventKind.OFFERED, EventKind.WON, EventKind.LOST),
    *(EventKind.PARKED, EventKind.REOPENED, EventKind.EDITED, EventKind.UNDONE),
    *(EventKind.POOLED, EventKind.TAKEN),
)
# What a rep does for a customer; the first of them answers an enquiry.
TOUCHES = (
    *(EventKind.CALLED, EventKind.NOTED, EventKind.STEP_DONE, EventKind.STEP_SET),
    *(EventKind.MOVED, EventKind.OFFERED, EventKind.OBJECTION),
)


class Histories:
    """Queries over all deals of a scope, or those of one pipeline.

    `since` leaves out what ended before and has been quiet since; open deals are never left out.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def list_deals(
        self, scope: Scope, since: datetime | None = None, pipeline: str = ""
    ) -> Sequence[tuple[Any, ...]]:
        """The deals as rows for `kb.funnel.figures.deal_history.DealRow`."""
        query = select(
            col(Deal.id),
            col(Deal.owner_id),
            col(Deal.source),
            col(Deal.stage),
            col(Deal.status),
            col(Deal.amount),
            col(Deal.currency),
            col(Deal.created_at),
            col(Deal.own_odds),
            col(Deal.close_date),
        )
        query = query.where(*_theirs(scope, since, pipeline)).order_by(col(Deal.id))
        return [tuple(row) for row in self._rows(query)]

    def list_facts(
        self, scope: Scope, since: datetime | None = None, pipeline: str = ""
    ) -> Sequence[tuple[Any, ...]]:
        """What changed the course of those deals, as rows for `deal_history.EventRow` of kb.

        Deal by deal, in the order in which it was written.
        """
        query = (
            select(
                col(Event.deal_id),
                col(Event.id),
                col(Event.undoes_id),
                col(Event.kind),
                col(Event.at),
                _text(Event.before, "stage"),
                _text(Event.after, "stage"),
                _text(Event.after, "status"),
                _text(Event.after, "lost_reason"),
                _text(Event.before, "amount", "amount"),
                _text(Event.after, "amount", "amount"),
            )
            .join(Deal, col(Deal.id) == col(Event.deal_id))
            .where(*_theirs(scope, since, pipeline), col(Event.kind).in_(COURSE_KINDS))
            .order_by(col(Event.deal_id), col(Event.id))
        )
        return [tuple(row) for row in self._rows(query)]

    def count_activity(
        self, scope: Scope, start: datetime, end: datetime
    ) -> Sequence[tuple[int, str, int]]:
        """How often each member of the scope did what in that time: (member, kind, times).

        What was undone, and undoing, is no activity.
        """
        query = (
            select(col(Event.member_id), col(Event.kind), func.count())
            .where(
                col(Event.team_id) == scope.team_id,
                col(Event.at) >= start,
                col(Event.at) < end,
                col(Event.member_id).is_not(None),
                col(Event.kind).not_in((EventKind.UNDONE, EventKind.HANDED_OVER)),
                _is_not_undone(),
            )
            .group_by(col(Event.member_id), col(Event.kind))
            .order_by(col(Event.member_id), col(Event.kind))
        )
        if scope.member_ids is not None:
            query = query.where(col(Event.member_id).in_(scope.member_ids))
        return [(member, kind, times) for member, kind, times in self._rows(query)]

    def list_response_times(
        self, scope: Scope, start: datetime, end: datetime, pipeline: str = ""
    ) -> Sequence[tuple[int, datetime, datetime | None]]:
        """When the deals made in that time were made, and first touched: (deal, made, touched)."""
        first = (
            select(func.min(Event.at))
            .where(
                col(Event.deal_id) == col(Deal.id), col(Event.kind).in_(TOUCHES), _is_not_undone()
            )
            .correlate(Deal)
            .scalar_subquery()
        )
        query = (
            select(col(Deal.id), col(Deal.created_at), first)
            .where(
                *_theirs(scope, None, pipeline),
                col(Deal.created_at) >= start,
                col(Deal.created_at) < end,
            )
            .order_by(col(Deal.id))
        )
        return [(deal, made, touched) for deal, made, touched in self._rows(query)]

    def list_hygiene_facts(self, scope: Scope) -> Sequence[tuple[Any, ...]]:
        """The scope's live deals as rows for `kb.funnel.figures.hygiene.LiveDeal`."""
        decides = select(col(Stake.id)).where(
            col(Stake.deal_id) == col(Deal.id), col(Stake.part) == "decides"
        )
        said = (
            select(func.max(Event.at))
            .where(col(Event.deal_id) == col(Deal.id), col(Event.kind).in_(COURSE_KINDS))
            .where(_text(Event.after, "amount", "amount").is_not(None))
            .correlate(Deal)
            .scalar_subquery()
        )
        query = (
            select(
                col(Deal.id),
                col(Deal.owner_id),
                col(Deal.stage),
                col(Deal.next_step_at),
                decides.exists(),
                col(Deal.amount),
                col(Deal.created_at),
                said,
            )
            .where(*_theirs(scope, None, ""), col(Deal.status) == DealStatus.LIVE)
            .order_by(col(Deal.id))
        )
        return [
            (deal, owner, stage, step, bool(decider), None if amount is None else said or made)
            for deal, owner, stage, step, decider, amount, made, said in self._rows(query)
        ]

    def _rows(self, query: Select[*tuple[Any, ...]]) -> Sequence[Any]:
        return self._session.connection().execute(query).all()


def _theirs(scope: Scope, since: datetime | None, pipeline: str) -> list[ColumnElement[bool]]:
    """The scope's deals that are open, or that something happened to since then.

    Nothing that ends a deal is later than its last activity.
    """
    wanted = [col(Deal.team_id) == scope.team_id, col(Deal.status) != DealStatus.WITHDRAWN]
    if scope.member_ids is not None:
        wanted.append(col(Deal.owner_id).in_(scope.member_ids))
    if pipeline:
        wanted.append(col(Deal.pipeline) == pipeline)
    if since is not None:
        wanted.append(col(Deal.status).not_in(ENDED) | (col(Deal.last_activity_at) >= since))
    return wanted


def _is_not_undone() -> ColumnElement[bool]:
    """That no other event has taken it back."""
    back = aliased(Event)
    taken = select(col(back.id)).where(col(back.undoes_id) == col(Event.id)).exists()
    return ~taken


def _text(column: Any, *path: str) -> ColumnElement[str | None]:
    """What stands under a path of a JSON column."""
    for name in path:
        column = column[name]
    found: ColumnElement[str | None] = column.as_string()
    return found
