"""Gaps are grouped by what is asked for, not by how it is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.objections.similar_queries import READ, find_similar

SAME = [
    ("qwrtz keyboard?", "do you have qwrtz keyboards"),
    ("does it run on linux", "does it run on linx"),
    ("linux?", "DOES IT RUN ON LINUX"),
    ("we need a mac version", "is there a mac version"),
    ("do you have iso 27001", "iso 27001 ?"),
    ("我们要私有化部署", "能不能私有化部署"),
    ("支持私有化部署吗", "私有化部署支持不"),
    ("可以開發票嗎", "能开发票吗"),
    ("do you have a carbon label", "Do you have a carbon lable?"),
    ("carbon label do you have", "do you have a carbon label"),
    ("你们有碳足迹认证吗", "你们有没有碳足迹认证"),
    ("有碳足迹认證嗎", "有碳足迹认证吗"),
    ("too pricey for us", "it's too pricey for us here"),
]
CROSSING = [("it is too expensive", "太贵了")]
DIFFERENT = [
    ("does it run on linux", "does it run on windows"),
    ("can it work offline", "can it work online"),
    ("we need an api", "we don't need an api"),
    ("how fast is delivery", "how fast is support"),
    ("do you have iso 27001", "do you have soc 2"),
    ("支持私有化部署吗", "支持安卓吗"),
    ("能开发票吗", "能开试用吗"),
    ("linux?", "太贵了"),
    ("???", "!!!"),
    ("", "linux"),
    ("do you have a carbon label", "do you have a mobile app"),
    ("we want a contract", "we don't want a contract"),
    ("你们有碳足迹认证吗", "你们有手机应用吗"),
]


def are_similar(one: str, other: str) -> bool:
    return find_similar(one, [other]) is not None


@pytest.mark.parametrize(("one", "other"), SAME + CROSSING)
def test_what_asks_for_the_same_is_alike(one: str, other: str) -> None:
    assert are_similar(one, other)
    assert are_similar(other, one)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_asks_for_something_else_is_not(one: str, other: str) -> None:
    assert not are_similar(one, other)
    assert not are_similar(other, one)


def test_the_likest_is_named_by_its_place() -> None:
    others = ["do you have soc 2", "is there a linux client for tablets", "linux client"]
    assert find_similar("Linux client!", others) == 2
    assert find_similar("a fax machine", others) is None
    assert find_similar("anything", []) is None


@given(st.text(), st.text())
def test_any_two_texts_can_be_compared_whichever_comes_first(one: str, other: str) -> None:
    assert are_similar(one, other) == are_similar(other, one)


@given(st.text(min_size=READ, max_size=READ * 3), st.text(max_size=50))
def test_only_the_beginning_of_a_long_text_counts(long: str, more: str) -> None:
    assert are_similar(long, "linux") == are_similar(long + more, "linux")
