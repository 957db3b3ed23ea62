"""The states of deals and cards, and the kinds of events; a database keeps them as these words."""

from __future__ import annotations

from enum import StrEnum


class DealStatus(StrEnum):
    """Where a deal is in its life, whatever stage it stands in."""

    LIVE = "live"
    PARKED = "parked"  # asleep until a day
    WON = "won"
    LOST = "lost"
    POOLED = "pooled"  # a lead its owner left untouched: anybody may take it
    WITHDRAWN = "withdrawn"  # its making was undone: it counts nowhere


class CardState(StrEnum):
    """Where an objection card is in its life."""

    DRAFT = "draft"  # proposed; a manager has yet to approve it
    APPROVED = "approved"  # found by look-ups
    RETIRED = "retired"  # kept for its history, and for whoever restores it


class EventKind(StrEnum):
    """What happened on a deal; each kind has its words (`event_*` of the deal list's texts)."""

    CREATED = "created"
    MOVED = "moved"  # to another stage, or to another pipeline
    OFFERED = "offered"
    WON = "won"
    LOST = "lost"
    PARKED = "parked"
    REOPENED = "reopened"
    NOTED = "noted"
    CALLED = "called"
    STEP_SET = "step_set"
    STEP_DONE = "step_done"
    STEP_DROPPED = "step_dropped"
    POOLED = "pooled"  # given back to the team's pool, by its owner or by itself
    TAKEN = "taken"  # from the pool
    EDITED = "edited"
    CLOSE_DATE = "close_date"  # the day it should be signed was set or cleared
    RHYTHM = "rhythm"  # its own patience was set
    ODDS = "odds"  # its owner judged the chance of winning it
    HANDED_OVER = "handed_over"  # to another owner
    DELIVERED = "delivered"
    TROUBLE = "trouble"  # with the delivery
    RATED = "rated"  # the customer said how satisfied they are
    PROOF = "proof"  # a testimonial was kept
    MAPPED = "mapped"  # who decides, and what they think of us
    OBJECTION = "objection"  # one was met and looked up
    RESTAGED = "restaged"  # the funnel changed under it
    DELETED = "deleted"  # it was entered by mistake; erased a day later
    UNDONE = "undone"  # another event was taken back


OPEN = (DealStatus.LIVE, DealStatus.PARKED)  # it may still be moved
ENDED = (DealStatus.WON, DealStatus.LOST)
