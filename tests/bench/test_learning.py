"""The learning bench splits, counts and learns as it says it does."""

import random

from kb.objections.card import Card
from kb.objections.search import CardIndex
from tests.bench.learning import Month, Tally, bench, split
from tests.bench.lookup_data import Query


def card(number: int, said: str) -> Card:
    return Card(f"c{number}", f"k{number}", "en", "any", said, (), "", "Yes.", "")


CARDS = [card(1, "We have no budget left"), card(2, "My boss decides"), card(3, "Call me in June")]


def query(number: int, text: str, *cards: str, kind: str = "plain") -> Query:
    right = frozenset(cards)
    return Query(f"q{number}", text, "en", kind, right, right)


BUDGET = [query(n, f"no budget {n}", "c1") for n in range(4)]


def test_no_query_is_both_typed_before_and_new_and_off_topic_ones_are_neither() -> None:
    queries = [*BUDGET, query(9, "the boss", "c2"), query(10, "brown bears")]
    typed, new = split(queries, random.Random(1))
    assert not {one.id for one in typed} & {one.id for one in new}
    assert {one.id for one in (*typed, *new)} == {"q0", "q1", "q2", "q3", "q9"}


def test_a_tally_tells_better_from_worse() -> None:
    tally = Tally()
    for before, after in ((True, True), (True, False), (False, True), (False, True)):
        tally.add(before, after)
    assert tally.report() == {
        "queries": 4,
        "before": 0.5,
        "after": 0.75,
        "better": 2,
        "worse": 1,
    }


def test_a_month_teaches_the_words_that_were_typed_and_only_to_the_card_used() -> None:
    month = Month({one.id: one for one in CARDS}, random.Random(3), wrong=0.0)
    index = month.lived([query(1, "budget gone for good", "c1")])
    assert {place[0] for place in month.known} == {"c1"}
    [first] = index.search("budget gone for good", limit=1)
    assert first.card_id == "c1"
    assert first.score > CardIndex(CARDS).search("budget gone for good", limit=1)[0].score


def test_a_rep_who_is_always_wrong_teaches_only_wrong_cards() -> None:
    month = Month({one.id: one for one in CARDS}, random.Random(3), wrong=1.0)
    month.lived([query(1, "no boss in june, no budget", "c1")])
    assert month.known
    assert "c1" not in {place[0] for place in month.known}


def test_the_report_counts_every_team_and_kind() -> None:
    found = bench(CARDS, [*BUDGET, query(10, "brown bears hibernate")], teams=2)
    for part, count in (("typed_before", 4), ("never_typed", 4), ("all", 8), ("off_topic_sure", 2)):
        part_found = found[part]
        assert isinstance(part_found, dict)
        assert part_found["queries"] == count
    assert isinstance(found["kinds"], dict)
    assert set(found["kinds"]) == {"plain"}
