"""`done`: closes a booked step and keeps what came of it.

Without a name it is the step that a nudge asked about last, else one of the deal in hand. Several
steps of a deal are told apart by their words, or by a tap.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from handlers.contract.act_log import ActKind, list_acts
from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.drafts import find_draft, save_draft
from handlers.contract.reply import Button, Reply, rows
from handlers.contract.request import Request
from handlers.deals.find_deal import (
    find_deal,
    find_named_deals,
    get_deal,
    get_remark,
    require_deal_in_hand,
)
from handlers.deals.step_view import label_step
from handlers.reading import clean_text
from handlers.selling.next_step import STEPS_OFFERED, require_live
from handlers.selling.step_acts import (
    find_open_step,
    finish_step,
    finish_without_step,
    get_open_step,
)
from kb.states import DealStatus
from storage.tables.messages import Nudge
from storage.tables.people_and_deals import Deal
from storage.tables.steps import Step, StepState

OUTCOME_CHARACTERS = 700
_OUTCOME = "outcome"  # the kind of a draft that keeps what came of a step
# "done, she wants a demo": news about somebody who is not named again.
_ABOUT_THEM = re.compile(r"(?:(?:she|he|they|we|it|i)\b|她|他|对方|客户|我们?)", re.IGNORECASE)


@command("done", "finished", "完成", "完成了", "做完了", "办完了", "搞定", "搞定了")
def finish_by_word(request: Request, desk: Desk) -> Reply:
    """Marks a step as done: of the named deal, or the one asked about last; the rest is a note."""
    line = request.text.strip()
    if "deal" not in request.values:
        named = find_named_deals(line, desk).match
        if not (named.sure or named.ambiguous):
            reply = _finish_unnamed(request, desk, line)
            if reply is not None:
                return reply
    deal, rest = find_deal(request, desk, "done", (DealStatus.LIVE,))
    require_live(desk, deal)
    return finish(desk, deal, get_remark(request, rest) if rest else "")


@action("done")
def finish_by_tap(request: Request, desk: Desk) -> Reply:
    """Marks a deal's step as done from a button: `done:<deal>`."""
    return finish(desk, get_deal(desk, request.number(0)))


@action("step-done")
def finish_one(request: Request, desk: Desk) -> Reply:
    """Marks a step as done: `step-done:<step>:<draft of what came of it>`."""
    draft = find_draft(desk, _OUTCOME, request.number(1)) if request.word(1) else None
    outcome = str(draft.data["said"]) if draft is not None else ""
    return finish_step(desk, get_open_step(desk, request.number(0)), outcome=outcome).in_place()


def finish(desk: Desk, deal: Deal, said: str = "") -> Reply:
    """Marks the deal's step as done: the one `said`, the only one, or the only one that is due.

    What else was said is kept as what came of it.
    """
    steps = desk.memory.steps.list_of_deal(desk.team.id, deal.id)
    step, outcome = _choose(steps, said, desk.now)
    if step is not None:
        return finish_step(desk, step, outcome=outcome)
    return (
        _ask_which(desk, deal, steps, outcome)
        if steps
        else finish_without_step(desk, deal, outcome)
    )


def _finish_unnamed(request: Request, desk: Desk, line: str) -> Reply | None:
    """The step that is meant where the line names no deal; None where that is not sure."""
    outcome = clean_text(line, OUTCOME_CHARACTERS)
    asked = _list_replied_steps(request, desk)
    if len(asked) == 1:
        return finish_step(desk, asked[0], outcome=outcome)
    if asked:
        return _ask_which(desk, None, asked, outcome)
    own = _find_own_reminder(desk, line) if line else None
    if own is not None:
        return finish_step(desk, own)
    return _finish_last(desk, outcome) if not line or _ABOUT_THEM.match(line) else None


