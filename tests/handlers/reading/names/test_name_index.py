"""Names found by what a thumb types, and words of a vocabulary nearest to a mistyped one."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import process

from handlers.reading import NameIndex, NameMatches, find_closest_word
from tests.handlers.reading.names.customers import INDEX, NAMES, find_meant

STAGES = (("proposal", "p"), ("negotiation", "n"), ("qualified", "q"), ("谈判", "n"), ("价格", "$"))


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
    assert find_meant(INDEX.find(typed)) == name


@pytest.mark.parametrize("typed", ["acme", "acme inc", "Acme Limited"])
def test_two_names_as_near_as_each_other_are_ambiguous(typed: str) -> None:
    found = INDEX.find(typed)
    assert find_meant(found) == "several"
    assert {match.name for match in found.best[:2]} == {"Acme Ltd", "Acme Labs"}


@pytest.mark.parametrize("typed", ["xyz", "zebra corporation", "太贵了"])
def test_an_unknown_name_gets_at_most_the_nearest_three(typed: str) -> None:
    found = INDEX.find(typed)
    assert find_meant(found) == "?"
    scores = [match.score for match in found.best]
    assert len(scores) <= 3
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("typed", ["", "?", " \t", "\x00"])
def test_nothing_typed_finds_nothing(typed: str) -> None:
    assert INDEX.find(typed) == NameMatches((), sure=False, ambiguous=False)
    assert NameIndex([]).find("acme").best == ()


@given(
    place=st.integers(0, len(NAMES) - 1), typed=st.sampled_from([str.upper, str.lower, str.title])
)
def test_a_name_typed_in_full_is_always_found(place: int, typed: object) -> None:
    assert callable(typed)
    assert find_meant(INDEX.find(str(typed(NAMES[place])))) == NAMES[place]


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
