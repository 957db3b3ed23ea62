"""The open question: what Repmate asked last, which a typed line answers as well as a tap."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Literal

from handlers.contract.desk import Desk
from handlers.contract.drafts import save_draft

STALE = timedelta(minutes=30)  # a question left longer than this is no longer on anybody's mind
_KIND = "question"


@dataclass(frozen=True)
class Question:
    """What was asked about a deal, or about a reminder of one's own, whose `deal_id` is 0.

    `said` is what the person had typed already.
    """

    about: Literal["step", "happened", "lost", "park", "move", "rated", "close"]
    deal_id: int
    said: str = ""
    step_id: int = 0  # the step that is to be moved; 0 for a new one


def ask(desk: Desk, question: Question) -> None:
    """Saves the question as the open one, in place of any before."""
    close_question(desk)
    save_draft(desk, _KIND, asdict(question))


def find_open_question(desk: Desk) -> Question | None:
    """The question this account was asked last; None when it is answered or stale."""
    draft = desk.memory.drafts.find_latest(desk.account.platform, desk.account.id, _KIND)
    if draft is None or desk.now - draft.created_at > STALE or draft.team_id != desk.team.id:
        return None
    return Question(**draft.data)


def close_question(desk: Desk) -> None:
    """Forgets the open question."""
    desk.memory.drafts.drop_all(desk.account.platform, desk.account.id, _KIND)
