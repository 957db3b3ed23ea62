"""Scope: nobody is ever shown another team's deal, nor a colleague's that is not theirs to see."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from kb.states import OPEN, DealStatus
from storage.engine import Database
from storage.scope import Scope
from storage.tables.people_and_deals import Contact, Deal, Member
from storage.unit_of_work import UnitOfWork
from tests.storage.world import (
    NOW,
    add_customer,
    add_deal,
    add_member,
    add_team,
    examples_on_a_database,
    not_kept,
)

STATUSES = tuple(each for each in DealStatus if each != DealStatus.POOLED)


@dataclass(frozen=True)
class Company:
    """Deals of several teams, as (team, place of the owner in it, status) say."""

    members: list[list[Member]]
    deals: list[Deal]


owned = st.tuples(st.integers(0, 2), st.integers(0, 2), st.sampled_from(STATUSES))


def build(memory: UnitOfWork, deals: list[tuple[int, int, DealStatus]]) -> Company:
    teams = [add_team(memory, f"{n}") for n in range(3)]
    members = [[add_member(memory, team, f"{n}") for n in range(3)] for team in teams]
    made = []
    for team, owner, status in deals:
        customer = add_customer(memory, teams[team])
        contact = Contact(team_id=teams[team].id, customer_id=customer.id, created_at=NOW)
        contact.name = "Li"
        memory.customers.add_contact(contact)
        made.append(add_deal(memory, members[team][owner], customer, status=status))
    return Company(members, made)


def seen(deals: list[Deal], scope: Scope, statuses: tuple[DealStatus, ...]) -> list[int]:
    """The ids of the deals that the scope is meant to show."""
    return [
        deal.id
        for deal in deals
        if deal.team_id == scope.team_id
        and (scope.member_ids is None or deal.owner_id in scope.member_ids)
        and deal.status in statuses
    ]


@examples_on_a_database
@given(
    deals=st.lists(owned, max_size=10),
    asker=st.integers(0, 2),
    whose=st.none() | st.sets(st.tuples(st.integers(0, 2), st.integers(0, 2))),
    statuses=st.just(OPEN) | st.sets(st.sampled_from(STATUSES), min_size=1).map(tuple),
)
def test_a_scope_shows_its_deals_and_no_other(
    database: Database,
    deals: list[tuple[int, int, DealStatus]],
    asker: int,
    whose: set[tuple[int, int]] | None,
    statuses: tuple[DealStatus, ...],
) -> None:
    with not_kept(database) as memory:
        company = build(memory, deals)
        ids = None if whose is None else frozenset(company.members[t][n].id for t, n in whose)
        scope = Scope(company.members[asker][0].team_id, ids)
        wanted = seen(company.deals, scope, statuses)
        assert [deal.id for deal in memory.deals.within(scope, statuses)] == wanted
        assert [deal_id for deal_id, _ in memory.deals.list_names(scope, statuses)] == wanted
        assert [deal_id for deal_id, _ in memory.deals.list_people(scope, statuses)] == wanted
        got = [memory.deals.get(scope, deal.id) for deal in company.deals]
        assert [deal.id for deal in got if deal] == seen(company.deals, scope, STATUSES)


@given(
    team=st.integers(1, 3),
    members=st.none() | st.frozensets(st.integers(1, 4)),
    asked=st.tuples(st.integers(1, 3), st.integers(1, 4)),
)
def test_a_scope_covers_its_own_team_s_members_only(
    team: int, members: frozenset[int] | None, asked: tuple[int, int]
) -> None:
    its_own = asked[0] == team and (members is None or asked[1] in members)
    assert Scope(team, members).covers(*asked) is its_own


def test_a_scope_of_nobody_shows_nothing(database: Database) -> None:
    with not_kept(database) as memory:
        company = build(memory, [(0, 0, DealStatus.LIVE)])
        nobody = Scope(company.members[0][0].team_id, frozenset())
        assert memory.deals.within(nobody) == []
        assert memory.deals.list_names(nobody) == []
        assert memory.deals.get(nobody, company.deals[0].id) is None
