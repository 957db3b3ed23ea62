"""What a deal may do next: each move is decided here, with the reason when it may not be.

A deal is won only when the contract is signed and the money is in; until then the last stage before
the payment is as far as it goes. Where a funnel goes on after the payment, a won deal moves there
and stays won. The stage of an open position is always one of the funnel's own.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from kb.funnel.stages.funnel import Funnel
from kb.funnel.stages.funnel_templates import words_of

Status = Literal["live", "won", "lost", "parked"]
Act = Literal["move", "won", "won-paid", "lost", "park", "reopen"]
OPEN = ("live", "parked")

LONGEST_WORD = 60
SHORTEST_PREFIX = 3  # letters; of a word in hanzi one is enough
_NUMBER = re.compile(r"(?:stage ?|#|第)?(\d{1,2}) ?(?:阶段)?")
_HANZI = re.compile("[\u3400-\u9fff]")
_EDGES = " .,;:!?、。，；：！？\"'“”"


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
    ROUND = "round"


@dataclass(frozen=True)
class Position:
    """Where a deal stands; every status but live and parked counts as closed."""

    stage: str
    status: str


@dataclass(frozen=True)
class Legal:
    """Something the deal may do: `move` to a stage, `won-paid` (signed and paid), lost and so on.

    `lost` still needs its reason, and `park` its date.
    """

    act: Act
    stage: str | None = None


@dataclass(frozen=True)
class Allowed:
    """A move that may be made: where the deal stands after it, and the stages it leapt over."""

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
_CLOSED = Illegal(Why.CLOSED, (Legal("reopen"),))


def move(position: Position, target: str, funnel: Funnel) -> Decision:
    """To a stage, forward (stages may be skipped) or back; a parked deal wakes by it."""
    after = funnel.has(target) and funnel.stage(target).after
    status: Status = "won" if after and position.status == "won" else "live"
    if position.status not in (*OPEN, status):
        return _CLOSED
    if not funnel.has(target):
        return Illegal(Why.UNKNOWN_STAGE, legal_moves(position, funnel))
    if target == position.stage and position.status == status:
        return Illegal(Why.SAME_STAGE, legal_moves(position, funnel))
    if after and status == "live":
        return _not_signed(funnel)
    return Allowed(target, status, skipped=_between(position.stage, target, funnel))


def advance(position: Position, funnel: Funnel) -> Decision:
    """One stage on; a won deal, to what comes after the payment."""
    if position.status == "won" and funnel.afterwards:
        return _onward(position, funnel)
    if position.status not in OPEN:
        return _CLOSED
    following = funnel.next_after(position.stage)
    if following is None:
        return Illegal(Why.LAST_STAGE, (Legal("won"), Legal("lost")))
    return move(position, following.key, funnel)


def _onward(position: Position, funnel: Funnel) -> Decision:
    keys = [stage.key for stage in funnel.afterwards]
    place = keys.index(position.stage) + 1 if position.stage in keys else 0
    if place == len(keys):
        return Illegal(Why.ROUND, (Legal("reopen"),))
    return move(position, keys[place], funnel)


def back(position: Position, funnel: Funnel) -> Decision:
    """One stage back."""
    after = funnel.has(position.stage) and funnel.stage(position.stage).after
    if position.status not in OPEN and not (after and position.status == "won"):
        return _CLOSED
    previous = funnel.before(position.stage)
    if previous is None:
        return Illegal(Why.FIRST_STAGE, legal_moves(position, funnel))
    return move(position, previous.key, funnel)


def win(position: Position, funnel: Funnel, money_in: bool = False) -> Decision:
    """Won: from the last stage, or from any when signed and paid is confirmed (`money_in`)."""
    if position.status not in OPEN:
        return _CLOSED
    last = funnel.selling[-1].key
    if position.stage != last and not money_in:
        return _not_signed(funnel)
    to = funnel.afterwards[0].key if funnel.afterwards else last
    return Allowed(to, "won", skipped=_between(position.stage, to, funnel))


def lose(position: Position, reason: str | None, funnel: Funnel) -> Decision:
    """Lost, in the stage where it stands; the reason is compulsory and one of the funnel's."""
    if position.status not in OPEN:
        return _CLOSED
    if not reason:
        return Illegal(Why.REASON_NEEDED, (Legal("lost"),))
    if funnel.reason(reason) is None:
        return Illegal(Why.UNKNOWN_REASON, (Legal("lost"),))
    return Allowed(position.stage, "lost", lost_reason=reason)


