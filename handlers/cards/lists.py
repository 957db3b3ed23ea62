"""Card lists: by state and category, those due for review, and those unused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from handlers.cards.card_view import CATEGORIES, get_card, get_category_name, show_card
from handlers.cards.state import render_retired, retire_card
from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.list_page import find_page
from handlers.contract.refusals import ChoiceNeeded
from handlers.contract.reply import ACTION_BYTES, Button, Reply, Text, lines, rows, text_of
from handlers.contract.request import Request
from handlers.objections.card_review import list_due_cards
from kb.states import CardState
from storage.tables.cards import Card
from storage.tables.people_and_deals import Role

PAGE = 4
UNUSED_AFTER = timedelta(days=120)
MONDAY = 0
_LIST_WORDS = {
    "approved": ("approved", "live", "all", "use", "在用", "已批准", "全部"),
    "draft": ("draft", "drafts", "草稿", "待审"),
    "retired": ("retired", "old", "停用", "已停用"),
    "due": ("due", "review", "到期", "待复核"),
    "unused": ("unused", "idle", "闲置", "没人用"),
}

_KEYS_WHEN_EMPTY = {
    "due": "cards.command.none_due",
    "draft": "cards.command.none_draft",
    "retired": "cards.command.none_retired",
}


def show_overview(desk: Desk) -> Reply:
    """Shows how many cards there are in each state, and buttons for what can be done."""
    counts = desk.memory.cards.count_by_state(desk.team.id)
    if not desk.may(Role.MANAGER):
        how = desk.words.say("cards.command.how_rep", n=counts.get(CardState.APPROVED, 0))
        return Reply(
            how, buttons=rows([_make_button(desk, "propose"), _make_list_button(desk, "approved")])
        )
    drafts, due = counts.get(CardState.DRAFT, 0), len(list_due_cards(desk))
    text = [desk.words.say("cards.command.how", n=counts.get(CardState.APPROVED, 0))]
    text += [desk.words.say("cards.command.drafts_wait", n=drafts)] if drafts else []
    text += [desk.words.say("cards.command.due_wait", n=due)] if due else []
    buttons = [_make_button(desk, "add"), _make_list_button(desk, "approved")]
    buttons += [_make_list_button(desk, "draft")] if drafts else []
    buttons += [_make_button(desk, "review")] if due else []
    buttons.append(_make_button(desk, "unused"))
    return Reply(lines(*text), buttons=rows(buttons))


def show_named_list(desk: Desk, text: str) -> Reply:
    """Shows the list that was asked for: `card list`, `card list retired`, `card list price`."""
    word = text.strip().casefold()
    kind = next((kind for kind, names in _LIST_WORDS.items() if word in names), "")
    if kind == "unused":
        return render_unused(desk, 0)
    if kind or not word:
        return render_list(desk, kind or "approved", "", 0)
    categories = {get_category_name(desk, each).casefold(): each for each in CATEGORIES}
    return render_list(desk, "approved", categories.get(word, word), 0)


@action("card-list")
def turn_page(request: Request, desk: Desk) -> Reply:
    """Shows a page of a list: `card-list:<state>:<category>:<page>`."""
    kind = request.word(0) if request.word(0) in _LIST_WORDS else "approved"
    return render_list(desk, kind, request.word(1), request.number(2)).in_place()


@action("card-show")
def open_card(request: Request, desk: Desk) -> Reply:
    """Shows one card of a list: `card-show:<card>`."""
    return show_card(desk, get_card(desk, request.number(0)))


@action("card-review")
def show_next_due(request: Request, desk: Desk) -> Reply:
    """Shows the card longest overdue for this member's review: `card-review`."""
    ids = list_due_cards(desk)
    if not ids:
        raise ChoiceNeeded("cards.command.none_due")
    card = get_card(desk, ids[0])
    return show_card(desk, card, desk.words.say("cards.command.review_this", n=len(ids)))


@action("card-unused", role=Role.MANAGER)
def retire_unused(request: Request, desk: Desk) -> Reply:
    """`card-unused:<page>`; `card-unused:<page>:<card>` retires that one first."""
    page, card_id = request.number(0), request.number(1)
    if not card_id:
        return render_unused(desk, page)
    card = get_card(desk, card_id)
    if card.state == CardState.APPROVED:
        retire_card(desk, card, "retired")
    done = render_retired(desk, card)
    if not _find_unused(desk):
        return done.in_place()
    rest = render_unused(desk, page)
    back = tuple(button for row in done.buttons for button in row)
    return Reply(lines(done.text, rest.text), buttons=(*rest.buttons[:-1], back)).in_place()


