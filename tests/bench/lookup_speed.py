"""Measures the look-up on made-up cards of any number beside RapidFuzz's WRatio."""

import gc
import random
import tomllib
from collections.abc import Callable
from functools import partial

import psutil
from rapidfuzz import fuzz, process

from kb.objections import lexicon
from kb.objections.card import Card, Language
from kb.objections.search import CardIndex
from tests.bench.tables import Figure, Size, Table, percentile, timed, times

PLAIN_QUERIES = 40  # of WRatio, which takes as long for each
WORDINGS = 3  # of each card
COLUMNS = ("LOOK-UP", "p50 ms", "p99 ms", "build s", "memory MB")
ANSWER = "We can look at that together on Thursday, and you tell me whether it holds."


def phrases() -> dict[Language, list[str]]:
    """Return the lexicon's phrases: words of the trade in both languages."""
    tables = tomllib.loads(lexicon.FILE.read_text(encoding="utf-8")).values()
    return {
        "en": [phrase for table in tables for phrase in table["en"]],
        "zh": [phrase.replace("…", "") for table in tables for phrase in table["zh"]],
    }


def wording(chance: random.Random, words: list[str], gap: str) -> str:
    """Return two phrases and a word found nowhere else, so that the vocabulary grows too."""
    unique = "".join(chance.choice("abcdefghiklmnoprstuvw") for _ in range(chance.randint(3, 8)))
    return gap.join([*chance.sample(words, 2), unique])


def made_up(count: int, chance: random.Random) -> list[Card]:
    """Return cards with `count` wordings in all, half of them Chinese."""
    words = phrases()
    cards = []
    for number in range(count // WORDINGS):
        language: Language = "zh" if number % 2 else "en"
        gap = "" if language == "zh" else " "
        first, *more = [wording(chance, words[language], gap) for _ in range(WORDINGS)]
        key = str(number)
        cards.append(Card(number, key, language, "any", first, tuple(more), "", ANSWER, ""))
    return cards


def asked(cards: list[Card], chance: random.Random, count: int) -> list[str]:
    """Return queries: mistyped and begun wordings, and one in sixteen a long mail."""
    found = []
    for number in range(count):
        texts = [chance.choice(chance.choice(cards).wordings) for _ in range(6)]
        place = chance.randrange(1, len(texts[0]))
        slip = texts[0][: place - 1] + texts[0][place:]
        found.append(". ".join(texts) if number % 16 == 0 else slip)
    return found


def measured(size: Size) -> Table:
    """The table."""
    CardIndex(made_up(WORDINGS * 2, random.Random(1))).search("价格 too high")
    rows = [row for count in size.wordings for row in _rows(count, size.queries)]
    notes = (
        f"{size.queries} queries each: wordings with a letter missing or begun and not ended, one"
        " in sixteen a long mail; half English, half Chinese. Every other card is Chinese."
        f" WRatio goes over all wordings for the first {min(PLAIN_QUERIES, size.queries)}.",
    )
    return Table(COLUMNS, tuple(rows), notes)


def _rows(count: int, queries: int) -> list[tuple[Figure, ...]]:
    chance = random.Random(count)
    cards = made_up(count, chance)
    texts = [text for card in cards for text in card.wordings]
    questions = asked(cards, chance, queries)
    gc.collect()
    memory = psutil.Process().memory_info().rss
    with timed() as build:
        index = CardIndex(cards)
    grown = max(0, psutil.Process().memory_info().rss - memory) / 1e6
    index.search("warm up")
    wratio = partial(process.extractOne, choices=texts, scorer=fuzz.WRatio)
    ours = _figures(index.search, questions)
    theirs = _figures(wratio, questions[:PLAIN_QUERIES])
    ratios = [times(one, other) for one, other in zip(ours, theirs, strict=True)]
    return [
        (f"{len(texts):,} phrasings, Repmate", *ours, build.seconds, grown),
        (f"{len(texts):,} phrasings, WRatio", *theirs, None, None),
        ("  ratio", *ratios, None, None),
    ]


def _figures(search: Callable[[str], object], questions: list[str]) -> tuple[float, float]:
    took = [_took(search, question) * 1000 for question in questions]
    return percentile(took, 0.5), percentile(took, 0.99)


def _took(search: Callable[[str], object], question: str) -> float:
    with timed() as watch:
        search(question)
    return watch.seconds
