"""Time the look-up on made-up cards: python -m tests.bench.lookup_speed 250 10000 100000

Prints a JSON line for each number of wordings: build seconds, memory, milliseconds per query.
"""

import gc
import json
import random
import sys
import time
import tomllib
from collections.abc import Callable
from functools import partial

import psutil
from rapidfuzz import fuzz, process

from kb.objections import lexicon
from kb.objections.card import Card, Language
from kb.objections.search import CardIndex
from tests.bench.lookup import speed

QUERIES = 400
WORDINGS = 3  # of each card
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


def asked(cards: list[Card], chance: random.Random) -> list[str]:
    """Return queries: mistyped and begun wordings, and one in sixteen a long mail."""
    found = []
    for number in range(QUERIES):
        texts = [chance.choice(chance.choice(cards).wordings) for _ in range(6)]
        place = chance.randrange(1, len(texts[0]))
        slip = texts[0][: place - 1] + texts[0][place:]
        found.append(". ".join(texts) if number % 16 == 0 else slip)
    return found


def timed(cards: list[Card], queries: list[str]) -> dict[str, object]:
    """Build, ask everything once, and return the figures."""
    gc.collect()
    memory, start = psutil.Process().memory_info().rss, time.perf_counter()
    index = CardIndex(cards)
    built = time.perf_counter() - start
    grown = psutil.Process().memory_info().rss - memory
    index.search("warm up")
    texts = [text for card in cards for text in card.wordings]
    wratio = partial(process.extractOne, choices=texts, scorer=fuzz.WRatio)
    return {
        "wordings": len(texts),
        "build_s": round(built, 2),
        "memory_mb": round(grown / 1e6),
        "lookup": speed([_took(index.search, query) for query in queries]),
        "WRatio": speed([_took(wratio, query) for query in queries[:40]]),
    }


def _took(call: Callable[[str], object], query: str) -> float:
    start = time.perf_counter()
    call(query)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    """Measure each size given on the command line."""
    CardIndex(made_up(WORDINGS * 2, random.Random(1))).search("价格 too high")
    for count in map(int, sys.argv[1:] or ["250"]):
        chance = random.Random(count)
        cards = made_up(count, chance)
        print(json.dumps(timed(cards, asked(cards, chance))))


if __name__ == "__main__":
    main()
