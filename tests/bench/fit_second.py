"""Fit the second look: python -m tests.bench.fit_second --cards FILE... --queries FILE...

Prints weights_semantic.toml of kb/objections/semantic, fitted on the queries that the fast look-up
is not sure of, with its ranks and chances as they are for cards that it has not been fitted on.
With `--folds`, prints instead how both together fare out of fold (JSON, as tests.bench.lookup
prints it). Measured on the way, out of fold, with the model that the extra brings:

* The second look: hit@1 +3.5, hit@3 +3, cov@P90 +3.5; paraphrases hit@3 +11, long texts the same.
* Made queries in the fit: cov@P90 +2; off-topic ones taken as sure 2.5 % instead of 10 %.
* How alike the answer is: in the order of short queries hit@1 -1.5; in the chance cov@P95 +1.
* The second best wording, likeness above the mean of the query, more candidates: within chance.
* Multilingual e5-small (4 bit) in its place, or both: within 1 either way, ten times as slow.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.objections import scoring
from kb.objections.search import NOTHING, SURE, CardIndex, Ranking, gather_evidence
from kb.objections.semantic import semantic_rerank
from kb.objections.semantic.embedding_compare import Comparer
from kb.objections.semantic.meaning import Likeness, split_query
from kb.objections.semantic.vectors import CardVectors
from tests.bench import fit_lookup
from tests.bench.fit_lookup import FOLDS, INNER, LATER_COUNT, ROUNDS, SHOWN, fold_of, ranked
from tests.bench.fitting import Case, descend, fit_chance, fit_rank, write_toml
from tests.bench.lookup_data import read_cards, read_queries
from tests.bench.lookup_figures import Outcome, report
from tests.bench.semantic import model

Vector = NDArray[np.float64]
PENALTY = 0.002


@dataclass(frozen=True)
class Seen:
    """A case as the second look sees it: its candidates, and which of them are right."""

    case: Case
    candidates: semantic_rerank.Candidates
    right: NDArray[np.bool_]


class Opinions:
    """One model's opinion of any case; each index and each query is read once."""

    def __init__(self, comparer: Comparer) -> None:
        self._comparer = comparer
        self._vectors: dict[int, CardVectors] = {}
        self._heard: dict[tuple[int, str], Likeness | None] = {}

    def of(self, case: Case) -> Likeness | None:
        """Return how alike the cards of the case's index are to its query."""
        key = (id(case.index), case.query.text)
        if key not in self._heard:
            texts = split_query(case.query.text)
            vectors = self._read(case.index)
            self._heard[key] = self._comparer.compare(vectors, texts) if texts else None
        return self._heard[key]

    def _read(self, index: CardIndex) -> CardVectors:
        if id(index) not in self._vectors:
            if unread := self._comparer.list_unread(index.cards()):
                self._comparer.read(unread)
            self._vectors[id(index)] = self._comparer.place(index.cards())
        return self._vectors[id(index)]

    def seen(self, case: Case, ranking: Ranking | None, chance: Vector) -> Seen | None:
        """Return what the second look sees of a case that the fast one has ranked so."""
        likeness = self.of(case)
        if likeness is None:
            return None
        language = None if case.together else case.query.language
        among = [language in (None, card.language) for card in likeness.cards]
        candidates = semantic_rerank.join_candidates(
            _first(case, ranking, chance, likeness), likeness, among
        )
        if candidates is None:
            return None
        wanted = case.query.anywhere if case.together else case.query.relevant
        right = np.array([str(card.id) in wanted for card in candidates.cards])
        return Seen(case, candidates, right)


def _first(
    case: Case, ranking: Ranking | None, chance: Vector, likeness: Likeness
) -> semantic_rerank.FastResult:
    if ranking is None:
        return semantic_rerank.FastResult([], np.zeros(0), np.zeros(0), False)
    best = np.argsort(-ranking.ranks, kind="stable")[: semantic_rerank.CANDIDATES]
    ids = [case.index.id_of(int(number)) for number in ranking.cards[best]]
    cards = [likeness.cards[likeness.places[each]] for each in ids]
    chances = scoring.estimate_chances(gather_evidence(ranking, best), chance)
    return semantic_rerank.FastResult(cards, ranking.ranks[best], chances, ranking.long)


def fairly(cases: Sequence[Case]) -> list[tuple[Case, Ranking | None]]:
    """Rank each case by an order fitted without its cards."""
    found = []
    for fold in range(INNER):
        weights = fit_rank([case for case in cases if fold_of(case, "inner", INNER) != fold])
        for case in cases:
            if fold_of(case, "inner", INNER) == fold:
                whole = ranked(case, weights)
                found.append((case, whole[0] if whole else None))
    return found


