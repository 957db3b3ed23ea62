"""How often a deal's owner wants to hear of it: the stage's rhythm, a slower one, or not at all."""

from __future__ import annotations

from handlers.acts import record, undo_button
from handlers.catalog import action
from handlers.desk import Desk
from handlers.finding import deal_by_id
from handlers.reply import Button, Reply, rows
from handlers.request import Request
from kb.funnel.stall import NEVER
from storage.tables import Deal

EVERY_TWO_WEEKS = 10  # working days
CHOICES = {"two_weeks": EVERY_TWO_WEEKS, "stage": 0, "never": NEVER}


@action("rhythm")
def chosen(request: Request, desk: Desk) -> Reply:
    """`rhythm:<deal>` asks how often, `rhythm:<deal>:<two_weeks|stage|never>` keeps it."""
    deal = deal_by_id(desk, request.number(0))
    if request.word(1) not in CHOICES:
        return asked(desk, deal)
    return kept(desk, deal, CHOICES[request.word(1)]).editing()


def kept(desk: Desk, deal: Deal, rhythm: int) -> Reply:
    """Nudges of this deal in this rhythm from now on (working days, 0 or NEVER)."""
    event = record(desk, deal, "rhythm", {"rhythm": rhythm}, nudge_answer="rhythm")
    name = next(name for name, days in CHOICES.items() if days == rhythm)
    said = desk.words.say(f"rhythm.kept_{name}", name=deal.customer.name)
    return Reply(said, buttons=((undo_button(desk, event),),), about=deal.id)


def asked(desk: Desk, deal: Deal) -> Reply:
    """What is not right about the nudge: its rhythm, its time, or the deal itself."""
    words = desk.words
    buttons = [
        Button(words.line("rhythm.two_weeks"), f"rhythm:{deal.id}:two_weeks"),
        Button(words.line("rhythm.never"), f"rhythm:{deal.id}:never"),
        Button(words.line("moves.do_park"), f"park:{deal.id}"),
        Button(words.line("nudges.answer_lost"), f"lost:{deal.id}"),
    ]
    said = words.say("rhythm.why_not", name=deal.customer.name)
    return Reply(said, buttons=rows(buttons), about=deal.id)
