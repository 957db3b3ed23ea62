"""Whether two queries ask for the same thing, so that what is missing is counted once."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from kb.objections import lexicon
from kb.objections.form import Form, take_apart

LETTERS_ALIKE = 84  # of 100: a typo or two in a short query
WORDS_ALIKE = 88
WORDS_OF_ONE_IDEA = 50
COMPARED = 200  # characters
_WHETHER = re.compile(r"(\w)[不没]\1")  # 有没有, 能不能: a question, no denial


@dataclass(frozen=True)
class Wording:
    """A query taken apart, ready to be compared."""

    form: Form

    @staticmethod
    def of(text: str) -> "Wording":
        """The wording of any text; only its beginning counts."""
        return Wording(take_apart(_WHETHER.sub(r"\1", text[:COMPARED]), lexicon.shipped()))


def alike(one: Wording, other: Wording) -> bool:
    """Whether both ask for the same: near the same letters or words, or one idea in like words."""
    a, b = one.form, other.form
    if not a.joined or not b.joined:
        return False
    if a.joined == b.joined:
        return True
    if a.denied != b.denied:
        return False
    if fuzz.ratio(a.joined, b.joined) >= LETTERS_ALIKE:
        return True
    words = fuzz.token_sort_ratio(a.spaced, b.spaced)
    return words >= (WORDS_OF_ONE_IDEA if a.ideas and a.ideas == b.ideas else WORDS_ALIKE)


def first_alike(text: str, others: Iterable[tuple[int, str]]) -> int | None:
    """The number of the first of `others` (number, text) that asks for the same; None if none."""
    asked = Wording.of(text)
    return next((number for number, other in others if alike(asked, Wording.of(other))), None)
