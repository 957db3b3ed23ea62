"""What a handler may use, passed to it explicitly: memory, the member, the time, the words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property

from handlers.contract.request import Account
from handlers.contract.words import Words
from kb.funnel.calendar import WorkCalendar
from kb.funnel.stages.funnel import Funnel
from kb.funnel.stages.pipelines import MAIN, Pipelines, read_pipelines
from kb.objections.search import CardIndex
from storage.scope import Scope
from storage.tables.people_and_deals import Deal, Member, Role, Team
from storage.unit_of_work import UnitOfWork

LATELY = timedelta(days=90)
RANKS = {Role.REP: 1, Role.MANAGER: 2, Role.ADMIN: 3}


@dataclass(frozen=True)
class Lobby:
    """What there is for somebody who is in no team: they can only make one or come in."""

    memory: UnitOfWork
    account: Account
    now: datetime
    words: Words
    team: None = None
    member: None = None


@dataclass(frozen=True)
class Desk:
    """What there is for a member of a team.

    `now` is aware UTC. `cards` gives the team's card index; it is built only when asked for.
    `invite_link` turns an invite's secret into a link of the member's own platform, or the line
    to type where it has no links. `make_secret` makes one of at least 128 random bits, URL-safe.
    `pressed` is the message whose button is being answered.
    """

    memory: UnitOfWork
    account: Account
    now: datetime
    words: Words
    team: Team
    member: Member
    cards: Callable[[], CardIndex]
    invite_link: Callable[[str], str]
    make_secret: Callable[[], str]
    pressed: str = ""

    @cached_property
    def scope(self) -> Scope:
        """Whose deals this member may read."""
        return self.memory.members.get_scope(self.member)

    @cached_property
    def calendar(self) -> WorkCalendar:
        """The member's own working time."""
        return calendar_of(self.member)

    @cached_property
    def pipelines(self) -> Pipelines:
        """The team's funnels, with the patience it has learned."""
        return pipelines_of(self.team)

    @property
    def funnel(self) -> Funnel:
        """The team's main funnel; it finds the stages of the others as well."""
        return self.pipelines.main

    def funnel_for(self, deal: Deal) -> Funnel:
        """The funnel that a deal moves in."""
        return self.pipelines.of(deal.pipeline)

    @property
    def zone(self) -> str:
        """The member's time zone, an IANA name."""
        return self.member.time_zone

    @cached_property
    def landed_lately(self) -> Mapping[int | str, tuple[int, int]]:
        """How often each card's line landed, and did not, in the last three months."""
        return self.memory.lookups.count_landed(self.team.id, self.now - LATELY)

    def may(self, role: Role) -> bool:
        """Whether the member has at least this role."""
        return RANKS[self.member.role] >= RANKS[role]


def funnel_of(team: Team, pipeline: str = MAIN) -> Funnel:
    """A team's funnel, with the patience it has learned; it finds the stages of all of them."""
    return pipelines_of(team).of(pipeline)


def pipelines_of(team: Team) -> Pipelines:
    """A team's funnels, with the patience it has learned."""
    found = read_pipelines(team.pipelines, team.funnel)
    return found.with_patience(team.patience).with_pool(team.pool_days)


def calendar_of(member: Member) -> WorkCalendar:
    """A member's working time as the funnel's rules take it."""
    return WorkCalendar(
        zone=member.time_zone,
        start=time.fromisoformat(member.work_start),
        end=time.fromisoformat(member.work_end),
        days=frozenset(int(day) for day in member.work_days),
        country=member.country,
        away_from=member.away_from,
        away_until=member.away_until,
    )


def next_digest(member: Member, now: datetime) -> datetime:
    """The next local digest hour on a working day after `now`."""
    calendar = calendar_of(member)
    return calendar.next_hour(now, member.digest_hour)