def fit(cases: Sequence[Case], fast: scoring.Weights, opinions: Opinions) -> scoring.Weights:
    """Fit the order and then the chance of the second look, where the fast one is not sure."""
    looks = [opinions.seen(case, ranking, fast.chance) for case, ranking in fairly(cases)]
    unsure = [seen for seen in looks if seen is not None and seen.candidates.best_chance < SURE]
    weights = scoring.Weights(_fit_order(unsure), np.zeros(len(semantic_rerank.EVIDENCE)))
    evidence, right, counts = [], [], []
    for seen in unsure:
        ranks = seen.candidates.rank(weights)
        top = np.argsort(-ranks, kind="stable")[:SHOWN]
        evidence.append(seen.candidates.build_evidence(ranks)[top])
        right.append(seen.right[top])
        later = np.where(np.arange(len(top)) == 0, 1.0, LATER_COUNT)
        counts.append(seen.case.counts * later)
    chance = fit_chance(np.concatenate(evidence), np.concatenate(right), np.concatenate(counts))
    return scoring.Weights(weights.rank, chance)


def _fit_order(looks: Sequence[Seen]) -> Vector:
    """Fit a softmax over each case's candidates. Likeness may only raise a card."""
    usable = [seen for seen in looks if seen.right.any() and not seen.right.all()]
    lengths = [len(seen.right) for seen in usable]
    features = np.concatenate([seen.candidates.measures() for seen in usable])
    right = np.concatenate([seen.right for seen in usable])
    counts = np.array([seen.case.counts for seen in usable])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
    of_row = np.repeat(np.arange(len(usable)), lengths)

    def gradient(weights: Vector) -> Vector:
        ranks = features @ weights
        share = np.exp(ranks - np.maximum.reduceat(ranks, starts)[of_row])
        wanted = np.where(right, share, 0.0)
        share /= np.add.reduceat(share, starts)[of_row]
        wanted /= (np.add.reduceat(wanted, starts) + 1e-12)[of_row]
        pull = (share - wanted) * counts[of_row]
        slope: Vector = pull @ features / counts.sum() + PENALTY * weights
        return slope

    size = len(semantic_rerank.MEASURES)
    return descend(gradient, np.full(size, 0.5), np.zeros(size), np.full(size, 50.0))


def judge(
    cases: Iterable[Case],
    fast: scoring.Weights,
    weights: scoring.Weights,
    opinions: Opinions,
) -> list[Outcome]:
    """Return what each case's query would be shown, exact wordings left aside."""
    outcomes = []
    for case in cases:
        [plain] = fit_lookup.judge([case], fast)
        whole = ranked(case, fast.rank)
        seen = opinions.seen(case, whole[0] if whole else None, fast.chance)
        sure = plain.score >= SURE or seen is None
        outcomes.append(plain if sure or seen is None else _judged(seen, weights))
    return outcomes


def _judged(seen: Seen, weights: scoring.Weights) -> Outcome:
    top = np.argsort(-seen.candidates.rank(weights), kind="stable")[:SHOWN]
    score = float(seen.candidates.estimate_chances(weights)[top[0]])
    place = int(np.argmax(seen.right[top])) + 1 if seen.right[top].any() else 0
    query = seen.case.query
    return Outcome(query.kind, bool(query.relevant), place, score, 0.0)


def out_of_fold(
    known: Sequence[Case], extra: Sequence[Case], opinions: Opinions, rounds: int = ROUNDS
) -> list[Outcome]:
    """Judge every labelled case by weights of both that were fitted without its cards."""
    outcomes = []
    for turn in range(rounds):
        for fold in range(FOLDS):
            seen = [case for case in known if fold_of(case, str(turn), FOLDS) != fold]
            unseen = [case for case in known if fold_of(case, str(turn), FOLDS) == fold]
            fast = fit_lookup.fit([*seen, *extra])
            weights = fit([*seen, *extra], fast, opinions)
            outcomes += judge(unseen, fast, weights, opinions)
    return outcomes


def as_toml(weights: scoring.Weights) -> str:
    """Write weights as the data file that ships."""
    return write_toml("fit_second", weights, semantic_rerank.MEASURES, semantic_rerank.EVIDENCE)


def main() -> None:
    """Read the command line, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", nargs="+", type=Path, required=True)
    parser.add_argument("--queries", nargs="+", type=Path, required=True)
    parser.add_argument("--folds", action="store_true")
    given = parser.parse_args()
    opinions = Opinions(Comparer(model()))
    known = fit_lookup.labelled(read_cards(given.cards), read_queries(given.queries))
    extra = fit_lookup.made()
    if given.folds:
        found = report(out_of_fold(known, extra, opinions), NOTHING, SURE)
        json.dump(found, sys.stdout, indent=2)
        return
    cases = [*known, *extra]
    sys.stdout.write(as_toml(fit(cases, fit_lookup.fit(cases), opinions)))


if __name__ == "__main__":
    main()
