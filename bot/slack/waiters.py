"""What else waits for an answer besides the person: a modal placeholder, a submitted modal."""

from __future__ import annotations

from dataclasses import dataclass

from bot.slack.modal_skeleton import ModalPlaceholders
from bot.slack.submissions import Submissions


@dataclass(frozen=True)
class Waiters:
    """The skeletons that stand in for a form, and the modals that have been submitted."""

    placeholders: ModalPlaceholders
    submissions: Submissions
