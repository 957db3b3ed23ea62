"""Routes a request to its handler: by word, button, form, or by what a plain line means."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from handlers import registry
from handlers.cards import gap_actions
from handlers.contract import form_interview
from handlers.contract.catalog import CATALOG, Command
from handlers.contract.desk import Desk, Lobby
from handlers.contract.open_question import find_open_question
from handlers.contract.refusals import (
    NotAMember,
    NotFound,
    Refusal,
    UnknownDeal,
    hide_secrets,
    render_refusal,
    require_role,
)
from handlers.contract.reply import BUTTONS_SHOWN, Reply, Text, lines
from handlers.contract.request import Request
from handlers.objections import look_up
from handlers.plain_language import (
    abandoned_form,
    did_you_mean,
    pasted_lines,
    received_file,
    recognisers,
    shared_contact,
)
from handlers.selling import bulk_change, message_shortcuts

# A moment that begins like the command `next`.
_NEXT_PERIOD = re.compile(r"\s*next (?:week|month|quarter|year)[\s.!]*", re.IGNORECASE)
MODULES = registry.MODULES  # imported for what they register


class _Rehearsed(Exception):
    """Ends a rehearsal, so that all it did is undone."""


def answer(request: Request, room: Desk | Lobby) -> Reply:
    """The reply to a request. A refusal undoes what its handler had begun."""
    request, left = abandoned_form.leave_abandoned_form(request, room)
    reply = _answer_alone(request, room)
    if reply.form is not None and not request.draws_forms:
        reply = form_interview.start(reply, request, room)
    return _add_left_form(reply, left, room) if left else reply


def _answer_alone(request: Request, room: Desk | Lobby) -> Reply:
    try:
        with room.memory.savepoint():
            return _route(request, room)
    except Refusal as refusal:
        return hide_secrets(render_refusal(refusal, request, room), room)


def _add_left_form(reply: Reply, left: Text, room: Desk | Lobby) -> Reply:
    """Says below the reply that a form waits, with the tap that goes on with it."""
    crowded = sum(len(row) for row in reply.buttons) + 2 > BUTTONS_SHOWN  # paging may add one
    button = () if crowded else ((form_interview.make_continue_button(room),),)
    return replace(reply, text=lines(reply.text, left), buttons=(*reply.buttons, *button))


def _route(request: Request, room: Desk | Lobby) -> Reply:
    filled = _apply_open_form(request, room)
    if isinstance(filled, Reply):
        return filled
    return _route_to_handler(filled, room)


def _route_to_handler(request: Request, room: Desk | Lobby) -> Reply:
    if isinstance(room, Desk):
        return _route_member(request, room)
    return _route_stranger(request, room)


def _apply_open_form(request: Request, room: Desk | Lobby) -> Request | Reply:
    """Lets an open form take the request: gives the request on, the filled form, or a question."""

    def find_errors(filled: Request) -> Mapping[str, str]:
        return _rehearse_form(filled, room)

    if request.kind == "button" and request.verb == "ask":
        heard = form_interview.handle_button(request, room, find_errors)
        return heard.in_place() if isinstance(heard, Reply) else heard
    slash = request.text.lstrip().startswith("/")
    if request.kind != "text" or (slash and not form_interview.is_control_word(request.text)):
        return request
    draft = form_interview.find_open_draft(request, room)
    if draft is None:
        return request
    unsure = abandoned_form.ask_if_answer(request, room)
    return unsure or form_interview.handle_line(draft, request, room, find_errors)


def _rehearse_form(filled: Request, room: Desk | Lobby) -> Mapping[str, str]:
    """The errors by field that a form's handler finds; whatever else it does is undone.

    Fields that were not asked yet are empty, and a refusal may be about those: it says nothing.
    """
    errors: Mapping[str, str] = {}
    try:
        with room.memory.savepoint():
            form = _route_to_handler(filled, room).form
            errors = form.errors if form is not None else {}
            raise _Rehearsed
    except (_Rehearsed, Refusal):
        return errors


def _route_stranger(request: Request, lobby: Lobby) -> Reply:
    words = request.text.strip().lstrip("/").split(maxsplit=1)
    verb = request.verb if request.kind in ("button", "form") else words[0] if words else ""
    handler = CATALOG.find_lobby_handler(verb)
    if handler is None:
        raise NotAMember
    return handler(request, lobby)


def _route_member(request: Request, desk: Desk) -> Reply:
    by_kind: dict[str, Callable[[Request, Desk], Reply]] = {
        "text": _route_text,
        "button": _route_action,
        "form": _route_action,
        "contact": shared_contact.offer_contact,
        "file": received_file.handle_file,
        "query": _suggest,
    }
    return by_kind[request.kind](request, desk)


def _suggest(request: Request, desk: Desk) -> Reply:
    """Suggests what fits as somebody types: deals where a menu asks for those, else cards."""
    if request.action == "deal":
        return message_shortcuts.suggest_deals(request, desk)
    if request.action == "card":
        return message_shortcuts.suggest_cards(request, desk)
    return look_up.suggest_cards(request, desk)


def _route_action(request: Request, desk: Desk) -> Reply:
    if request.verb == "say":  # a button that stands for a typed line
        return _route_text(request.with_text(request.action.partition(":")[2]), desk)
    if request.verb == "retype":  # and one for a line that was mistyped
        return _route_text(request.with_text(did_you_mean.get_offered_line(request, desk)), desk)
    found = CATALOG.find_action(request.verb)
    if found is None:
        raise NotFound
    require_role(desk, found.role)
    return found.handler(request, desk)


def _route_text(request: Request, desk: Desk) -> Reply:
    if request.forwarded_from:
        return shared_contact.offer_forwarded(request, desk)
    pasted = () if request.reply_to else pasted_lines.split_commands(request.text, desk)
    if pasted:
        return _answer_each(pasted, request, desk)
    slash = request.text.lstrip().startswith("/")
    answered = None if slash else _answer_before_commands(request, desk)
    if answered is not None:
        return answered
    found = None if _answers_until_when(request, desk) else CATALOG.parse(request.text)
    if found is None:
        return recognisers.answer_line(request, desk)
    command, rest = found
    try:
        with desk.memory.savepoint():
            return _run_command(command, replace(request.with_text(rest), line=request.text), desk)
    except UnknownDeal:
        # "call me next quarter" begins like a command and is an objection: a customer's words
        # must not be answered with a question about deals.
        # A note is the rep's own, whatever it says; so is "edit", one letter from their "exit".
        own = slash or command.name == "note" or request.text.casefold().startswith("edit ")
        card = None if own else look_up.answer_if_sure(request, desk)
        if card is None:
            raise
        return card


def _answer_before_commands(request: Request, desk: Desk) -> Reply | None:
    """Answers a reply that fills a gap, or a line about many deals: it names none to `park`."""
    if request.reply_to:
        return gap_actions.handle_reply(request, desk)
    return bulk_change.answer_bulk(request, desk)


def _answers_until_when(request: Request, desk: Desk) -> bool:
    """Whether "next month" answers the open question for a day, and is no command `next`."""
    if not _NEXT_PERIOD.fullmatch(request.text):
        return False
    question = find_open_question(desk)
    return question is not None and question.about in ("close", "park")


def _answer_each(commands: Sequence[str], request: Request, desk: Desk) -> Reply:
    """Carries out several commands in their order, and answers all in one reply."""
    now, later = commands[: pasted_lines.MOST], commands[pasted_lines.MOST :]
    replies = [_answer_alone(request.with_text(line), desk) for line in now]
    return pasted_lines.join_replies(replies, later, desk)


def _run_command(command: Command, request: Request, desk: Desk) -> Reply:
    require_role(desk, command.role)
    return command.handler(request, desk)
