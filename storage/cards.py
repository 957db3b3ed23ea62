"""Objection cards; each change grows the team's version, so that every process sees it at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlmodel import Session, col, select, update

from storage.tables import Team
from storage.tables_cards import Card, Phrasing


class Cards:
    """Queries on cards and their phrasings."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, cards: Iterable[Card]) -> None:
        """Keeps new cards, each with its phrasings."""
        teams = set()
        for card in cards:
            self._session.add(card)
            teams.add(card.team_id)
        self._session.flush()
        for team_id in teams:
            self._changed(team_id)

    def get(self, team_id: int, card_id: int) -> Card | None:
        """A card of the team, also a retired one."""
        card = self._session.get(Card, card_id)
        return card if card is not None and card.team_id == team_id else None

    def in_use(self, team_id: int) -> Sequence[Card]:
        """The team's approved cards."""
        query = select(Card).where(Card.team_id == team_id, Card.state == "approved")
        return self._session.exec(query.order_by(col(Card.id))).all()

    def all(self, team_id: int) -> Sequence[Card]:
        """The team's cards, retired ones too."""
        query = select(Card).where(Card.team_id == team_id)
        return self._session.exec(query.order_by(col(Card.id))).all()

    def changed(self, card: Card, phrasings: Sequence[str] | None = None) -> None:
        """Keeps a changed card, and replaces its phrasings when they are given."""
        if phrasings is not None:
            card.phrasings = [Phrasing(team_id=card.team_id, text=text) for text in phrasings]
        self._session.add(card)
        self._session.flush()
        self._changed(card.team_id)

    def _changed(self, team_id: int) -> None:
        change = update(Team).where(col(Team.id) == team_id)
        self._session.exec(change.values(cards_version=col(Team.cards_version) + 1))
