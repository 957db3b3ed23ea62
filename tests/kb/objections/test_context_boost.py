"""The deal's stage, its industry and what lately landed decide near ties, and only those."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kb.objections.context_boost import MAX_BOOST, NO_BOOST, ContextBoost
from kb.objections.search import CardIndex
from tests.kb.objections.sample import CARDS, card

counts = st.integers(0, 10_000)
ONE = replace(
    card("one", "en", "They want a discount", []), stages=("lead",), industries=("retail",)
)
TWO = replace(card("two", "en", "They want a discount", []), stages=("offer",))
FAR = replace(card("far", "en", "Our boss is on holiday", []), stages=("demo",))
INDEX = CardIndex([ONE, TWO, FAR])
ALL = CardIndex(CARDS)


def first(boost: ContextBoost, query: str = "discounts, they say") -> str:
    return str(INDEX.search(query, boost=boost)[0].card_id)


@given(st.booleans(), st.booleans(), counts, counts)
def test_the_bonus_has_its_bounds(stage: bool, industry: bool, landed: int, missed: int) -> None:
    boost = ContextBoost(
        "lead" if stage else "", "retail" if industry else "", {1: (landed, missed)}
    )
    assert -MAX_BOOST <= boost.compute(1, ("lead",), ("retail",)) <= MAX_BOOST


def test_what_is_not_known_of_the_deal_gives_nothing() -> None:
    assert NO_BOOST.compute(1, ("",), ("",)) == 0.0
    assert ContextBoost("lead", "retail").compute(1, (), ()) == 0.0


def test_one_lucky_line_proves_less_than_ten() -> None:
    once, often = ContextBoost(outcomes={1: (1, 0)}), ContextBoost(outcomes={1: (10, 0)})
    assert 0 < once.compute(1, (), ()) < often.compute(1, (), ())
    assert ContextBoost(outcomes={1: (0, 3)}).compute(1, (), ()) < 0


def test_between_near_equals_the_deals_stage_decides() -> None:
    assert (
        first(ContextBoost(stage="offer", outcomes={"en:two": (9, 0), "en:one": (0, 9)}))
        == "en:two"
    )
    assert (
        first(ContextBoost(stage="lead", industry="retail", outcomes={"en:one": (9, 0)}))
        == "en:one"
    )


def test_no_boost_moves_a_card_that_fits_clearly_better() -> None:
    boost = ContextBoost(stage="demo", outcomes={"en:far": (10_000, 0), "en:one": (0, 10_000)})
    assert first(boost, "they want a discount now") != "en:far"


@given(
    st.sampled_from([(item.id, text) for item in CARDS for text in item.wordings]),
    st.dictionaries(st.sampled_from([item.id for item in CARDS]), st.tuples(counts, counts)),
)
def test_no_boost_ever_buries_an_exact_wording(
    wording: tuple[str, str], outcomes: dict[int | str, tuple[int, int]]
) -> None:
    card_id, text = wording
    hits = ALL.search(text, boost=ContextBoost("lead", "retail", outcomes))
    assert hits[0].card_id == card_id
