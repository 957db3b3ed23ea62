"""Who holds which message of the outbox: claimed under a lease, kept alive, taken over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice, zip_longest

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, exists, or_, select, update

from storage.tables import Identity, Team
from storage.tables_messages import Outbox

GLANCE = 4  # times as many rows are looked at as are wanted, to choose among
NOT_OURS = timedelta(minutes=5)  # a message so late leaves by any account, not only the last used
IMPOSSIBLE = timedelta(minutes=15)  # no lease is so long: the clock was set back since


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
        due = select(Outbox.id).where(_is_free(now), col(Outbox.due_at) <= now)
        due = due.order_by(col(Outbox.due_at), col(Outbox.id)).limit(limit)
        chosen = self._session.exec(due.with_for_update(skip_locked=True)).all()
        return self._taken(chosen, owner, lease_until)

    def claim_fairly(self, wish: Wish, now: datetime, lease_until: datetime) -> Sequence[Outbox]:
        """The same, one row a member, and as many for each team that has something due.

        What has been claimed before is served first, and nobody's place depends on how much
        another team has to say.
        """
        limit = wish.limit
        left = self._glance(wish, now, GLANCE * limit, _is_left(now))
        few = self._glance(wish, now, GLANCE * limit, col(Outbox.state) == "pending")
        if len(few) == GLANCE * limit:
            few = self._of_each_team(wish, now)
        chosen = list(islice(_one_a_member([*left, *_in_turns(few, wish.after_team)]), limit))
        return self._taken(chosen, wish.owner, lease_until)

    def renew(self, row_ids: Collection[int], owner: str, lease_until: datetime) -> Collection[int]:
        """Prolongs the leases of what is still the owner's; the ids of those."""
        change = update(Outbox).where(
            col(Outbox.id).in_(row_ids),
            col(Outbox.state) == "claimed",
            col(Outbox.owner) == owner,
        )
        changed = change.values(lease_until=lease_until).returning(col(Outbox.id))
        return {row_id for (row_id,) in self._session.execute(changed).all()}

    def lease_of(self, row_id: int, owner: str) -> datetime | None:
        """Until when a row is the owner's; None when it is not, or no longer."""
        query = select(Outbox.lease_until).where(
            Outbox.id == row_id, Outbox.state == "claimed", Outbox.owner == owner
        )
        return self._session.exec(query).first()

    def abandon(self, owners: str, now: datetime) -> int:
        """Ends the leases of every owner whose name begins so: none of them lives any more."""
        change = update(Outbox).where(
            col(Outbox.state) == "claimed", col(Outbox.owner).startswith(owners, autoescape=True)
        )
        return int(self._session.exec(change.values(lease_until=now)).rowcount)

    def _of_each_team(self, wish: Wish, now: datetime) -> list[tuple[int, int, int]]:
        """The first rows of as many teams as there are places, beginning after the last served."""
        due = exists().where(*_due_for(wish, now), col(Outbox.team_id) == col(Team.id))
        after = select(Team.id).where(due).order_by(col(Team.id)).limit(wish.limit)
        teams = [
            *self._session.exec(after.where(col(Team.id) > wish.after_team)).all(),
            *self._session.exec(after.where(col(Team.id) <= wish.after_team)).all(),
        ][: wish.limit]
        each = -(-GLANCE * wish.limit // max(1, len(teams)))
        pending = col(Outbox.state) == "pending"
        found = (
            self._glance(wish, now, each, pending & (col(Outbox.team_id) == team)) for team in teams
        )
        return list(chain.from_iterable(found))

    def _glance(
        self, wish: Wish, now: datetime, limit: int, where: ColumnElement[bool]
    ) -> list[tuple[int, int, int]]:
        """Due rows as (id, team, member), longest due first; those somebody else is at are not."""
        query = select(Outbox.id, Outbox.team_id, Outbox.member_id)
        query = query.where(where, *_due_for(wish, now))
        query = query.order_by(col(Outbox.due_at), col(Outbox.id)).limit(limit)
        rows = self._session.exec(query.with_for_update(skip_locked=True, of=Outbox)).all()
        return [(row_id, team, member) for row_id, team, member in rows]

    def _taken(self, chosen: Sequence[int], owner: str, until: datetime) -> Sequence[Outbox]:
        if not chosen:
            return []
        taken = (
            update(Outbox)
            .where(col(Outbox.id).in_(chosen), col(Outbox.state).in_(("pending", "claimed")))
            .values(
                repeated=or_(col(Outbox.repeated), col(Outbox.state) == "claimed"),
                state="claimed",
                owner=owner,
                lease_until=until,
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


def reached_on(platforms: Collection[str], now: datetime | None) -> ColumnElement[bool]:
    """Whether a row's member is to be written to on one of the platforms, or nowhere at all."""
    theirs = col(Identity.member_id) == col(Outbox.member_id)
    reachable = theirs & col(Identity.reachable).is_(True)
    order = (col(Identity.last_active_at).desc(), col(Identity.id))
    last = select(Identity.platform).where(reachable).order_by(*order).limit(1).scalar_subquery()
    ours = or_(last.in_(platforms), last.is_(None))
    if now is None:
        return ours
    other = exists().where(reachable, col(Identity.platform).in_(platforms))
    return or_(ours, (col(Outbox.due_at) <= now - NOT_OURS) & other)


def _due_for(wish: Wish, now: datetime) -> tuple[ColumnElement[bool], ...]:
    parts = [col(Outbox.due_at) <= now, reached_on(wish.platforms, now)]
    if wish.busy:
        parts.append(col(Outbox.member_id).not_in(wish.busy))
    return tuple(parts)


def _is_left(now: datetime) -> ColumnElement[bool]:
    """Whether a row is claimed by somebody who has let the lease run out."""
    over = col(Outbox.lease_until) <= now
    return (col(Outbox.state) == "claimed") & (over | (col(Outbox.lease_until) > now + IMPOSSIBLE))


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(col(Outbox.state) == "pending", _is_left(now))


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
