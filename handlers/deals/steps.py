"""Steps: booked, changed, found again, and shown on their deal as its next step.

A deal's step changes by an act on the deal (`record`), which undo takes back. A reminder without a
deal has no events: its changes are logged as acts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from handlers.contract import open_question
from handlers.contract.act_log import ActKind, log_act
from handlers.contract.desk import Desk
from handlers.outbox import settled_nudges
from storage.deals.event_values import pack, unpack
from storage.tables.people_and_deals import Audit, Deal
from storage.tables.steps import Step, StepState
from storage.unit_of_work import UnitOfWork


def add_step(desk: Desk, deal: Deal | None, text: str, at: datetime) -> Step:
    """A new step of the deal's owner, or of the member; the act that books it opens it."""
    return desk.memory.steps.add(
        Step(
            team_id=desk.team.id,
            deal_id=deal.id if deal is not None else None,
            member_id=deal.owner_id if deal is not None else desk.member.id,
            text=text,
            at=at,
            made_at=desk.now,
        )
    )


def change_of(step: Step, **changes: Any) -> dict[str, Any]:
    """The changes to a step as `record` takes them among those to its deal."""
    return {f"step:{step.id}.{name}": value for name, value in changes.items()}


def drop_all(memory: UnitOfWork, deal: Deal) -> dict[str, Any]:
    """The changes that drop every open step of a deal which is closed, parked or given away."""
    changes: dict[str, Any] = {}
    for step in memory.steps.list_of_deal(deal.team_id, deal.id):
        changes |= change_of(step, state=StepState.DROPPED)
    return changes


def find_changed_steps(columns: Sequence[str]) -> set[int]:
    """The ids of the steps that stand among the changed columns of a deal."""
    held = (name.partition(".")[0] for name in columns if name.startswith("step:"))
    return {int(holder.removeprefix("step:")) for holder in held}


def refresh_steps(memory: UnitOfWork, deal: Deal) -> None:
    """Shows the nearest open step as the deal's next one, and sets when each of them rings."""
    memory.flush()
    steps = memory.steps.list_ever_of_deal(deal.team_id, deal.id)
    for step in steps:
        step.member_id = deal.owner_id
        set_ring(step)
    nearest = next((step for step in steps if step.state == StepState.OPEN), None)
    deal.next_step = nearest.text if nearest is not None else ""
    deal.next_step_at = nearest.at if nearest is not None else None


def set_ring(step: Step) -> None:
    """Sets when the step rings: at its time, unless it is closed or rang for that very time."""
    rings = step.state == StepState.OPEN and step.rang_for != step.at
    step.ring_at = step.at if rings else None


def change_own(desk: Desk, step: Step, answer: str, **changes: Any) -> Audit:
    """Changes a reminder without a deal, and logs it; `answer` answers the nudges about it."""
    before = pack({name: getattr(step, name) for name in changes})
    for name, value in changes.items():
        setattr(step, name, value)
    set_ring(step)
    open_question.close_question(desk)
    if desk.memory.nudges.answer_step(desk.team.id, step.id, answer, desk.now):
        settled_nudges.enqueue_settlements(desk, step_id=step.id)
    named = {"step": step.text}
    after = pack(changes)
    return log_act(desk, ActKind.REMINDER, named, step=step.id, before=before, after=after)


def undo_own(desk: Desk, step: Step, act: Audit) -> bool:
    """Takes a logged change to a reminder back; false where it has changed since."""
    after = act.data["after"]
    if pack({name: getattr(step, name) for name in after}) != after:
        return False
    for name, value in unpack(act.data["before"]).items():
        setattr(step, name, StepState(value) if name == "state" else value)
    desk.memory.nudges.reopen_step(desk.team.id, step.id, act.at)
    set_ring(step)
    return True
