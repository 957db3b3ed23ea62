"""Claims on the outbox: who sends which message, under a lease that another process may outlive.

What becomes of a message once it is claimed is in `outbox.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice, zip_longest
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam
from sqlmodel import Session, col, exists, func, or_, select, update
from sqlmodel.sql.expression import Select

from storage.tables.messages import Outbox, OutboxState
from storage.tables.people_and_deals import Identity, Team

CANDIDATES = 4  # times as many rows are looked at as are wanted, to choose among
ANY_ACCOUNT_AFTER = timedelta(minutes=5)  # so late, a message leaves by any account of its member
LONGEST_LEASE = timedelta(minutes=15)  # no lease is so long: the clock was set back since
# Said this way round for SQLite: with "pending" in a list it would go through all that is pending.
OVER = (OutboxState.SENT, OutboxState.PARKED, OutboxState.CANCELLED, OutboxState.DEAD)


@dataclass(frozen=True)
class ClaimRequest:
    """Who claims what: `limit` rows at most, for members not `busy`, reached on `platforms`.

    A member counts by the reachable account last active; whoever has none is for everybody.
    `after_team` is the team served last, so that the next one comes first.
    """

    owner: str
    limit: int
    busy: Collection[int] = ()
    platforms: Collection[str] = ()
    after_team: int = 0


class OutboxClaims:
    """Queries that claim rows and hold them. A change names the state and owner it comes from."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def claim(
        self, owner: str, now: datetime, lease_until: datetime, limit: int
    ) -> Sequence[Outbox]:
        """Takes due rows for `owner`, longest due first: pending, or with a lease that ran out.

        A row taken over from a lease that ran out may already have been sent: it comes marked
        `repeated`.
        """
        given = {"now": now, "latest_end": now + LONGEST_LEASE, "limit": limit}
        chosen = self._session.exec(SELECT_CLAIMABLE, params=given).all()
        return self._claim_rows(chosen, owner, lease_until)

    def claim_fairly(
        self, request: ClaimRequest, now: datetime, lease_until: datetime
    ) -> Sequence[Outbox]:
        """The same, one row a member, and as many for each team that has something due.

        What has been claimed before is served first, and nobody's place depends on how much
        another team has to say.
        """
        limit = request.limit
        expired = self._find_due(SELECT_EXPIRED_LEASES, request, now, CANDIDATES * limit)
        pending = self._find_due(SELECT_PENDING, request, now, CANDIDATES * limit)
        if len(pending) == CANDIDATES * limit:  # one team's rows may hide those of the others
            pending = self._find_due_of_each_team(request, now)
        candidates = [*expired, *_alternate_teams(pending, request.after_team)]
        chosen = list(islice(_first_of_each_member(candidates), limit))
        return self._claim_rows(chosen, request.owner, lease_until)

    def renew(self, row_ids: Collection[int], owner: str, lease_until: datetime) -> Collection[int]:
        """Prolongs the leases of what is still the owner's; the ids of those."""
        change = update(Outbox).where(
            col(Outbox.id).in_(row_ids),
            col(Outbox.state) == OutboxState.CLAIMED,
            col(Outbox.owner) == owner,
        )
        changed = change.values(lease_until=lease_until).returning(col(Outbox.id))
        return {row_id for (row_id,) in self._session.execute(changed).all()}

    def find_lease_end(self, row_id: int, owner: str) -> datetime | None:
        """Until when a row is the owner's; None when it is not, or no longer."""
        return self._session.exec(SELECT_LEASE_END, params={"row_id": row_id, "by": owner}).first()

    def expire_leases(self, owners: str, now: datetime) -> int:
        """Ends the leases of every owner whose name begins so: none of them lives any more."""
        change = update(Outbox).where(
            col(Outbox.state) == OutboxState.CLAIMED,
            col(Outbox.owner).startswith(owners, autoescape=True),
        )
        return int(self._session.exec(change.values(lease_until=now)).rowcount)

    def next_due_at(self, platforms: Collection[str] | None = None) -> datetime | None:
        """When the next message is due; with `platforms` the next one that leaves there."""
        if platforms is None:
            return self._session.exec(SELECT_NEXT_DUE_TIME).one()
        given = {"platforms": [*platforms]}
        return self._session.exec(SELECT_NEXT_DUE_TIME_ON_PLATFORMS, params=given).one()

    def _find_due_of_each_team(
        self, request: ClaimRequest, now: datetime
    ) -> list[tuple[int, int, int]]:
        """The first rows of as many teams as there are places, beginning after the last served."""
        given = {**_parameters(request, now), "limit": request.limit, "last": request.after_team}
        parts = [self._session.exec(part, params=given).all() for part in SELECT_TEAMS_WITH_PENDING]
        teams = list(islice(chain.from_iterable(parts), request.limit))
        each = -(-CANDIDATES * request.limit // max(1, len(teams)))
        found = (self._find_due(SELECT_PENDING_OF_TEAM, request, now, each, team) for team in teams)
        return list(chain.from_iterable(found))

    def _find_due(
        self,
        query: Select[int, int, int],
        request: ClaimRequest,
        now: datetime,
        limit: int,
        team: int = 0,
    ) -> list[tuple[int, int, int]]:
        """Due rows as (id, team, member), longest due first; those somebody else is at are not."""
        given = {**_parameters(request, now), "limit": limit, "team": team}
        rows = self._session.exec(query, params=given).all()
        return [(row_id, team, member) for row_id, team, member in rows]

    def _claim_rows(self, chosen: Sequence[int], owner: str, until: datetime) -> Sequence[Outbox]:
        if not chosen:
            return []
        given = {"chosen": chosen, "by": owner, "until": until}
        self._session.exec(CLAIM_CHOSEN, params=given)
        return self._session.exec(SELECT_CHOSEN, params={"chosen": chosen}).all()


def _is_reached_on(*, lately: bool) -> ColumnElement[bool]:
    """Whether a row's member is to be written to on one of the `platforms`, or nowhere at all.

    Unless `lately`, what was due by `late` leaves by any account. Both are the query's parameters.
    """
    platforms: BindParameter[str] = bindparam("platforms", expanding=True)
    theirs = col(Identity.member_id) == col(Outbox.member_id)
    reachable = theirs & col(Identity.reachable).is_(True)
    order = (col(Identity.last_active_at).desc(), col(Identity.id))
    last = select(Identity.platform).where(reachable).order_by(*order).limit(1).scalar_subquery()
    ours = or_(last.in_(platforms), last.is_(None))
    if lately:
        return ours
    other = exists().where(reachable, col(Identity.platform).in_(platforms))
    return or_(ours, (col(Outbox.due_at) <= bindparam("late")) & other)


def _parameters(request: ClaimRequest, now: datetime) -> dict[str, Any]:
    """The parameters of what is due for a request."""
    return {
        "now": now,
        "late": now - ANY_ACCOUNT_AFTER,
        "latest_end": now + LONGEST_LEASE,
        "platforms": [*request.platforms],
        "busy": [*request.busy],
    }


def _has_expired_lease() -> ColumnElement[bool]:
    """Whether a row is claimed by somebody who has let the lease run out."""
    over = col(Outbox.lease_until) <= bindparam("now")
    latest_end = col(Outbox.lease_until) > bindparam("latest_end")
    return (col(Outbox.state) == OutboxState.CLAIMED) & (over | latest_end)


def _is_due() -> tuple[ColumnElement[bool], ...]:
    """That a row may leave now, here, and to somebody who is not being written to."""
    return (
        col(Outbox.due_at) <= bindparam("now"),
        _is_reached_on(lately=False),
        col(Outbox.member_id).not_in(bindparam("busy", expanding=True)),
    )


def _select_due(*where: ColumnElement[bool]) -> Select[int, int, int]:
    """Due rows as (id, team, member), longest due first; those another process holds are left."""
    query = select(Outbox.id, Outbox.team_id, Outbox.member_id).where(*where, *_is_due())
    query = query.order_by(col(Outbox.due_at), col(Outbox.id)).limit(bindparam("limit"))
    return query.with_for_update(skip_locked=True, of=Outbox)


# Made once, for they run with every message: the library then need not build and compare them.
IS_PENDING = col(Outbox.state) == OutboxState.PENDING
# Rows whose owner let the lease run out: they may have been sent already.
SELECT_EXPIRED_LEASES = _select_due(_has_expired_lease())
# Rows that nobody has claimed, of every team.
SELECT_PENDING = _select_due(IS_PENDING)
SELECT_PENDING_OF_TEAM = _select_due(IS_PENDING, col(Outbox.team_id) == bindparam("team"))
_TEAMS_WITH_PENDING = (
    select(Team.id)
    .where(exists().where(IS_PENDING, *_is_due(), col(Outbox.team_id) == col(Team.id)))
    .order_by(col(Team.id))
    .limit(bindparam("limit"))
)
# Teams with a pending row, in two parts: those after the team served last come first.
SELECT_TEAMS_WITH_PENDING = (
    _TEAMS_WITH_PENDING.where(col(Team.id) > bindparam("last")),
    _TEAMS_WITH_PENDING.where(col(Team.id) <= bindparam("last")),
)
# Rows that are due and nobody's, pending or with an expired lease, whoever may deliver them.
SELECT_CLAIMABLE = (
    select(Outbox.id)
    .where(or_(IS_PENDING, _has_expired_lease()), col(Outbox.due_at) <= bindparam("now"))
    .order_by(col(Outbox.due_at), col(Outbox.id))
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_IS_CHOSEN = col(Outbox.id).in_(bindparam("chosen", expanding=True))
# Gives the chosen rows to an owner; one that was claimed before is marked `repeated`.
CLAIM_CHOSEN = (
    update(Outbox)
    .where(_IS_CHOSEN, col(Outbox.state).not_in(OVER))
    .values(
        repeated=or_(col(Outbox.repeated), col(Outbox.state) == OutboxState.CLAIMED),
        state=OutboxState.CLAIMED,
        owner=bindparam("by"),
        lease_until=bindparam("until"),
        attempts=col(Outbox.attempts) + 1,
    )
    .execution_options(synchronize_session=False)  # they are read anew at once
)
# The chosen rows, read anew, longest due first.
SELECT_CHOSEN = (
    select(Outbox)
    .where(_IS_CHOSEN)
    .order_by(col(Outbox.due_at), col(Outbox.id))
    .execution_options(populate_existing=True)
)
# The end of an owner's lease on a row.
SELECT_LEASE_END = select(Outbox.lease_until).where(
    col(Outbox.id) == bindparam("row_id"),
    col(Outbox.state) == OutboxState.CLAIMED,
    col(Outbox.owner) == bindparam("by"),
)
# When the next pending row is due: any, or one that leaves on some platforms.
SELECT_NEXT_DUE_TIME = select(func.min(Outbox.due_at)).where(IS_PENDING)
SELECT_NEXT_DUE_TIME_ON_PLATFORMS = SELECT_NEXT_DUE_TIME.where(_is_reached_on(lately=True))


def _alternate_teams(
    rows: Sequence[tuple[int, int, int]], after_team: int
) -> Iterator[tuple[int, int, int]]:
    """One row of each team, then the next of each; the team after the last served comes first."""
    teams: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for row in rows:
        teams[row[1]].append(row)
    order = sorted(teams, key=lambda team: (team <= after_team, team))
    for turn in zip_longest(*(teams[team] for team in order)):
        yield from (row for row in turn if row is not None)


def _first_of_each_member(rows: Sequence[tuple[int, int, int]]) -> Iterator[int]:
    """The rows' ids without the later ones of a member: what one person gets keeps its order."""
    seen: set[int] = set()
    for row_id, _team, member in rows:
        if member not in seen:
            seen.add(member)
            yield row_id
