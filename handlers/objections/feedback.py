"""Feedback on a look-up: next angle, copy, whether the line landed, and more about the card."""

from __future__ import annotations

from handlers.contract.act_log import log_change
from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.refusals import NotFound, TextRefusal
from handlers.contract.reply import Button, Reply, Span, lines, rows
from handlers.contract.request import Request
from handlers.objections import deal_attribution, look_up_result
from handlers.objections.gaps import record_gap
from handlers.objections.learned_phrasings import learn, unlearn
from handlers.objections.look_up_result import get_card_on_screen, get_look_up
from handlers.objections.look_up_stats import render_numbers
from storage.tables.cards import Card, LookUp
from storage.tables.people_and_deals import Role


@action("obj-next")
def show_next_angle(request: Request, desk: Desk) -> Reply:
    """Replaces the line on the screen by the next one: `obj-next:<look-up>`."""
    lookup = get_look_up(request, desk)
    look_up_result.turn_to_next_line(desk, lookup)
    return look_up_result.render_answer(desk, lookup).in_place()


@action("obj-pick")
def pick_card(request: Request, desk: Desk) -> Reply:
    """Shows another of the cards found instead of the guess: `obj-pick:<look-up>:<card>`."""
    lookup = get_look_up(request, desk)
    if request.number(1) not in lookup.shown:
        raise NotFound
    lookup.at_shown, lookup.at_angle = lookup.shown.index(request.number(1)), 0
    lookup.tier = "picked"
    _save_use(desk, lookup)
    return look_up_result.render_answer(desk, lookup).in_place()


@action("obj-copy")
def copy_line(request: Request, desk: Desk) -> Reply:
    """The line alone, to copy or forward; refused where it is internal: `obj-copy:<look-up>`."""
    lookup = get_look_up(request, desk)
    line = look_up_result.find_shareable_text(desk, lookup)
    if not line:
        raise TextRefusal("objections.look_up.internal")
    _save_use(desk, lookup)
    toast = desk.words.line("objections.look_up.to_copy")
    return Reply(
        lines(Span(line, "code")),
        buttons=rows(look_up_result.make_verdict_buttons(desk, lookup)),
        toast=toast,
    )


@action("obj-yes")
def mark_landed(request: Request, desk: Desk) -> Reply:
    """Saves that the line landed, and asks for the deal: `obj-yes:<look-up>`."""
    lookup = get_look_up(request, desk)
    lookup.landed = True
    _save_use(desk, lookup)
    return deal_attribution.ask_deal(desk, lookup, desk.words.say("objections.look_up.good"))


@action("obj-no")
def mark_not_landed(request: Request, desk: Desk) -> Reply:
    """Saves that the line did not land, and shows the next one, if any: `obj-no:<look-up>`."""
    lookup = get_look_up(request, desk)
    card = get_card_on_screen(desk, lookup)
    lookup.landed, lookup.used_card_id = False, card.id
    log_change(desk, "feedback")
    unlearn(desk, lookup, card)
    desk.memory.lookups.save_change(lookup)
    if lookup.gap_id is None and lookup.query:
        record_gap(desk, lookup, "missed")
    if look_up_result.turn_to_next_line(desk, lookup) and (lookup.at_shown, lookup.at_angle) != (
        0,
        0,
    ):
        return look_up_result.render_answer(
            desk, lookup, desk.words.say("objections.look_up.try_this")
        )
    return deal_attribution.ask_deal(
        desk, lookup, desk.words.say("objections.look_up.did_not_land")
    )


@action("obj-none")
def mark_none_fits(request: Request, desk: Desk) -> Reply:
    """Saves that none of the guesses fits, and records a gap: `obj-none:<look-up>`."""
    lookup = get_look_up(request, desk)
    if lookup.tier != "nothing":
        lookup.tier, lookup.top_card_id, lookup.used_card_id = "nothing", None, None
        log_change(desk, "feedback")
        desk.memory.lookups.save_change(lookup)
        record_gap(desk, lookup, "missing")
    text = desk.words.say("objections.look_up.nothing", query=lookup.query[:200])
    return Reply(text, buttons=((look_up_result.make_write_button(desk, lookup),),)).in_place()


@action("obj-more")
def show_more(request: Request, desk: Desk) -> Reply:
    """More about the card: its statistics, its translation, its deal: `obj-more:<look-up>`."""
    lookup = get_look_up(request, desk)
    card = get_card_on_screen(desk, lookup)
    buttons = [Button(desk.words.line("objections.look_up.attach"), f"obj-deal:{lookup.id}")]
    other = _find_translation(desk, card)
    if other is not None:
        label = desk.words.line(f"objections.look_up.in_{other.language}")
        buttons.append(Button(label, f"obj-lang:{lookup.id}"))
    if desk.may(Role.MANAGER):
        buttons.append(Button(desk.words.line("selling.deal_list.do_edit"), f"card-edit:{card.id}"))
    return Reply(
        lines(Span(card.objection, "bold"), render_numbers(desk, card)), buttons=rows(buttons)
    )


@action("obj-lang")
def show_translation(request: Request, desk: Desk) -> Reply:
    """Replaces the answer by the card's translation: `obj-lang:<look-up>`."""
    lookup = get_look_up(request, desk)
    other = _find_translation(desk, get_card_on_screen(desk, lookup))
    if other is None:
        raise NotFound
    if other.id not in lookup.shown:
        lookup.shown = [*lookup.shown, other.id]
    lookup.at_shown, lookup.at_angle, lookup.tier = lookup.shown.index(other.id), 0, "picked"
    desk.memory.lookups.save_change(lookup)
    return look_up_result.render_answer(desk, lookup).in_place()


def _save_use(desk: Desk, lookup: LookUp) -> None:
    """Saves that the card on the screen was used, and learns the words that led to it."""
    card = get_card_on_screen(desk, lookup)
    lookup.used_card_id = card.id
    log_change(desk, "feedback")
    desk.memory.lookups.save_change(lookup)
    learn(desk, lookup, card)


def _find_translation(desk: Desk, card: Card) -> Card | None:
    """The card in use with the same key in the other language; None where there is none."""
    same = (each for each in desk.memory.cards.list_approved(desk.team.id) if each.key == card.key)
    return next((each for each in same if each.language != card.language), None)