def _finish_last(desk: Desk, outcome: str) -> Reply:
    """Marks what a nudge asked about last as done, else a step of the deal in hand."""
    for nudge in desk.memory.nudges.list_unanswered(desk.team.id, desk.member.id):
        reply = _finish_nudged(desk, nudge, outcome)
        if reply is not None:
            return reply
    own = _find_last_own_reminder(desk)
    if own is not None:
        return finish_step(desk, own, outcome=outcome)
    deal = require_deal_in_hand(desk, "done")
    require_live(desk, deal)
    return finish(desk, deal, outcome)


def _find_last_own_reminder(desk: Desk) -> Step | None:
    """The open reminder of the member's own, where booking or moving it was their last act."""
    act = next(iter(list_acts(desk, 1)), None)
    event = next(iter(desk.memory.events.list_last_by(desk.team.id, desk.member.id, 1)), None)
    if act is None or act.kind != ActKind.REMINDER:
        return None
    if event is not None and int(act.data["event"]) < event.id:
        return None
    return find_open_step(desk, int(act.data["step"]))


def _finish_nudged(desk: Desk, nudge: Nudge, outcome: str) -> Reply | None:
    """Marks what this nudge is about as done; None where it is settled or has gone."""
    if nudge.step_id is not None:
        step = find_open_step(desk, nudge.step_id)
        return finish_step(desk, step, outcome=outcome) if step is not None else None
    deal = desk.memory.deals.get(desk.scope, nudge.deal_id) if nudge.deal_id else None
    if nudge.kind != "stall" or deal is None or deal.status != DealStatus.LIVE:
        return None
    return finish(desk, deal, outcome)


def _list_replied_steps(request: Request, desk: Desk) -> list[Step]:
    """The open steps that the message tells of to which the line replies."""
    if not request.reply_to:
        return []
    sent = desk.find_replied_message(request.reply_to, "nudge")
    if sent is None:
        return []
    nudges = desk.memory.nudges.list_in_message(desk.team.id, sent.subject_id or 0)
    steps = (find_open_step(desk, nudge.step_id) for nudge in nudges if nudge.step_id)
    return [step for step in steps if step is not None]


def _find_own_reminder(desk: Desk, line: str) -> Step | None:
    """The only open reminder of the member's own that holds every word of the line."""
    steps = desk.memory.steps.list_of_member(desk.team.id, desk.member.id)
    return _find_by_words([step for step in steps if step.deal_id is None], line)


def _choose(steps: Sequence[Step], said: str, now: datetime) -> tuple[Step | None, str]:
    """The step that is meant, and what came of it: `call: she wants a demo`."""
    words, mark, outcome = said.replace("：", ":").partition(":")
    named = _find_by_words(steps, words)
    if named is not None:
        return named, clean_text(outcome, OUTCOME_CHARACTERS) if mark else ""
    due = [step for step in steps if step.at <= now]
    only = next((some[0] for some in (steps, due) if len(some) == 1), None)
    return only, clean_text(said, OUTCOME_CHARACTERS)


def _find_by_words(steps: Sequence[Step], said: str) -> Step | None:
    """The only step whose text holds every word; None for none or several."""
    words = said.casefold().split()
    named = [step for step in steps if words and all(w in step.text.casefold() for w in words)]
    return named[0] if len(named) == 1 and named[0].state == StepState.OPEN else None


def _ask_which(desk: Desk, deal: Deal | None, steps: Sequence[Step], outcome: str) -> Reply:
    draft = save_draft(desk, _OUTCOME, {"said": outcome}).id if outcome else 0
    buttons = [
        Button(
            f"✓ {label_step(desk, step)}", f"step-done:{step.id}" + (f":{draft}" if draft else "")
        )
        for step in steps[:STEPS_OFFERED]
    ]
    if deal is None:
        return Reply(desk.words.say("selling.done.which"), buttons=rows(buttons, 1))
    said = desk.words.say("selling.done.which_of_deal", name=deal.customer.name)
    return Reply(said, buttons=rows(buttons, 1), about=deal.id)
