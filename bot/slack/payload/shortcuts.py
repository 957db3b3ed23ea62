"""Shortcuts: the requests they stand for, on a message or from anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.inbound.json_fields import Raw, string
from bot.slack.payload.message_markup import read_text
from handlers.contract.request import Request

# What stands in the manifest, and the action it asks for.
OF_A_MESSAGE: Mapping[str, str] = {
    "log_lead": "log-lead",
    "add_note": "add-note",
    "find_answer": "find-answer",
}
FROM_ANYWHERE: Mapping[str, str] = {"new_lead": "lead", "find_line": "find-line"}


def read_shortcut(callback_id: str, message: Raw, request: Request) -> Request | None:
    """The request of a shortcut; None for one that is not ours."""
    if callback_id in FROM_ANYWHERE:
        return replace(request, kind="button", action=FROM_ANYWHERE[callback_id])
    action = OF_A_MESSAGE.get(callback_id)
    if action is None:
        return None
    sender = string(message, "username") or "?"
    return replace(
        request, kind="button", action=action, text=read_text(message), forwarded_from=sender
    )
