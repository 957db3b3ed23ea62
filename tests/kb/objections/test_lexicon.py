"""The lexicon hears one idea behind many words, in both languages."""

import tomllib

import pytest

from kb.objections import lexicon
from kb.objections.lexicon import NOT, Lexicon
from kb.objections.normalise import fold, has_hanzi
from kb.objections.text_features import extract_features

SHIPPED = lexicon.load_lexicon()
TABLES = tomllib.loads(lexicon.FILE.read_text(encoding="utf-8"))


def ideas(text: str) -> frozenset[str]:
    return extract_features(text, SHIPPED).ideas


@pytest.mark.parametrize(
    ("text", "idea"),
    [
        ("that's pricey", "expensive"),
        ("the price is way too high", "expensive"),
        ("这个太贵了", "expensive"),
        ("getting money off", "discount"),
        ("能打折吗", "discount"),
        ("I have to ask my boss", "ask_boss"),
        ("我得请示一下领导", "ask_boss"),
        ("the IT department has no time", "it_department"),
        ("you might go bankrupt", "vendor_small"),
        ("万一你们倒闭", "vendor_small"),
    ],
)
def test_an_idea_is_heard(text: str, idea: str) -> None:
    assert idea in ideas(text)


@pytest.mark.parametrize("text", ["it is not expensive", "一点都不贵"])
def test_a_denied_idea_is_its_opposite(text: str) -> None:
    assert NOT + "expensive" in ideas(text)
    assert "expensive" not in ideas(text)


def test_a_denial_that_is_part_of_the_phrase_is_no_denial() -> None:
    assert "expensive" in ideas("it is not cheap")
    assert NOT + "cheap" not in ideas("it is not cheap")


def test_a_wider_idea_comes_along() -> None:
    assert "price" in ideas("too expensive")


def test_word_order_does_not_matter_but_distance_does() -> None:
    small = Lexicon({"ask": {"en": ["ask boss"]}})
    assert small.find_in_words(["boss", "ask"]) == {"ask"}
    assert (
        small.find_in_words(["ask", "one", "red", "green", "blue", "brown", "boss"]) == frozenset()
    )


def test_a_gap_in_chinese_is_bounded() -> None:
    small = Lexicon({"late": {"zh": ["等…再"]}})
    assert small.find_in_hanzi("等秋天再谈") == {"late"}
    assert small.find_in_hanzi("等我们全部的人都从外地回来再谈") == frozenset()


def test_a_phrase_of_small_words_matches_only_as_written() -> None:
    assert "who_are_you" in ideas("who are you")
    assert "who_are_you" not in ideas("who pays for this")


@pytest.mark.parametrize("empty", [{"en": ["the"]}, {"zh": ["了"]}, {"zh": ["怕了"]}])
def test_a_phrase_without_weight_is_refused(empty: dict[str, list[str]]) -> None:
    with pytest.raises(ValueError, match="of weight"):
        Lexicon({"void": empty})


@pytest.mark.parametrize("idea", sorted(TABLES))
def test_every_idea_has_words_in_both_languages_and_known_parents(idea: str) -> None:
    table = TABLES[idea]
    assert table["en"]
    assert any(has_hanzi(fold(phrase)) for phrase in table["zh"])
    assert set(table.get("broader", ())) <= set(TABLES)
    assert set(table) <= {"en", "zh", "broader", "weak"}


@pytest.mark.parametrize("idea", sorted(TABLES))
def test_every_phrase_is_heard_as_its_own_idea(idea: str) -> None:
    phrases = [*TABLES[idea]["en"], *TABLES[idea]["zh"]]
    deaf = [text for text in phrases if idea not in ideas(text.replace("…", "这个"))]
    assert deaf == []