def park(position: Position, until: date, today: date) -> Decision:
    """Asleep until a day after `today`, both local; a parked deal may be given another day."""
    if position.status not in OPEN:
        return _CLOSED
    if until <= today:
        return Illegal(Why.DATE_PAST, (Legal("park"),))
    return Allowed(position.stage, "parked", parked_until=until)


def reopen(position: Position, funnel: Funnel) -> Decision:
    """Live again, in the stage where it was, or in what took its place; before the payment."""
    if position.status == "live":
        return Illegal(Why.ALREADY_LIVE, legal_moves(position, funnel))
    here = funnel.here(position.stage)
    return Allowed(funnel.selling[-1].key if funnel.stage(here).after else here, "live")


def legal_moves(position: Position, funnel: Funnel) -> tuple[Legal, ...]:
    """What a deal may sensibly do from here, the likeliest first."""
    if position.status not in OPEN:
        return _CLOSED.legal
    following, previous = funnel.next_after(position.stage), funnel.before(position.stage)
    woken = (Legal("reopen"),) if position.status == "parked" else ()
    around = tuple(Legal("move", stage.key) for stage in (following, previous) if stage)
    ended = (Legal("won"), Legal("lost")) if following is None else (Legal("lost"),)
    return (*woken, *around, *ended)


def find_stage(said: str, funnel: Funnel) -> str | None:
    """The stage meant: its number from 1, its key, name or alias, or a prefix that fits only it.

    Case, width, and the punctuation around it do not matter, nor a trailing "stage" or 阶段.
    """
    word = _folded(said)
    number = _NUMBER.fullmatch(word)
    if number is not None:
        place = int(number[1])
        return funnel.stages[place - 1].key if 1 <= place <= len(funnel.stages) else None
    return _find(word.removesuffix(" stage").removesuffix("阶段"), stage_words(funnel))


def find_reason(said: str, funnel: Funnel) -> str | None:
    """The lost reason meant: its key, name or alias, or a prefix that fits only it."""
    return _find(_folded(said), reason_words(funnel))


def stage_words(funnel: Funnel) -> tuple[tuple[str, str], ...]:
    """Every word for a stage in either language, folded, with the stage's key."""
    return tuple((word, stage.key) for stage in funnel.stages for word in words_of(stage))


def reason_words(funnel: Funnel) -> tuple[tuple[str, str], ...]:
    """Every word for a lost reason in either language, folded, with the reason's key."""
    return tuple((word, reason.key) for reason in funnel.lost_reasons for word in words_of(reason))


def _not_signed(funnel: Funnel) -> Illegal:
    return Illegal(Why.NOT_SIGNED, (Legal("move", funnel.selling[-1].key), Legal("won-paid")))


def _between(here: str, there: str, funnel: Funnel) -> tuple[str, ...]:
    if not funnel.has(here):
        return ()
    leapt = funnel.stages[funnel.index(here) + 1 : funnel.index(there)]
    return tuple(stage.key for stage in leapt)


def _folded(said: str) -> str:
    """The words as they are compared; nothing of a line too long to name anything."""
    if len(said) > LONGEST_WORD:
        return ""
    return " ".join(unicodedata.normalize("NFKC", said).casefold().split()).strip(_EDGES)


def _find(word: str, vocabulary: tuple[tuple[str, str], ...]) -> str | None:
    exact = dict(vocabulary).get(word)
    shortest = 1 if _HANZI.search(word) else SHORTEST_PREFIX
    if exact is not None or len(word) < shortest:
        return exact
    begun = {key for known, key in vocabulary if known.startswith(word)}
    return begun.pop() if len(begun) == 1 else None
