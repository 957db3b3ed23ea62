"""What a file of cards would change: the dry run, before anything is kept."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from kb.objections.card import Card
from kb.objections.exchange.checking import derived_key
from kb.objections.exchange.record import FIELDS, Broken, CardRecord, Row, Sheet
from kb.objections.near_duplicate import WORDINGS, find_duplicate
from kb.objections.normalise import fold, squash
from kb.objections.search import CardIndex

_NAMES = ("key", "language")  # what a card is found by


@dataclass(frozen=True)
class Existing:
    """A card of the team, in whatever state."""

    id: int
    record: CardRecord


@dataclass(frozen=True)
class Change:
    """A row that changes a card, and the fields it changes, in the order of FIELDS."""

    row: Row
    card_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Near:
    """A new card that looks like another one, whose objection is `like`."""

    row: Row
    like: str


@dataclass(frozen=True)
class Plan:
    """What an import would do. `near` are among the `new`; of `unchecked` nobody knows.

    `strangers` are owners named in the file who are no members: their cards get no owner.
    """

    new: tuple[Row, ...] = ()
    changed: tuple[Change, ...] = ()
    same: int = 0
    near: tuple[Near, ...] = ()
    broken: tuple[Broken, ...] = ()
    unchecked: int = 0
    unread: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    lines: bool = False

    def rows(self, *, leave_doubles: bool = False) -> list[Row]:
        """The rows that an import puts in: what is new, then what is changed."""
        left = {near.row.number for near in self.near} if leave_doubles else set()
        rows = [*self.new, *(change.row for change in self.changed)]
        return [row for row in rows if row.number not in left]


def compare(
    existing: Sequence[Existing],
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
    known = _Known(existing)
    new, changed, same = [], [], 0
    rows = [_without_strangers(row, owners) for row in sheet.rows]
    for row in rows:
        card = known.find(row.record)
        if card is None:
            new.append(row)
        elif fields := _differing(row, card.record):
            named = replace(row.record, key=card.record.key)
            changed.append(Change(replace(row, record=named), card.id, fields))
        else:
            same += 1
    near, unchecked = _near(existing, new, index, lookups)
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


def as_card(record: CardRecord, card_id: int | str) -> Card:
    """Return the record as the look-up takes it."""
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


class _Known:
    """The team's cards by what a row may name them by."""

    def __init__(self, existing: Iterable[Existing]) -> None:
        self._by_name: dict[tuple[str, str], Existing] = {}
        self._by_objection: dict[tuple[str, str], Existing] = {}
        for card in existing:
            self._by_name[card.record.key, card.record.language] = card
            self._by_objection.setdefault(_said(card.record), card)

    def find(self, record: CardRecord) -> Existing | None:
        found = self._by_name.get((record.key, record.language))
        if found is None and record.key == derived_key(record.objection):
            found = self._by_objection.get(_said(record))
        return found


def _said(record: CardRecord) -> tuple[str, str]:
    return squash(fold(record.objection)), record.language


def _without_strangers(row: Row, owners: Collection[str]) -> Row:
    if not row.record.owner or row.record.owner in owners:
        return row
    return Row(row.number, replace(row.record, owner=""), row.given - {"owner"})


def _differing(row: Row, record: CardRecord) -> tuple[str, ...]:
    return tuple(
        name
        for name in FIELDS
        if name in row.given
        and name not in _NAMES
        and getattr(row.record, name) != getattr(record, name)
    )


def _near(
    existing: Sequence[Existing], new: Sequence[Row], index: CardIndex, lookups: int | None
) -> tuple[tuple[Near, ...], int]:
    """The new cards that look like one of the team's, or like one further up in the file."""
    if not new:
        return (), 0
    checked = new if lookups is None else new[:lookups]
    wordings = WORDINGS if lookups is None else min(WORDINGS, lookups // len(checked))
    cards = [as_card(row.record, f"file:{place}") for place, row in enumerate(checked)]
    together = lookups is None or sum(len(card.wordings) for card in cards) <= lookups
    searched = index.with_changes(cards) if together else index
    said: dict[int | str, str] = {card.id: card.record.objection for card in existing}
    said |= {card.id: card.objection for card in cards}
    places: dict[int | str, int] = {card.id: place for place, card in enumerate(cards)}
    found = []
    for place, (row, card) in enumerate(zip(checked, cards, strict=True)):
        double = find_duplicate(card, searched, wordings)
        if double is not None and places.get(double, -1) < place:
            found.append(Near(row, said[double]))
    return tuple(found), len(new) - len(checked)
