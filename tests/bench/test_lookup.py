"""The bench counts what it says it counts."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bench.lookup import bench
from tests.bench.lookup_data import Query, halves, read_cards, read_queries
from tests.bench.lookup_figures import Outcome, coverage, figures


def outcome(score: float, place: int, answerable: bool = True) -> Outcome:
    return Outcome("kind", answerable, place, score, 1.0)


def query(number: int, *cards: str) -> Query:
    right = frozenset(cards)
    return Query(f"q{number}", "text", "en", "kind", right, right)


def test_the_figures_count_ranking_and_silence_apart() -> None:
    found = figures(
        [
            outcome(0.9, 1),
            outcome(0.2, 1),
            outcome(0.8, 2),
            outcome(0.7, 0),
            outcome(0.1, 0, False),
        ],
        nothing=0.5,
        sure=0.85,
    )
    assert (found["hit@1"], found["hit@3"], found["MRR@3"]) == (0.5, 0.75, 0.625)
    assert (found["kept"], found["refused"], found["end_to_end"]) == (0.75, 1.0, 0.25)
    assert (found["sure"], found["sure_right"]) == (0.25, 1.0)


def test_coverage_takes_the_widest_threshold_that_is_right_often_enough() -> None:
    right = [outcome(0.9 - n / 100, 1) for n in range(9)]
    assert coverage([*right, outcome(0.5, 0, False)], 0.9) == 1.0
    assert coverage([outcome(0.95, 0, False), *right[:4]], 0.9) == 0.0
    assert coverage([outcome(0.9, 1), outcome(0.9, 0)], 0.9) == 0.0


def test_no_card_lies_in_both_halves() -> None:
    queries = [query(n, f"c{n // 3}") for n in range(60)] + [query(99, "c1", "c2"), query(100)]
    sides = halves(queries)
    cards = [{card for one in side for card in one.anywhere} for side in sides]
    assert not cards[0] & cards[1]
    assert sum(map(len, sides)) == len(queries)
    assert all(sides)


def _card_row(language: str, text: str) -> dict[str, Any]:
    return {
        "id": f"{language}-1",
        "language": language,
        "category": "any",
        "objection": text,
        "phrasings": [],
        "answer": "An answer",
    }


def _query_row(card: dict[str, Any]) -> dict[str, Any]:
    return {
        "qid": f"q-{card['id']}",
        "query": card["objection"],
        "language": card["language"],
        "query_language": card["language"],
        "kind": "typo",
        "relevant": [card["id"]],
        "relevant_any": [card["id"]],
    }


# With halves it fits the weights anew, which takes a minute.
@pytest.mark.parametrize("split", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_the_bench_reads_files_and_reports_both_languages(tmp_path: Path, split: bool) -> None:
    rows = [_card_row("en", "Our shop is closed"), _card_row("zh", "本店关门")]
    asked = [_query_row(row) for row in rows]
    for name, lines in (("cards", rows), ("queries", asked)):
        (tmp_path / name).write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    result = bench(read_cards([tmp_path / "cards"]), read_queries([tmp_path / "queries"]), split)
    for part in ("en", "zh", "all", "together"):
        assert result[part]["hit@1"] == 1.0  # type: ignore[index]  # printed JSON, loosely typed
    assert ("unseen" in result) is split
