"""Who waits for the answer to something that is being worked out, besides the person."""

from __future__ import annotations

from dataclasses import dataclass

from bot.slack.modal_skeleton import Curtains
from bot.slack.submissions import Submissions


@dataclass(frozen=True)
class Waiting:
    """The skeletons that stand in for a form, and the modals that have been submitted."""

    curtains: Curtains
    submissions: Submissions
