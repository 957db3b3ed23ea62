"""Modals that wait for an answer: placeholders that are open, and submitted forms."""

from __future__ import annotations

from dataclasses import dataclass

from bot.slack.modal_skeleton import ModalPlaceholders
from bot.slack.submissions import Submissions


@dataclass(frozen=True)
class Waiters:
    """The placeholders of forms, and the modals that have been submitted."""

    placeholders: ModalPlaceholders
    submissions: Submissions
