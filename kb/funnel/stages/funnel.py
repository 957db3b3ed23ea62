"""Funnels, their stages and lost reasons as values; `funnel_templates` reads them from files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from kb.funnel.stages.playbook import Check, WinBack
from kb.funnel.stages.template_fields import Texts

LADDER = 3  # nudges


@dataclass(frozen=True)
class Stage:
    """One stage of a funnel.

    The last three fields are its playbook.
    """

    key: str
    name: Texts
    odds: int  # chance of winning in percent
    patience: int  # working days without activity before a deal here counts as stalled
    cap_days: int  # a next step booked further ahead does not count as one
    question: Texts  # to the owner of a stalled deal; has the placeholder {customer}
    why: Texts  # in a sentence, why the patience is so short
    play: Mapping[str, tuple[str, ...]]  # by language: the short moves that work here
    aliases: tuple[str, ...] = ()  # words that reps type for the stage
    learned: bool = False  # whether the patience is learned from the team's own deals
    ladder: int = LADDER  # unanswered nudges, 1 to 3, until the owner's manager is told; 0: never
    like: str = ""  # key of the default funnel's stage that comes nearest
    offer: bool = False  # whether an offer made brings a deal here
    after: bool = False  # whether it comes after the payment
    checks: tuple[Check, ...] = ()  # what a deal needs to enter
    leave: tuple[WinBack, ...] = ()  # why people leave here and what wins them back
    uplift: Decimal | None = None  # percent that winning back adds to the conversion


@dataclass(frozen=True)
class LostReason:
    """A reason that a deal is lost for; `aliases` are the words reps type for it."""

    key: str
    name: Texts
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Funnel:
    """Ordered stages and the reasons deals are lost for."""

    key: str
    name: Texts
    stages: tuple[Stage, ...]
    lost_reasons: tuple[LostReason, ...]
    # Stages of the team's other funnels and those it once had: a deal that ended there, and the
    # events that name them, still find them.
    elsewhere: tuple[Stage, ...] = ()
    into: Mapping[str, str] = field(default_factory=dict)  # gone stage: the one in its place
    pool_days: int = 0  # untouched working days until a lead goes to the pool; 0: never

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
        """The stages before the payment."""
        return tuple(stage for stage in self.stages if not stage.after)

    @property
    def afterwards(self) -> tuple[Stage, ...]:
        """The stages after the payment; most funnels have none."""
        return tuple(stage for stage in self.stages if stage.after)

    def has(self, key: str) -> bool:
        """Whether there is a stage of this key in this funnel."""
        return any(stage.key == key for stage in self.stages)

    def here(self, key: str) -> str:
        """The key of the stage itself, or of what took its place here; else of the first."""
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
        """The stage of this key, also one of another funnel or one gone; KeyError for none."""
        for stage in (*self.stages, *self.elsewhere):
            if stage.key == key:
                return stage
        raise KeyError(key)

    def like(self, key: str) -> str:
        """The key of the default funnel's stage that comes nearest; itself where none is set."""
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
