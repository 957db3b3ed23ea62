"""An inverted index: which wordings hold a term, and how much of a wording a query covers."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
Rows = NDArray[np.int32]
# Beyond LARGE wordings a term found in more than COMMON_SHARE of them tells little and costs much.
LARGE = 4000
COMMON_SHARE = 0.08
POSTINGS = 150_000  # rows of one query's terms that are added up, the rarest terms first
UNKNOWN = 1.1  # the rarity of a term that no wording holds, and the highest there is
LEAST_MASS = 1e-6  # so that nothing is divided by 0


@dataclass(frozen=True)
class Overlaps:
    """What queries share with wordings, a query a row.

    `amounts` holds the shared weight for each wording, `totals` the queries' own weights, and
    `unknown` how much of those no wording holds.
    """

    amounts: Floats
    totals: NDArray[np.float64]
    unknown: NDArray[np.float64]


class PostingsBuilder:
    """Collects terms wording by wording; `build` makes Postings of them, once."""

    def __init__(self, weigh: Callable[[str], float] | None = None) -> None:
        self._weigh = weigh or _weigh_alike
        self._ids: dict[str, int] = defaultdict(count().__next__)
        self._terms = array("i")
        self._rows = array("i")
        self._size = 0

    def add(self, terms: Iterable[str]) -> None:
        """Add the next wording, given as its distinct terms."""
        ids = self._ids
        numbers = [ids[term] for term in terms]
        self._terms.extend(numbers)
        self._rows.extend([self._size] * len(numbers))
        self._size += 1

    def build(self) -> "Postings":
        """Sort what was added and weigh the terms by rarity (idf, scaled to 0..1)."""
        terms, rows, ids = _to_numpy(self._terms), _to_numpy(self._rows), dict(self._ids)
        # What was collected is as large as the postings, and not needed beside them.
        self._terms, self._rows, self._ids = array("i"), array("i"), {}
        counts = np.bincount(terms, minlength=len(ids))
        own = np.fromiter(map(self._weigh, ids), np.float32, len(ids))
        weights = _weigh_by_rarity(own, counts, self._size)
        masses = np.bincount(rows, weights=weights[terms], minlength=self._size)
        mass = np.maximum(masses, LEAST_MASS).astype(np.float32)
        return Postings(
            weigh=self._weigh,
            ids=ids,
            rows=rows[np.argsort(terms, kind="stable")],
            counts=counts,
            ends=[0, *np.cumsum(counts).tolist()],
            weights=weights,
            weightless=frozenset(np.flatnonzero(weights == 0).tolist()),
            built_size=self._size,
            mass=mass,
            scale=_to_scale(mass),
        )


@dataclass(frozen=True, eq=False)
class Postings:
    """Terms by wording; read only. Each wording is a row, numbered as it was added.

    `with_wordings` gives postings with further wordings, which share all that was there: the new
    ones are kept beside it as `late`, and how rare a term is stays as it was, until everything is
    built anew.
    """

    weigh: Callable[[str], float]  # a term's own weight, whatever its rarity
    ids: Mapping[str, int]  # the number of each term
    rows: Rows  # of term 0, of term 1 and so on: the wordings that hold it
    counts: Integers  # of each term: how many wordings hold it
    ends: list[int]  # of each term: where its part of `rows` ends, behind a first 0
    weights: Floats  # of each term: its own weight times its rarity
    weightless: frozenset[int]  # terms too common to count
    built_size: int  # wordings in `rows`; those from here on are in `late`
    mass: Floats  # of each wording: the weights of its terms together
    scale: Floats  # of each wording: 1 / sqrt(mass)
    late: Mapping[str, Rows] = field(default_factory=dict)  # by term: wordings added later

    @property
    def size(self) -> int:
        """How many wordings there are."""
        return len(self.mass)

    def with_wordings(self, wordings: Sequence[Iterable[str]]) -> "Postings":
        """Return these postings with further wordings behind the last."""
        new: dict[str, list[int]] = defaultdict(list)
        masses = []
        for row, terms in enumerate(map(list, wordings), self.size):
            for term in terms:
                new[term].append(row)
            masses.append(max(sum(map(self._weigh_term, terms)), LEAST_MASS))
        mass = np.array(masses, np.float32)
        late = dict(self.late)  # a copy, for what an older index holds is never written to
        for term, rows in new.items():
            numbers, before = np.array(rows, np.int32), late.get(term)
            late[term] = numbers if before is None else np.append(before, numbers)
        return replace(
            self,
            late=late,
            mass=np.concatenate([self.mass, mass]),
            scale=np.concatenate([self.scale, _to_scale(mass)]),
        )

    def _weigh_term(self, term: str) -> float:
        number = self.ids.get(term)
        return UNKNOWN * self.weigh(term) if number is None else float(self.weights[number])

    def overlaps(self, queries: Sequence[Iterable[str]]) -> Overlaps:
        """Return what each query, given as its distinct terms, shares with each wording."""
        found = [self._look_up(terms) for terms in queries]
        numbers = np.array([number for known, _, _ in found for number in known], np.int64)
        of = np.repeat(np.arange(len(queries)), [len(known) for known, _, _ in found])
        amounts = self._sum(numbers, of, len(queries))
        if self.size > self.built_size:
            late = np.stack([self._sum_late(terms) for terms in queries])
            amounts = np.concatenate([amounts, late], axis=1)
        missing = np.array([missing for _, missing, _ in found])
        totals = missing + np.bincount(of, self.weights[numbers], len(queries))
        unknown = np.array([unknown for _, _, unknown in found])
        return Overlaps(amounts, np.maximum(totals, LEAST_MASS), unknown)

    def _look_up(self, terms: Iterable[str]) -> tuple[list[int], float, float]:
        """The numbers of a query's telling terms, and the weight of those not in `ids`.

        The last is the weight of those that no wording holds, late ones neither.
        """
        ids, weightless, late = self.ids, self.weightless, self.late
        known, missing, unknown = [], 0.0, 0.0
        for term in terms:
            number = ids.get(term)
            if number is None:
                weight = UNKNOWN * self.weigh(term)
                missing += weight
                unknown += 0.0 if term in late else weight
            elif number not in weightless:
                known.append(number)
        return known, missing, unknown

    def _sum(self, numbers: Integers, of: Integers, queries: int) -> Floats:
        """Add up the weights of the terms `numbers` of the queries `of`: a query a row."""
        lengths = self.counts[numbers]
        if lengths.sum() > POSTINGS:
            rarest = _pick_rarest(of, lengths)
            numbers, of, lengths = numbers[rarest], of[rarest], lengths[rarest]
        if not len(numbers):
            return np.zeros((queries, self.built_size), np.float32)
        ends = self.ends
        rows = np.concatenate([self.rows[ends[n] : ends[n + 1]] for n in numbers.tolist()])
        if queries > 1:
            rows = rows + np.repeat(of * self.built_size, lengths)
        spread = np.repeat(self.weights[numbers], lengths)
        sums = np.bincount(rows, spread, queries * self.built_size)
        return sums.astype(np.float32).reshape(queries, self.built_size)

    def _sum_late(self, terms: Iterable[str]) -> Floats:
        shared = np.zeros(self.size - self.built_size, np.float32)
        for term in terms:
            if (rows := self.late.get(term)) is not None:
                shared[rows - self.built_size] += self._weigh_term(term)
        return shared


def _weigh_alike(_term: str) -> float:
    return 1.0


def _weigh_by_rarity(own: Floats, counts: Integers, size: int) -> Floats:
    """Return the weight of each term: its own, times its idf scaled to 0.05..UNKNOWN."""
    scale = np.log(size + 1.5) or 1.0
    rarity = 0.1 + np.log((size + 1.5) / (counts + 0.5)) / scale
    weights: Floats = (np.clip(rarity, 0.05, UNKNOWN) * own).astype(np.float32)
    if size > LARGE:
        weights[counts > COMMON_SHARE * size] = 0.0
    return weights


def _to_numpy(numbers: "array[int]") -> Rows:
    return np.frombuffer(numbers, dtype=np.int32) if numbers else np.empty(0, np.int32)


def _to_scale(mass: Floats) -> Floats:
    scale: Floats = (1.0 / np.sqrt(mass)).astype(np.float32, copy=False)
    return scale


def _pick_rarest(of: Integers, lengths: Integers) -> Integers:
    """Return the places of each query's rarest terms that fit into POSTINGS, at least one."""
    order = np.lexsort((lengths, of))
    ordered, starts = lengths[order], np.flatnonzero(np.diff(of[order], prepend=-1))
    so_far = np.cumsum(ordered)
    before = np.repeat((so_far - ordered)[starts], np.diff(starts, append=len(order)))
    fits = so_far - before <= POSTINGS
    fits[starts] = True
    return order[fits]
