"""`budget`, `procurement`, `discount`, `competitor`: the terms of a deal, in a few words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.contract.catalog import command
from handlers.contract.desk import Desk
from handlers.contract.refusals import TextRefusal
from handlers.contract.reply import Reply, lines
from handlers.contract.request import Request
from handlers.deals.deal_terms import LIMITS, read_discount, render_terms
from handlers.deals.deal_view import render_headline
from handlers.deals.find_deal import find_deal, get_deal
from handlers.deals.record import offer_undo, record
from handlers.objections import look_up
from handlers.reading import clean_text
from kb.states import EventKind
from storage.tables.people_and_deals import Deal


@command("budget", "预算", glues=False)
def budget(request: Request, desk: Desk) -> Reply:
    """Saves the customer's budget, in the rep's words."""
    return _save_term(request, desk, "budget", "预算")


@command("procurement", "buying", "采购", "采购流程", glues=False)
def procurement(request: Request, desk: Desk) -> Reply:
    """Saves the step that the customer's procurement has reached."""
    return _save_term(request, desk, "procurement", "采购")


@command("competitor", "rival", "竞品", "对手", "竞争对手", glues=False)
def competitor(request: Request, desk: Desk) -> Reply:
    """Saves the competitor the customer also talks to."""
    return _save_term(request, desk, "competitor", "竞品")


@command("discount", "折扣", "优惠", glues=False)
def discount(request: Request, desk: Desk) -> Reply:
    """Saves a discount and its last day: `discount acme 10% until Friday`."""
    if not request.text.strip():
        return _look_up_word(request, desk, "discount", "折扣")
    deal, rest = find_deal(request, desk, "discount")
    if not rest.strip():
        return _show_terms(desk, deal)
    changes = read_discount(rest, deal, desk)
    if changes is None:
        raise TextRefusal("selling.terms.discount_past")
    return save_terms(desk, deal, changes)


def save_terms(desk: Desk, deal: Deal, changes: Mapping[str, Any]) -> Reply:
    """Saves these columns, and shows the deal with them."""
    event = record(desk, deal, EventKind.EDITED, changes)
    versus = (
        desk.words.line("selling.deal_list.versus", name=deal.competitor) if deal.competitor else ""
    )
    text = lines(
        desk.words.say("selling.terms.kept", deal=render_headline(desk, deal)),
        render_terms(desk, deal),
        versus if "competitor" in changes else "",
    )
    return Reply(text, buttons=((offer_undo(desk, event),),), about=deal.id)


def _save_term(request: Request, desk: Desk, name: str, in_chinese: str) -> Reply:
    if not request.text.strip():
        return _look_up_word(request, desk, name, in_chinese)
    deal, rest = find_deal(request, desk, name)
    said = clean_text(rest.strip(" ,，:："), LIMITS.get(name, 80))
    return save_terms(desk, deal, {name: said}) if said else _show_terms(desk, deal)


def _look_up_word(request: Request, desk: Desk, english: str, chinese: str) -> Reply:
    """Looks up the bare word as an objection: mid-call it is what the customer has just said."""
    said = chinese if desk.words.language == "zh" else english
    return look_up.look_up(request.with_text(said), desk)


def _show_terms(desk: Desk, deal: Deal) -> Reply:
    """Shows the deal's terms; the line had nothing to save."""
    get_deal(desk, deal.id)
    text = lines(render_headline(desk, deal), render_terms(desk, deal))
    return Reply(text, about=deal.id)
