"""Drafts: what a person has begun and not finished, kept until a tap or a line ends it.

Here they are saved and found under the account that began them; the table is storage's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.contract.desk import Desk, Lobby
from storage.tables.messages import Draft

LINE = "pick"  # the kind of a line that waits for the tap that says what it means


def save_draft(room: Desk | Lobby, kind: str, data: Mapping[str, Any]) -> Draft:
    """Saves what the account in this room has begun; `data` is JSON values."""
    return room.memory.drafts.save(
        room.account.platform,
        room.account.id,
        kind,
        dict(data),
        room.now,
        room.team.id if room.team else None,
        room.member.id if room.member else None,
    )


def save_line(desk: Desk, command: str, rest: str, text: str, **more: object) -> Draft:
    """Saves a typed line until a tap says what it means.

    `rest` goes to `command` then; `text` is the whole line, for the look-up. `more` is what only
    the command itself reads.
    """
    return save_draft(desk, LINE, {"command": command, "rest": rest, "text": text, **more})


def find_draft(desk: Desk, kind: str, draft_id: int) -> Draft | None:
    """The account's own draft of this id and kind; None where there is none (any more)."""
    draft = desk.memory.drafts.get(desk.account.platform, desk.account.id, draft_id)
    return draft if draft is not None and draft.kind == kind else None
