"""Deal attribution: asks once, after a look-up, which deal it was about, the guess first."""

from __future__ import annotations

from datetime import timedelta

from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.reply import Button, Reply, Text, lines, rows
from handlers.contract.request import Request
from handlers.deals.find_deal import get_deal
from handlers.deals.record import record
from handlers.objections.look_up_result import find_approved, find_deal, get_look_up
from kb.states import DealStatus, EventKind
from storage.tables.cards import LookUp
from storage.tables.people_and_deals import Deal

DEALS_OFFERED = 3
SAME_CALL = timedelta(hours=4)  # a note this soon after a look-up is about the same call
ASKED_WITHIN = timedelta(hours=36)


def ask_deal(desk: Desk, lookup: LookUp, above: Text) -> Reply:
    """`above`, and below it the question which deal it was, unless that is answered already."""
    if lookup.wrapped_at is not None:
        return Reply(above, toast=desk.words.line("objections.look_up.kept"))
    return _render_question(desk, lookup, above)


@action("obj-deal")
def attach_deal(request: Request, desk: Desk) -> Reply:
    """`obj-deal:<look-up>` asks for the deal, `…:<deal>` saves it, `…:0` saves that it was none."""
    lookup = get_look_up(request, desk)
    if not request.word(1):
        return _render_question(desk, lookup, ())
    if request.word(1) == "0":
        _save_deal(desk, lookup, None)
        return Reply(desk.words.say("objections.look_up.no_deal_kept")).in_place()
    deal = get_deal(desk, request.number(1))
    _save_deal(desk, lookup, deal)
    text = desk.words.say("objections.look_up.attached", name=deal.customer.name)
    return Reply(text, about=deal.id).in_place()


@action("obj-wrap")
def ask_next(request: Request, desk: Desk) -> Reply:
    """Asks about the next look-up that has no deal yet: `obj-wrap`."""
    lookup = desk.memory.lookups.find_to_wrap_up(
        desk.team.id, desk.member.id, desk.now - ASKED_WITHIN
    )
    if lookup is None:
        return Reply(desk.words.say("objections.look_up.all_wrapped")).in_place()
    moment = desk.words.moment(lookup.at, desk.zone, desk.now)
    text = desk.words.say(
        "objections.look_up.looked_up", objection=_name_objection(desk, lookup), moment=moment
    )
    return _render_question(desk, lookup, text).in_place()


def attach_recent_look_up(desk: Desk, deal: Deal) -> Text:
    """Attributes a recent look-up to the deal that a note is about; a line that says so, if any.

    Only a look-up of the same call that was guessed to be about this very deal.
    """
    since = desk.now - SAME_CALL
    lookup = desk.memory.lookups.find_to_wrap_up(desk.team.id, desk.member.id, since)
    if lookup is None or lookup.deal_id != deal.id:
        return ()
    _save_deal(desk, lookup, deal)
    return desk.words.say("objections.look_up.along", objection=_name_objection(desk, lookup))


def render_reminder(desk: Desk) -> tuple[Text, Button] | None:
    """The daily digest's line about look-ups that still lack a deal; None where there are none."""
    lookup = desk.memory.lookups.find_to_wrap_up(
        desk.team.id, desk.member.id, desk.now - ASKED_WITHIN
    )
    if lookup is None or not _list_recent_deals(desk):
        return None
    text = desk.words.say("objections.look_up.to_wrap_up", objection=_name_objection(desk, lookup))
    return text, Button(desk.words.line("objections.look_up.attach"), "obj-wrap")


def _render_question(desk: Desk, lookup: LookUp, above: Text) -> Reply:
    guess = find_deal(desk, lookup)
    others = [deal for deal in _list_recent_deals(desk) if guess is None or deal.id != guess.id]
    buttons = [] if guess is None else [_make_choice(lookup, guess, f"✓ {guess.customer.name}")]
    buttons += [_make_choice(lookup, deal, deal.customer.name) for deal in others]
    if not buttons:
        return Reply(above or desk.words.say("selling.deal_list.none"))
    none = Button(desk.words.line("objections.look_up.no_deal"), f"obj-deal:{lookup.id}:0")
    question = desk.words.say("objections.look_up.which_deal")
    return Reply(lines(above, question), buttons=rows([*buttons[:DEALS_OFFERED], none]))


def _make_choice(lookup: LookUp, deal: Deal, label: str) -> Button:
    return Button(label, f"obj-deal:{lookup.id}:{deal.id}")


def _save_deal(desk: Desk, lookup: LookUp, deal: Deal | None) -> None:
    lookup.deal_id = deal.id if deal is not None else None
    lookup.wrapped_at = desk.now
    if deal is not None:
        lookup.stage = deal.stage if deal.status == DealStatus.LIVE else lookup.stage
        record(desk, deal, EventKind.OBJECTION, note=_name_objection(desk, lookup))
    desk.memory.lookups.save_change(lookup)


def _name_objection(desk: Desk, lookup: LookUp) -> str:
    card_id = lookup.used_card_id or lookup.top_card_id
    card = find_approved(desk, card_id) if card_id else None
    return card.objection if card is not None else lookup.query


def _list_recent_deals(desk: Desk) -> list[Deal]:
    """The member's live deals, the most recently active first."""
    live = desk.memory.deals.within(desk.scope, (DealStatus.LIVE,))
    return sorted(live, key=lambda deal: deal.last_activity_at, reverse=True)[:DEALS_OFFERED]
