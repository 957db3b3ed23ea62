"""Deals found by what a thumb types, and cut out of what is said about them."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import process

from handlers.reading import NameIndex, NameMatches, find_closest_word, split_name

NAMES = (
    "Acme Ltd",
    "Acme Labs",
    "Big Blue Co",
    "Blue Sky Studios",
    "华为",
    "北京字节跳动科技有限公司",
    "John Doe",
    "Müller GmbH",
    "中国移动",
    "台積電",
    "Initech",
    "Hooli",
    "小米科技",
    "Sendgrid",
    "The Body Shop",
    "Johnson & Johnson",
    "3M",
    "王芳",
    "Contoso",
    "O'Neil Ltd",
)
INDEX = NameIndex(list(enumerate(NAMES)))
STAGES = (("proposal", "p"), ("negotiation", "n"), ("qualified", "q"), ("谈判", "n"), ("价格", "$"))


def meant(found: NameMatches) -> str:
    """The name that is surely meant, "?" for none, "several" for several."""
    return "several" if found.ambiguous else found.best[0].name if found.sure else "?"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("acme ltd", "Acme Ltd"),
        ("ACME LABS", "Acme Labs"),
        ("big blue", "Big Blue Co"),
        ("initec", "Initech"),
        ("sky", "Blue Sky Studios"),
        ("body shop", "The Body Shop"),
        ("bss", "Blue Sky Studios"),
        ("jd", "John Doe"),
        ("j&j", "Johnson & Johnson"),
        ("bleu sky", "Blue Sky Studios"),
        ("stdios", "Blue Sky Studios"),
        ("jon doe", "John Doe"),
        ("cotnoso", "Contoso"),
        ("muller", "Müller GmbH"),
        ("mueller gmbh", "Müller GmbH"),
        ("oneil", "O'Neil Ltd"),
        ("huawei", "华为"),
        ("hw", "华为"),
        ("華為", "华为"),
        ("华威", "华为"),
        ("台积电", "台積電"),
        ("字节", "北京字节跳动科技有限公司"),
        ("zijie", "北京字节跳动科技有限公司"),
        ("zjtd", "北京字节跳动科技有限公司"),
        ("yidong", "中国移动"),
        ("xm", "小米科技"),
        ("wangfang", "王芳"),
    ],
)
def test_a_name_is_found_by_what_a_thumb_types(typed: str, name: str) -> None:
    assert meant(INDEX.find(typed)) == name


@pytest.mark.parametrize("typed", ["acme", "acme inc", "Acme Limited"])
def test_two_names_as_near_as_each_other_are_ambiguous(typed: str) -> None:
    found = INDEX.find(typed)
    assert meant(found) == "several"
    assert {match.name for match in found.best[:2]} == {"Acme Ltd", "Acme Labs"}


@pytest.mark.parametrize("typed", ["xyz", "zebra corporation", "太贵了"])
def test_an_unknown_name_gets_at_most_the_nearest_three(typed: str) -> None:
    found = INDEX.find(typed)
    assert meant(found) == "?"
    scores = [match.score for match in found.best]
    assert len(scores) <= 3
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("typed", ["", "?", " \t", "\x00"])
def test_nothing_typed_finds_nothing(typed: str) -> None:
    assert INDEX.find(typed) == NameMatches((), sure=False, ambiguous=False)
    assert NameIndex([]).find("acme").best == ()


@pytest.mark.parametrize(
    ("line", "name", "rest"),
    [
        ("acme proposal", "several", "proposal"),
        ("acme ltd called, wants a demo", "Acme Ltd", "called, wants a demo"),
        ("big blue co tomorrow 3pm send the offer", "Big Blue Co", "tomorrow 3pm send the offer"),
        ("Müller: wants a quote", "Müller GmbH", "wants a quote"),
        ("initec wants 10 seats", "Initech", "wants 10 seats"),
        ("call müller tomorrow", "Müller GmbH", "call tomorrow"),
        ("call huawei tomorrow", "华为", "call tomorrow"),
        ("call blue sky tomorrow", "Blue Sky Studios", "call tomorrow"),
        ("send offer to initech", "Initech", "send offer to"),
        ("call o'neil tomorrow", "O'Neil Ltd", "call tomorrow"),
        ("sent proposal to acme labs", "Acme Labs", "sent proposal to"),
        ("华为已打电话", "华为", "已打电话"),
        ("给华为打电话", "华为", "打电话"),
        ("字节已打电话", "北京字节跳动科技有限公司", "已打电话"),
        ("明天给字节跳动打电话", "北京字节跳动科技有限公司", "明天打电话"),
        ("hw 报价", "华为", "报价"),
        ("hooli", "Hooli", ""),
    ],
)
def test_a_line_is_cut_into_a_name_and_the_rest(line: str, name: str, rest: str) -> None:
    split = split_name(line, INDEX)
    assert (meant(split.match), split.rest) == (name, rest)


@pytest.mark.parametrize(
    "line", ["send the offer", "we like it", "wants 10 seats", "too expensive", "太贵了"]
)
def test_a_line_that_names_nobody_is_left_whole(line: str) -> None:
    split = split_name(line, INDEX)
    assert (meant(split.match), split.rest) == ("?", line)


@given(
    place=st.integers(0, len(NAMES) - 1), typed=st.sampled_from([str.upper, str.lower, str.title])
)
def test_a_name_typed_in_full_is_always_found(place: int, typed: object) -> None:
    assert callable(typed)
    assert meant(INDEX.find(str(typed(NAMES[place])))) == NAMES[place]


@given(place=st.integers(0, 4), swap=st.integers(0, 20))
def test_two_swapped_letters_still_find_a_long_name(place: int, swap: int) -> None:
    name = ("Blue Sky Studios", "Johnson & Johnson", "Big Blue Co", "The Body Shop", "Müller GmbH")[
        place
    ]
    at = swap % (len(name) - 1)
    slipped = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    assert INDEX.find(slipped).best[0].name == name


def test_a_slip_among_two_thousand_names_compares_each_at_most_three_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its time is measured by the bench; here what takes the time is counted."""
    rng = random.Random(7)
    words = (
        "alpha beta gamma delta blue green sky river stone north data cloud soft net works".split()
    )
    entries = [(place, " ".join(rng.sample(words, 3)) + " Ltd") for place in range(2_000)]
    index = NameIndex(entries)
    compared = 0
    extract = process.extract

    def counted(asked: str, choices: Any, **how: Any) -> Any:
        nonlocal compared
        compared += len(choices)
        return extract(asked, choices, **how)

    monkeypatch.setattr(process, "extract", counted)
    for slip in ("alhpa bteta", "allhpa", "qqqqqq"):
        compared = 0
        index.find(slip)
        assert 0 < compared <= 3 * len(entries)


@pytest.mark.parametrize(
    ("typed", "key"),
    [("proposl", "p"), ("negotation", "n"), ("QUALIFED", "q"), ("谈判", "n"), ("价格", "$")],
)
def test_a_mistyped_word_finds_its_key(typed: str, key: str) -> None:
    assert find_closest_word(typed, STAGES, 75) == key


@pytest.mark.parametrize("typed", ["", "zzz", "太贵"])
def test_a_word_near_to_none_has_no_key(typed: str) -> None:
    assert find_closest_word(typed, STAGES, 75) is None


def test_a_word_as_near_to_two_has_no_key() -> None:
    assert find_closest_word("cat", [("cot", "a"), ("cut", "b")], 60) is None
    assert find_closest_word("cat", [("cot", "a"), ("cut", "a")], 60) == "a"
