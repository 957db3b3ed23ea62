"""What becomes of a card that was found: the next angle, a copy, whether it landed, and more."""

from __future__ import annotations

from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.refusals import Gone, Said
from handlers.contract.reply import Button, Reply, Span, lines, rows
from handlers.contract.request import Request
from handlers.objections import attribute_deal, result
from handlers.objections.gaps import note_gap
from handlers.objections.learned_phrasings import learn, unlearn
from handlers.objections.look_up_stats import numbers_of
from handlers.objections.result import card_on_screen, look_up_of
from storage.tables.cards import Card, LookUp


@action("obj-next")
def next_angle(request: Request, desk: Desk) -> Reply:
    """The next line to say, in the place of the one shown: `obj-next:<look-up>`."""
    lookup = look_up_of(request, desk)
    result.turn(desk, lookup)
    return result.answered(desk, lookup).editing()


@action("obj-pick")
def picked(request: Request, desk: Desk) -> Reply:
    """Another of the cards found, whole, in the place of the guess: `obj-pick:<look-up>:<card>`."""
    lookup = look_up_of(request, desk)
    if request.number(1) not in lookup.shown:
        raise Gone
    lookup.at_shown, lookup.at_angle = lookup.shown.index(request.number(1)), 0
    lookup.tier = "picked"
    _used(desk, lookup)
    return result.answered(desk, lookup).editing()


@action("obj-copy")
def copied(request: Request, desk: Desk) -> Reply:
    """The line alone, to copy or to send on, if it is safe to share: `obj-copy:<look-up>`."""
    lookup = look_up_of(request, desk)
    line = result.shareable(desk, lookup)
    if not line:
        raise Said("objections.look_up.internal")
    _used(desk, lookup)
    toast = desk.words.line("objections.look_up.to_copy")
    return Reply(
        lines(Span(line, "code")), buttons=rows(result.verdicts(desk, lookup)), toast=toast
    )


@action("obj-yes")
def landed(request: Request, desk: Desk) -> Reply:
    """It landed: `obj-yes:<look-up>`."""
    lookup = look_up_of(request, desk)
    lookup.landed = True
    _used(desk, lookup)
    return attribute_deal.asked(desk, lookup, desk.words.say("objections.look_up.good"))


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
    if result.turn(desk, lookup) and (lookup.at_shown, lookup.at_angle) != (0, 0):
        return result.answered(desk, lookup, desk.words.say("objections.look_up.try_this"))
    return attribute_deal.asked(desk, lookup, desk.words.say("objections.look_up.did_not_land"))


@action("obj-none")
def none_fits(request: Request, desk: Desk) -> Reply:
    """None of the guesses was it: the query is kept as a gap. `obj-none:<look-up>`."""
    lookup = look_up_of(request, desk)
    if lookup.tier != "nothing":
        lookup.tier, lookup.top_card_id, lookup.used_card_id = "nothing", None, None
        desk.memory.lookups.changed(lookup)
        note_gap(desk, lookup, "missing")
    said = desk.words.say("objections.look_up.nothing", query=lookup.query[:200])
    return Reply(said, buttons=((result.to_write(desk, lookup),),)).editing()


@action("obj-more")
def more(request: Request, desk: Desk) -> Reply:
    """What else there is about the card: its numbers, its translation, its deal."""
    lookup = look_up_of(request, desk)
    card = card_on_screen(desk, lookup)
    buttons = [Button(desk.words.line("objections.look_up.attach"), f"obj-deal:{lookup.id}")]
    other = _translation(desk, card)
    if other is not None:
        label = desk.words.line(f"objections.look_up.in_{other.language}")
        buttons.append(Button(label, f"obj-lang:{lookup.id}"))
    if desk.may("manager"):
        buttons.append(Button(desk.words.line("selling.deal_list.do_edit"), f"card-edit:{card.id}"))
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
    return result.answered(desk, lookup).editing()


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
