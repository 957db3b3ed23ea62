"""Who holds which message of the outbox: claimed under a lease, kept alive, taken over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice, zip_longest
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam
from sqlmodel import Session, col, exists, or_, select, update
from sqlmodel.sql.expression import Select

from storage.tables.messages import Outbox, OutboxState
from storage.tables.people_and_deals import Identity, Team

GLANCE = 4  # times as many rows are looked at as are wanted, to choose among
NOT_OURS = timedelta(minutes=5)  # a message so late leaves by any account, not only the last used
IMPOSSIBLE = timedelta(minutes=15)  # no lease is so long: the clock was set back since
# Said this way round for SQLite: with "pending" in a list it would go through all that is pending.
OVER = (OutboxState.SENT, OutboxState.PARKED, OutboxState.CANCELLED, OutboxState.DEAD)


@dataclass(frozen=True)
class Wish:
    """Who claims what: `limit` rows at most, for members not `busy`, reached on `platforms`.

    A member counts by the reachable account last active; whoever has none is for everybody.
    `after_team` is the team served last, so that the next one comes first.
    """

    owner: str
    limit: int
    busy: Collection[int] = ()
    platforms: Collection[str] = ()
    after_team: int = 0


class Claims:
    """Queries on who holds a row. Every change names the state and owner it comes from."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def claim(
        self, owner: str, now: datetime, lease_until: datetime, limit: int
    ) -> Sequence[Outbox]:
        """Takes due rows for `owner`, longest due first: pending, or with a lease that ran out.

        A row taken over from a lease that ran out may already have been sent: it comes marked
        `repeated`.
        """
        given = {"now": now, "impossible": now + IMPOSSIBLE, "limit": limit}
        chosen = self._session.exec(_FREE, params=given).all()
        return self._taken(chosen, owner, lease_until)

    def claim_fairly(self, wish: Wish, now: datetime, lease_until: datetime) -> Sequence[Outbox]:
        """The same, one row a member, and as many for each team that has something due.

        What has been claimed before is served first, and nobody's place depends on how much
        another team has to say.
        """
        limit = wish.limit
        left = self._glance(_LEFT, wish, now, GLANCE * limit)
        few = self._glance(_PENDING, wish, now, GLANCE * limit)
        if len(few) == GLANCE * limit:
            few = self._of_each_team(wish, now)
        chosen = list(islice(_one_a_member([*left, *_in_turns(few, wish.after_team)]), limit))
        return self._taken(chosen, wish.owner, lease_until)

    def renew(self, row_ids: Collection[int], owner: str, lease_until: datetime) -> Collection[int]:
        """Prolongs the leases of what is still the owner's; the ids of those."""
        change = update(Outbox).where(
            col(Outbox.id).in_(row_ids),
            col(Outbox.state) == OutboxState.CLAIMED,
            col(Outbox.owner) == owner,
        )
        changed = change.values(lease_until=lease_until).returning(col(Outbox.id))
        return {row_id for (row_id,) in self._session.execute(changed).all()}

    def lease_of(self, row_id: int, owner: str) -> datetime | None:
        """Until when a row is the owner's; None when it is not, or no longer."""
        return self._session.exec(_LEASE, params={"row_id": row_id, "by": owner}).first()

    def abandon(self, owners: str, now: datetime) -> int:
        """Ends the leases of every owner whose name begins so: none of them lives any more."""
        change = update(Outbox).where(
            col(Outbox.state) == OutboxState.CLAIMED,
            col(Outbox.owner).startswith(owners, autoescape=True),
        )
        return int(self._session.exec(change.values(lease_until=now)).rowcount)

    def _of_each_team(self, wish: Wish, now: datetime) -> list[tuple[int, int, int]]:
        """The first rows of as many teams as there are places, beginning after the last served."""
        given = {**_given(wish, now), "limit": wish.limit, "last": wish.after_team}
        teams = [team for part in _TEAMS for team in self._session.exec(part, params=given).all()][
            : wish.limit
        ]
        each = -(-GLANCE * wish.limit // max(1, len(teams)))
        found = (self._glance(_OF_A_TEAM, wish, now, each, team) for team in teams)
        return list(chain.from_iterable(found))

    def _glance(
        self,
        query: Select[int, int, int],
        wish: Wish,
        now: datetime,
        limit: int,
        team: int = 0,
    ) -> list[tuple[int, int, int]]:
        """Due rows as (id, team, member), longest due first; those somebody else is at are not."""
        given = {**_given(wish, now), "limit": limit, "team": team}
        rows = self._session.exec(query, params=given).all()
        return [(row_id, team, member) for row_id, team, member in rows]

    def _taken(self, chosen: Sequence[int], owner: str, until: datetime) -> Sequence[Outbox]:
        if not chosen:
            return []
        given = {"chosen": chosen, "by": owner, "until": until}
        self._session.exec(_TAKE, params=given)
        return self._session.exec(_TAKEN, params={"chosen": chosen}).all()


def reached_on(*, lately: bool) -> ColumnElement[bool]:
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


def _given(wish: Wish, now: datetime) -> dict[str, Any]:
    """The parameters of what is due for a wish."""
    return {
        "now": now,
        "late": now - NOT_OURS,
        "impossible": now + IMPOSSIBLE,
        "platforms": [*wish.platforms],
        "busy": [*wish.busy],
    }


def _is_left() -> ColumnElement[bool]:
    """Whether a row is claimed by somebody who has let the lease run out."""
    over = col(Outbox.lease_until) <= bindparam("now")
    impossible = col(Outbox.lease_until) > bindparam("impossible")
    return (col(Outbox.state) == OutboxState.CLAIMED) & (over | impossible)


def _due_for() -> tuple[ColumnElement[bool], ...]:
    return (
        col(Outbox.due_at) <= bindparam("now"),
        reached_on(lately=False),
        col(Outbox.member_id).not_in(bindparam("busy", expanding=True)),
    )


def _glanced(*where: ColumnElement[bool]) -> Select[int, int, int]:
    query = select(Outbox.id, Outbox.team_id, Outbox.member_id).where(*where, *_due_for())
    query = query.order_by(col(Outbox.due_at), col(Outbox.id)).limit(bindparam("limit"))
    return query.with_for_update(skip_locked=True, of=Outbox)


# Made once, for they run with every message: the library then need not build and compare them.
_IS_PENDING = col(Outbox.state) == OutboxState.PENDING
_LEFT, _PENDING = _glanced(_is_left()), _glanced(_IS_PENDING)
_OF_A_TEAM = _glanced(_IS_PENDING, col(Outbox.team_id) == bindparam("team"))
_WITH_DUE = (
    select(Team.id)
    .where(exists().where(_IS_PENDING, *_due_for(), col(Outbox.team_id) == col(Team.id)))
    .order_by(col(Team.id))
    .limit(bindparam("limit"))
)
_TEAMS = (
    _WITH_DUE.where(col(Team.id) > bindparam("last")),
    _WITH_DUE.where(col(Team.id) <= bindparam("last")),
)
_FREE = (
    select(Outbox.id)
    .where(or_(_IS_PENDING, _is_left()), col(Outbox.due_at) <= bindparam("now"))
    .order_by(col(Outbox.due_at), col(Outbox.id))
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_CHOSEN = col(Outbox.id).in_(bindparam("chosen", expanding=True))
_TAKE = (
    update(Outbox)
    .where(_CHOSEN, col(Outbox.state).not_in(OVER))
    .values(
        repeated=or_(col(Outbox.repeated), col(Outbox.state) == OutboxState.CLAIMED),
        state=OutboxState.CLAIMED,
        owner=bindparam("by"),
        lease_until=bindparam("until"),
        attempts=col(Outbox.attempts) + 1,
    )
    .execution_options(synchronize_session=False)  # they are read anew at once
)
_TAKEN = (
    select(Outbox)
    .where(_CHOSEN)
    .order_by(col(Outbox.due_at), col(Outbox.id))
    .execution_options(populate_existing=True)
)
_LEASE = select(Outbox.lease_until).where(
    col(Outbox.id) == bindparam("row_id"),
    col(Outbox.state) == OutboxState.CLAIMED,
    col(Outbox.owner) == bindparam("by"),
)


def _in_turns(
    rows: Sequence[tuple[int, int, int]], after_team: int
) -> Iterator[tuple[int, int, int]]:
    """One row of each team, then the next of each; the team after the last served comes first."""
    teams: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for row in rows:
        teams[row[1]].append(row)
    order = sorted(teams, key=lambda team: (team <= after_team, team))
    for turn in zip_longest(*(teams[team] for team in order)):
        yield from (row for row in turn if row is not None)


def _one_a_member(rows: Sequence[tuple[int, int, int]]) -> Iterator[int]:
    """The rows' ids without the later ones of a member: what one person gets keeps its order."""
    seen: set[int] = set()
    for row_id, _team, member in rows:
        if member not in seen:
            seen.add(member)
            yield row_id
