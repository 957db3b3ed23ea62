"""However a query is made, the work it causes has its bounds: counted here, not timed."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import process
from rapidfuzz.distance import OSA

from kb.objections import postings, spelling
from kb.objections.candidates import CANDIDATES, CANDIDATES_OF_CLAUSE
from kb.objections.clauses import MAX_CLAUSE, MAX_CLAUSES
from kb.objections.fuzzy import MAX_FUZZY
from kb.objections.search import CUT_AT, MAX_WHOLE, CardIndex, was_cut
from kb.objections.text_features import MAX_TERMS, extract_features
from tests.kb.objections.sample import CARDS, card

# More wordings than candidates, so that their number is what bounds the work.
MANY = [card(f"n{n}", "en", f"too dear by {n}", [f"太贵了 {n}"]) for n in range(3 * CANDIDATES)]
INDEX = CardIndex([*CARDS, *MANY])
ONCE = MAX_CLAUSES + 1  # the clauses and the whole
PAIRS = 4 * max(CANDIDATES, ONCE * CANDIDATES_OF_CLAUSE)  # four comparisons of each candidate


class Work:
    """What a query was seen to cost."""

    def __init__(self) -> None:
        self.longest = self.pairs = self.slips = self.taken = self.characters = self.terms = 0


@pytest.fixture(scope="module")
def work() -> Iterator[Work]:
    seen = Work()

    plain = process.cdist

    def cdist(queries: list[str], texts: list[str], **how: Any) -> Any:
        seen.longest = max(seen.longest, *map(len, (*queries, *texts)))
        seen.pairs += len(queries) * len(texts)
        return plain(queries, texts, **how)

    def distance(one: str, other: str, **how: Any) -> int:
        seen.longest = max(seen.longest, len(one), len(other))
        seen.slips += 1
        return OSA.distance(one, other, **how)

    def taking(text: str, *rest: Any, **how: Any) -> Any:
        seen.taken += 1
        seen.characters += len(text)
        return extract_features(text, *rest, **how)

    overlaps = postings.Postings.overlaps

    def counted(self: postings.Postings, queries: Iterable[Iterable[str]]) -> Any:
        terms = [list(each) for each in queries]
        seen.terms = max(seen.terms, *map(len, terms))
        return overlaps(self, terms)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(process, "cdist", cdist)
        patch.setattr(spelling, "OSA", type("Watched", (), {"distance": staticmethod(distance)}))
        patch.setattr("kb.objections.search.extract_features", taking)
        patch.setattr(postings.Postings, "overlaps", counted)
        yield seen


def bounded(work: Work, query: str) -> None:
    work.__init__()  # type: ignore[misc]  # counted from nothing
    INDEX.search(query)
    assert work.longest <= max(MAX_FUZZY, spelling.LONGEST + 1)
    assert work.pairs <= PAIRS
    assert work.taken <= ONCE
    assert work.characters <= MAX_CLAUSES * MAX_CLAUSE + MAX_WHOLE
    assert work.terms <= MAX_TERMS
    # Each clause of so many characters has at most half as many words of two letters and more.
    assert work.slips <= spelling.CANDIDATES * work.characters / spelling.SHORTEST


TEXTS = [
    "a" * 100_000,
    "dear" * 30_000,
    "too dear by 1 " * 10_000,
    "dear. " * 20_000,
    "贵" * 100_000,
    "太贵了" * 30_000,
    "太贵了，" * 30_000,
    "太贵了。too dear! " * 9_000,
    "exponsive comparisson managment " * 4_000,
    "exponsivecomparissonmanagment. " * 4_000,
    "\U0001f44d" * 50_000,
    "e" + "\u0301" * 50_000,
    "\ufdfa" * 50_000,
    "-.,;" * 30_000,
    "\n" * 100_000,
    "tai gui le " * 9_000,
    "taiguile" * 9_000,
    "tgl " * 9_000,
    "1 2 3 4 5 6 7 8 9 0 " * 9_000,
    "too expensive, " * 5_000,
    "价格太高了，" * 5_000,
    "' " * 50_000,
    "thanks " * 20_000,
    "a" + " " * 50_000 + "b",
    "." * 50_000 + "a",
    "\n\t" * 50_000,
    "\U0001f468\u200d" * 30_000,
    "xi'an " * 10_000,
    "\ud800" * 5_000,
]


@pytest.mark.parametrize("text", TEXTS, ids=[str(n) for n in range(len(TEXTS))])
def test_a_text_made_to_hurt_causes_little_work(work: Work, text: str) -> None:
    bounded(work, text)


scraps = st.sampled_from(
    ["dear ", "too", "贵", "太贵了", ". ", "，", "\n", "exponsive ", "taigui", "e\u0301"]
)


@settings(max_examples=60)
@given(st.lists(st.one_of(scraps, st.text(max_size=4)), max_size=40), st.integers(1, 300))
def test_any_text_of_any_length_causes_little_work(
    work: Work, parts: list[str], times: int
) -> None:
    bounded(work, "".join(parts) * times)


def test_a_text_is_cut_and_it_can_be_said() -> None:
    assert not was_cut("x" * CUT_AT)
    assert was_cut("x" * (CUT_AT + 1))
    assert not was_cut(" " * CUT_AT + "too dear")
