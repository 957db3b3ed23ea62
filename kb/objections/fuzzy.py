"""Compare a query letter by letter with the few wordings that are candidates, by RapidFuzz.

What RapidFuzz is given is never longer than MAX_FUZZY characters: its work grows with the square.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from kb.objections.text_features import TextFeatures

MAX_FUZZY = 200
Values = NDArray[np.float64] | list[float]


@dataclass(frozen=True)
class Texts:
    """The letters of all wordings as TextFeatures has them, a wording a place."""

    joined: list[str]
    spaced: list[str]
    initials: list[str]

    def with_wordings(self, wordings: Sequence[TextFeatures]) -> "Texts":
        """Return these and behind them those of further wordings, all cut to MAX_FUZZY."""
        return Texts(
            self.joined + [each.joined[:MAX_FUZZY] for each in wordings],
            self.spaced + [each.spaced[:MAX_FUZZY] for each in wordings],
            self.initials + [each.initials[:MAX_FUZZY] for each in wordings],
        )


def compare_letters(query: TextFeatures, rows: Sequence[int], texts: Texts) -> Mapping[str, Values]:
    """Return how alike the query and the wordings in these rows are, 0..1, a row a place.

    The keys name features of the candidates; initials are compared only where they were typed.
    """
    letters = query.joined[:MAX_FUZZY]
    joined = [texts.joined[row] for row in rows]
    spaced = [texts.spaced[row] for row in rows]
    found: dict[str, Values] = {
        "letters_alike": _compare(letters, joined, fuzz.ratio),
        "part_alike": _compare(letters, joined, fuzz.partial_ratio),
        "words_alike": _compare(query.spaced[:MAX_FUZZY], spaced, fuzz.token_set_ratio),
        "begins": [_compare_beginning(letters, text) for text in joined],
    }
    if query.initials:
        initials = [texts.initials[row] for row in rows]
        found["initials"] = _compare(query.initials[:MAX_FUZZY], initials, fuzz.ratio)
    return found


def _compare(query: str, texts: list[str], scorer: Callable[..., float]) -> NDArray[np.float64]:
    """Return the score of each text, 0..1."""
    if not texts:
        return np.zeros(0)
    found = process.cdist([query], texts, scorer=scorer, workers=1)
    return np.asarray(found[0], np.float64) / 100.0


def _compare_beginning(query: str, text: str) -> float:
    """Return 0.4 to 1 for a text that begins with the query, by how much of it that is; else 0."""
    return 0.4 + 0.6 * len(query) / len(text) if len(query) > 1 and text.startswith(query) else 0.0
