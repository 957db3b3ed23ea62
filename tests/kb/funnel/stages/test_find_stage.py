"""What somebody typed for a stage or a lost reason, in either language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.funnel.move import find_reason, find_stage, list_reason_words, list_stage_words
from kb.funnel.stages.funnel_templates import load_funnel

FUNNEL = load_funnel("odds6")


@pytest.mark.parametrize("said", ["Negotiation", "NEGOTIATION", "  negotiation. ", "谈判确认方案"])
def test_a_name_is_found_whatever_its_case_and_edges(said: str) -> None:
    assert find_stage(said, FUNNEL) == "negotiation"


@pytest.mark.parametrize("said", ["Ｄｅｍｏ", "demo stage", "演示阶段", "decision  maker"])
def test_full_width_letters_spaces_and_the_word_stage_do_not_matter(said: str) -> None:
    assert find_stage(said, FUNNEL) in {"demo", "decider"}


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("1", "opportunity"),
        ("3", "demo"),
        ("6", "signed"),
        ("#3", "demo"),
        ("stage 3", "demo"),
        ("３", "demo"),
        ("第3阶段", "demo"),
        ("0", None),
        ("7", None),
        ("003", None),
        ("-3", None),
        ("3000000000000", None),
    ],
)
def test_a_number_is_the_stages_place_from_one(said: str, key: str | None) -> None:
    assert find_stage(said, FUNNEL) == key


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("neg", "negotiation"),
        ("prop", "negotiation"),
        ("vis", "demo"),
        ("vi", None),
        ("pro", None),  # proposal or prospect?
        ("谈", "negotiation"),
        ("关键", "decider"),
        ("won", None),
        ("", None),
        ("。", None),
        ("阶段", None),
    ],
)
def test_a_beginning_is_enough_when_it_fits_one_stage(said: str, key: str | None) -> None:
    assert find_stage(said, FUNNEL) == key


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("comp", "competitor"),
        ("没", None),  # several begin so
        ("没预", "budget"),
        ("no", None),
        ("Price!", "price"),
        ("价", "price"),
        ("3", None),
    ],
)
def test_a_reason_is_found_the_same_way_but_for_numbers(said: str, key: str | None) -> None:
    assert find_reason(said, FUNNEL) == key


def test_every_word_of_the_vocabularies_finds_its_own() -> None:
    assert all(find_stage(word, FUNNEL) == key for word, key in list_stage_words(FUNNEL))
    assert all(find_reason(word, FUNNEL) == key for word, key in list_reason_words(FUNNEL))


def test_the_vocabularies_reach_every_stage_and_reason() -> None:
    assert {key for _word, key in list_stage_words(FUNNEL)} == {s.key for s in FUNNEL.stages}
    assert {key for _word, key in list_reason_words(FUNNEL)} == {r.key for r in FUNNEL.lost_reasons}


def test_a_line_too_long_to_name_anything_names_nothing() -> None:
    assert find_stage("demo" + " " * 10_000, FUNNEL) is None
    assert find_reason("价" * 10_000, FUNNEL) is None


@given(st.text())
def test_whatever_is_typed_is_a_stage_of_the_funnel_or_nothing(said: str) -> None:
    stage, reason = find_stage(said, FUNNEL), find_reason(said, FUNNEL)
    assert stage is None or FUNNEL.has(stage)
    assert reason is None or FUNNEL.reason(reason) is not None
