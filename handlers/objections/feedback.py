"""What becomes of a card that was found: the next angle, a copy, whether it landed, and more."""

from __future__ import annotations

from handlers import found_card, wrap_up
from handlers.card_numbers import numbers_of
from handlers.catalog import action
from handlers.desk import Desk
from handlers.found_card import card_on_screen, look_up_of
from handlers.gaps import note_gap
from handlers.learning import learn, unlearn
from handlers.refusals import Gone, Said
from handlers.reply import Button, Reply, Span, lines, rows
from handlers.request import Request
from storage.tables_cards import Card, LookUp


@action("obj-next")
def next_angle(request: Request, desk: Desk) -> Reply:
    """The next line to say, in the place of the one shown: `obj-next:<look-up>`."""
    lookup = look_up_of(request, desk)
    found_card.turn(desk, lookup)
    return found_card.answered(desk, lookup).editing()


@action("obj-pick")
def picked(request: Request, desk: Desk) -> Reply:
    """Another of the cards found, whole, in the place of the guess: `obj-pick:<look-up>:<card>`."""
    lookup = look_up_of(request, desk)
    if request.number(1) not in lookup.shown:
        raise Gone
    lookup.at_shown, lookup.at_angle = lookup.shown.index(request.number(1)), 0
    lookup.tier = "picked"
    _used(desk, lookup)
    return found_card.answered(desk, lookup).editing()


@action("obj-copy")
def copied(request: Request, desk: Desk) -> Reply:
    """The line alone, to copy or to send on, if it is safe to share: `obj-copy:<look-up>`."""
    lookup = look_up_of(request, desk)
    line = found_card.shareable(desk, lookup)
    if not line:
        raise Said("objections.internal")
    _used(desk, lookup)
    toast = desk.words.line("objections.to_copy")
    return Reply(
        lines(Span(line, "code")), buttons=rows(found_card.verdicts(desk, lookup)), toast=toast
    )


@action("obj-yes")
def landed(request: Request, desk: Desk) -> Reply:
    """It landed: `obj-yes:<look-up>`."""
    lookup = look_up_of(request, desk)
    lookup.landed = True
    _used(desk, lookup)
    return wrap_up.asked(desk, lookup, desk.words.say("objections.good"))


@action("obj-no")
def did_not_land(request: Request, desk: Desk) -> Reply:
    """It did not: the next line at once, if there is one. `obj-no:<look-up>`."""
    lookup = look_up_of(request, desk)
    card = card_on_screen(desk, lookup)
    lookup.landed, lookup.used_card_id = False, card.id
    unlearn(desk, lookup, card)
    desk.memory.lookups.changed(lookup)
    if lookup.gap_id is None and lookup.query:
        note_gap(desk, lookup, "missed")
    if found_card.turn(desk, lookup) and (lookup.at_shown, lookup.at_angle) != (0, 0):
        return found_card.answered(desk, lookup, desk.words.say("objections.try_this"))
    return wrap_up.asked(desk, lookup, desk.words.say("objections.did_not_land"))


@action("obj-none")
def none_fits(request: Request, desk: Desk) -> Reply:
    """None of the guesses was it: the query is kept as a gap. `obj-none:<look-up>`."""
    lookup = look_up_of(request, desk)
    if lookup.tier != "nothing":
        lookup.tier, lookup.top_card_id, lookup.used_card_id = "nothing", None, None
        desk.memory.lookups.changed(lookup)
        note_gap(desk, lookup, "missing")
    said = desk.words.say("objections.nothing", query=lookup.query[:200])
    return Reply(said, buttons=((found_card.to_write(desk, lookup),),)).editing()


@action("obj-more")
def more(request: Request, desk: Desk) -> Reply:
    """What else there is about the card: its numbers, its translation, its deal."""
    lookup = look_up_of(request, desk)
    card = card_on_screen(desk, lookup)
    buttons = [Button(desk.words.line("objections.attach"), f"obj-deal:{lookup.id}")]
    other = _translation(desk, card)
    if other is not None:
        label = desk.words.line(f"objections.in_{other.language}")
        buttons.append(Button(label, f"obj-lang:{lookup.id}"))
    if desk.may("manager"):
        buttons.append(Button(desk.words.line("deals.do_edit"), f"card-edit:{card.id}"))
    return Reply(lines(Span(card.objection, "bold"), numbers_of(desk, card)), buttons=rows(buttons))


@action("obj-lang")
def in_other_language(request: Request, desk: Desk) -> Reply:
    """The same card in the other language, in the place of this answer: `obj-lang:<look-up>`."""
    lookup = look_up_of(request, desk)
    other = _translation(desk, card_on_screen(desk, lookup))
    if other is None:
        raise Gone
    if other.id not in lookup.shown:
        lookup.shown = [*lookup.shown, other.id]
    lookup.at_shown, lookup.at_angle, lookup.tier = lookup.shown.index(other.id), 0, "picked"
    desk.memory.lookups.changed(lookup)
    return found_card.answered(desk, lookup).editing()


def _used(desk: Desk, lookup: LookUp) -> None:
    """Remembers that the card on the screen was used, and learns the words that led to it."""
    card = card_on_screen(desk, lookup)
    lookup.used_card_id = card.id
    desk.memory.lookups.changed(lookup)
    learn(desk, lookup, card)


def _translation(desk: Desk, card: Card) -> Card | None:
    """The same card in the other language."""
    same = (each for each in desk.memory.cards.in_use(desk.team.id) if each.key == card.key)
    return next((each for each in same if each.language != card.language), None)
