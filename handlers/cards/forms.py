"""Card forms: the fields of a card, their limits and checks, and new cards made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from handlers.contract.act_log import log_change
from handlers.contract.desk import Desk
from handlers.contract.reply import Field, Form, Reply, Text
from handlers.objections.card_review import REVIEW_DAYS, verify
from handlers.reading import clean_text
from kb.objections.normalise import fold, has_hanzi, squash
from kb.states import CardState
from storage.tables.cards import Card, Phrasing

MAX_PHRASINGS = 60
PHRASING_CHARACTERS = 120
LIMITS = {"objection": 120, "phrasings": 1600, "ask": 200, "say": 320, "proof": 240}
REQUIRED = ("objection", "say")
NEW_CARD_FIELDS = tuple(LIMITS)
EDIT_FIELDS = ("objection", "ask", "say", "proof")
OVER_LIMIT = 200  # characters beyond its limit that a field accepts, so that nothing typed is lost


def make_card_form(
    desk: Desk,
    action: str,
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    names: Sequence[str] = NEW_CARD_FIELDS,
    above: Text = (),
) -> Reply:
    """The form of a card's lines `names`, filled with `values`, for `action`."""
    fields = tuple(
        Field(
            name,
            desk.words.line(f"cards.command.field_{name}"),
            desk.words.line(f"cards.command.hint_{name}"),
            value=values.get(name, ""),
            required=name in REQUIRED,
            limit=LIMITS[name] + OVER_LIMIT,
        )
        for name in names
    )
    form = Form(action, desk.words.line("cards.command.form"), fields, dict(errors or {}))
    return Reply(above, form=form)


def clean_values(
    values: Mapping[str, str], names: Sequence[str] = NEW_CARD_FIELDS
) -> dict[str, str]:
    """The values of a form, each as one line; phrasings are separated by semicolons.

    A line beyond its limit is not cut: `find_errors` refuses it with what was typed.
    """
    taken = {name: clean_text(values.get(name, ""), LIMITS[name] + OVER_LIMIT) for name in names}
    if "phrasings" in taken:
        taken["phrasings"] = "; ".join(split_wordings(values.get("phrasings", "")))
    return taken


def split_wordings(text: str) -> list[str]:
    """The phrasings in a text, separated by semicolons or line breaks."""
    parts = (
        text[: LIMITS["phrasings"] + OVER_LIMIT].replace("；", ";").replace("\n", ";").split(";")
    )
    return drop_duplicates(clean_text(part, PHRASING_CHARACTERS) for part in parts)


def drop_duplicates(texts: Iterable[str]) -> list[str]:
    """The texts without duplicates and empty ones, at most as many as a card may have.

    Texts that differ in case, width and punctuation alone are duplicates.
    """
    known: dict[str, str] = {}
    for text in texts:
        if letters := normalise_wording(text):
            known.setdefault(letters, text)
    return list(known.values())[:MAX_PHRASINGS]


def normalise_wording(text: str) -> str:
    """The letters of a wording: the same for those that differ in case, width and punctuation."""
    return squash(fold(text))


def find_errors(desk: Desk, values: Mapping[str, str]) -> dict[str, str]:
    """The errors in a card's lines, by field: a card must fit on a phone's screen."""
    errors = {
        name: desk.words.line("cards.command.too_long", limit=LIMITS[name], n=len(text))
        for name, text in values.items()
        if len(text) > LIMITS[name]
    }
    missing = (name for name in REQUIRED if name in values and not values[name])
    return errors | {name: desk.words.line("cards.command.needed") for name in missing}


def make_card(desk: Desk, values: Mapping[str, str], state: CardState, language: str = "") -> Card:
    """A new card by the member, not yet saved; its language is that of its objection."""
    own = "zh" if has_hanzi(values["objection"]) else "en"
    texts = split_wordings(values.get("phrasings", ""))
    card = Card(
        team_id=desk.team.id,
        key=f"own-{desk.make_secret()[:12]}",
        language=language or own,
        category="own",
        objection=values["objection"],
        ask=values.get("ask", ""),
        say=values["say"],
        proof=values.get("proof", ""),
        state=state,
        made_by_id=desk.member.id,
        review_days=REVIEW_DAYS,
        changed_at=desk.now,
        phrasings=[Phrasing(team_id=desk.team.id, text=text) for text in texts],
    )
    if state == CardState.APPROVED:
        verify(card, desk)
    return card


def add_phrasings(desk: Desk, card: Card, more: Iterable[str], kind: str = "edited") -> list[str]:
    """Adds phrasings to a card; returns those it did not have yet."""
    had = [each.text for each in card.phrasings]
    known = {normalise_wording(text) for text in (card.objection, *had)}
    fresh = [text for text in drop_duplicates(more) if normalise_wording(text) not in known]
    fresh = fresh[: max(0, MAX_PHRASINGS - len(had))]
    if fresh:
        card.changed_at = desk.now
        log_change(desk, "card")
        desk.memory.cards.save_change(card, [*had, *fresh], kind=kind, by=desk.member.id)
    return fresh
