"""Makes a team-year: who works there, which leads come when, and what becomes of each.

The same seed makes the same world. Rows are written in bulk, in the order in which they happened.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import exp

from storage.engine import Database
from tests.worlds.life import Happening, Life, lived
from tests.worlds.people import Team, founded
from tests.worlds.truth import STAGES, TRUTHS, Truth
from tests.worlds.writing import Writing

END = datetime(2026, 11, 18, 9, tzinfo=UTC)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Plan:
    """A world to be: so many deals in the `days` before `end`, by `reps` under two managers.

    With `cards` the team has its starter cards, and its reps look them up.
    """

    seed: int = 1
    deals: int = 1000
    reps: int = 6
    days: int = 365
    end: datetime = END
    truth: Truth = TRUTHS["honest"]
    language: str = "en"
    cards: bool = False


def make(database: Database, plan: Plan) -> Team:
    """Makes the world in a database that has the newest schema; its team."""
    chance = random.Random(plan.seed)
    team = founded(
        database, plan.reps, plan.language, plan.end - timedelta(days=plan.days) - WEEK, plan.cards
    )
    skill = {rep: plan.truth.skill * chance.gauss(0, 1) for rep in team.reps}
    with Writing(database, team, chance) as writing:
        waiting: list[tuple[datetime, int, int, Happening]] = []
        for number, moment in enumerate(_moments(plan, chance)):
            life = lived(_born(plan, team, chance, skill, moment, writing.next_deal()))
            writing.deal(life)
            while waiting and waiting[0][0] < moment:
                writing.event(*heapq.heappop(waiting)[2:])
            for place, happening in enumerate(life.happened):
                order = number * 1000 + place
                heapq.heappush(waiting, (happening.at, order, life.deal["id"], happening))
        while waiting:
            writing.event(*heapq.heappop(waiting)[2:])
    return team


def _moments(plan: Plan, chance: random.Random) -> Iterator[datetime]:
    """When the leads come: weekdays in working hours, by the truth's seasons."""
    start = plan.end - timedelta(days=plan.days)
    days = [start.replace(hour=0) + timedelta(days=n) for n in range(plan.days)]
    days = [day for day in days if day.weekday() < 5]
    weights = [plan.truth.months[day.month - 1] for day in days]
    chosen = chance.choices(days, weights, k=plan.deals)
    moments = sorted(
        day + timedelta(seconds=chance.randrange(7 * 3600, 16 * 3600)) for day in chosen
    )
    return (min(moment, plan.end - timedelta(minutes=1)) for moment in moments)


def _born(
    plan: Plan,
    team: Team,
    chance: random.Random,
    skill: dict[int, float],
    moment: datetime,
    deal_id: int,
) -> Life:
    truth = plan.truth
    sources, currencies = list(truth.sources), list(truth.currencies)
    amount = truth.typical * exp(0.8 * chance.gauss(0, 1))
    deal = {
        "id": deal_id,
        "team_id": team.id,
        "customer_id": 0,
        "owner_id": chance.choice(team.reps),
        "stage": STAGES[0],
        "status": "withdrawn",
        "amount": Decimal(round(amount, -2)) if chance.random() < 0.7 else None,
        "currency": chance.choices(currencies, list(truth.currencies.values()))[0],
        "source": chance.choices(sources, [weight for weight, _ in truth.sources.values()])[0],
        "competitor": "",
        "next_step": "",
        "next_step_at": None,
        "parked_until": None,
        "lost_reason": "",
        "stage_since": moment,
        "last_activity_at": moment,
        "attention_at": None,
        "attention_kind": "",
        "nudges_sent": 0,
        "rhythm": 0,
        "created_at": moment,
    }
    return Life(deal, truth, chance, skill, plan.end, moment)
