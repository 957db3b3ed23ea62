"""Plays one deal's life: everything that happens to it, in the shape the product records.

Each happening changes the deal's columns and is an event with what stood there before and after,
as `storage.deals.deals.change` writes it.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import exp, log, log2
from typing import Any

from storage.deals.event_values import pack
from storage.tables.steps import StepState
from tests.worlds.truth import REASONS, STAGES, Truth, logit

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TALK = ("noted", "called", "step_set", "step_done", "noted")
FIRST_HOUR, HOURS = 7, 9
STEPS_A_DEAL = 1000  # room for the numbers of one deal's steps


@dataclass(slots=True)
class Happening:
    """An event to be; `undoes` is the one it takes back, `id` its row's, given when written."""

    at: datetime
    by: int
    kind: str
    note: str
    before: dict[str, Any]
    after: dict[str, Any]
    undoes: Happening | None = None
    id: int = 0


@dataclass
class Life:
    """A deal's columns as they stand, and all that happened."""

    deal: dict[str, Any]
    truth: Truth
    chance: random.Random
    skill: Mapping[int, float]
    until: datetime
    now: datetime
    happened: list[Happening] = field(default_factory=list)
    objections: list[tuple[datetime, str]] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)

    def acts(self, kind: str, changes: Mapping[str, Any] | None = None, note: str = "") -> None:
        """An act of the owner: activity, as `handlers.deals.record.record` has it."""
        whole = {**(changes or {}), "last_activity_at": self.now, "nudges_sent": 0}
        self.changes(kind, whole, note)

    def books_step(self, text: str, at: datetime) -> None:
        """A new step of the deal, as `handlers.deals.steps` books it."""
        if self.now >= self.until:
            return
        step = {
            "id": STEPS_A_DEAL * self.deal["id"] + len(self.steps),
            "team_id": self.deal["team_id"],
            "deal_id": self.deal["id"],
            "member_id": self.deal["owner_id"],
            "text": text,
            "at": at,
            "state": StepState.DROPPED,
            "anyway": False,
            "ring_at": at if at > self.until else None,
            "rang_for": at if at <= self.until else None,
            "made_at": self.now,
        }
        self.steps.append(step)
        self.acts("step_set", {f"step:{step['id']}.state": StepState.OPEN}, text)

    def open_steps(self) -> list[dict[str, Any]]:
        """The steps still to be done, the nearest first."""
        steps = [step for step in self.steps if step["state"] == StepState.OPEN]
        return sorted(steps, key=lambda step: (step["at"], step["id"]))

    def closes(self, kind: str, stage: str, status: str, **more: Any) -> None:
        """A move that drops every open step."""
        dropped = {f"step:{step['id']}.state": StepState.DROPPED for step in self.open_steps()}
        self.moved(kind, stage, status, **more, **dropped)

    def changes(self, kind: str, changes: Mapping[str, Any], note: str = "") -> None:
        """Changes the columns and writes the event; nothing happens after `until`."""
        if self.now >= self.until:
            return
        before = {name: self._get(name) for name in changes}
        self._set(changes)
        self.happened.append(
            Happening(self.now, self.deal["owner_id"], kind, note, pack(before), pack(changes))
        )

    def takes_back(self) -> None:
        """Undoes the newest happening by a compensating one, two minutes later."""
        last = self.happened[-1]
        back = {name: self._get(name) for name in last.after}
        self.now += timedelta(minutes=2)
        if self.now >= self.until:
            return
        self._set(self._earlier)
        self.happened.append(
            Happening(self.now, last.by, "undone", "", pack(back), dict(last.before), last)
        )

    _earlier: dict[str, Any] = field(default_factory=dict)

    def _get(self, name: str) -> Any:
        """The value of a column of the deal, or of one of its steps: `step:7.state`."""
        if name.startswith("step:"):
            return self._find_step(name)["state"]
        return self.deal[name]

    def _set(self, changes: Mapping[str, Any]) -> None:
        """Changes columns of the deal and of its steps, and shows the nearest step on the deal."""
        for name, value in changes.items():
            if name.startswith("step:"):
                self._find_step(name)["state"] = value
            else:
                self.deal[name] = value
        nearest = next(iter(self.open_steps()), None)
        self.deal["next_step"] = nearest["text"] if nearest is not None else ""
        self.deal["next_step_at"] = nearest["at"] if nearest is not None else None

    def _find_step(self, name: str) -> dict[str, Any]:
        number = int(name.removeprefix("step:").partition(".")[0])
        return next(step for step in self.steps if step["id"] == number)

    def moved(self, kind: str, stage: str, status: str, **more: Any) -> None:
        """A move as the funnel's rule has it, with what `handlers.selling.move` sets beside it."""
        changes = {
            "stage": stage,
            "status": status,
            "stage_since": self.now,
            "lost_reason": "",
            "parked_until": None,
        }
        self._earlier = {
            name: self._get(name) for name in (*changes, *more, "last_activity_at", "nudges_sent")
        }
        self.acts(kind, changes | more)


