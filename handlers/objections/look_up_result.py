"""The answer to a look-up: the card on the screen with its buttons, or the best of a few."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.contract.desk import Desk
from handlers.contract.refusals import NotFound
from handlers.contract.reply import Button, Reply, Text, lines, rows
from handlers.contract.request import Request
from handlers.deals.testimonial_lines import render_on_card
from handlers.objections.card_review import make_verify_button, render_review_note
from handlers.objections.card_text import (
    collect_blanks,
    find_shareable_line,
    list_angles,
    render_card,
)
from kb.states import CardState
from storage.tables.cards import Card, LookUp
from storage.tables.people_and_deals import Deal, Role

ALTERNATIVES = 2


def find_approved(desk: Desk, card_id: int | str) -> Card | None:
    """The approved card of that id; of a card merged into another, the other. Else None."""
    card = desk.memory.cards.get(desk.team.id, int(card_id))
    if card is not None and card.merged_into_id and card.state == CardState.RETIRED:
        card = desk.memory.cards.get(desk.team.id, card.merged_into_id)
    return card if card is not None and card.state == CardState.APPROVED else None


def get_look_up(request: Request, desk: Desk) -> LookUp:
    """The member's own look-up that a button names first. Raises NotFound."""
    found = desk.memory.lookups.get(desk.team.id, desk.member.id, request.number(0))
    if found is None:
        raise NotFound
    return found


def get_card_on_screen(desk: Desk, lookup: LookUp) -> Card:
    """The card that the look-up shows. Raises NotFound once it is no longer in use."""
    if not 0 <= lookup.at_shown < len(lookup.shown):
        raise NotFound
    card = find_approved(desk, lookup.shown[lookup.at_shown])
    if card is None:
        raise NotFound
    return card


def render_answer(
    desk: Desk, lookup: LookUp, above: str | Text = (), also: Sequence[int] = ()
) -> Reply:
    """The card on the screen as a reply, under `above`; a guess where the search was unsure.

    `also` are ids of cards for further objections in the text: the first gets a button.
    """
    card, deal = get_card_on_screen(desk, lookup), find_deal(desk, lookup)
    industry = deal.customer.industry if deal is not None else ""
    shown = lines(
        render_card(card, collect_blanks(desk, deal, card), lookup.at_angle),
        render_on_card(desk, card.category, industry),
    )
    if lookup.tier == "unsure":
        text = above or desk.words.say("objections.look_up.closest")
        return Reply(
            lines(text, shown, render_review_note(desk, card)),
            buttons=_make_guess_buttons(desk, lookup),
        )
    other = find_approved(desk, also[0]) if also else None
    text = desk.words.say("objections.look_up.also", objection=other.objection) if other else ()
    note = render_review_note(desk, card)
    return Reply(
        lines(above, shown, note, text), buttons=_make_card_buttons(desk, lookup, card, other)
    )


def find_shareable_text(desk: Desk, lookup: LookUp) -> str:
    """The line on the screen with its placeholders filled; empty where it is internal."""
    card = get_card_on_screen(desk, lookup)
    return find_shareable_line(
        card, collect_blanks(desk, find_deal(desk, lookup), card), lookup.at_angle
    )


def find_deal(desk: Desk, lookup: LookUp) -> Deal | None:
    """The deal the look-up is about, attributed or guessed; None where there is none."""
    return desk.memory.deals.get(desk.scope, lookup.deal_id) if lookup.deal_id else None


def turn_to_next_line(desk: Desk, lookup: LookUp) -> bool:
    """Turns to the next line: the card's next angle, then the next card, then the first again.

    False where there is only one line.
    """
    places = _list_lines(desk, lookup)
    here = (lookup.at_shown, lookup.at_angle)
    if len(places) < 2:
        return False
    following = places.index(here) + 1 if here in places else 0
    lookup.at_shown, lookup.at_angle = places[following % len(places)]
    desk.memory.lookups.save_change(lookup)
    return True


def make_write_button(desk: Desk, lookup: LookUp) -> Button:
    """The button that writes the missing card; for a rep, that proposes it."""
    if desk.may(Role.MANAGER):
        return Button(desk.words.line("objections.look_up.write_it"), f"card-write:{lookup.id}")
    return Button(desk.words.line("cards.command.do_propose"), f"card-propose:{lookup.id}")


def make_verdict_buttons(desk: Desk, lookup: LookUp) -> tuple[Button, Button]:
    """The two buttons that say whether the line landed."""
    return (
        Button(desk.words.line("objections.look_up.landed"), f"obj-yes:{lookup.id}"),
        Button(desk.words.line("objections.look_up.did_not"), f"obj-no:{lookup.id}"),
    )


def _list_lines(desk: Desk, lookup: LookUp) -> list[tuple[int, int]]:
    """Every line of the cards shown, as (index of the card, index of its angle)."""
    cards = [(place, find_approved(desk, card_id)) for place, card_id in enumerate(lookup.shown)]
    return [
        (at, n) for at, card in cards if card is not None for n in range(len(list_angles(card)))
    ]


def _make_card_buttons(
    desk: Desk, lookup: LookUp, card: Card, other: Card | None = None
) -> tuple[tuple[Button, ...], ...]:
    words, key = desk.words, lookup.id
    last = make_verify_button(desk, card) or Button(
        words.line("objections.look_up.more"), f"obj-more:{key}"
    )
    if other is not None:
        last = Button(other.objection, f"obj-pick:{key}:{other.id}")
    buttons = [
        Button(words.line("objections.look_up.copy"), f"obj-copy:{key}"),
        *make_verdict_buttons(desk, lookup),
        last,
    ]
    if len(lookup.shown) > 1 or card.angles:
        buttons.insert(0, Button(words.line("objections.look_up.next"), f"obj-next:{key}"))
    return rows(buttons)


def _make_guess_buttons(desk: Desk, lookup: LookUp) -> tuple[tuple[Button, ...], ...]:
    """Buttons for two other cards, and for the one on the screen."""
    words, key = desk.words, lookup.id
    others = [
        Button(card.objection, f"obj-pick:{key}:{card.id}")
        for card_id in lookup.shown[1 : 1 + ALTERNATIVES]
        if (card := find_approved(desk, card_id)) is not None
    ]
    acts = (
        Button(words.line("objections.look_up.copy"), f"obj-copy:{key}"),
        Button(words.line("objections.look_up.landed"), f"obj-yes:{key}"),
        Button(words.line("objections.look_up.none_fits"), f"obj-none:{key}"),
    )
    return (*rows(others, 1), acts)
