"""Which nudges a member gets today, and which wait for the morning's digest.

A member's attention is a budget of so many nudges a day. What the member booked is always sent and
counts as well; what is left of the day goes to what Repmate thinks of by itself, in the order of
its worth: value x chance x working days over the patience.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

LATE = timedelta(hours=12)  # a nudge this late came due while nobody could send it
CATCH_UP = 3  # more late nudges than this become one digest

Key = tuple[str, int]  # what it is about: ("deal", its id) or ("step", its id)


@dataclass(frozen=True)
class Due:
    """One nudge that came due."""

    key: Key
    at: datetime  # aware UTC
    booked: bool  # by the member, for this very moment
    worth: Decimal  # see `compute_worth`


@dataclass(frozen=True)
class Share:
    """What becomes of the nudges that came due, by their keys."""

    sent: tuple[Key, ...]  # sent now, best first
    folded: tuple[Key, ...]  # left to the digest
    catch_up: bool = False  # whether one digest comes at once for all that is late


def compute_worth(amount: Decimal | None, chance: int, days_over: int) -> Decimal:
    """Amount x chance (percent) x days over; a deal without an amount counts as a small one."""
    return (amount or Decimal(1)) * max(chance, 1) * max(days_over, 1)


def share_budget(due: Iterable[Due], left: int, now: datetime, ahead: int = 0) -> Share:
    """Shares what is `left` of the day's budget among what came due: booked steps are all sent.

    The `ahead` steps that are booked for later on the day keep their places. After an outage
    nobody gets one message for each thing missed: more late ones than CATCH_UP become one digest,
    and only what is in time is sent by itself.
    """
    ranked = sorted(due, key=lambda each: (not each.booked, -each.worth, each.key))
    late = [each for each in ranked if now - each.at > LATE]
    catch_up = len(late) > CATCH_UP
    ready = [each for each in ranked if not (catch_up and each in late)]
    booked = [each for each in ready if each.booked]
    room = max(0, left - len(booked) - ahead)
    sent = tuple(
        each.key for each in (*booked, *[each for each in ready if not each.booked][:room])
    )
    chosen = frozenset(sent)
    folded = tuple(each.key for each in ranked if each.key not in chosen)
    return Share(sent, folded, catch_up)
