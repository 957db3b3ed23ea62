"""Long work in short steps: none is lost or done twice, and one that always fails says so."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from bot.delivery.loop import Delivery
from handlers.contract.desk import Desk
from handlers.contract.reply import Reply, text_of
from handlers.outbox import background_jobs
from handlers.outbox.background_jobs import Data, register_job, run_step, start_job
from storage.tables.messages import OutboxState
from tests.bot.delivery.recorder import Recorder
from tests.office import Office, desk_of


class Counting:
    """A job that counts to three, a number a step, and may fail at one."""

    def __init__(self) -> None:
        self.counted: list[int] = []
        self.fails_at = 0

    def step(self, _desk: Desk, data: Data) -> tuple[Data | None, Reply | None]:
        number = int(data["number"])
        if number == self.fails_at:
            raise KeyError("broken")
        self.counted.append(number)
        return {"number": number + 1} if number < 3 else None, Reply(text_of(f"step {number}"))

    def give_up(self, _desk: Desk, data: Data) -> Reply:
        return Reply(text_of(f"sorry, stuck at {data['number']}"))


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Counting:
    monkeypatch.setattr(background_jobs, "_JOBS", {})
    job = Counting()
    register_job("counting", job.give_up)(job.step)
    return job


def start(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        start_job(desk, "counting", {"number": 1})


async def test_each_step_leaves_the_next_until_nothing_is_left(
    office: Office, delivery: Delivery, post: Recorder, counting: Counting
) -> None:
    start(office)
    for _ in range(5):
        await delivery.tick()
    assert counting.counted == [1, 2, 3]
    assert post.texts == ["step 1", "step 2", "step 3"]
    assert {state for (state,) in office.rows("select state from outbox")} == {"sent"}


def test_a_step_that_comes_again_is_said_again_and_not_done_again(
    office: Office, counting: Counting
) -> None:
    start(office)
    with desk_of(office, "Ann") as desk:
        [row] = desk.memory.outbox.list_in_state(1, OutboxState.PENDING, 9)
        assert run_step(row, desk) == run_step(row, desk) == Reply(text_of("step 1"))
    assert counting.counted == [1]


def test_a_step_that_fails_again_and_again_ends_the_job_and_says_so(
    office: Office, counting: Counting
) -> None:
    counting.fails_at = 1
    start(office)
    with desk_of(office, "Ann") as desk:
        [row] = desk.memory.outbox.list_in_state(1, OutboxState.PENDING, 9)
        with capture_logs(), pytest.raises(KeyError):
            run_step(row, desk)
        row.attempts = background_jobs.TRIES + 1
        reply = run_step(row, desk)
        assert reply is not None
        assert reply.text == text_of("sorry, stuck at 1")
        # The row itself, and none of a step that follows.
        assert len(desk.memory.outbox.list_in_state(1, OutboxState.PENDING, 9)) == 1


def test_a_job_whose_draft_is_gone_says_nothing(office: Office, counting: Counting) -> None:
    start(office)
    with desk_of(office, "Ann") as desk:
        [row] = desk.memory.outbox.list_in_state(1, OutboxState.PENDING, 9)
        desk.memory.drafts.forget_member(1, desk.member.id)
        assert run_step(row, desk) is None
    assert counting.counted == []
