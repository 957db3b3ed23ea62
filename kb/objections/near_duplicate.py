"""Near-duplicate cards: those whose wordings the look-up already answers with another card."""

from collections import Counter
from collections.abc import Sequence

from kb.objections.card import Card, Language
from kb.objections.search import CardIndex, Hit

WORDINGS = 6  # of a card that are looked up
# The share of them that another card must answer. Of the cards that ship no two answer more than
# half of each other's wordings.
SHARE = 0.6
FEW = 3  # wordings; with fewer a chance likeness counts for more, so each must be surer
SURE_OF_FEW = 0.9


def find_duplicate(card: Card, index: CardIndex, wordings: int = WORDINGS) -> int | str | None:
    """Return the id of another card of `index` that already answers what this one answers.

    That is one which has the very same objection among its wordings, or which the look-up is
    sure of for most of this card's. At most `wordings` of them are looked up.
    """
    return pick_most_named(search_wordings(card, index, max(1, wordings)))


def search_wordings(card: Card, index: CardIndex, wordings: int) -> list[Hit | None]:
    """Look up the card's wordings among all other cards; return the sure hit of each, or None.

    The first is that for its objection.
    """
    others = index.without([card.id])
    return [find_sure_hit(others, text, card.language) for text in card.wordings[:wordings]]


def find_sure_hit(index: CardIndex, text: str, language: Language) -> Hit | None:
    """Return the best hit if it is sure; else None."""
    hits = index.search(text, language, limit=1)
    return hits[0] if hits and hits[0].sure else None


def pick_most_named(hits: Sequence[Hit | None]) -> int | str | None:
    """Return the card that most of these hits name; None if none is named often enough."""
    if hits[0] is not None and hits[0].why == "exact":
        return hits[0].card_id
    least = SURE_OF_FEW if len(hits) < FEW else 0.0
    votes = Counter(hit.card_id for hit in hits if hit is not None and hit.score >= least)
    if not votes:
        return None
    card_id, count = votes.most_common(1)[0]
    return card_id if count >= SHARE * len(hits) else None
