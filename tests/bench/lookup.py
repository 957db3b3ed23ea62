"""Measure the look-up: python -m tests.bench.lookup --cards FILE... --queries FILE...

Prints JSON: `en`, `zh` (each query among the cards of its language), `all` (both pooled),
`together` (all queries among the cards of both languages), `speed`, and the same figures of
RapidFuzz's WRatio and token_set_ratio under `baselines`. With `--halves` also `tuned` and
`unseen`: weights are fitted anew on one half of the cards alone, and both halves looked at. With
`--semantic` the look-up has the optional model of meaning to ask, and no limit to its patience.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rapidfuzz import fuzz, process, utils

from bot.semantic.encoders import BUNDLED
from kb.objections.card import Card, Language
from kb.objections.search import NOTHING, SURE, CardIndex
from kb.objections.semantic.embedding_compare import Comparer
from kb.objections.semantic.meaning import Encoder
from tests.bench import fit_lookup, fit_second
from tests.bench.lookup_data import Query, halves, read_cards, read_queries
from tests.bench.lookup_figures import Figures, Outcome, report, share
from tests.bench.semantic import advised, model

Found = list[tuple[str, float]]
Engine = Callable[[str, Language | None], Found]
DEPTH = 3


def answer(engine: Engine, query: Query, together: bool) -> Outcome:
    """Ask the engine one query and judge what it found."""
    start = time.perf_counter()
    found = engine(query.text, None if together else query.language)[:DEPTH]
    took = (time.perf_counter() - start) * 1000
    right = query.anywhere if together else query.relevant
    places = [place for place, (card, _) in enumerate(found, 1) if card in right]
    score = found[0][1] if found else 0.0
    return Outcome(query.kind, bool(query.relevant), min(places, default=0), score, took)


def repmate(index: CardIndex) -> Engine:
    """Return the engine that ships, ranking alone; the thresholds are applied to its scores."""

    def ask(query: str, language: Language | None) -> Found:
        return [(str(hit.card_id), hit.score) for hit in index.find_nearest(query, language, DEPTH)]

    return ask


def rapidfuzz(cards: Sequence[Card], scorer: Callable[..., float]) -> Engine:
    """Return one RapidFuzz scorer over all wordings, as most tools use it."""
    rows = [(str(card.id), card.language, text) for card in cards for text in card.wordings]
    pools = {
        language: {n: row[2] for n, row in enumerate(rows) if language in (None, row[1])}
        for language in (None, "en", "zh")
    }

    def ask(query: str, language: Language | None) -> Found:
        best: dict[str, float] = {}
        found = process.extract(
            query, pools[language], scorer=scorer, processor=utils.default_process, limit=30
        )
        for _, score, row in found:
            best.setdefault(rows[row][0], score / 100)
        return list(best.items())

    return ask


def fairest_threshold(outcomes: Sequence[Outcome]) -> float:
    """Return the threshold best for an engine that has none: on this very data, in its favour."""
    asked = [one.score for one in outcomes if one.answerable]
    off = [one.score for one in outcomes if not one.answerable]

    def balance(cut: float) -> float:
        return share(s >= cut for s in asked) + share(s < cut for s in off)

    return max(sorted({one.score for one in outcomes}), key=balance, default=0.0)


def measure(
    engine: Engine, queries: Sequence[Query], thresholds: tuple[float, float] | None
) -> dict[str, object]:
    """Ask all queries in their own language and in both, and return the whole report."""
    engine("warm up", None)
    alone = {language: [q for q in queries if q.language == language] for language in ("en", "zh")}
    found = {name: [answer(engine, q, False) for q in part] for name, part in alone.items()}
    found["all"] = [*found["en"], *found["zh"]]
    found["together"] = [answer(engine, query, True) for query in queries]
    fairest = fairest_threshold(found["all"])
    nothing, sure = thresholds or (fairest, fairest)
    result: dict[str, object] = {n: report(part, nothing, sure) for n, part in found.items()}
    result["speed"] = speed([one.milliseconds for part in found.values() for one in part])
    return result


def speed(milliseconds: Sequence[float]) -> Figures:
    """Return the median and the 99th percentile in milliseconds."""
    ordered = sorted(milliseconds)
    if not ordered:
        return {}
    return {
        "p50_ms": round(ordered[len(ordered) // 2], 3),
        "p99_ms": round(ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)], 3),
    }


def bench(
    cards: Sequence[Card],
    queries: Sequence[Query],
    split: bool = False,
    encoder: Encoder | None = None,
) -> dict[str, object]:
    """Return everything that is printed."""
    engine = repmate(CardIndex(cards) if encoder is None else advised(CardIndex(cards), encoder))
    result = measure(engine, queries, (NOTHING, SURE))
    if split:
        tuned = repmate(_on_a_half(cards, queries, encoder))
        for name, half in zip(("tuned", "unseen"), halves(queries), strict=True):
            result[name] = measure(tuned, half, (NOTHING, SURE))
    result["thresholds"] = {"nothing": NOTHING, "sure": SURE}
    result["baselines"] = {
        name: measure(rapidfuzz(cards, scorer), queries, None)
        for name, scorer in (("WRatio", fuzz.WRatio), ("token_set_ratio", fuzz.token_set_ratio))
    }
    return result


def _on_a_half(
    cards: Sequence[Card], queries: Sequence[Query], encoder: Encoder | None
) -> CardIndex:
    cases = fit_lookup.cases_of_a_half(cards, queries)
    weights = fit_lookup.fit(cases)
    index = CardIndex(cards, weights)
    if encoder is None:
        return index
    opinions = fit_second.Opinions(Comparer(encoder))
    return advised(index, encoder, fit_second.fit(cases, weights, opinions))


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", nargs="+", type=Path, required=True)
    parser.add_argument("--queries", nargs="+", type=Path, required=True)
    parser.add_argument("--halves", action="store_true")
    parser.add_argument("--semantic", nargs="?", const=BUNDLED, help="or a model's directory")
    given = parser.parse_args()
    encoder = model(given.semantic) if given.semantic else None
    result = bench(read_cards(given.cards), read_queries(given.queries), given.halves, encoder)
    json.dump(result, sys.stdout, ensure_ascii=False, indent=2)
    print()


if __name__ == "__main__":
    main()
