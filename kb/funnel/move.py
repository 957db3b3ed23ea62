"""The rules of a deal's moves: whether it may move, be won, lost, parked or reopened, or why not.

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
from kb.funnel.stages.funnel_templates import list_words
from kb.states import OPEN, DealStatus

MoveKind = Literal["move", "won", "won-paid", "lost", "park", "reopen"]

LONGEST_WORD = 60
SHORTEST_PREFIX = 3  # letters; of a word in hanzi one is enough
_NUMBER = re.compile(r"(?:stage ?|#|第)?(\d{1,2}) ?(?:阶段)?")
_HANZI = re.compile("[\u3400-\u9fff]")
_EDGES = " .,;:!?、。，；：！？\"'“”"


class Why(StrEnum):
    """Why a move is not allowed."""

    SAME_STAGE = "same_stage"  # the deal is in that stage already
    CLOSED = "closed"  # won, lost or withdrawn: it can only be reopened
    LAST_STAGE = "last_stage"  # nothing comes after it but won or lost
    FIRST_STAGE = "first_stage"  # nothing comes before it
    NOT_SIGNED = "not_signed"  # won needs the signature and the money
    REASON_NEEDED = "reason_needed"  # a loss without its reason
    UNKNOWN_REASON = "unknown_reason"  # none of the funnel's lost reasons
    UNKNOWN_STAGE = "unknown_stage"  # none of the funnel's stages
    DATE_PAST = "date_past"  # parked until today or earlier
    ALREADY_LIVE = "already_live"  # reopened without having been closed or parked
    ROUND = "round"  # a won deal at the end of what follows the payment


@dataclass(frozen=True)
class Position:
    """Where a deal stands; every status but live and parked counts as closed."""

    stage: str
    status: DealStatus


@dataclass(frozen=True)
class LegalMove:
    """Something the deal may do; `lost` still needs its reason, and `park` its date."""

    act: MoveKind  # "won-paid": won, once signed and paid is confirmed
    stage: str | None = None  # the stage to `move` to


@dataclass(frozen=True)
class Allowed:
    """A move that may be made, and where the deal stands after it."""

    stage: str
    status: DealStatus
    skipped: tuple[str, ...] = ()  # the stages it leapt over
    lost_reason: str | None = None
    parked_until: date | None = None


@dataclass(frozen=True)
class Illegal:
    """A move that may not be made."""

    why: Why
    legal: tuple[LegalMove, ...]  # what the deal may do instead, the likeliest first


Decision = Allowed | Illegal
_CLOSED = Illegal(Why.CLOSED, (LegalMove("reopen"),))


def move(position: Position, target: str, funnel: Funnel) -> Decision:
    """Moves to a stage, forward (stages may be skipped) or back; a parked deal wakes by it."""
    after = funnel.has(target) and funnel.stage(target).after
    won = after and position.status == DealStatus.WON
    status = DealStatus.WON if won else DealStatus.LIVE
    if position.status not in (*OPEN, status):
        return _CLOSED
    if not funnel.has(target):
        return Illegal(Why.UNKNOWN_STAGE, list_legal_moves(position, funnel))
    if target == position.stage and position.status == status:
        return Illegal(Why.SAME_STAGE, list_legal_moves(position, funnel))
    if after and status == DealStatus.LIVE:
        return _refuse_unsigned(funnel)
    return Allowed(target, status, skipped=_list_skipped_stages(position.stage, target, funnel))


def advance(position: Position, funnel: Funnel) -> Decision:
    """Moves one stage on; a won deal, to what comes after the payment."""
    if position.status == DealStatus.WON and funnel.afterwards:
        return _move_after_payment(position, funnel)
    if position.status not in OPEN:
        return _CLOSED
    following = funnel.next_after(position.stage)
    if following is None:
        return Illegal(Why.LAST_STAGE, (LegalMove("won"), LegalMove("lost")))
    return move(position, following.key, funnel)


def _move_after_payment(position: Position, funnel: Funnel) -> Decision:
    keys = [stage.key for stage in funnel.afterwards]
    place = keys.index(position.stage) + 1 if position.stage in keys else 0
    if place == len(keys):
        return Illegal(Why.ROUND, (LegalMove("reopen"),))
    return move(position, keys[place], funnel)


def move_back(position: Position, funnel: Funnel) -> Decision:
    """Moves one stage back."""
    after = funnel.has(position.stage) and funnel.stage(position.stage).after
    if position.status not in OPEN and not (after and position.status == DealStatus.WON):
        return _CLOSED
    previous = funnel.before(position.stage)
    if previous is None:
        return Illegal(Why.FIRST_STAGE, list_legal_moves(position, funnel))
    return move(position, previous.key, funnel)


def win(position: Position, funnel: Funnel, money_in: bool = False) -> Decision:
    """Wins the deal: from its last stage, or from any once signed and paid is sure (`money_in`)."""
    if position.status not in OPEN:
        return _CLOSED
    last = funnel.selling[-1].key
    if position.stage != last and not money_in:
        return _refuse_unsigned(funnel)
    to = funnel.afterwards[0].key if funnel.afterwards else last
    return Allowed(to, DealStatus.WON, skipped=_list_skipped_stages(position.stage, to, funnel))


def lose(position: Position, reason: str | None, funnel: Funnel) -> Decision:
    """Loses the deal where it stands; the reason is compulsory and one of the funnel's."""
    if position.status not in OPEN:
        return _CLOSED
    if not reason:
        return Illegal(Why.REASON_NEEDED, (LegalMove("lost"),))
    if funnel.reason(reason) is None:
        return Illegal(Why.UNKNOWN_REASON, (LegalMove("lost"),))
    return Allowed(position.stage, DealStatus.LOST, lost_reason=reason)


