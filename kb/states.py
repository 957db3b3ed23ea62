"""The states of a deal and of an objection card; a database keeps them as these words."""

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


OPEN = (DealStatus.LIVE, DealStatus.PARKED)  # it may still be moved
ENDED = (DealStatus.WON, DealStatus.LOST)
