"""Learning from use: which queries are kept as wordings of a card, and what each counts.

A query that led to a card is kept beside the card's own phrasings, with a weight. Each look-up that
ends with the card raises the weight; each line that did not land halves it, and so does time.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from kb.objections.clauses import is_long
from kb.objections.normalise import fold, has_hanzi, squash, tokenize

HALF_LIFE = timedelta(days=90)
USED, LANDED = 0.3, 0.5  # what one use adds, and one that landed
RETYPED = 0.3  # what it adds to other words for the same thing that were typed in vain before
RETYPED_WITHIN = timedelta(minutes=3)
MISSED = 0.5  # what is left after a line that did not land
MIN_WEIGHT = 0.1  # below it a wording counts for nothing
MAX_WORDINGS = 30  # wordings of a card
MAX_CHARS = 120  # of a wording
MAX_KEY = 200  # characters
_PRIVATE = re.compile(r"\d(?:[\s().-]{0,2}\d){5}|@|://|www\.", re.IGNORECASE)
_AMOUNT = re.compile(
    r"[$€£¥￥]\s?\d[\d.,]{0,12}\s?(?:k|m|mio|thousand|million|[千万亿])?(?![a-z\d])"
    r"|(?<![a-z\d.,])\d[\d.,]{0,12}\s?"
    r"(?:[千万亿]?[元块刀](?:钱)?|[千万亿]|[$€£]"
    r"|(?:k|m|mio|thousand|million)?\s?(?:usd|eur|gbp|rmb|cny|dollars?|euros?|pounds?|yuan)(?![a-z])"
    r"|(?:k|m|mio|thousand|million)(?![a-z]))",
    re.IGNORECASE,
)


def extract_wording(query: str) -> str:
    """Return what of a query is worth keeping as a wording, on one line; else an empty text.

    Not kept are a pasted message, and what holds a number, an address or nothing but signs: those
    are about one customer, and nobody else in the team should find them. An amount is left out.
    """
    wording = " ".join(query.split())
    if not wording or len(wording) > MAX_CHARS or is_long(wording) or _PRIVATE.search(wording):
        return ""
    wording = " ".join(_AMOUNT.sub(" ", wording).split())
    return wording if len(make_key(wording)) > 1 else ""


def names_somebody(wording: str, names: Iterable[str]) -> bool:
    """Return whether the wording holds one of these names, of customers or of people."""
    words = f" {' '.join(tokenize(fold(wording)))} "
    letters = make_key(wording)
    for name in names:
        if has_hanzi(name):
            key = make_key(name)
            if len(key) > 1 and key in letters:
                return True
        elif (spelt := " ".join(tokenize(fold(name)))) and f" {spelt} " in words:
            return True
    return False


def make_key(wording: str) -> str:
    """Return the letters of a wording alone: two wordings with one key are the same."""
    return squash(fold(wording))[:MAX_KEY]


def decay_weight(weight: float, since: datetime, now: datetime) -> float:
    """Return what is left of a weight of `since`: half after HALF_LIFE, 0 below MIN_WEIGHT."""
    left = float(weight * 0.5 ** max(0.0, (now - since) / HALF_LIFE))
    return left if left >= MIN_WEIGHT else 0.0


def strengthen(weight: float, *, landed: bool = False, retyped: bool = False) -> float:
    """Return the weight after one more look-up that ended with the card, at most 1.

    `retyped` says that these words found nothing, and others soon after led to the card.
    """
    return min(1.0, weight + (RETYPED if retyped else LANDED if landed else USED))


def weaken(weight: float) -> float:
    """Return the weight after its card's line did not land."""
    return weight * MISSED
