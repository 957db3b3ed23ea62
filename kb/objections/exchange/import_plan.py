"""Import plan: what importing a file would do to the team's cards, computed before it is done."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from kb.objections.card import Card
from kb.objections.exchange.record import FIELDS, CardRecord, InvalidRow, Row, Sheet
from kb.objections.exchange.row_parser import derive_key
from kb.objections.near_duplicate import WORDINGS, find_duplicate
from kb.objections.normalise import fold, squash
from kb.objections.search import CardIndex

_IDENTITY = ("key", "language")  # what a card is found by


@dataclass(frozen=True)
class ExistingCard:
    """A card that the team has, in any state."""

    id: int
    record: CardRecord


@dataclass(frozen=True)
class Change:
    """A row that changes an existing card; `fields` are those it changes, in FIELDS' order."""

    row: Row
    card_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class NearDuplicate:
    """A new card that is nearly the same as another, whose objection is `like`."""

    row: Row
    like: str


@dataclass(frozen=True)
class Plan:
    """What an import would do. Field names are stored in drafts: keep them."""

    new: tuple[Row, ...] = ()
    changed: tuple[Change, ...] = ()
    same: int = 0  # rows that say what their card says already
    near: tuple[NearDuplicate, ...] = ()  # those among `new` that look like another card
    broken: tuple[InvalidRow, ...] = ()
    unchecked: int = 0  # new cards that were not compared with the others: too many lookups
    unread: tuple[str, ...] = ()  # columns that name no field
    strangers: tuple[str, ...] = ()  # owners who are no members: their cards get no owner
    lines: bool = False  # whether numbers are lines of the file, and not rows

    def rows(self, *, leave_doubles: bool = False) -> list[Row]:
        """The rows to import: new cards, then changed ones.

        `leave_doubles` leaves out new cards that look like another.
        """
        left = {near.row.number for near in self.near} if leave_doubles else set()
        rows = [*self.new, *(change.row for change in self.changed)]
        return [row for row in rows if row.number not in left]


def plan_import(
    existing: Sequence[ExistingCard],
    sheet: Sheet,
    index: CardIndex,
    owners: Collection[str] = (),
    lookups: int | None = None,
) -> Plan:
    """Return what importing the sheet would do to a team's cards.

    `index` holds the cards in use, by the ids of `existing`; `owners` are the members' names. A
    card is found by its key and language, or, where the file gives no key, by its objection.
    `lookups` is how many searches the hunt for near-doubles may take; None: as many as it needs.
    """
    known = _CardsByName(existing)
    new, changed, same = [], [], 0
    rows = [_drop_unknown_owner(row, owners) for row in sheet.rows]
    for row in rows:
        card = known.find(row.record)
        if card is None:
            new.append(row)
        elif fields := _find_changed_fields(row, card.record):
            named = replace(row.record, key=card.record.key)
            changed.append(Change(replace(row, record=named), card.id, fields))
        else:
            same += 1
    near, unchecked = _find_near_duplicates(existing, new, index, lookups)
    named_owners = dict.fromkeys(row.record.owner for row in sheet.rows if row.record.owner)
    return Plan(
        tuple(new),
        tuple(changed),
        same,
        near,
        sheet.broken,
        unchecked,
        sheet.unread,
        tuple(name for name in named_owners if name not in owners),
        sheet.lines,
    )


def make_card(record: CardRecord, card_id: int | str) -> Card:
    """Return the record as a card of the search index."""
    return Card(
        id=card_id,
        key=record.key,
        language=record.language,
        category=record.category,
        objection=record.objection,
        phrasings=record.phrasings,
        ask=record.ask,
        say=record.say,
        proof=record.proof,
        stages=record.stages,
        angles=record.angles,
        industries=record.industries,
        internal=frozenset(record.internal),
        proof_on=record.proof_on,
    )


class _CardsByName:
    """The team's cards by (key, language), and by (objection, language)."""

    def __init__(self, existing: Iterable[ExistingCard]) -> None:
        self._by_name: dict[tuple[str, str], ExistingCard] = {}
        self._by_objection: dict[tuple[str, str], ExistingCard] = {}
        for card in existing:
            self._by_name[card.record.key, card.record.language] = card
            self._by_objection.setdefault(_make_objection_key(card.record), card)

    def find(self, record: CardRecord) -> ExistingCard | None:
        found = self._by_name.get((record.key, record.language))
        if found is None and record.key == derive_key(record.objection):
            found = self._by_objection.get(_make_objection_key(record))
        return found


def _make_objection_key(record: CardRecord) -> tuple[str, str]:
    return squash(fold(record.objection)), record.language


def _drop_unknown_owner(row: Row, owners: Collection[str]) -> Row:
    if not row.record.owner or row.record.owner in owners:
        return row
    return Row(row.number, replace(row.record, owner=""), row.given - {"owner"})


def _find_changed_fields(row: Row, record: CardRecord) -> tuple[str, ...]:
    return tuple(
        name
        for name in FIELDS
        if name in row.given
        and name not in _IDENTITY
        and getattr(row.record, name) != getattr(record, name)
    )


def _find_near_duplicates(
    existing: Sequence[ExistingCard], new: Sequence[Row], index: CardIndex, lookups: int | None
) -> tuple[tuple[NearDuplicate, ...], int]:
    """New cards that look like one of the team's or like one earlier in the file.

    Also how many could not be compared within `lookups` searches.
    """
    if not new:
        return (), 0
    checked = new if lookups is None else new[:lookups]
    wordings = WORDINGS if lookups is None else min(WORDINGS, lookups // len(checked))
    cards = [make_card(row.record, f"file:{place}") for place, row in enumerate(checked)]
    together = lookups is None or sum(len(card.wordings) for card in cards) <= lookups
    searched = index.with_changes(cards) if together else index
    said: dict[int | str, str] = {card.id: card.record.objection for card in existing}
    said |= {card.id: card.objection for card in cards}
    places: dict[int | str, int] = {card.id: place for place, card in enumerate(cards)}
    found = []
    for place, (row, card) in enumerate(zip(checked, cards, strict=True)):
        double = find_duplicate(card, searched, wordings)
        if double is not None and places.get(double, -1) < place:
            found.append(NearDuplicate(row, said[double]))
    return tuple(found), len(new) - len(checked)
