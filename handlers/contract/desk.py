"""The desk: all that a handler may use, passed to it explicitly: memory, member, time, words."""

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
from storage.tables.messages import Outbox
from storage.tables.people_and_deals import Deal, Member, Role, Team
from storage.unit_of_work import UnitOfWork

LATELY = timedelta(days=90)
RANKS = {Role.REP: 1, Role.MANAGER: 2, Role.ADMIN: 3}


@dataclass(frozen=True)
class Lobby:
    """What a handler may use for somebody in no team, who can only make one or join one."""

    memory: UnitOfWork
    account: Account
    now: datetime
    words: Words
    team: None = None
    member: None = None


@dataclass(frozen=True)
class Desk:
    """What a handler may use for a member of a team.

    One is made for each request, and for each message that Repmate starts.
    """

    memory: UnitOfWork
    account: Account
    now: datetime  # aware UTC
    words: Words  # in the member's language
    team: Team
    member: Member
    cards: Callable[[], CardIndex]  # the team's card index, built only when asked for
    # An invite's secret as a link of the member's platform; the line to type where it has none.
    invite_link: Callable[[str], str]
    make_secret: Callable[[], str]  # at least 128 random bits, URL-safe
    pressed: str = ""  # the message whose button is being answered

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
        """For each card, how often its line landed and how often not, in the last three months."""
        return self.memory.lookups.count_landed(self.team.id, self.now - LATELY)

    def find_replied_message(self, message_ref: str, kind: str) -> Outbox | None:
        """The message of this kind, sent to the member, that stands in a chat under this name."""
        sent = self.memory.outbox.find_by_message(self.team.id, self.account.platform, message_ref)
        is_own = sent is not None and (sent.kind, sent.member_id) == (kind, self.member.id)
        return sent if is_own else None

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
