"""What the people of the floor do: some answer nearly every nudge, some hardly any, all live."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from handlers.contract.reply import Button, Reply
from tests import by_hand
from tests.simulation.floor import Worker

OWN_ACTS = 0.8  # a working day, on top of answering
STAGES = ("qualified", "demo", "decider", "negotiation", "signed")
PERSONAS = {  # how likely they answer a nudge, and how many minutes it takes most of them
    "eager": (0.85, 10),
    "steady": (0.6, 60),
    "busy": (0.3, 240),
    "silent": (0.03, 600),
}
WEIGHTS = (0.25, 0.4, 0.25, 0.1)
TAPS = (("done", 30), ("tomorrow", 25), ("week", 20), ("time", 10), ("off", 5))
SAID = (
    ("note {} they called, all is well", 20),
    ("next {} tomorrow {}:30 call them", 20),
    ("next {} in 3 days call them", 15),
    ("next {} today 21:15 call at home", 3),
    ("next {} in 4 months ask again", 2),
    ("next {} tomorrow {}:30 send the papers", 8),
    ("next {} tomorrow {}:50 write to the boss", 6),
    ("snooze {} 2 days", 6),
    ("advance {}", 12),
    ("back {}", 2),
    ("offer {} 12k", 6),
    ("move {} {}", 8),
    ("lost {} price", 6),
    ("won {}", 3),
    ("park {} in 2 weeks", 5),
    ("nudges off {}", 1),
    ("undo", 4),
)
OF_THEIR_OWN = (  # reminders about no deal
    ("in 20 min water the plants", 3),
    ("remind me tomorrow {}:30 to book the train", 3),
    ("remind me friday {}:15 to pick up the car", 2),
)
ABOUT_THEM = (
    ("away tomorrow", 4),
    ("away until friday", 2),
    ("away until next monday", 2),
    ("away off", 1),
    ("nudges 3", 2),
    ("nudges 8", 1),
    ("nudges 0", 1),
    ("nudges 5", 4),
)
NEW_LEADS = 0.15  # of the own acts
OF_THEMSELVES = 0.015
OWN_REMINDERS = 0.03


@dataclass
class Person:
    """A worker with habits. All chance comes from `chance`, so that a seed is a month."""

    worker: Worker
    persona: str
    chance: random.Random
    leads: int = 0

    def answers(self) -> timedelta | None:
        """How long they take to answer a nudge; None where they never do."""
        likely, minutes = PERSONAS[self.persona]
        if self.chance.random() >= likely:
            return None
        return timedelta(minutes=round(minutes * self.chance.lognormvariate(0, 1)) + 1)

    def tap(self, reply: Reply) -> str | None:
        """The button they press under a message, as its action."""
        buttons = [button for row in reply.buttons for button in row if button.action]
        by_answer = {button.action.rpartition(":")[2]: button for button in buttons}
        answer = self.pick(TAPS)
        chosen: Button | None = by_answer.get(answer)
        if chosen is None and buttons:
            chosen = self.chance.choice(buttons)
        return chosen.action if chosen is not None else None

    def says(self, deals: Sequence[str]) -> str:
        """What they type by themselves."""
        roll = self.chance.random()
        if roll < OF_THEMSELVES:
            return self.pick(ABOUT_THEM)
        if roll < NEW_LEADS or not deals:
            self.leads += 1
            number = f"{self.worker.name}{'ABCDEFGHIJ'[self.leads % 10]}{self.leads}"
            return f"lead {number} Trading, {self.chance.randrange(1, 90)}k"
        if self.chance.random() < OWN_REMINDERS:
            return self.pick(OF_THEIR_OWN).format(self.chance.randrange(9, 17))
        words = self.pick(SAID)
        stage, hour = self.chance.choice(STAGES), str(self.chance.randrange(9, 17))
        return words.format(self.chance.choice(deals), stage if "move" in words else hour)

    def acts_today(self, me: by_hand.Person, day: datetime) -> list[datetime]:
        """When on this local day they do something by themselves."""
        if not me.works_on(day.date()):
            return []
        count = sum(self.chance.random() < OWN_ACTS / 4 for _ in range(4))
        opens = datetime.combine(day.date(), time(9))
        minutes = (self.chance.randrange(9 * 60) for _ in range(count))
        return [me.instant(opens + timedelta(minutes=minute)) for minute in minutes]

    def pick(self, choices: Sequence[tuple[str, int]]) -> str:
        """One of the choices, by weight."""
        [chosen] = self.chance.choices([w for w, _ in choices], [n for _, n in choices])
        return chosen


def people(workers: Sequence[Worker], seed: int) -> list[Person]:
    """Gives every worker habits."""
    chance = random.Random(seed)
    return [
        Person(worker, chance.choices(list(PERSONAS), WEIGHTS)[0], random.Random(chance.random()))
        for worker in workers
    ]
