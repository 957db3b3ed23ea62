"""Recognisers of lines that begin with no command, asked in this order; the first to fit answers.

The order is the product's judgement of what people mean; each recogniser says why it comes here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handlers.contract.desk import Desk
from handlers.contract.reply import Reply
from handlers.contract.request import Request
from handlers.nudges import nudge
from handlers.objections import look_up
from handlers.plain_language import (
    answer_to_question,
    deal_mentions,
    did_you_mean,
    pipeline_mentions,
    smalltalk,
    step_or_lead,
)
from handlers.selling import field_changes, hand_over, own_reminders


@dataclass(frozen=True)
class Recogniser:
    """One reading of a plain line: `recognise` answers it, or gives None where it does not fit."""

    name: str
    recognise: Callable[[Request, Desk], Reply | None]
    why_here: str


def _answer_mention(request: Request, desk: Desk) -> Reply | None:
    return None if request.reply_to else deal_mentions.answer_mention(request, desk)


def _save_reply_as_note(request: Request, desk: Desk) -> Reply | None:
    return nudge.save_reply_as_note(request, desk) if request.reply_to else None


RECOGNISERS = (
    Recogniser(
        "move to a pipeline",
        pipeline_mentions.answer_pipeline_move,
        "A deal put into a pipeline by name is an order; before the hand-over, which would ask who "
        "Partners is.",
    ),
    Recogniser(
        "hand-over",
        hand_over.answer_hand_over,
        "A deal given to a colleague by name is an order, whatever was asked before.",
    ),
    Recogniser(
        "change of a field",
        field_changes.answer_statement,
        "A field, whose it is and its new value are an order, and no lead, whatever was asked.",
    ),
    Recogniser(
        "command on a deal",
        _answer_mention,
        "A name with a command or a stage behind it is an order, whatever was asked before; "
        "in a reply to a message it is an answer or a note instead.",
    ),
    Recogniser(
        "answer to the open question",
        answer_to_question.answer_question,
        "What was asked last is what a short line most likely answers.",
    ),
    Recogniser(
        "note by reply",
        _save_reply_as_note,
        "A reply to a message about a deal that answers no question is kept as a note on it.",
    ),
    Recogniser(
        "small talk",
        smalltalk.answer_smalltalk,
        "Thanks and ok say nothing of a deal once no question is open, "
        "and must not be looked up as an objection.",
    ),
    Recogniser(
        "shortened command",
        did_you_mean.run_shortened_command,
        "`adv acme` is a command; it asks for a deal it surely names, so it takes no step's line.",
    ),
    Recogniser(
        "step",
        step_or_lead.book_step,
        "A moment with a deal's name is a step, even where the words are near an objection's.",
    ),
    Recogniser(
        "lead",
        step_or_lead.offer_lead,
        "A telephone number or an address makes a lead, and no customer objects with one.",
    ),
    Recogniser(
        "sure look-up",
        look_up.answer_if_sure,
        "A customer's own words, found for certain, go before any guess at a mistyped command.",
    ),
    Recogniser(
        "news of a closed deal",
        deal_mentions.offer_for_closed_deal,
        "A won or lost customer is named: no card and no guess at a command, unless it is nearly "
        "one about a deal.",
    ),
    Recogniser(
        "own reminder",
        own_reminders.book_plain_line,
        "A minute at an end of the line and something to do, about no deal and on no card.",
    ),
    Recogniser(
        "mistyped command",
        did_you_mean.offer_command,
        "Nearly a command: offered, never carried out.",
    ),
    Recogniser(
        "one of several deals",
        deal_mentions.ask_which_deal,
        "A name that fits several deals is asked about, and never looked up as an objection.",
    ),
    Recogniser(
        "news of a deal",
        deal_mentions.offer_note_or_step,
        "A deal is named and nothing is asked: a tap makes it a note or a step.",
    ),
    Recogniser(
        "unknown command",
        smalltalk.refuse_unknown_command,
        "An objection never begins with a slash.",
    ),
    Recogniser(
        "look-up",
        look_up.look_up,
        "All else is what a customer said; where no card fits, it is kept as a gap.",
    ),
)


def answer_line(request: Request, desk: Desk) -> Reply:
    """The reply of the first recogniser that a plain line fits."""
    replies = (each.recognise(request, desk) for each in RECOGNISERS)
    return next(reply for reply in replies if reply is not None)  # the last fits every line
