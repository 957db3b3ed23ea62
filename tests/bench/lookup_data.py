"""Read card and query files of the look-up bench, and split them by card into two halves."""

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.objections.card import Card, Language


@dataclass(frozen=True)
class Query:
    """One labelled query. `relevant` is right in the query's card language, `anywhere` in any."""

    id: str
    text: str
    language: Language
    kind: str
    relevant: frozenset[str]
    anywhere: frozenset[str]


def read_cards(files: Iterable[Path]) -> list[Card]:
    """Return the cards of JSON Lines files; a card's one `answer` is taken as what to say."""
    return [_card(row) for row in _rows(files)]


def read_queries(files: Iterable[Path]) -> list[Query]:
    """Return the queries of JSON Lines files."""
    return [_query(row) for row in _rows(files)]


def _rows(files: Iterable[Path]) -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def _card(row: dict[str, Any]) -> Card:
    return Card(
        id=row["id"],
        key=row["id"],
        language=row["language"],
        category=row["category"],
        objection=row["objection"],
        phrasings=tuple(row["phrasings"]),
        ask="",
        say=row["answer"],
        proof="",
    )


def _query(row: dict[str, Any]) -> Query:
    return Query(
        id=row["qid"],
        text=row["query"],
        language=row["language"],
        kind=row["kind"],
        relevant=frozenset(row["relevant"]),
        anywhere=frozenset(row["relevant_any"]),
    )


def halves(queries: Sequence[Query]) -> tuple[list[Query], list[Query]]:
    """Split by card: all queries about a card, and about its translation, fall into one half.

    Off-topic queries have no card and fall by their own id.
    """
    group = groups(queries)
    sides: tuple[list[Query], list[Query]] = ([], [])
    for query in queries:
        key = group[min(query.anywhere)] if query.anywhere else query.id
        sides[zlib.crc32(key.encode()) % 2].append(query)
    return sides


def groups(queries: Sequence[Query]) -> dict[str, str]:
    """Name each card by the smallest id among all cards it is ever right together with."""
    parent: dict[str, str] = {}

    def root(card: str) -> str:
        while parent.setdefault(card, card) != card:
            card = parent[card]
        return card

    for query in queries:
        first, *others = sorted(query.anywhere) or [""]
        for other in others:
            low, high = sorted((root(first), root(other)))
            parent[high] = low
    return {
        card: root(card) for card in list(parent) + [min(q.anywhere, default="") for q in queries]
    }
