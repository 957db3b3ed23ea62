"""Import and export of card records: cards as records of a file, rows of a file as cards, undo."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kb.objections.card import LINES
from kb.objections.exchange.import_plan import ExistingCard
from kb.objections.exchange.record import FIELDS, CardRecord, Row
from kb.objections.exchange.tidy import tidy
from kb.states import CardState
from storage.cards.cards import restore_content
from storage.tables.cards import Card, Phrasing
from storage.unit_of_work import UnitOfWork

_PLAIN_COLUMNS = (
    "category",
    "state",
    "objection",
    "ask",
    "say",
    "proof",
    "proof_on",
    "review_days",
)
_LIST_COLUMNS = ("angles", "internal", "stages", "industries")


@dataclass(frozen=True)
class ImportedCard:
    """A card that an import made or changed. Field names are stored in drafts: keep them."""

    card_id: int
    change_id: int  # the import's entry in the card's history
    made: bool  # False where the card was there before


@dataclass(frozen=True)
class Author:
    """Who imports into which team, and when."""

    team_id: int
    member_id: int | None  # None at the command line
    now: datetime


def load_owner_names(memory: UnitOfWork, team_id: int) -> Mapping[int, str]:
    """The active members' names by id, as files hold them."""
    return {member.id: tidy(member.name) for member in memory.members.list_active(team_id)}


def load_existing_cards(memory: UnitOfWork, team_id: int) -> list[ExistingCard]:
    """The team's cards in every state, as records."""
    owners = load_owner_names(memory, team_id)
    return [
        ExistingCard(card.id, make_record(card, owners)) for card in memory.cards.list_all(team_id)
    ]


def make_record(card: Card, owners: Mapping[int, str]) -> CardRecord:
    """The card as a record of a file."""
    return CardRecord(
        key=tidy(card.key),
        language="zh" if card.language == "zh" else "en",
        category=tidy(card.category),
        state=card.state,
        objection=tidy(card.objection),
        phrasings=_tidy_all(phrasing.text for phrasing in card.phrasings),
        ask=tidy(card.ask),
        say=tidy(card.say),
        angles=_tidy_all(card.angles),
        proof=tidy(card.proof),
        proof_on=card.proof_on,
        internal=tuple(line for line in LINES if line in card.internal),
        stages=_tidy_all(card.stages),
        industries=_tidy_all(card.industries),
        review_days=card.review_days,
        owner=owners.get(card.owner_id or 0, ""),
    )


def import_rows(memory: UnitOfWork, author: Author, rows: Sequence[Row]) -> list[ImportedCard]:
    """Makes or changes the card of each row; a card that is the same already is left alone."""
    owners = load_owner_names(memory, author.team_id)
    ids = {name: member_id for member_id, name in owners.items()}
    keys = {row.record.key for row in rows}
    there = {
        (card.key, card.language): card for card in memory.cards.list_of_keys(author.team_id, keys)
    }
    _record_present_state(memory, author, list(there.values()))
    made, changed = [], []
    for row in rows:
        card = there.get((row.record.key, row.record.language))
        if card is None:
            made.append(_make_card(row, author, ids))
        elif make_record(card, owners) != _apply_row(make_record(card, owners), row):
            _change_card(memory, card, row, author, ids)
            changed.append(card.id)
    memory.cards.add(made, kind="imported", by=author.member_id)
    new = {card.id for card in made}
    imported = memory.cards.find_newest_changes(author.team_id, [*new, *changed])
    return [ImportedCard(card, change, card in new) for card, change in sorted(imported.items())]


def undo_import(memory: UnitOfWork, author: Author, imported: Sequence[ImportedCard]) -> int:
    """Undoes an import card by card; returns how many. Cards changed since then are left alone.

    A card that the import made is retired, not deleted: a look-up may name it by now.
    """
    newest = memory.cards.find_newest_changes(author.team_id, [each.card_id for each in imported])
    undone = 0
    for each in imported:
        card = memory.cards.get(author.team_id, each.card_id)
        if card is None or newest.get(each.card_id) != each.change_id:
            continue
        card.changed_at, phrasings = author.now, None
        if each.made:
            card.state = CardState.RETIRED
        else:
            before = memory.cards.list_changes(author.team_id, card.id)[1]
            phrasings = restore_content(card, before.content)
        memory.cards.save_change(card, phrasings, kind="reverted", by=author.member_id)
        undone += 1
    return undone


def _record_present_state(memory: UnitOfWork, author: Author, cards: Sequence[Card]) -> None:
    """Writes a card's present content into an empty history, so that an undo can restore it."""
    known = memory.cards.find_newest_changes(author.team_id, [card.id for card in cards])
    for card in cards:
        if card.id not in known:
            memory.cards.save_change(card, kind="made", by=None)


def _make_card(row: Row, author: Author, ids: Mapping[str, int]) -> Card:
    record = row.record
    card = Card(
        team_id=author.team_id,
        key=record.key,
        language=record.language,
        objection=record.objection,
        say=record.say,
        made_by_id=author.member_id,
        changed_at=author.now,
        phrasings=[Phrasing(team_id=author.team_id, text=text) for text in record.phrasings],
    )
    _fill_card(card, record, FIELDS, ids)
    card.category = card.category or "own"
    _verify(card, author.now)
    return card


def _change_card(
    memory: UnitOfWork, card: Card, row: Row, author: Author, ids: Mapping[str, int]
) -> None:
    _fill_card(card, row.record, row.given, ids)
    card.changed_at = author.now
    if card.state == CardState.APPROVED:
        card.merged_into_id = None
    _verify(card, author.now)
    phrasings = row.record.phrasings if "phrasings" in row.given else None
    memory.cards.save_change(card, phrasings, kind="imported", by=author.member_id)


def _fill_card(
    card: Card, record: CardRecord, given: Collection[str], ids: Mapping[str, int]
) -> None:
    for name in _PLAIN_COLUMNS:
        if name in given:
            setattr(card, name, getattr(record, name))
    for name in _LIST_COLUMNS:
        if name in given:
            setattr(card, name, list(getattr(record, name)))
    if "owner" in given:
        card.owner_id = ids.get(record.owner)


def _verify(card: Card, now: datetime) -> None:
    """Marks an approved card as verified: importing counts as checking, as writing does."""
    in_use = card.state == CardState.APPROVED
    card.verified_at = now if in_use else card.verified_at
    card.review_at = now + timedelta(days=card.review_days) if in_use else None


def _apply_row(record: CardRecord, row: Row) -> CardRecord:
    """The record with the row's fields applied."""
    given = {name: getattr(row.record, name) for name in FIELDS if name in row.given}
    return CardRecord(**{name: getattr(record, name) for name in FIELDS} | given)


def _tidy_all(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for each in texts if (text := tidy(each))))
