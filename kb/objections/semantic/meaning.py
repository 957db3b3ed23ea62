"""How alike a query and the cards are in meaning, as a model of meaning tells it.

The model itself is an optional extra and lives where threads and files are allowed; what makes a
second look of its opinion is in `second.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kb.objections.card import Card
from kb.objections.clauses import is_long, split_clauses
from kb.objections.normalise import MAX_CHARS
from kb.objections.packs import load_pack

Vectors = NDArray[np.float32]
MAX_TEXT = 300  # characters of one text that a model is given
EVERY = 3  # so many cards of the starter packs stand for one when a model's scale is taken


class Encoder(Protocol):
    """A model of meaning: texts in, unit vectors out, (texts, dimensions). Any error may come."""

    def __call__(self, texts: Sequence[str], /) -> Vectors: ...  # noqa: D102 said above


@dataclass(frozen=True)
class Scale:
    """What a model's cosines are between unrelated objections: their mean and their spread.

    Some models put everything between 0.75 and 0.95, others between 0 and 0.8: on its own scale
    one model's likeness can stand for another's.
    """

    centre: float
    spread: float

    def of(self, cosines: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return cosines as spreads above the centre."""
        scaled: NDArray[np.float64] = (cosines.astype(np.float64) - self.centre) / self.spread
        return scaled


@dataclass(frozen=True)
class Likeness:
    """How alike a query is to each card: to the best of its wordings, and to its answer.

    In spreads of the model's Scale; a card a place, and `places` says where a card's id stands.
    """

    cards: Sequence[Card]
    places: Mapping[int | str, int]
    wording: NDArray[np.float64]
    answer: NDArray[np.float64]


class SecondOpinion(Protocol):
    """Tells how alike the cards of one index are to a query given as one or several texts.

    None says that there is no opinion, or none in time.
    """

    def __call__(self, texts: tuple[str, ...], /) -> Likeness | None: ...  # noqa: D102 said above


def split_query(query: str) -> tuple[str, ...]:
    """Return what a model is asked: the query, and of a pasted mail each clause too."""
    query = query[:MAX_CHARS].strip()
    parts = [*split_clauses(query), query[:MAX_TEXT]] if is_long(query) else [query]
    return tuple(dict.fromkeys(part for part in parts if part))


def list_card_texts(card: Card) -> tuple[str, ...]:
    """Return what stands for a card: its wordings, and last its answer."""
    answer = f"{card.ask} {card.say}".strip() or card.objection
    return (*(text[:MAX_TEXT] for text in card.wordings), answer[:MAX_TEXT])


def measure_scale(encoder: Encoder) -> Scale:
    """Take a model's scale by the starter packs, whose cards object to different things."""
    cards = _load_unrelated_cards()
    vectors = encoder([card.objection for card in cards])
    keys = np.array([card.key for card in cards])
    cosines = (vectors @ vectors.T)[keys[:, np.newaxis] != keys]
    return Scale(float(cosines.mean()), max(float(cosines.std()), 1e-3))


@lru_cache(maxsize=1)
def _load_unrelated_cards() -> tuple[Card, ...]:
    return (*load_pack("starter_en")[::EVERY], *load_pack("starter_zh")[::EVERY])
