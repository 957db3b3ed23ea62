"""Two spellings of one wording come out the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.objections import pinyin
from kb.objections.english import expand, expand_all, stem
from kb.objections.normalise import MAX_CHARS, fold, squash, tokenize
from kb.objections.spelling import Spelling


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Ｔｏｏ　ＤＥＡＲ", "too dear"),
        ("Café", "cafe"),
        ("don’t", "don't"),
        ("soooooo", "soo"),
        ("贵贵贵贵", "贵"),
        ("沒有預算", "没有预算"),
        ("bud\u200bget", "budget"),
        ("1000", "1000"),
    ],
)
def test_spellings_are_evened_out(typed: str, plain: str) -> None:
    assert fold(typed) == plain


@given(st.text(max_size=200))
def test_folding_twice_reads_the_same(text: str) -> None:
    assert squash(fold(fold(text))) == squash(fold(text))


@given(st.text())
def test_pieces_hold_no_blanks(text: str) -> None:
    assert all(piece and not piece.isspace() for piece in tokenize(fold(text)))


def test_a_folded_text_is_bounded_even_where_one_sign_becomes_many() -> None:
    assert len(fold("\ufdfa" * MAX_CHARS)) <= MAX_CHARS


@pytest.mark.parametrize(
    ("word", "full"),
    [
        ("can't", ["can", "not"]),
        ("won't", ["will", "not"]),
        ("shouldnt", ["should", "not"]),
        ("they're", ["they"]),
        ("mtg", ["meeting"]),
        ("roi", ["return", "on", "investment"]),
        ("plain", ["plain"]),
    ],
)
def test_contractions_and_abbreviations_are_written_out(word: str, full: list[str]) -> None:
    assert expand(word) == full


def test_the_trade_is_told_from_the_pronoun() -> None:
    assert expand_all(["it", "department"]) == ["informatics", "department"]
    assert expand_all(["it", "works"]) == ["it", "works"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("switching", "switch"),
        ("companies", "company"),
        ("hiring", "hire"),
        ("planned", "plan"),
        ("paid", "pays"),
        ("cheaper", "cheap"),
        ("boxes", "box"),
    ],
)
def test_forms_of_one_word_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


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


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("expnsive", "expensive"),
        ("biulding", "building"),
        ("teh", "the"),
        ("cntrct", "contract"),
        ("contrakct", "contract"),
        ("zebra", "zebra"),
    ],
)
def test_a_slip_is_mended_towards_words_in_use(typed: str, meant: str) -> None:
    spelling = Spelling.of_words(["expensive", "building", "contract", "spreadsheet"])
    assert spelling.mend(typed) == meant


def test_a_begun_last_word_is_finished_only_if_one_word_fits() -> None:
    spelling = Spelling.of_words(["spreadsheet", "contract", "contractor", "contrast"])
    assert spelling.finish("spreads") == "spreadsheet"
    assert spelling.finish("contra") == "contra"
