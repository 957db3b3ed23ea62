"""Whether a card says again what another one says, as the look-up itself sees it."""

from collections import Counter
from collections.abc import Sequence

from kb.objections.card import Card, Language
from kb.objections.search import CardIndex, Hit

WORDINGS = 6  # of a card that are looked up
# Of the cards that ship no two answer more than half of each other's wordings.
SHARE = 0.6
FEW = 3  # wordings; with fewer a chance likeness counts for more, so each must be surer
SURE_OF_FEW = 0.9


def double_of(card: Card, index: CardIndex, wordings: int = WORDINGS) -> int | str | None:
    """Return the id of another card of `index` that already answers what this one answers.

    That is one which has the very same objection among its wordings, or which the look-up is
    sure of for most of this card's. At most `wordings` of them are looked up.
    """
    others = index.without([card.id])
    asked = card.wordings[: max(1, wordings)]
    hits = [top_hit(others, text, card.language) for text in asked]
    if hits[0] is not None and hits[0].why == "exact":
        return hits[0].card_id
    return _most_named(hits, len(asked))


def top_hit(index: CardIndex, text: str, language: Language) -> Hit | None:
    """Return what the look-up would show alone; None where it is not sure."""
    hits = index.search(text, language, limit=1)
    return hits[0] if hits and hits[0].sure else None


def _most_named(hits: Sequence[Hit | None], asked: int) -> int | str | None:
    least = SURE_OF_FEW if asked < FEW else 0.0
    votes = Counter(hit.card_id for hit in hits if hit is not None and hit.score >= least)
    if not votes:
        return None
    card_id, count = votes.most_common(1)[0]
    return card_id if count >= SHARE * asked else None
