"""Objection cards; each change grows the team's version, so that every process sees it at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, insert
from sqlmodel import Session, col, func, or_, select, update

from kb.states import CardState
from storage.tables.cards import Card, CardChange, LearnedPhrasing, LookUp, Phrasing
from storage.tables.people_and_deals import Team

CONTENT = (
    "key",
    "language",
    "category",
    "stages",
    "industries",
    "objection",
    "ask",
    "say",
    "angles",
    "proof",
    "internal",
    "state",
    "owner_id",
    "review_days",
)

# What a card holds where a pack says nothing else, as the table has it.
_STARTER_DEFAULTS: Mapping[str, Any] = {
    "internal": [],
    "state": CardState.APPROVED,
    "owner_id": None,
    "review_days": 90,
    "proof_on": None,
}


@dataclass(frozen=True)
class Keeper:
    """Whoever is to look after cards: a member, and whether also after those that nobody owns.

    `present` are the team's members: a card whose owner has left is nobody's. Of those nobody
    owns only the ones in `language` are theirs.
    """

    member_id: int
    keeps_unowned: bool = False
    present: frozenset[int] = frozenset()
    language: str = ""


@dataclass(frozen=True)
class Starter:
    """A starter card to be made: its columns, but for its team and version, and its phrasings."""

    columns: Mapping[str, Any]
    phrasings: Sequence[str]

    @property
    def content(self) -> dict[str, Any]:
        """What the card holds, as `get_content` has it."""
        return _make_content({**_STARTER_DEFAULTS, **self.columns}, self.phrasings)


class Cards:
    """Queries on cards and their phrasings. Every change is kept in the card's history.

    `uncommitted` are the teams whose cards this transaction has changed.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.uncommitted: set[int] = set()

    def add(self, cards: Iterable[Card], *, kind: str = "made", by: int | None = None) -> None:
        """Keeps new cards, each with its phrasings. `by` is the member who did it."""
        added = list(cards)
        versions = {team: self._next_version(team) for team in {card.team_id for card in added}}
        for card in added:
            card.version = versions[card.team_id]
            self._session.add(card)
        self._session.flush()
        self._session.add_all(_change(card, kind, by) for card in added)

    def add_starters(self, team_id: int, starters: Sequence[Starter]) -> None:
        """Keeps a new team's starter cards, with few statements: they are hundreds."""
        version = self._next_version(team_id)
        rows = [{**card.columns, "team_id": team_id, "version": version} for card in starters]
        make = insert(Card).returning(col(Card.id), sort_by_parameter_order=True)
        ids = self._session.execute(make, rows).scalars().all()
        made = [*zip(ids, starters, strict=True)]
        self._session.execute(
            insert(Phrasing),
            [
                {"team_id": team_id, "card_id": card_id, "text": text}
                for card_id, card in made
                for text in card.phrasings
            ],
        )
        self._session.execute(
            insert(CardChange),
            [
                {
                    "team_id": team_id,
                    "card_id": card_id,
                    "kind": "made",
                    "at": card.columns["changed_at"],
                    "content": card.content,
                }
                for card_id, card in made
            ],
        )

    def get(self, team_id: int, card_id: int) -> Card | None:
        """A card of the team, in whatever state."""
        card = self._session.get(Card, card_id)
        return card if card is not None and card.team_id == team_id else None

    def list_approved(self, team_id: int) -> Sequence[Card]:
        """The team's approved cards."""
        query = select(Card).where(Card.team_id == team_id, Card.state == CardState.APPROVED)
        return self._session.exec(query.order_by(col(Card.id))).all()

    def list_all(self, team_id: int) -> Sequence[Card]:
        """The team's cards in every state."""
        query = select(Card).where(Card.team_id == team_id)
        return self._session.exec(query.order_by(col(Card.id))).all()

    def count_by_state(self, team_id: int) -> Mapping[CardState, int]:
        """How many of the team's cards are in each state."""
        query = select(Card.state, func.count()).where(Card.team_id == team_id)
        rows = self._session.exec(query.group_by(Card.state)).all()
        return {CardState(state): count for state, count in rows}

    def list_categories(self, team_id: int) -> Sequence[str]:
        """The categories of the team's approved cards, by name."""
        query = select(Card.category).where(
            Card.team_id == team_id, Card.state == CardState.APPROVED
        )
        found = self._session.exec(query.group_by(Card.category)).all()
        return sorted(category for category in found if category)

    def list_ids(
        self, team_id: int, state: CardState, category: str = "", first: str = ""
    ) -> Sequence[int]:
        """The ids of the team's cards in a state, those in a category if one is named.

        Those in the language `first` come first.
        """
        query = select(Card.id).where(Card.team_id == team_id, Card.state == state)
        if category:
            query = query.where(Card.category == category)
        order = (col(Card.language) != first, col(Card.category), col(Card.id))
        return self._session.exec(query.order_by(*order)).all()

    def list_draft_ids_of(self, team_id: int, member_id: int) -> Sequence[int]:
        """The ids of the drafts a member has proposed, newest first."""
        query = select(Card.id).where(
            Card.team_id == team_id, Card.state == CardState.DRAFT, Card.made_by_id == member_id
        )
        return self._session.exec(query.order_by(col(Card.id).desc())).all()

    def list_ids_to_review(
        self, team_id: int, now: datetime, keeper: Keeper | None = None
    ) -> Sequence[int]:
        """The ids of the approved cards past their review, longest past first.

        All of the team's, or those that are a keeper's to look after.
        """
        query = select(Card.id).where(
            Card.team_id == team_id, Card.state == CardState.APPROVED, col(Card.review_at) <= now
        )
        if keeper is not None:
            query = query.where(_is_kept_by(keeper))
        return self._session.exec(query.order_by(col(Card.review_at), col(Card.id))).all()

    def list_unused_ids(self, team_id: int, since: datetime, first: str = "") -> Sequence[int]:
        """The ids of the approved cards that nobody has found, changed or verified since then.

        A card whose translation was found is in use as well. Those in the language `first` come
        first.
        """
        found = func.coalesce(LookUp.used_card_id, LookUp.top_card_id)
        keys = (
            select(Card.key)
            .join(LookUp, found == col(Card.id))
            .where(LookUp.team_id == team_id, Card.team_id == team_id, LookUp.at >= since)
        )
        query = select(Card.id).where(
            Card.team_id == team_id,
            Card.state == CardState.APPROVED,
            Card.changed_at < since,
            or_(col(Card.verified_at).is_(None), col(Card.verified_at) < since),
            col(Card.key).not_in(keys),
        )
        order = (col(Card.language) != first, col(Card.changed_at), col(Card.id))
        return self._session.exec(query.order_by(*order)).all()

    def list_of_keys(self, team_id: int, keys: Collection[str]) -> Sequence[Card]:
        """The team's cards of these keys, in every state and language."""
        query = select(Card).where(Card.team_id == team_id, col(Card.key).in_(keys))
        return self._session.exec(query.order_by(col(Card.id))).all()

    def list_changed_since(self, team_id: int, version: int) -> Sequence[Card]:
        """The cards changed after the team's cards had this version, in every state."""
        query = select(Card).where(Card.team_id == team_id, col(Card.version) > version)
        return self._session.exec(query.order_by(col(Card.id))).all()

    def list_with_learned_phrasings(self, team_id: int) -> Sequence[Card]:
        """The approved cards that have learned something."""
        learned = select(LearnedPhrasing.card_id).where(
            LearnedPhrasing.team_id == team_id, col(LearnedPhrasing.undone_at).is_(None)
        )
        query = select(Card).where(Card.team_id == team_id, Card.state == CardState.APPROVED)
        return self._session.exec(query.where(col(Card.id).in_(learned))).all()

    def save_change(
        self,
        card: Card,
        phrasings: Sequence[str] | None = None,
        *,
        kind: str = "edited",
        by: int | None = None,
    ) -> None:
        """Keeps a changed card, as of its `changed_at`; its phrasings are replaced when given."""
        if phrasings is not None:
            card.phrasings = [Phrasing(team_id=card.team_id, text=text) for text in phrasings]
        self.bump_version(card)
        self._session.add(_change(card, kind, by))

    def bump_version(self, card: Card) -> None:
        """Has every index read the card again; what it says has not changed."""
        card.version = self._next_version(card.team_id)
        self._session.add(card)
        self._session.flush()

    def list_changes(self, team_id: int, card_id: int) -> Sequence[CardChange]:
        """What was done to a card, newest first."""
        query = select(CardChange).where(
            CardChange.team_id == team_id, CardChange.card_id == card_id
        )
        return self._session.exec(query.order_by(col(CardChange.id).desc())).all()

    def find_newest_changes(self, team_id: int, card_ids: Collection[int]) -> Mapping[int, int]:
        """The newest change of each of these cards that has any, by the card's id."""
        query = select(CardChange.card_id, func.max(CardChange.id)).where(
            CardChange.team_id == team_id, col(CardChange.card_id).in_(card_ids)
        )
        return dict(self._session.exec(query.group_by(col(CardChange.card_id))).all())

    def get_change(self, team_id: int, change_id: int) -> CardChange | None:
        """One thing that was done to a card of the team."""
        change = self._session.get(CardChange, change_id)
        return change if change is not None and change.team_id == team_id else None

    def _next_version(self, team_id: int) -> int:
        # The update holds the team's row until the commit: versions are committed in their order.
        self.uncommitted.add(team_id)
        grown = update(Team).where(col(Team.id) == team_id)
        self._session.exec(grown.values(cards_version=col(Team.cards_version) + 1))
        return self._session.exec(select(Team.cards_version).where(Team.id == team_id)).one()


