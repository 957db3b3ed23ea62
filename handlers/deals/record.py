"""Records a change to a deal: its columns, the event, and whatever follows every change.

Every handler that changes a deal does it through `record`; what follows is listed in `followers`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from handlers.contract.desk import Desk
from handlers.contract.reply import Button
from handlers.deals.followers import DealChange, follow_act, follow_undo
from kb.states import EventKind
from storage.tables.people_and_deals import Deal, Event

UNDO_WINDOW = timedelta(minutes=10)


def record(
    desk: Desk,
    deal: Deal,
    kind: EventKind,
    changes: Mapping[str, Any] | None = None,
    note: str = "",
    nudge_answer: str = "acted",
) -> Event:
    """Changes the deal's columns and writes the event of `kind`; what follows an act is done.

    An act is activity: the deal's patience starts anew. `nudge_answer` is how it answers the
    nudges that are open about the deal.
    """
    event = desk.memory.deals.change(
        deal,
        {**(changes or {}), "last_activity_at": desk.now, "nudges_sent": 0},
        kind=kind,
        by=desk.member.id,
        at=desk.now,
        platform=desk.account.platform,
        note=note,
    )
    follow_act(desk, DealChange(deal, event.after, nudge_answer))
    return event


def take_back(desk: Desk, deal: Deal, event: Event) -> int | None:
    """Takes an act on a deal back, with what follows; None where the deal has changed since.

    Else how many nudges that the act had answered are open again.
    """
    if not desk.memory.deals.undo(
        event, by=desk.member.id, at=desk.now, platform=desk.account.platform
    ):
        return None
    opened = desk.memory.nudges.reopen(desk.team.id, deal.id, event.at)
    follow_undo(desk, DealChange(deal, event.after))
    return opened


def offer_undo(desk: Desk, event: Event) -> Button:
    """The tap that takes an act back while its window is open."""
    return Button(desk.words.line("contract.common.undo"), f"undo:{event.id}")
