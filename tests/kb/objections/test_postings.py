"""The inverted index: what a query shares with each wording, and how much that weighs."""

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.objections import postings
from kb.objections.postings import LARGE, Postings, PostingsBuilder

terms = st.lists(st.sampled_from("abcdefgh"), max_size=5, unique=True)
rows = st.lists(terms, min_size=1, max_size=12)


def build(wordings: Iterable[Iterable[str]]) -> Postings:
    builder = PostingsBuilder()
    for wording in wordings:
        builder.add(wording)
    return builder.build()


def amounts(index: Postings, query: Sequence[str]) -> list[float]:
    found: list[float] = index.overlaps([query]).amounts[0].tolist()
    return found


@given(rows, terms)
def test_a_wording_shares_something_if_and_only_if_it_has_a_term_of_the_query(
    wordings: list[list[str]], query: list[str]
) -> None:
    shared = amounts(build(wordings), query)
    assert [amount > 0 for amount in shared] == [not set(query).isdisjoint(w) for w in wordings]


@given(rows)
def test_a_query_that_is_a_wording_shares_the_whole_weight_of_both(
    wordings: list[list[str]],
) -> None:
    index = build(wordings)
    found = index.overlaps(wordings)
    for place, wording in enumerate(wordings):
        if wording:
            assert found.amounts[place, place] == pytest.approx(index.mass[place], rel=1e-5)
            assert found.totals[place] == pytest.approx(index.mass[place], rel=1e-5)


def test_a_rare_term_weighs_more_than_a_common_one() -> None:
    index = build([["common", "rare"], ["common"], ["common"]])
    assert amounts(index, ["rare"])[0] > amounts(index, ["common"])[0] > 0


def test_what_no_wording_holds_counts_as_unknown() -> None:
    found = build([["a"]]).overlaps([["a", "never"], ["a"]])
    assert found.unknown[0] > 0
    assert found.unknown[1] == 0
    assert found.totals[0] > found.totals[1]


def test_of_many_wordings_a_term_in_nearly_all_of_them_says_nothing() -> None:
    index = build([["common", f"own{number}"] for number in range(LARGE + 1)])
    assert not any(amounts(index, ["common"]))
    assert amounts(index, ["own7"])[7] > 0


@given(rows, rows, terms)
def test_wordings_added_later_are_found_and_the_older_index_stays_as_it_was(
    first: list[list[str]], later: list[list[str]], query: list[str]
) -> None:
    older = build(first)
    before = amounts(older, query)
    newer = older.with_wordings(later[:1]).with_wordings(later[1:])
    assert newer.size == len(first) + len(later)
    assert amounts(newer, query)[: len(first)] == before == amounts(older, query)
    found = [amount > 0 for amount in amounts(newer, query)[len(first) :]]
    assert found == [not set(query).isdisjoint(wording) for wording in later]
    assert np.allclose(newer.scale, 1 / np.sqrt(newer.mass))


@pytest.mark.parametrize("late", [False, True])
def test_no_term_makes_more_than_its_share_of_the_wordings_be_added_up(
    monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    monkeypatch.setattr(postings, "POSTINGS", 10)
    rows = [["common", f"rare{n}"] for n in range(50)]
    builder = PostingsBuilder()
    for row in rows:
        builder.add(row)
    built = builder.build()
    held = built.with_wordings([["common"]]) if late else built
    found = held.overlaps([["common", "rare3", "rare4"], ["common"]])
    assert set(chain.from_iterable(map(list, rows))) >= {"common", "rare3"}
    assert [int(n) for n in (found.amounts[0] > 0).nonzero()[0]][:2] == [3, 4]
    assert found.amounts[1][:50].min() > 0
