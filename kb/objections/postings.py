"""An inverted index: which wordings hold a term, and how much of a wording a query covers."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
# Beyond LARGE wordings a term found in more than COMMON_SHARE of them tells little and costs much.
LARGE = 4000
COMMON_SHARE = 0.08
POSTINGS = 150_000
_NONE = np.empty(0, np.int32)
RAREST = 1.1  # the weight of a term that no wording holds, times its own


@dataclass(frozen=True)
class Overlaps:
    """What queries share with wordings, a query a row.

    `amounts` holds the shared weight for each wording, `totals` the queries' own weights, and
    `unknown` how much of those no wording holds.
    """

    amounts: Floats
    totals: NDArray[np.float64]
    unknown: NDArray[np.float64]


class Postings:
    """Terms by wording. Built once by `add`, wording by wording, then `seal`; then read only.

    `extended` gives one with further wordings, which shares all that was there: the new ones are
    kept beside it, and how rare a term is stays as it was, until everything is built anew.
    """

    def __init__(self, weight_of: Callable[[str], float] | None = None) -> None:
        self._weight_of = weight_of or _full
        self._ids: dict[str, int] = defaultdict(count().__next__)
        self._terms = array("i")
        self._rows = array("i")
        self._late: dict[str, NDArray[np.int32]] = {}
        self._sealed = 0
        self.size = 0

    def add(self, terms: Iterable[str]) -> None:
        """Take the next wording, given as its distinct terms."""
        ids = self._ids
        numbers = [ids[term] for term in terms]
        self._terms.extend(numbers)
        self._rows.extend([self.size] * len(numbers))
        self.size += 1

    def seal(self) -> None:
        """Sort what was added and weigh the terms by rarity (idf, scaled to 0..1)."""
        self._ids = dict(self._ids)
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
        new: dict[str, list[int]] = defaultdict(list)
        masses = []
        for row, terms in enumerate(map(list, wordings), self.size):
            for term in terms:
                new[term].append(row)
            masses.append(max(sum(map(self._weight, terms)), 1e-6))
        # What an older index holds is never written to.
        grown._late = self._late | {
            term: np.append(self._late.get(term, _NONE), np.array(rows, np.int32))
            for term, rows in new.items()
        }
        grown.size = self.size + len(masses)
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

    def overlaps(self, queries: Sequence[Iterable[str]]) -> Overlaps:
        """Return what each query, given as its distinct terms, shares with each wording."""
        found = [self._known(terms) for terms in queries]
        numbers = np.array([number for known, _, _ in found for number in known], np.int64)
        of = np.repeat(np.arange(len(queries)), [len(known) for known, _, _ in found])
        amounts = self._sum(numbers, of, len(queries))
        if self.size > self._sealed:
            late = np.stack([self._sum_late(terms) for terms in queries])
            amounts = np.concatenate([amounts, late], axis=1)
        missing = np.array([missing for _, missing, _ in found])
        totals = missing + np.bincount(of, self._weights[numbers], len(queries))
        unknown = np.array([unknown for _, _, unknown in found])
        return Overlaps(amounts, np.maximum(totals, 1e-6), unknown)

    def _known(self, terms: Iterable[str]) -> tuple[list[int], float, float]:
        """The numbers of a query's telling terms, and the weight of those not in the index.

        The last is the weight of those that no wording holds, late ones neither.
        """
        ids, silent, late = self._ids, self._silent, self._late
        known, missing, unknown = [], 0.0, 0.0
        for term in terms:
            number = ids.get(term)
            if number is None:
                weight = RAREST * self._weight_of(term)
                missing += weight
                unknown += 0.0 if term in late else weight
            elif number not in silent:
                known.append(number)
        return known, missing, unknown

    def _sum(self, numbers: Integers, of: Integers, queries: int) -> Floats:
        """Add up the weights of the terms `numbers` of the queries `of`: a query a row."""
        lengths = self._counts[numbers]
        if lengths.sum() > POSTINGS:
            kept = _rarest(of, lengths)
            numbers, of, lengths = numbers[kept], of[kept], lengths[kept]
        if not len(numbers):
            return np.zeros((queries, self._sealed), np.float32)
        ends = self._ends
        rows = np.concatenate([self._sorted[ends[n] : ends[n + 1]] for n in numbers.tolist()])
        if queries > 1:
            rows = rows + np.repeat(of * self._sealed, lengths)
        spread = np.repeat(self._weights[numbers], lengths)
        sums = np.bincount(rows, spread, queries * self._sealed)
        return sums.astype(np.float32).reshape(queries, self._sealed)

    def _sum_late(self, terms: Iterable[str]) -> Floats:
        shared = np.zeros(self.size - self._sealed, np.float32)
        for term in terms:
            if (rows := self._late.get(term)) is not None:
                shared[rows - self._sealed] += self._weight(term)
        return shared


def _full(_term: str) -> float:
    return 1.0


def _rarest(of: Integers, lengths: Integers) -> Integers:
    """Return the places of each query's rarest terms that fit into POSTINGS, at least one."""
    order = np.lexsort((lengths, of))
    ordered, starts = lengths[order], np.flatnonzero(np.diff(of[order], prepend=-1))
    so_far = np.cumsum(ordered)
    before = np.repeat((so_far - ordered)[starts], np.diff(starts, append=len(order)))
    fits = so_far - before <= POSTINGS
    fits[starts] = True
    return order[fits]
