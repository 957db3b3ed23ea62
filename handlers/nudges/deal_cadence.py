"""A deal's cadence: nudges in the stage's rhythm, in a slower one, or not at all."""

from __future__ import annotations

from typing import Any

from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.refusals import NotFound
from handlers.contract.reply import Button, Reply, rows
from handlers.contract.request import Request
from handlers.deals.find_deal import get_deal
from handlers.deals.record import offer_undo, record
from handlers.deals.steps import change_of
from handlers.selling.step_acts import drop_step
from kb.funnel.stall import NEVER
from kb.states import EventKind
from storage.tables.messages import Nudge
from storage.tables.people_and_deals import Deal
from storage.tables.steps import StepState

EVERY_TWO_WEEKS = 10  # working days
CHOICES = {"two_weeks": EVERY_TWO_WEEKS, "stage": 0, "never": NEVER}


@action("rhythm")
def choose_cadence(request: Request, desk: Desk) -> Reply:
    """`rhythm:<deal>` asks how often, `rhythm:<deal>:<two_weeks|stage|never>` keeps it."""
    deal = get_deal(desk, request.number(0))
    if request.word(1) == "drop":
        return _drop_step(desk, deal, request.number(2)).in_place()
    if request.word(1) not in CHOICES:
        return ask_what_is_wrong(desk, deal)
    return save_cadence(desk, deal, CHOICES[request.word(1)]).in_place()


def save_cadence(desk: Desk, deal: Deal, rhythm: int) -> Reply:
    """Saves the deal's rhythm: working days between nudges, 0 (the stage's) or NEVER.

    A step that has passed is dropped with it, or it would be asked about in its own rhythm.
    """
    changes: dict[str, Any] = {"rhythm": rhythm}
    for step in desk.memory.steps.list_of_deal(desk.team.id, deal.id):
        if rhythm and step.at <= desk.now:
            changes |= change_of(step, state=StepState.DROPPED)
    event = record(desk, deal, EventKind.RHYTHM, changes, nudge_answer="rhythm")
    name = next(name for name, days in CHOICES.items() if days == rhythm)
    said = desk.words.say(f"nudges.deal_cadence.kept_{name}", name=deal.customer.name)
    return Reply(said, buttons=((offer_undo(desk, event),),), about=deal.id)


def _drop_step(desk: Desk, deal: Deal, step_id: int) -> Reply:
    """Drops the step that a nudge asked about; of an older nudge the deal's nearest."""
    steps = desk.memory.steps.list_of_deal(desk.team.id, deal.id)
    step = next((each for each in steps if each.id == step_id or not step_id), None)
    if step is None:
        raise NotFound
    return drop_step(desk, step)


def ask_what_is_wrong(desk: Desk, deal: Deal, nudge: Nudge | None = None) -> Reply:
    """Asks what is wrong with the nudge: its rhythm, its step, its time, or the deal itself."""
    words = desk.words
    of_step = nudge is not None and nudge.kind == "step"
    buttons = [
        make_button(desk, deal, "two_weeks"),
        make_button(desk, deal, "drop" if of_step else "never", nudge),
        Button(words.line("selling.move.do_park"), f"park:{deal.id}"),
        Button(words.line("nudges.nudge.answer_lost"), f"lost:{deal.id}"),
    ]
    if nudge is not None:
        buttons.append(Button(words.line("nudges.upcoming.do_why"), f"why:{nudge.id}"))
    said = words.say("nudges.deal_cadence.why_not", name=deal.customer.name)
    return Reply(said, buttons=rows(buttons), about=deal.id)


def make_button(desk: Desk, deal: Deal, way: str, nudge: Nudge | None = None) -> Button:
    """The tap that changes the rhythm: two_weeks, never, or drop the step a nudge is about."""
    step = f":{nudge.step_id}" if way == "drop" and nudge is not None and nudge.step_id else ""
    return Button(desk.words.line(f"nudges.deal_cadence.{way}"), f"rhythm:{deal.id}:{way}{step}")