def render_unused(desk: Desk, page: int) -> Reply:
    """The cards that nobody has used or checked for long, each with a button to retire it."""
    ids = _find_unused(desk)
    if not ids:
        raise ChoiceNeeded("cards.command.none_unused", days=UNUSED_AFTER.days)
    on_page = find_page(len(ids), page, PAGE)
    part = _load_cards(desk, on_page.cut(ids))
    buttons = [
        Button(f"✕ {card.objection}", f"card-unused:{on_page.number}:{card.id}") for card in part
    ]
    buttons += on_page.make_more_button(desk.words, "card-unused:")
    title = desk.words.say("cards.command.unused", n=len(ids), days=UNUSED_AFTER.days)
    return Reply(
        lines(title, *(_render_row(desk, card) for card in part)), buttons=rows(buttons, 1)
    )


def render_unused_reminder(desk: Desk) -> tuple[Text, Button] | None:
    """The line about unused cards in a manager's Monday digest; None where there is none."""
    if not desk.may(Role.MANAGER) or desk.calendar.local(desk.now).weekday() != MONDAY:
        return None
    newest = desk.memory.lookups.list_newest(desk.team.id, limit=1)
    if not newest or newest[0].at < desk.now - UNUSED_AFTER:
        return None  # a team that looks nothing up uses no card: that is not the cards' fault
    ids = _find_unused(desk)
    if not ids:
        return None
    text = desk.words.say("cards.command.unused_waiting", n=len(ids), days=UNUSED_AFTER.days)
    return text, _make_button(desk, "unused")


def render_list(desk: Desk, kind: str, category: str, page: int) -> Reply:
    """A page of the cards of a state, or of those due, in a category if one is named."""
    ids = _find_ids(desk, kind, category)
    if not ids and not category and kind in _KEYS_WHEN_EMPTY:
        raise ChoiceNeeded(_KEYS_WHEN_EMPTY[kind], _make_list_button(desk, "approved"))
    if not ids:
        names = desk.memory.cards.list_categories(desk.team.id)
        known = desk.words.line("contract.common.comma").join(
            get_category_name(desk, each) for each in names
        )
        raise ChoiceNeeded(
            "cards.command.none_listed", _make_list_button(desk, "approved"), categories=known
        )
    on_page = find_page(len(ids), page, PAGE)
    part = _load_cards(desk, on_page.cut(ids))
    buttons = [Button(card.objection, f"card-show:{card.id}") for card in part]
    turn = f"card-list:{kind}:{category}:"
    if len(f"{turn}{on_page.next}".encode()) <= ACTION_BYTES:  # a team's own category may be longer
        buttons += on_page.make_more_button(desk.words, turn)
    title = desk.words.say(f"cards.command.listed_{kind}", n=len(ids))
    return Reply(
        lines(title, *(_render_row(desk, card) for card in part)), buttons=rows(buttons, 1)
    )


def _find_ids(desk: Desk, kind: str, category: str) -> Sequence[int]:
    cards, team = desk.memory.cards, desk.team.id
    if kind == "due":
        return (
            cards.list_ids_to_review(team, desk.now)
            if desk.may(Role.MANAGER)
            else list_due_cards(desk)
        )
    if kind != "approved" and not desk.may(Role.MANAGER):
        return cards.list_draft_ids_of(team, desk.member.id) if kind == "draft" else ()
    if kind == "unused":  # a list of its own, see `render_unused`
        return ()
    return cards.list_ids(team, CardState(kind), category, desk.words.language)


def _find_unused(desk: Desk) -> Sequence[int]:
    return desk.memory.cards.list_unused_ids(
        desk.team.id, desk.now - UNUSED_AFTER, desk.words.language
    )


def _load_cards(desk: Desk, ids: Sequence[int]) -> list[Card]:
    cards = (desk.memory.cards.get(desk.team.id, each) for each in ids)
    return [card for card in cards if card is not None]


def _render_row(desk: Desk, card: Card) -> Text:
    return text_of(f"• {card.objection} · {get_category_name(desk, card.category)}")


def _make_button(desk: Desk, name: str) -> Button:
    return Button(desk.words.line(f"cards.command.do_{name}"), f"card-{name}")


def _make_list_button(desk: Desk, kind: str) -> Button:
    return Button(desk.words.line(f"cards.command.list_{kind}"), f"card-list:{kind}::0")
