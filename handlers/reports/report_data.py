"""Loads what reports are made of: deal histories, exchange rates, stage targets, learned odds."""

from __future__ import annotations

from datetime import date, datetime

from handlers.contract.desk import Desk
from kb.funnel.figures.deal_history import DealHistory, DealRow, EventRow, build_histories
from kb.funnel.figures.money import Rate, Rates, newest_rates
from kb.funnel.odds.odds_model import Model, from_json
from kb.funnel.stages.funnel import Funnel
from storage.scope import Scope
from storage.tables.people_and_deals import Member
from storage.unit_of_work import UnitOfWork

EVERY_PIPELINE = ""


def load_histories(
    memory: UnitOfWork,
    scope: Scope,
    funnel: Funnel,
    since: datetime | None = None,
    pipeline: str = EVERY_PIPELINE,
) -> list[DealHistory]:
    """The histories of a scope's deals along a funnel.

    `since` leaves out deals that ended and have been quiet since before then.
    """
    deals = map(DealRow._make, memory.histories.list_deals(scope, since, pipeline))
    events = map(EventRow._make, memory.histories.list_facts(scope, since, pipeline))
    return build_histories(deals, events, funnel)


def load_rates(desk: Desk, by: date | None = None) -> Rates:
    """The newest rates that the team has given by a day; by today where none is given."""
    return load_team_rates(desk.memory, desk.team.id, desk.team.currency, by or get_today(desk))


def load_team_rates(memory: UnitOfWork, team_id: int, currency: str, by: date) -> Rates:
    """The newest rates into a currency that a team has given by a day."""
    rates = (Rate(*row) for row in memory.rates.list_of_team(team_id, currency))
    return newest_rates(rates, currency, by)


def load_targets(desk: Desk, day: date) -> dict[str, int]:
    """By stage the target conversion in percent: one's own, else one's manager's, and so on up."""
    targets: dict[str, int] = {}
    member: Member | None = desk.member
    seen: set[int] = set()
    while member is not None and member.id not in seen:
        seen.add(member.id)
        for goal in desk.memory.goals.list_covering(desk.team.id, member.id, day):
            if goal.stage and goal.percent is not None:
                targets.setdefault(goal.stage, goal.percent)
        member = desk.memory.members.get(desk.team.id, member.manager_id or 0)
    return targets


def load_model(desk: Desk, pipeline: str) -> Model:
    """The team's model of learned odds; an untrained one before there is any."""
    saved = desk.memory.learned_odds.get(desk.team.id, pipeline)
    return from_json(saved.model if saved is not None else {})


def get_today(desk: Desk) -> date:
    """The member's local day."""
    return desk.calendar.local(desk.now).date()