def _is_kept_by(keeper: Keeper) -> ColumnElement[bool]:
    own = col(Card.owner_id) == keeper.member_id
    if not keeper.keeps_unowned:
        return own
    unowned = or_(col(Card.owner_id).is_(None), col(Card.owner_id).not_in(keeper.present))
    return or_(own, unowned & (col(Card.language) == keeper.language))


def get_content(card: Card) -> dict[str, Any]:
    """What a card holds, as plain JSON values."""
    columns = {name: getattr(card, name) for name in (*CONTENT, "proof_on")}
    return _make_content(columns, [phrasing.text for phrasing in card.phrasings])


def _make_content(columns: Mapping[str, Any], phrasings: Sequence[str]) -> dict[str, Any]:
    proof_on = columns["proof_on"]
    return {
        **{name: columns[name] for name in CONTENT},
        "proof_on": proof_on.isoformat() if proof_on else None,
        "phrasings": list(phrasings),
    }


def restore_content(card: Card, content: dict[str, Any]) -> list[str]:
    """Gives a card what `get_content` kept, and returns its phrasings of then."""
    for name in CONTENT:
        setattr(card, name, content[name])
    card.state = CardState(content["state"])
    card.proof_on = date.fromisoformat(content["proof_on"]) if content["proof_on"] else None
    return list(content["phrasings"])


def _change(card: Card, kind: str, by: int | None) -> CardChange:
    return CardChange(
        team_id=card.team_id,
        card_id=card.id,
        member_id=by,
        kind=kind,
        at=card.changed_at,
        content=get_content(card),
    )
