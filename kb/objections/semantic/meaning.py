"""Likeness in meaning between a query and the cards, by a model: texts in, scaled cosines out.

The model itself is an optional extra, loaded in `bot/semantic/encoders.py`; what its opinion is
worth is decided in `semantic_rerank.py`.
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
EVERY = 3  # of the starter packs' cards every third is used to measure a model's scale


class Encoder(Protocol):
    """A model of meaning: texts in, unit vectors out, (texts, dimensions). Any error may come."""

    def __call__(self, texts: Sequence[str], /) -> Vectors: ...  # noqa: D102 said above


@dataclass(frozen=True)
class Scale:
    """A model's scale: mean and standard deviation of its cosines between unrelated objections.

    Some models put everything between 0.75 and 0.95, others between 0 and 0.8; on its own scale
    the likeness of one model can be compared with that of another.
    """

    centre: float
    spread: float

    def apply(self, cosines: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return cosines in spreads above the centre."""
        scaled: NDArray[np.float64] = (cosines.astype(np.float64) - self.centre) / self.spread
        return scaled


@dataclass(frozen=True)
class Likeness:
    """How alike a query is to each card, in spreads of the model's Scale; a card a place."""

    cards: Sequence[Card]
    places: Mapping[int | str, int]  # where the card of an id stands
    wording: NDArray[np.float64]  # to the best of its wordings
    answer: NDArray[np.float64]  # to its answer


class SecondOpinion(Protocol):
    """A function that compares a query, given as one or several texts, with an index's cards.

    It returns None if there is no opinion, or none in time.
    """

    def __call__(self, texts: tuple[str, ...], /) -> Likeness | None: ...  # noqa: D102 said above


def split_query(query: str) -> tuple[str, ...]:
    """Return the texts a model is asked about: the query, and each clause of a pasted mail."""
    query = query[:MAX_CHARS].strip()
    parts = [*split_clauses(query), query[:MAX_TEXT]] if is_long(query) else [query]
    return tuple(dict.fromkeys(part for part in parts if part))


def list_card_texts(card: Card) -> tuple[str, ...]:
    """Return the texts of a card that a model reads: its wordings, and last its answer."""
    answer = f"{card.ask} {card.say}".strip() or card.objection
    return (*(text[:MAX_TEXT] for text in card.wordings), answer[:MAX_TEXT])


def measure_scale(encoder: Encoder) -> Scale:
    """Measure a model's scale on the starter packs, whose cards object to different things."""
    cards = _load_unrelated_cards()
    vectors = encoder([card.objection for card in cards])
    keys = np.array([card.key for card in cards])
    cosines = (vectors @ vectors.T)[keys[:, np.newaxis] != keys]
    return Scale(float(cosines.mean()), max(float(cosines.std()), 1e-3))


@lru_cache(maxsize=1)
def _load_unrelated_cards() -> tuple[Card, ...]:
    return (*load_pack("starter_en")[::EVERY], *load_pack("starter_zh")[::EVERY])
