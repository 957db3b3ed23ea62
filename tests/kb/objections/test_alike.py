"""Queries that ask for the same thing are one gap; queries that don't are two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.objections.alike import Wording, alike, first_alike


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("do you have a carbon label", "Do you have a carbon lable?"),
        ("carbon label do you have", "do you have a carbon label"),
        ("你们有碳足迹认证吗", "你们有没有碳足迹认证"),
        ("有碳足迹认證嗎", "有碳足迹认证吗"),
        ("too pricey for us", "it's too pricey for us here"),
    ],
)
def test_the_same_question_in_other_letters_is_alike(one: str, other: str) -> None:
    assert alike(Wording.of(one), Wording.of(other))
    assert alike(Wording.of(other), Wording.of(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("do you have a carbon label", "do you have a mobile app"),
        ("we want a contract", "we don't want a contract"),
        ("你们有碳足迹认证吗", "你们有手机应用吗"),
        ("", ""),
        ("?!", "?!"),
    ],
)
def test_other_questions_are_not(one: str, other: str) -> None:
    assert not alike(Wording.of(one), Wording.of(other))


@given(st.text(min_size=1, max_size=60), st.text(max_size=60))
def test_any_text_is_compared_safely_and_either_way_round(one: str, other: str) -> None:
    a, b = Wording.of(one), Wording.of(other)
    assert alike(a, b) == alike(b, a)
    assert alike(a, a) == bool(a.form.joined)


def test_the_first_that_is_alike_is_named() -> None:
    others = [(7, "a mobile app?"), (9, "carbon lable"), (11, "carbon label")]
    assert first_alike("carbon label", others) == 9
    assert first_alike("a fax machine", others) is None
