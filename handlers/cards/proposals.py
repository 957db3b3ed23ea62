"""Card proposals: drafts by reps, and the message to the managers who decide on them."""

from __future__ import annotations

from handlers.cards.card_view import show_card
from handlers.cards.forms import (
    LIMITS,
    PHRASING_CHARACTERS,
    clean_values,
    find_errors,
    make_card,
    make_card_form,
)
from handlers.cards.gap_filling import fill_gaps, link_gap
from handlers.contract.act_log import log_change
from handlers.contract.catalog import action
from handlers.contract.desk import Desk, calendar_of
from handlers.contract.drafts import find_draft, save_draft
from handlers.contract.refusals import NotFound
from handlers.contract.reply import Reply, Text, lines, shorten
from handlers.contract.request import Request
from handlers.outbox.enqueue import enqueue
from handlers.outbox.notices import find_deciders
from handlers.reading import clean_text
from kb.states import CardState
from storage.tables.cards import Card, Gap, GapState
from storage.tables.people_and_deals import Role

REPLIED_CHARACTERS = 4000


@action("card-propose")
def propose_card(request: Request, desk: Desk) -> Reply:
    """Asks for a card and saves it as a draft until a manager approves it.

    `card-propose:<look-up>` proposes one for what the member looked up in vain.
    """
    lookup = desk.memory.lookups.get(desk.team.id, desk.member.id, request.number(0))
    name = f"card-propose:{lookup.id}" if lookup is not None else "card-propose"
    if request.kind != "form":
        begun = (
            {"objection": shorten(lookup.query, LIMITS["objection"])} if lookup is not None else {}
        )
        return make_card_form(desk, name, begun, above=desk.words.say("cards.command.how_proposed"))
    values = clean_values(request.values)
    if errors := find_errors(desk, values):
        return make_card_form(desk, name, values, errors)
    gap_id = lookup.gap_id if lookup is not None else None
    gap = desk.memory.gaps.get(desk.team.id, gap_id) if gap_id else None
    is_filled = gap is not None and gap.state == GapState.FILLED
    return save_card(desk, make_card(desk, values, CardState.DRAFT), None if is_filled else gap)


def propose_from_message(desk: Desk, text: str) -> Reply:
    """Asks for the line to say to a message that somebody replied `card` to."""
    draft = save_draft(desk, "message", {"text": text[:REPLIED_CHARACTERS]})
    return _ask_line(desk, draft.id, text)


@action("card-of")
def save_message_card(request: Request, desk: Desk) -> Reply:
    """Saves a card made of a message and the line to say: `card-of:<draft>`."""
    draft = find_draft(desk, "message", request.number(0))
    if draft is None or draft.team_id != desk.team.id:
        raise NotFound
    text = str(draft.data["text"])
    if request.kind != "form":
        return _ask_line(desk, draft.id, text)
    line = clean_text(text, len(text))
    values = clean_values(
        {"objection": shorten(line, LIMITS["objection"]), "say": request.values.get("say", "")}
    )
    if errors := find_errors(desk, values):
        return _ask_line(desk, draft.id, text, values["say"], errors)
    values["phrasings"] = line[:PHRASING_CHARACTERS] if len(line) > LIMITS["objection"] else ""
    desk.memory.drafts.drop(draft)
    return save_card(desk, make_card(desk, values, CardState.DRAFT))


def save_card(desk: Desk, card: Card, gap: Gap | None = None, above: Text = ()) -> Reply:
    """Saves a new card, linked to its gap if it has one; managers are told of a rep's draft."""
    draft = card.state == CardState.DRAFT
    log_change(desk, "card")
    desk.memory.cards.add([card], kind="proposed" if draft else "made", by=desk.member.id)
    if gap is not None:
        link_gap(desk, gap, card)
    if not draft:
        return show_card(
            desk, card, lines(desk.words.say("cards.command.added"), fill_gaps(desk, card))
        )
    if desk.may(Role.MANAGER):
        return show_card(desk, card, above or desk.words.say("cards.command.drafted"))
    _notify_approvers(desk, card)
    return show_card(desk, card, desk.words.say("cards.command.proposed"))


def render_proposal(desk: Desk, card_id: int) -> Reply | None:
    """The message to a manager about a draft; None once it has been decided on."""
    card = desk.memory.cards.get(desk.team.id, card_id)
    if card is None or card.state != CardState.DRAFT or not desk.may(Role.MANAGER):
        return None
    name = desk.memory.members.get_name(desk.team.id, card.made_by_id or 0)
    return show_card(desk, card, desk.words.say("cards.command.proposed_by", name=name))


def _notify_approvers(desk: Desk, card: Card) -> None:
    for member in find_deciders(desk.memory, desk.team.id, desk.member.manager_id):
        key = f"proposal:{card.id}:{member.id}"
        due_at = calendar_of(member).next_working(desk.now)
        enqueue(desk.memory, member, "proposal", key, due_at, card.id)


def _ask_line(
    desk: Desk, draft_id: int, text: str, said: str = "", errors: dict[str, str] | None = None
) -> Reply:
    quote = shorten(clean_text(text, LIMITS["objection"] + 1), LIMITS["objection"])
    above = desk.words.say("cards.command.of_message", text=quote)
    return make_card_form(desk, f"card-of:{draft_id}", {"say": said}, errors, ("say",), above)
