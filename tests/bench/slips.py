"""Make queries of every kind out of cards: what a hurried thumb, an ear or a mail does to wordings.

Used to fit the look-up on far more cards and wordings than anybody labelled. Some wordings of each
card are left in the index and slipped on; the others are held out and asked as they stand.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from kb.objections import pinyin
from kb.objections.card import Card, Language
from kb.objections.english import FUNCTION_WORDS, SHORT_FORMS
from kb.objections.normalise import has_hanzi
from tests.bench.lookup_data import Query
from tests.bench.mailing import mail

OFF_TOPIC = Path(__file__).parent / "offtopic.txt"
KEPT, ABSENT = 2, 0.15  # wordings left to a card at most; share of cards left out of the index
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
Slip = Callable[[str, random.Random], str]

MIXED = {
    "价格": "price", "预算": "budget", "老板": "boss", "合同": "contract", "系统": "system",
    "功能": "feature", "培训": "training", "数据": "data", "团队": "team", "客户": "customer",
    "时间": "time", "产品": "product", "软件": "software", "方案": "plan", "服务": "support",
    "演示": "demo", "邮件": "email", "资料": "info", "需要": "need", "项目": "project",
    "试用": "trial", "案例": "case", "付款": "payment", "供应商": "vendor",
}  # fmt: skip


def typo(text: str, chance: random.Random) -> str:
    """Slip once or twice: two letters swapped, one lost, doubled, or its neighbour hit."""
    letters = list(text)
    for _ in range(1 if len(text) < 14 else 2):
        place = chance.randrange(len(letters) - 1)
        how = chance.randrange(4)
        if how == 0:
            letters[place : place + 2] = letters[place : place + 2][::-1]
        elif how == 1:
            del letters[place]
        elif how == 2:
            letters.insert(place, letters[place])
        else:
            letters[place] = _neighbour(letters[place], chance)
        if len(letters) < 3:
            break
    return "".join(letters)


def _neighbour(letter: str, chance: random.Random) -> str:
    for row in ROWS:
        place = row.find(letter.lower())
        if place >= 0:
            return row[max(0, place - 1)] if chance.random() < 0.5 else row[(place + 1) % len(row)]
    return _homophone(letter, chance) if has_hanzi(letter) else letter


@lru_cache(maxsize=1)
def _by_sound() -> dict[str, list[str]]:
    """Return common characters (those of the level-1 national set) by their sound."""
    found: dict[str, list[str]] = {}
    for high in range(0xB0, 0xD8):
        for low in range(0xA1, 0xFF):
            try:
                char = bytes((high, low)).decode("gb2312")
            except UnicodeDecodeError:
                continue
            found.setdefault(pinyin.soften(pinyin.to_syllables(char)[0]), []).append(char)
    return found


def _homophone(char: str, chance: random.Random) -> str:
    others = [
        c for c in _by_sound().get(pinyin.soften(pinyin.to_syllables(char)[0]), ()) if c != char
    ]
    return chance.choice(others) if others else char


def homophone(text: str, chance: random.Random) -> str:
    """Replace up to two characters by others of the same sound."""
    places = [n for n, char in enumerate(text) if has_hanzi(char)]
    for place in chance.sample(places, min(len(places), 2)):
        text = text[:place] + _homophone(text[place], chance) + text[place + 1 :]
    return text


def prefix(text: str, chance: random.Random) -> str:
    """Stop typing half way."""
    return text[: max(3, round(len(text) * chance.uniform(0.4, 0.75)))]


def word_order(text: str, chance: random.Random) -> str:
    """Say the second part first."""
    if has_hanzi(text):
        cut = chance.randrange(2, max(3, len(text) - 1))
        return text[cut:] + text[:cut]
    words = text.split()
    chance.shuffle(words)
    return " ".join(words)


def shorthand(text: str, chance: random.Random) -> str:
    """Leave out the small words and shorten the others."""
    if has_hanzi(text):
        return "".join(char for char in text if char not in "的了吗呢吧我们你是就都有在和把")
    short = {full: brief for brief, full in SHORT_FORMS.items()}
    words = [word for word in text.lower().split() if word not in FUNCTION_WORDS] or text.split()
    return " ".join(_shortened(word.strip(",.?!"), short, chance) for word in words)


def _shortened(word: str, short: dict[str, str], chance: random.Random) -> str:
    if word in short and chance.random() < 0.8:
        return short[word]
    if len(word) > 5 and chance.random() < 0.3:
        return word[0] + "".join(char for char in word[1:] if char not in "aeiou")
    return word


def speech(text: str, chance: random.Random) -> str:
    """Hear it badly: no punctuation, fillers, words run together or apart."""
    if has_hanzi(text):
        heard = homophone(text, chance)
        return chance.choice(("嗯", "那个", "就是说", "")) + heard.replace("，", "")
    words = text.lower().replace(",", "").replace("'", chance.choice(("", " "))).split()
    place = chance.randrange(len(words))
    words.insert(place, chance.choice(("um", "uh", "like", "you know")))
    if len(words) > 3:
        place = chance.randrange(len(words) - 1)
        words[place : place + 2] = ["".join(words[place : place + 2])]
    return " ".join(words)


def pinyin_full(text: str, chance: random.Random) -> str:
    """Type it in pinyin, with or without gaps."""
    return chance.choice(("", " ")).join(pinyin.to_syllables(text))


def pinyin_initials(text: str, _chance: random.Random) -> str:
    """Type the first letters only."""
    return pinyin.to_initials(pinyin.to_syllables("".join(filter(has_hanzi, text))))


def traditional(text: str, _chance: random.Random) -> str:
    """Write it as in Taipei or Hong Kong."""
    import opencc  # noqa: PLC0415  # only here

    written: str = opencc.OpenCC("s2t").convert(text)
    return written


def code_mixed(text: str, _chance: random.Random) -> str:
    """Say the words of the trade in English."""
    for word, foreign in MIXED.items():
        text = text.replace(word, foreign)
    return text


ANY: dict[str, Slip] = {
    "typo": typo, "prefix": prefix, "word_order": word_order, "shorthand": shorthand,
    "speech": speech,
}  # fmt: skip
CHINESE: dict[str, Slip] = {
    "homophone": homophone, "pinyin_full": pinyin_full, "pinyin_initials": pinyin_initials,
    "traditional": traditional, "code_mixed": code_mixed,
}  # fmt: skip


def thinned(cards: Sequence[Card], chance: random.Random) -> tuple[list[Card], list[Card]]:
    """Return the cards to index, each with few wordings, and those left out altogether."""
    kept: list[Card] = []
    absent: list[Card] = []
    gone = {key for key in {card.key for card in cards} if chance.random() < ABSENT}
    for card in cards:
        first, *more = chance.sample(card.wordings, min(len(card.wordings), _few(chance)))
        thin = replace(card, objection=first, phrasings=tuple(more))
        (absent if card.key in gone else kept).append(thin)
    return kept, absent


def _few(chance: random.Random) -> int:
    return 1 if chance.random() < 0.4 else KEPT


def queries(
    cards: Sequence[Card], kept: Sequence[Card], absent: Sequence[Card], chance: random.Random
) -> list[Query]:
    """Return made-up queries against the kept cards; all `cards` lend their wordings."""
    full = {card.id: card for card in cards}
    by_key: dict[str, list[str]] = {}
    for card in kept:
        by_key.setdefault(card.key, []).append(str(card.id))
    found: list[Query] = []
    for card in kept:
        found += _of(card, full[card.id], frozenset(by_key[card.key]), kept, chance)
    for card in absent:
        text = chance.choice(full[card.id].wordings)
        found.append(Query("", text, card.language, "absent", frozenset(), frozenset()))
    found += off_topic()
    return [replace(query, id=f"made{n}") for n, query in enumerate(found)]


def off_topic() -> Iterator[Query]:
    """Yield the lines of offtopic.txt."""
    for line in OFF_TOPIC.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            language: Language = "zh" if has_hanzi(line) else "en"
            yield Query("", line, language, "off_topic", frozenset(), frozenset())


def _of(
    card: Card, full: Card, anywhere: frozenset[str], kept: Sequence[Card], chance: random.Random
) -> Iterator[Query]:
    own = frozenset([str(card.id)])

    def query(text: str, kind: str) -> Query:
        return Query("", text, card.language, kind, own, anywhere)

    held = [text for text in full.wordings if text not in card.wordings]
    for text in chance.sample(held, min(3, len(held))):
        yield query(text, "held_out")
    kinds = {**ANY, **CHINESE} if card.language == "zh" else ANY
    for kind in chance.sample(sorted(kinds), 3):
        slipped = kinds[kind](chance.choice(card.wordings), chance)
        if slipped not in card.wordings:
            yield query(slipped, kind)
    if chance.random() < 0.5:
        yield query(mail(chance.choice(held or card.wordings), chance), "long")
    for other in kept:
        if other.key == card.key and other.id != card.id and chance.random() < 0.4:
            yield query(chance.choice(other.wordings), "cross_language")
