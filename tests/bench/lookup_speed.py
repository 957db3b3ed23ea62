"""Measures the look-up on made-up cards of any number beside RapidFuzz's WRatio."""

import gc
import random
import tomllib
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import psutil
from rapidfuzz import fuzz, process

from kb.objections import lexicon
from kb.objections.card import Card, Language
from kb.objections.search import CardIndex
from tests.bench.tables import Figure, Size, Table, percentile, timed, times

PLAIN_QUERIES = 40  # of WRatio, which takes as long for each
WORDINGS = 3  # of each card
CHANGES = 20
COLUMNS = ("LOOK-UP", "p50 ms", "p99 ms", "worst", "edit", "build s", "MB")
LONGER_THAN_READ = (
    "too expensive, " * 5_000,
    "价格太高了，" * 5_000,
    "' " * 50_000,
    "thanks " * 20_000,
    "a" + " " * 50_000 + "b",
    "." * 50_000 + "a",
    "\n\t" * 50_000,
    "xi'an " * 10_000,
    "\ud800" * 5_000,
)
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


def made_to_hurt(chance: random.Random) -> list[str]:
    """Return texts of 4,096 characters and more that would cost an unwary search much."""

    def letters(alphabet: str, length: int) -> str:
        return "".join(chance.choice(alphabet) for _ in range(length))

    hanzi = "".join(chr(chance.randrange(0x4E00, 0x9FFF)) for _ in range(4096))
    words = [phrase for both in phrases().values() for phrase in both]
    return [
        letters("abcdefgh", 4096),
        hanzi,
        "，".join(hanzi[n : n + 23] for n in range(0, 4096, 23)),
        ". ".join(" ".join(letters("aeioustrn", 19) for _ in range(9)) for _ in range(40)),
        ". ".join(" ".join(chance.sample(words, 12)) for _ in range(50)),
        "\ufdfa" * 4096,
        "e" + "\u0301" * 4095,
        "\U0001f468\u200d" * 2048,
        "-.,; " * 900,
        "tai gui le " * 400,
        "don't' " * 600,
        *LONGER_THAN_READ,
    ]


def measured(size: Size) -> Table:
    """The table."""
    CardIndex(made_up(WORDINGS * 2, random.Random(1))).search("价格 too high")
    rows = [row for count in size.wordings for row in _rows(count, size.queries)]
    notes = (
        f"{size.queries} queries each: wordings with a letter missing or begun and not ended, one"
        " in sixteen a long mail; half English, half Chinese. Every other card is Chinese."
        f" WRatio goes over all wordings for the first {min(PLAIN_QUERIES, size.queries)}.",
        "Worst: milliseconds of the slowest of a few texts of 4,096 characters made to hurt. Edit:"
        f" until an edited card is found, the median of {CHANGES}. MB: the memory it takes.",
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
    worst = max(_took(index.search, text) for text in made_to_hurt(chance)) * 1000
    changed = percentile([_changed(index, chance.choice(cards)) for _ in range(CHANGES)], 0.5)
    return [
        (f"{len(texts):,} phrasings, Repmate", *ours, worst, changed, build.seconds, grown),
        (f"{len(texts):,} phrasings, WRatio", *theirs, None, None, None, None),
        ("  ratio", *ratios, None, None, None, None),
    ]


def _changed(index: CardIndex, card: Card) -> float:
    """Milliseconds until a changed card is found by what it now says."""
    edited = replace(card, objection="An edited wording that stands nowhere else")
    with timed() as watch:
        [hit] = index.with_changes([edited]).search(edited.objection, limit=1)
    if hit.card_id != card.id:
        raise AssertionError("an edited card is not found")
    return watch.seconds * 1000


def _figures(search: Callable[[str], object], questions: list[str]) -> tuple[float, float]:
    took = [_took(search, question) * 1000 for question in questions]
    return percentile(took, 0.5), percentile(took, 0.99)


def _took(search: Callable[[str], object], question: str) -> float:
    with timed() as watch:
        search(question)
    return watch.seconds
