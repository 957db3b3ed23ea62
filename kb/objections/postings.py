"""An inverted index: which wordings hold a term, and how much of a wording a query covers."""

from array import array
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
# Beyond LARGE wordings a term found in more than COMMON_SHARE of them tells little and costs much.
LARGE = 4000
COMMON_SHARE = 0.08
POSTINGS = 150_000
RAREST = 1.1  # the weight of a term that no wording holds, times its own


class Postings:
    """Terms by wording. Built once by `add`, wording by wording, then `seal`; then read only.

    `extended` gives one with further wordings, which shares all that was there: the new ones are
    kept beside it, and how rare a term is stays as it was, until everything is built anew.
    """

    def __init__(self, weight_of: Callable[[str], float] | None = None) -> None:
        self._weight_of = weight_of or _full
        self._ids: dict[str, int] = {}
        self._terms = array("i")
        self._rows = array("i")
        self._late: dict[str, list[int]] = {}
        self._sealed = 0
        self.size = 0

    def add(self, terms: Iterable[str]) -> None:
        """Take the next wording, given as its distinct terms."""
        ids = self._ids
        numbers = [ids.setdefault(term, len(ids)) for term in terms]
        self._terms.extend(numbers)
        self._rows.extend([self.size] * len(numbers))
        self.size += 1

    def seal(self) -> None:
        """Sort what was added and weigh the terms by rarity (idf, scaled to 0..1)."""
        terms = np.frombuffer(self._terms, dtype=np.int32) if self._terms else np.empty(0, np.int32)
        rows = np.frombuffer(self._rows, dtype=np.int32) if self._rows else np.empty(0, np.int32)
        self._sorted: NDArray[np.int32] = rows[np.argsort(terms, kind="stable")]
        counts = np.bincount(terms, minlength=len(self._ids))
        self._counts: Integers = counts
        self._ends: list[int] = [0, *np.cumsum(counts).tolist()]
        self._weights: Floats = self._rarity(counts)
        self._silent = frozenset(np.flatnonzero(self._weights == 0).tolist())
        masses = np.bincount(rows, weights=self._weights[terms], minlength=self.size)
        self.mass: Floats = np.maximum(masses, 1e-6).astype(np.float32)
        self._terms, self._rows = array("i"), array("i")
        self._sealed = self.size

    def extended(self, wordings: Sequence[Iterable[str]]) -> "Postings":
        """Return these postings with further wordings behind the last."""
        grown = Postings(self._weight_of)
        grown.__dict__.update(self.__dict__)
        grown._late = {term: list(rows) for term, rows in self._late.items()}
        masses = []
        for terms in wordings:
            found = list(terms)
            for term in found:
                grown._late.setdefault(term, []).append(grown.size)
            masses.append(max(sum(map(self._weight, found)), 1e-6))
            grown.size += 1
        grown.mass = np.concatenate([self.mass, np.array(masses, np.float32)])
        return grown

    def _weight(self, term: str) -> float:
        number = self._ids.get(term)
        return RAREST * self._weight_of(term) if number is None else float(self._weights[number])

    def _rarity(self, counts: NDArray[np.int64]) -> Floats:
        scale = np.log(self.size + 1.5) or 1.0
        rarity = 0.1 + np.log((self.size + 1.5) / (counts + 0.5)) / scale
        own = np.fromiter(map(self._weight_of, self._ids), np.float32, len(self._ids))
        weights: Floats = (np.clip(rarity, 0.05, RAREST) * own).astype(np.float32)
        if self.size > LARGE:
            weights[counts > COMMON_SHARE * self.size] = 0.0
        return weights

    def overlap(self, terms: Iterable[str]) -> tuple[Floats, float, float]:
        """Return (shared weight for each wording, weight of the query, of it the unknown part)."""
        found = {term: self._ids.get(term) for term in terms}
        missing = [term for term, number in found.items() if number is None]
        unknown = sum(self._weight(term) for term in missing if term not in self._late)
        known = [n for n in found.values() if n is not None and n not in self._silent]
        total = float(self._weights[known].sum()) if known else 0.0
        total += sum(map(self._weight, missing))
        shared = self._sum(known)
        if self.size > self._sealed:
            shared = np.concatenate([shared, self._sum_late(found)])
        return shared, max(total, 1e-6), unknown

    def _sum(self, known: list[int]) -> Floats:
        if not known:
            return np.zeros(self._sealed, np.float32)
        numbers = np.array(known)
        lengths = self._counts[numbers]
        if lengths.sum() > POSTINGS:
            numbers, lengths = _rarest(numbers, lengths)
        parts = [self._sorted[self._ends[n] : self._ends[n + 1]] for n in numbers.tolist()]
        spread = np.repeat(self._weights[numbers], lengths)
        return np.bincount(np.concatenate(parts), spread, self._sealed).astype(np.float32)

    def _sum_late(self, terms: Iterable[str]) -> Floats:
        shared = np.zeros(self.size - self._sealed, np.float32)
        for term in terms:
            if rows := self._late.get(term):
                shared[np.array(rows) - self._sealed] += self._weight(term)
        return shared


def _full(_term: str) -> float:
    return 1.0


def _rarest(numbers: Integers, lengths: Integers) -> tuple[Integers, Integers]:
    """Return the rarest terms that fit into POSTINGS, at least one."""
    order = np.argsort(lengths, kind="stable")
    count = max(1, int(np.searchsorted(np.cumsum(lengths[order]), POSTINGS, side="right")))
    return numbers[order[:count]], lengths[order[:count]]
