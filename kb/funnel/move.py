"""What a deal may do next: each move is decided here, with the reason when it may not be.

Sources: the six-stage funnel with fixed odds; a deal is won only when the contract is signed and
the money is in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from kb.funnel.stage import Funnel

Status = Literal["live", "won", "lost", "parked"]
CLOSED = ("won", "lost")
SHORTEST_PREFIX = 3


class Why(StrEnum):
    """Why a move is not allowed."""

    SAME_STAGE = "same_stage"
    CLOSED = "closed"
    LAST_STAGE = "last_stage"
    FIRST_STAGE = "first_stage"
    NOT_SIGNED = "not_signed"
    REASON_NEEDED = "reason_needed"
    UNKNOWN_REASON = "unknown_reason"
    UNKNOWN_STAGE = "unknown_stage"
    DATE_PAST = "date_past"
    ALREADY_LIVE = "already_live"


@dataclass(frozen=True)
class Position:
    """Where a deal stands."""

    stage: str
    status: str


@dataclass(frozen=True)
class Legal:
    """Something a deal may do: `move` to a stage, or advance, won, lost, park, reopen."""

    act: str
    stage: str | None = None


@dataclass(frozen=True)
class Allowed:
    """A move that may be made, and where the deal stands after it."""

    stage: str
    status: Status
    skipped: tuple[str, ...] = ()
    lost_reason: str | None = None
    parked_until: date | None = None


@dataclass(frozen=True)
class Illegal:
    """A move that may not be made, why, and what may be instead."""

    why: Why
    legal: tuple[Legal, ...]


Decision = Allowed | Illegal


def move(position: Position, target: str, funnel: Funnel) -> Decision:
    """To a stage, forward (stages may be skipped) or back; a parked deal wakes by it."""
    if position.status in CLOSED:
        return Illegal(Why.CLOSED, (Legal("reopen"),))
    if not funnel.has(target):
        return Illegal(Why.UNKNOWN_STAGE, legal_moves(position, funnel))
    if target == position.stage and position.status == "live":
        return Illegal(Why.SAME_STAGE, legal_moves(position, funnel))
    here, there = funnel.index(position.stage), funnel.index(target)
    skipped = tuple(stage.key for stage in funnel.stages[here + 1 : there])
    return Allowed(target, "live", skipped=skipped)


def advance(position: Position, funnel: Funnel) -> Decision:
    """One stage on."""
    following = funnel.next_after(position.stage)
    if position.status in CLOSED:
        return Illegal(Why.CLOSED, (Legal("reopen"),))
    if following is None:
        return Illegal(Why.LAST_STAGE, (Legal("won"), Legal("lost")))
    return move(position, following.key, funnel)


def back(position: Position, funnel: Funnel) -> Decision:
    """One stage back."""
    previous = funnel.before(position.stage)
    if position.status in CLOSED:
        return Illegal(Why.CLOSED, (Legal("reopen"),))
    if previous is None:
        return Illegal(Why.FIRST_STAGE, legal_moves(position, funnel))
    return move(position, previous.key, funnel)


def win(position: Position, funnel: Funnel, money_in: bool = False) -> Decision:
    """Won: from the last stage, or from any when signed and paid is confirmed (`money_in`)."""
    last = funnel.stages[-1].key
    if position.status in CLOSED:
        return Illegal(Why.CLOSED, (Legal("reopen"),))
    if position.stage != last and not money_in:
        return Illegal(Why.NOT_SIGNED, (Legal("move", last), Legal("won")))
    return Allowed(last, "won")


def lose(position: Position, reason: str | None, funnel: Funnel) -> Decision:
    """Lost, in the stage where it stands; the reason is compulsory and one of the funnel's."""
    if position.status in CLOSED:
        return Illegal(Why.CLOSED, (Legal("reopen"),))
    if not reason:
        return Illegal(Why.REASON_NEEDED, (Legal("lost"),))
    if funnel.reason(reason) is None:
        return Illegal(Why.UNKNOWN_REASON, (Legal("lost"),))
    return Allowed(position.stage, "lost", lost_reason=reason)


def park(position: Position, until: date, today: date) -> Decision:
    """Asleep until a later day."""
    if position.status in CLOSED:
        return Illegal(Why.CLOSED, (Legal("reopen"),))
    if until <= today:
        return Illegal(Why.DATE_PAST, (Legal("park"),))
    return Allowed(position.stage, "parked", parked_until=until)


def reopen(position: Position, funnel: Funnel) -> Decision:
    """Live again, in the stage where it was."""
    if position.status == "live":
        return Illegal(Why.ALREADY_LIVE, legal_moves(position, funnel))
    return Allowed(position.stage, "live")


def legal_moves(position: Position, funnel: Funnel) -> tuple[Legal, ...]:
    """What a deal may sensibly do from here: the stages around it, then how it can end."""
    if position.status in CLOSED:
        return (Legal("reopen"),)
    following, previous = funnel.next_after(position.stage), funnel.before(position.stage)
    around = tuple(Legal("move", stage.key) for stage in (following, previous) if stage)
    return (*around, Legal("won"), Legal("lost")) if following is None else (*around, Legal("lost"))


def find_stage(said: str, funnel: Funnel) -> str | None:
    """The stage meant: its key, name, alias, number from 1, or a prefix that fits only it."""
    word = said.strip().casefold()
    if word.isascii() and word.isdigit() and 1 <= int(word[:3]) <= len(funnel.stages):
        return funnel.stages[int(word[:3]) - 1].key
    return _find(word, stage_words(funnel))


def find_reason(said: str, funnel: Funnel) -> str | None:
    """The lost reason meant, found the same way."""
    return _find(said.strip().casefold(), reason_words(funnel))


def stage_words(funnel: Funnel) -> tuple[tuple[str, str], ...]:
    """Every word for a stage, with the stage's key."""
    return tuple(
        (word.casefold(), stage.key)
        for stage in funnel.stages
        for word in (stage.key, *stage.name.values(), *stage.aliases)
    )


def reason_words(funnel: Funnel) -> tuple[tuple[str, str], ...]:
    """Every word for a lost reason, with the reason's key."""
    return tuple(
        (word.casefold(), reason.key)
        for reason in funnel.lost_reasons
        for word in (reason.key, *reason.name.values(), *reason.aliases)
    )


def _find(word: str, vocabulary: tuple[tuple[str, str], ...]) -> str | None:
    exact = [key for known, key in vocabulary if known == word]
    if exact:
        return exact[0]
    shortest = SHORTEST_PREFIX if word.isascii() else 1
    if len(word) < shortest:
        return None
    begun = {key for known, key in vocabulary if known.startswith(word)}
    return begun.pop() if len(begun) == 1 else None
