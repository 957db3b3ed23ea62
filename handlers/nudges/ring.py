"""Rings: the nudges of booked steps, each at its own time; those of one minute share a message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from handlers.contract.desk import Desk
from handlers.contract.reply import Button, Reply, Text, bold, lines, rows, text_of
from handlers.deals.step_view import get_customer_name, name_step, render_step
from storage.tables.messages import Nudge
from storage.tables.steps import Step, StepState

OWN_ANSWERS = ("done", "tomorrow", "week", "time")


def is_ring(nudge: Nudge) -> bool:
    """Whether it is a step ringing at its time, as opposed to what Repmate thinks of by itself."""
    return nudge.key.startswith("ring:")


def read_ring_time(nudge: Nudge) -> datetime | None:
    """The step's own time that a nudge rings for, as its key says; None for any other nudge.

    A nudge made before steps had rows of their own is known by `step:<deal>:<at>:1`.
    """
    parts = nudge.key.split(":")
    if parts[0] == "ring" or (parts[0] == "step" and parts[-1] == "1"):
        return datetime.fromtimestamp(int(parts[2]), UTC)
    return None


def render_settled_group(desk: Desk, nudge: Nudge) -> Reply | None:
    """A message of several steps after one was answered; None for a message of a single one."""
    group = list_in_message(desk, nudge)
    return render_group(desk, group) if len(group) > 1 else None


def render_group(desk: Desk, group: Sequence[Nudge]) -> Reply:
    """Steps that rang in one minute: a line each, ticked where it is settled, and a tap each."""
    said: list[Text] = [desk.words.say("nudges.nudge.due_now")]
    buttons = []
    for nudge in group:
        step = get_step(desk, nudge)
        if step is None:
            continue
        settled = not still_rings(nudge, step)
        said.append(text_of("✓ " if settled else "▶ ", render_step(desk, step)))
        if not settled:
            name = get_customer_name(desk, step) or name_step(desk, step)
            buttons.append(Button(f"✓ {name}", f"nudge:{nudge.id}:done"))
            buttons.append(Button(f"⏰ {name}", f"nudge:{nudge.id}:time"))
    return Reply(lines(*said), buttons=rows(buttons, 2))


def render_own(desk: Desk, nudge: Nudge, step: Step) -> Reply:
    """A reminder of one's own: what to do, since when, and four answers."""
    moment = desk.words.moment(step.at, desk.zone, desk.now)
    said = lines(
        text_of("🔔 ", bold(name_step(desk, step))),
        desk.words.say("nudges.nudge.why_step", moment=moment),
    )
    answers = [
        Button(desk.words.line(f"nudges.nudge.answer_{answer}"), f"nudge:{nudge.id}:{answer}")
        for answer in OWN_ANSWERS
    ]
    drop = Button(desk.words.line("selling.step_acts.do_drop"), f"step-drop:{step.id}")
    return Reply(said, buttons=rows([*answers, drop], 3))


def list_in_message(desk: Desk, nudge: Nudge) -> list[Nudge]:
    """Every nudge that the message of this one tells of, itself among them."""
    return list(desk.memory.nudges.list_in_message(desk.team.id, nudge.carrier_id or nudge.id))


def is_theirs(desk: Desk, step: Step, nudge: Nudge) -> bool:
    """Whether a step is still for whoever the nudge was made for: its deal may change hands."""
    if step.deal_id is None:
        return step.member_id == nudge.member_id
    deal = desk.memory.deals.get(desk.scope, step.deal_id)
    return deal is not None and deal.owner_id == nudge.member_id


def get_step(desk: Desk, nudge: Nudge) -> Step | None:
    """The step that a nudge is about; None for any other kind of nudge."""
    return desk.memory.steps.get(desk.team.id, nudge.step_id) if nudge.step_id else None


def still_rings(nudge: Nudge, step: Step) -> bool:
    """Whether the step is still to be done, at the time for which the nudge rings."""
    at = read_ring_time(nudge)
    return step.state == StepState.OPEN and (
        at is None or int(step.at.timestamp()) == at.timestamp()
    )
