"""Reads a plain line as the answer to the open question: a moment, a reason, a stage."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from handlers.contract.desk import Desk
from handlers.contract.open_question import Question, find_open_question
from handlers.contract.reply import Reply
from handlers.contract.request import Request
from handlers.deals.close_date import read_close_date
from handlers.deals.find_deal import find_named_deals, find_visible_deal
from handlers.deals.step_view import say_once_only
from handlers.deals.when import cut_moment, read_moment
from handlers.objections import look_up
from handlers.plain_language.smalltalk import is_smalltalk
from handlers.reading import When, split_repetition
from handlers.selling import after_sale, close, close_date, move, own_reminders
from handlers.selling.next_step import book
from handlers.selling.note import save_note
from kb.objections.normalise import has_hanzi
from kb.states import DealStatus, EventKind
from storage.tables.people_and_deals import Deal
from storage.tables.steps import StepState

# 给张三发合同 names somebody; 给他, 给客户 mean the deal that was asked about.
_TO_SOMEBODY = re.compile("(?:给|跟|找|约|联系|拜访)(?!他|她|您|客户|对方|人家|方)")
Answer = Callable[[str, Deal, Question, Desk], Reply | None]


def answer_question(request: Request, desk: Desk) -> Reply | None:
    """The reply to a line that answers the open question; None when there is none or it doesn't.

    A reply to a message is taken only where it is nothing but the answer: it may be a note.
    """
    question = find_open_question(desk)
    if question is None or (request.reply_to and not _is_bare_moment(request.text, desk)):
        return None
    if not question.deal_id:
        return _answer_own_reminder(request.text.strip(), question, desk)
    deal = find_visible_deal(desk, question.deal_id)
    if deal is None:
        return None
    return _ANSWERS[question.about](request.text.strip(), deal, question, desk)


def _answer_own_reminder(line: str, question: Question, desk: Desk) -> Reply | None:
    """Another moment for a reminder without a deal, and nothing else in the line."""
    step = desk.memory.steps.get(desk.team.id, question.step_id)
    when = read_moment(line, desk)
    if step is None or when is None or when.at <= desk.now or cut_moment(line, when):
        return None
    return own_reminders.move(desk, step, when.at)


def _is_bare_moment(said: str, desk: Desk) -> bool:
    """Whether a line says a moment and nothing else."""
    when = read_moment(said.strip(), desk)
    return when is not None and not cut_moment(said.strip(), when)


def _answer_step(line: str, deal: Deal, question: Question, desk: Desk) -> Reply | None:
    line, repetition = split_repetition(line)
    when = read_moment(line, desk)
    if when is None or when.at <= desk.now or not _is_about_deal(line, when, deal, desk):
        return None
    what = cut_moment(line, when)
    moved = desk.memory.steps.get(desk.team.id, question.step_id) if not what else None
    if moved is not None and moved.state != StepState.OPEN:
        moved = None
    booked = book(desk, deal, when.at, what or question.said, moved)
    return say_once_only(desk, booked, repetition)


def _answer_what_happened(line: str, deal: Deal, question: Question, desk: Desk) -> Reply | None:
    """After a step is done: the next one where a moment is said, else a note of what happened."""
    step = _answer_step(line, deal, question, desk)
    if step is not None or look_up.is_sure(line, desk):
        return step
    named = find_named_deals(line, desk).match
    elsewhere = named.ambiguous or (named.sure and named.best[0].id != deal.id)
    if elsewhere or not _tells_something(line):
        return None
    return save_note(desk, deal, line, EventKind.NOTED)


def _tells_something(line: str) -> bool:
    """Two words, or four Chinese characters: a single "ok", a greeting, a question is no news."""
    if is_smalltalk(line) or line.endswith(("?", "？")):
        return False
    return len(line.split()) > 1 or (has_hanzi(line) and len(line) > 3)


def _is_about_deal(line: str, when: When, deal: Deal, desk: Desk) -> bool:
    """Whether a line with a moment is this deal's step: no customer's words, no other deal's."""
    rest = cut_moment(line, when)
    if not rest:
        return True
    named = find_named_deals(rest, desk, (DealStatus.LIVE,)).match
    if named.ambiguous or (named.sure and named.best[0].id != deal.id):
        return False
    if _TO_SOMEBODY.match(rest) and not named.sure:
        return False  # somebody we do not know: better asked than booked on the wrong deal
    at_an_end = when.span[0] == 0 or when.span[1] >= len(line)
    # Nobody who objects names the minute.
    return at_an_end and (when.precision == "minute" or not look_up.is_sure(line, desk))


def _answer_until_when(line: str, deal: Deal, _question: Question, desk: Desk) -> Reply | None:
    when = read_moment(line, desk)
    said_more = when is not None and cut_moment(line, when).casefold() not in ("", "until", "till")
    return None if when is None or said_more else close.park_until(desk, deal, when)


def _answer_close_date(line: str, deal: Deal, _question: Question, desk: Desk) -> Reply | None:
    found = read_close_date(line, desk)
    if found is None or found.rest:
        return None
    return close_date.save_close_date(desk, deal, found.day)


def _answer_why_lost(line: str, deal: Deal, question: Question, desk: Desk) -> Reply | None:
    reason = close.find_reason(line, desk)
    return close.lose(desk, deal, reason, question.said or line) if reason else None


def _answer_which_stage(line: str, deal: Deal, _question: Question, desk: Desk) -> Reply | None:
    stage = move.find_stage(line, desk, deal)
    return move.move_to_stage(desk, deal, stage) if stage else None


def _answer_why_rated(line: str, deal: Deal, _question: Question, desk: Desk) -> Reply | None:
    return after_sale.save_reason(desk, deal, line) if _tells_something(line) else None


_ANSWERS: Mapping[str, Answer] = {
    "step": _answer_step,
    "happened": _answer_what_happened,
    "park": _answer_until_when,
    "lost": _answer_why_lost,
    "move": _answer_which_stage,
    "rated": _answer_why_rated,
    "close": _answer_close_date,
}