def park(position: Position, until: date, today: date) -> Decision:
    """Parks the deal until a day after `today`, both local; a parked one may get another day."""
    if position.status not in OPEN:
        return _CLOSED
    if until <= today:
        return Illegal(Why.DATE_PAST, (LegalMove("park"),))
    return Allowed(position.stage, DealStatus.PARKED, parked_until=until)


def reopen(position: Position, funnel: Funnel) -> Decision:
    """Makes the deal live again in its stage, or what took its place, or the last to sell in."""
    if position.status == DealStatus.LIVE:
        return Illegal(Why.ALREADY_LIVE, list_legal_moves(position, funnel))
    here = funnel.here(position.stage)
    stage = funnel.selling[-1].key if funnel.stage(here).after else here
    return Allowed(stage, DealStatus.LIVE)


def list_legal_moves(position: Position, funnel: Funnel) -> tuple[LegalMove, ...]:
    """What a deal may sensibly do from here, the likeliest first."""
    if position.status not in OPEN:
        return _CLOSED.legal
    following, previous = funnel.next_after(position.stage), funnel.before(position.stage)
    reopening = (LegalMove("reopen"),) if position.status == DealStatus.PARKED else ()
    around = tuple(LegalMove("move", stage.key) for stage in (following, previous) if stage)
    endings = (LegalMove("won"), LegalMove("lost")) if following is None else (LegalMove("lost"),)
    return (*reopening, *around, *endings)


def find_stage(text: str, funnel: Funnel) -> str | None:
    """The stage that a text names: by number from 1, key, name or alias, or an only prefix.

    Case, width, and the punctuation around it do not matter, nor a trailing "stage" or 阶段.
    """
    word = _fold(text)
    number = _NUMBER.fullmatch(word)
    if number is not None:
        place = int(number[1])
        return funnel.stages[place - 1].key if 1 <= place <= len(funnel.stages) else None
    return _find_key(word.removesuffix(" stage").removesuffix("阶段"), list_stage_words(funnel))


def find_reason(text: str, funnel: Funnel) -> str | None:
    """The lost reason that a text names: by key, name or alias, or an only prefix."""
    return _find_key(_fold(text), list_reason_words(funnel))


def list_stage_words(funnel: Funnel) -> tuple[tuple[str, str], ...]:
    """Every word for a stage in either language, folded, with the stage's key."""
    return tuple((word, stage.key) for stage in funnel.stages for word in list_words(stage))


def list_reason_words(funnel: Funnel) -> tuple[tuple[str, str], ...]:
    """Every word for a lost reason in either language, folded, with the reason's key."""
    return tuple(
        (word, reason.key) for reason in funnel.lost_reasons for word in list_words(reason)
    )


def _refuse_unsigned(funnel: Funnel) -> Illegal:
    return Illegal(
        Why.NOT_SIGNED, (LegalMove("move", funnel.selling[-1].key), LegalMove("won-paid"))
    )


def _list_skipped_stages(here: str, there: str, funnel: Funnel) -> tuple[str, ...]:
    if not funnel.has(here):
        return ()
    leapt = funnel.stages[funnel.index(here) + 1 : funnel.index(there)]
    return tuple(stage.key for stage in leapt)


def _fold(text: str) -> str:
    """The words as they are compared; nothing of a line too long to name anything."""
    if len(text) > LONGEST_WORD:
        return ""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()).strip(_EDGES)


def _find_key(word: str, vocabulary: tuple[tuple[str, str], ...]) -> str | None:
    exact = dict(vocabulary).get(word)
    shortest = 1 if _HANZI.search(word) else SHORTEST_PREFIX
    if exact is not None or len(word) < shortest:
        return exact
    begun = {key for known, key in vocabulary if known.startswith(word)}
    return begun.pop() if len(begun) == 1 else None
