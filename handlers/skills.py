"""Names every skill, so that importing this registers all that Repmate can be asked for.

The order is the order of `help`.
"""

from __future__ import annotations

from types import ModuleType

from handlers import (
    away,
    card_numbers,
    cards,
    contacts,
    deals,
    edits,
    endings,
    files,
    finding,
    freely,
    funnels,
    helps,
    invites,
    leads,
    moves,
    notes,
    nudges,
    objections,
    outcomes,
    paging,
    reminders,
    rhythm,
    settings,
    steps,
    team,
    today,
    undo,
    welcome,
    wrap_up,
)

ALL: tuple[ModuleType, ...] = (
    leads,
    deals,
    moves,
    endings,
    notes,
    steps,
    reminders,
    today,
    objections,
    card_numbers,
    funnels,
    edits,
    undo,
    cards,
    team,
    invites,
    settings,
    away,
    helps,
    contacts,
    files,
    finding,
    freely,
    nudges,
    outcomes,
    paging,
    rhythm,
    welcome,
    wrap_up,
)
