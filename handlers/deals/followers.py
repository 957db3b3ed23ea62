"""Followers: what follows every change to a deal, in order, once its event is written.

To have something more follow, write a function of (desk, change) and give it a line in one of the
two lists at the end of this file, with the reason why it follows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from handlers.contract import open_question
from handlers.contract.desk import Desk
from handlers.deals import follow_ups, steps
from handlers.deals.attention import get_owner_calendar, schedule_nudge, schedule_pool_check
from handlers.outbox import settled_nudges
from storage.tables.people_and_deals import Deal


@dataclass(frozen=True)
class DealChange:
    """A change to a deal whose event has just been written."""

    deal: Deal
    columns: Collection[str]  # the names of the deal's columns that were set
    nudge_answer: str = ""  # how an act answers the open nudges about the deal


Follower = Callable[[Desk, DealChange], None]


def follow_act(desk: Desk, change: DealChange) -> None:
    """Does what follows an act on a deal."""
    for follower in (*AFTER_AN_ACT, *AFTER_ANY_CHANGE):
        follower(desk, change)


def follow_undo(desk: Desk, change: DealChange) -> None:
    """Does what follows an act that is taken back: the deal's dates, not the conversation's state.

    The nudges which the act had answered are open again; that is the undo's own affair.
    """
    for follower in AFTER_ANY_CHANGE:
        follower(desk, change)


def forget_question(desk: Desk, change: DealChange) -> None:
    """Forgets the question that was open to the member."""
    open_question.close_question(desk)


def answer_nudges(desk: Desk, change: DealChange) -> None:
    """Answers the open nudges about the deal; those in a chat are made to say so."""
    deal = change.deal
    changed = steps.find_changed_steps(list(change.columns))
    answer, now = change.nudge_answer, desk.now
    if desk.memory.nudges.answer_all(deal.team_id, deal.id, answer, now, changed):
        settled_nudges.enqueue_settlements(desk, deal_id=deal.id)


def take_in_hand(desk: Desk, change: DealChange) -> None:
    """Makes the deal the one in hand."""
    desk.member.deal_in_hand_id = change.deal.id


def refresh_steps(desk: Desk, change: DealChange) -> None:
    """Shows the nearest open step on the deal, and sets when each of its steps rings."""
    moved = any(name.startswith("step:") or name == "owner_id" for name in change.columns)
    if moved:
        steps.refresh_steps(desk.memory, change.deal)


def refresh_nudge(desk: Desk, change: DealChange) -> None:
    """Recomputes when the deal next deserves a nudge."""
    deal = change.deal
    schedule_nudge(deal, desk.funnel, get_owner_calendar(desk, deal), desk.now)


def refresh_pool_check(desk: Desk, change: DealChange) -> None:
    """Recomputes when the lead pool looks at the deal next."""
    deal = change.deal
    schedule_pool_check(deal, desk.funnel, get_owner_calendar(desk, deal), desk.now)


def update_follow_ups(desk: Desk, change: DealChange) -> None:
    """Sets and drops the messages about the deal that are due later."""
    follow_ups.update(desk, change.deal, change.columns)


AFTER_AN_ACT: tuple[Follower, ...] = (
    forget_question,  # an act by word or tap is the answer; the next line begins something new
    answer_nudges,  # what a nudge asked for has happened, wherever it was done
    take_in_hand,  # the next line that names no deal means this one
)
AFTER_ANY_CHANGE: tuple[Follower, ...] = (
    refresh_steps,  # first: the deal's next step is the nearest of them, and the rules read it
    refresh_nudge,  # activity or a new step, stage or owner moves the day on which it is too quiet
    refresh_pool_check,  # a lead that was touched stays with its owner
    update_follow_ups,  # a win, a loss or a discount's last day has something to be said later
)
