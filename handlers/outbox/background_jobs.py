"""Background jobs: long work for a member in short steps, each an outbox row and a transaction.

A step does its part, keeps where it has got to in a draft and leaves a row for the next one, all
at once or not at all: a crash loses no step and repeats none. What it says is the row's message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from handlers.contract.desk import Desk
from handlers.contract.drafts import save_draft
from handlers.contract.reply import Reply, from_json, to_json
from handlers.outbox.enqueue import enqueue
from storage.tables.messages import Draft, Outbox

KIND = "chore"
TRIES = 5  # of one step; after that the job ends, and says so

Data = Mapping[str, Any]
# One step: what is left to do afterwards (None: nothing), and what to tell the member, if anything.
Step = Callable[[Desk, Data], tuple[Data | None, Reply | None]]
# What to say when a step fails again and again.
FailureReply = Callable[[Desk, Data], Reply]
_JOBS: dict[str, tuple[Step, FailureReply]] = {}


def register_job(name: str, sorry: FailureReply) -> Callable[[Step], Step]:
    """Registers a job: the decorated function does a step, `sorry` says that it failed."""

    def register(step: Step) -> Step:
        _JOBS[name] = (step, sorry)
        return step

    return register


def start_job(desk: Desk, name: str, data: Data) -> None:
    """Starts a job; its first step gets `data`, which holds JSON values."""
    kept = {"chore": name, "at": 0, "data": dict(data)}
    draft = save_draft(desk, KIND, kept)
    _enqueue_step(desk, draft, 0)


def run_step(row: Outbox, desk: Desk) -> Reply | None:
    """Runs the row's step and gives its message; None where there is nothing to say.

    A row that comes again, because nobody knows whether its message left, only says it again.
    """
    draft = desk.memory.drafts.get_of_member(row.team_id, row.member_id, row.subject_id or 0)
    if draft is None:
        return None
    number = int(row.key.rpartition(":")[2])
    if number < draft.data["at"]:
        said = draft.data.get("said", {}).get(str(number))
        return from_json(said) if said else None
    work, sorry = _JOBS[draft.data["chore"]]
    left: Data | None
    reply: Reply | None
    if row.attempts > TRIES:
        left, reply = None, sorry(desk, draft.data["data"])
    else:
        left, reply = work(desk, draft.data["data"])
    _save_progress(desk, draft, number, left, reply)
    return reply


def _save_progress(
    desk: Desk, draft: Draft, number: int, left: Data | None, reply: Reply | None
) -> None:
    """Saves what is left to do, and the last message: only that may be sent again."""
    said = {str(number): to_json(reply)} if reply is not None else {}
    kept = {"chore": draft.data["chore"], "at": number + 1, "data": dict(left or {}), "said": said}
    desk.memory.drafts.change(draft, kept)
    if left is not None:
        _enqueue_step(desk, draft, number + 1)


def _enqueue_step(desk: Desk, draft: Draft, number: int) -> None:
    enqueue(desk.memory, desk.member, KIND, f"{KIND}:{draft.id}:{number}", desk.now, draft.id)
