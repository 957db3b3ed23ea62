"""Chinese is known by its full syllables, in initials and in the sounds that are often confused."""

import pytest

from kb.objections import pinyin


@pytest.mark.parametrize(
    ("one", "other"), [("zhang", "zan"), ("shi", "si"), ("li", "ni"), ("xing", "xin")]
)
def test_confused_syllables_are_equal(one: str, other: str) -> None:
    assert pinyin.soften(one) == pinyin.soften(other)


def test_syllables_and_initials_of_hanzi() -> None:
    assert pinyin.to_syllables("没有预算") == ["mei", "you", "yu", "suan"]
    assert pinyin.to_initials(["mei", "you", "yu", "suan"]) == "myys"


@pytest.mark.parametrize(
    ("typed", "cut"),
    [
        ("meiyou", ("mei", "you")),
        ("yusuan", ("yu", "suan")),
        ("tamenyus", ("ta", "men", "yu", "s")),
        ("strength", ()),
        ("", ()),
        ("价格", ()),
    ],
)
def test_latin_words_are_cut_into_syllables_where_they_are_pinyin(
    typed: str, cut: tuple[str, ...]
) -> None:
    assert pinyin.split_syllables(typed) == cut
