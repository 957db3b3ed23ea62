"""Steps for deals that a test puts into the database by itself, with no booking of theirs."""

from __future__ import annotations

from storage.tables.people_and_deals import Deal
from storage.tables.steps import Step, StepState
from storage.unit_of_work import UnitOfWork


def add_next_step(memory: UnitOfWork, deal: Deal) -> None:
    """Makes the open step that the deal shows as its next one, where it shows one."""
    if deal.next_step_at is None:
        return
    memory.steps.add(
        Step(
            team_id=deal.team_id,
            deal_id=deal.id,
            member_id=deal.owner_id,
            text=deal.next_step,
            at=deal.next_step_at,
            state=StepState.OPEN,
            ring_at=deal.next_step_at,
            made_at=deal.last_activity_at,
        )
    )