def lived(life: Life) -> Life:
    """The whole life of a deal that has just been made."""
    life.acts("created", {"status": "live"})
    place = 0
    while life.now < life.until and life.deal["status"] == "live":
        place = _stage(life, place)
    return life


def _stage(life: Life, place: int) -> int:
    """What happens in a stage until the deal leaves it; the place it then stands in."""
    chance, truth, stage = life.chance, life.truth, STAGES[place]
    stay = truth.stays[place] * exp(truth.spread * chance.gauss(0, 1))
    wins = chance.random() < _goes_on(life, place, stay)
    came, leaves = life.now, life.now + timedelta(days=stay)
    _talk(life, came, leaves)
    life.now = max(life.now, _working(leaves))
    if not wins:
        reason = chance.choice(REASONS[stage])
        life.closes("lost", stage, "lost", lost_reason=reason)
        return place
    if stage == STAGES[-1]:
        life.closes("won", stage, "won")
        return place
    return _on(life, place)


def _on(life: Life, place: int) -> int:
    chance, truth = life.chance, life.truth
    if place and chance.random() < truth.back:
        life.moved("moved", STAGES[place - 1], "live")
        return place - 1
    if chance.random() < truth.parked:
        day = (life.now + 9 * DAY).date()
        life.closes("parked", STAGES[place], "parked", parked_until=day)
        life.now = _working(life.now + 9 * DAY)
        life.moved("reopened", STAGES[place], "live")
    further = min(place + 1 + (chance.random() < truth.leap), len(STAGES) - 1)
    kind, more = "moved", {}
    if STAGES[further] == "negotiation":
        kind, more = "offered", {"amount": _amount(life), "currency": life.deal["currency"]}
    life.moved(kind, STAGES[further], "live", **more)
    if chance.random() < truth.undone:
        life.takes_back()
        life.now += 5 * timedelta(minutes=1)
        life.moved(kind, STAGES[further], "live", **more)
    return further


def _amount(life: Life) -> Decimal:
    """The amount the offer names: near what was thought, or new."""
    known = life.deal["amount"]
    thought = float(known) if known is not None else life.truth.typical
    return Decimal(round(thought * exp(0.2 * life.chance.gauss(0, 1)), -2))


def _goes_on(life: Life, place: int, stay: float) -> float:
    """The true chance to go on from a stage, after a stay of so many days."""
    truth, deal = life.truth, life.deal
    doublings = log2(stay / truth.stays[place])
    shift = truth.sources[deal["source"]][1] + life.skill[deal["owner_id"]]
    shift -= truth.ages * max(doublings, -2.0)
    if deal["amount"] is not None:
        shift -= truth.size * log(float(deal["amount"]) / truth.typical) / log(10)
    return 1 / (1 + exp(-(logit(truth.goes_on[place]) + shift)))


def _talk(life: Life, came: datetime, leaves: datetime) -> None:
    """Notes, calls and steps while the deal stands in a stage, and what the customer objects."""
    chance = life.chance
    moments = sorted(
        came + chance.random() * (leaves - came) for _ in range(chance.randint(0, life.truth.talk))
    )
    for number, moment in enumerate(moments):
        life.now = max(life.now, _working(moment))
        kind = "called" if number == 0 and len(life.happened) == 1 else chance.choice(TALK)
        if kind == "step_set":
            life.books_step("call back", _working(life.now + 3 * DAY))
        elif kind == "step_done" and life.open_steps():
            step = life.open_steps()[0]
            life.acts(kind, {f"step:{step['id']}.state": StepState.DONE}, step["text"])
        else:
            life.acts("called" if kind == "called" else "noted", note="talked it over")
    if chance.random() < 0.15 and life.now < life.until:
        life.objections.append((life.now, life.deal["stage"]))
        life.acts("objection", note="too expensive")
    if chance.random() < life.truth.moves_owner:
        heir = chance.choice(list(life.skill))
        life.changes("handed_over", {"owner_id": heir})


def _working(at: datetime) -> datetime:
    """The same instant, or the next weekday's morning."""
    if at.weekday() < 5 and FIRST_HOUR <= at.hour < FIRST_HOUR + HOURS:
        return at
    day = at.date() if at.hour < FIRST_HOUR else at.date() + DAY
    while day.weekday() >= 5:
        day += DAY
    minutes = (at.minute * 7 + at.second) % 180
    return _at(day) + timedelta(minutes=minutes)


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, FIRST_HOUR, tzinfo=UTC)
