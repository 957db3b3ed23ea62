"""Funnels, their stages and lost reasons as values; `funnel_templates` reads them from files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from kb.funnel.stages.playbook import Check, Leaving
from kb.funnel.stages.template_fields import Texts

FALLBACK = "en"
LADDER = 3  # nudges


@dataclass(frozen=True)
class Stage:
    """One stage of a funnel.

    `odds` is the chance of winning in percent. `patience` is how many working days may pass
    without activity before a deal here counts as stalled, `why` says in a sentence why so few, and
    `learned` that it is the team's own; a next step booked further than `cap_days` ahead does not
    count as one. After `ladder` unanswered nudges, 1 to 3, the owner's manager is told; 0 is never.
    `question` has the placeholder {customer}. `play` are the short moves that work
    here. `aliases` are the words reps type for the stage.

    `like` is the default funnel's stage that comes nearest, `offer` the stage an offer made brings
    a deal to, `after` one that comes after the payment. Then the playbook: what entering it needs,
    why people leave, and what winning them back adds to the conversion, in percent.
    """

    key: str
    name: Texts
    odds: int
    patience: int
    cap_days: int
    question: Texts
    why: Texts
    play: Mapping[str, tuple[str, ...]]
    aliases: tuple[str, ...] = ()
    learned: bool = False
    ladder: int = LADDER
    like: str = ""
    offer: bool = False
    after: bool = False
    checks: tuple[Check, ...] = ()
    leave: tuple[Leaving, ...] = ()
    uplift: Decimal | None = None


@dataclass(frozen=True)
class LostReason:
    """One reason a deal is lost for; `aliases` are the words reps type for it."""

    key: str
    name: Texts
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Funnel:
    """Ordered stages and the reasons deals are lost for.

    `elsewhere` are the stages of the team's other funnels and those it once had: a deal that ended
    there, and the events that name them, still find them. `into` says which stage took the place
    of one that is gone. After `pool_days` working days untouched a lead goes to the pool; 0: never.
    """

    key: str
    name: Texts
    stages: tuple[Stage, ...]
    lost_reasons: tuple[LostReason, ...]
    elsewhere: tuple[Stage, ...] = ()
    into: Mapping[str, str] = field(default_factory=dict)
    pool_days: int = 0

    def with_patience(self, learned: Mapping[str, int]) -> Funnel:
        """The funnel with the patience, in working days, that a team has learned by stage."""
        if not learned:
            return self
        stages, elsewhere = (
            tuple(
                replace(stage, patience=learned[stage.key], learned=True)
                if stage.key in learned
                else stage
                for stage in listed
            )
            for listed in (self.stages, self.elsewhere)
        )
        return replace(self, stages=stages, elsewhere=elsewhere)

    @property
    def selling(self) -> tuple[Stage, ...]:
        """The stages up to the payment."""
        return tuple(stage for stage in self.stages if not stage.after)

    @property
    def afterwards(self) -> tuple[Stage, ...]:
        """The stages after the payment; most funnels have none."""
        return tuple(stage for stage in self.stages if stage.after)

    def has(self, key: str) -> bool:
        """Whether there is a stage of this key in this funnel."""
        return any(stage.key == key for stage in self.stages)

    def here(self, key: str) -> str:
        """The stage of this funnel for this key: itself, or what took its place; else the first."""
        seen: set[str] = set()
        while not self.has(key) and key not in seen:
            seen.add(key)
            key = self.into.get(key, key)
        return key if self.has(key) else self.stages[0].key

    def index(self, key: str) -> int:
        """The stage's place, from 0; KeyError for none."""
        for place, stage in enumerate(self.stages):
            if stage.key == key:
                return place
        raise KeyError(key)

    def stage(self, key: str) -> Stage:
        """The stage of this key, wherever it stands; KeyError for none."""
        for stage in (*self.stages, *self.elsewhere):
            if stage.key == key:
                return stage
        raise KeyError(key)

    def like(self, key: str) -> str:
        """The default funnel's stage that comes nearest to this one; itself where none is said."""
        found = [stage for stage in (*self.stages, *self.elsewhere) if stage.key == key]
        return found[0].like or key if found else key

    def next_after(self, key: str) -> Stage | None:
        """The stage after this one; None after the last, KeyError for an unknown one.

        The payment lies between: the stages before it and those after it do not follow each other.
        """
        return self._beside(key, 1)

    def before(self, key: str) -> Stage | None:
        """The stage before this one; None before the first, KeyError for an unknown one."""
        return self._beside(key, -1)

    def _beside(self, key: str, step: int) -> Stage | None:
        place = self.index(key)
        if not 0 <= place + step < len(self.stages):
            return None
        there = self.stages[place + step]
        return there if there.after == self.stages[place].after else None

    def reason(self, key: str) -> LostReason | None:
        """The lost reason of this key; None for none."""
        return next((reason for reason in self.lost_reasons if reason.key == key), None)


def text(texts: Texts, language: str) -> str:
    """The text in this language, or in English where the language has none."""
    return texts.get(language) or texts[FALLBACK]
