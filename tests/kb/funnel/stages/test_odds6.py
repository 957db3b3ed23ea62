"""The default funnel: its figures, its questions, and the words reps have for it."""

from __future__ import annotations

import re

import pytest

from kb.funnel.move import find_reason, find_stage
from kb.funnel.stages.funnel import LostReason, Stage
from kb.funnel.stages.funnel_templates import list_words, load_funnel

FUNNEL = load_funnel("odds6")
NAMED: tuple[Stage | LostReason, ...] = (*FUNNEL.stages, *FUNNEL.lost_reasons)
PHONE_LINE = 100  # characters that are still read on a phone at a glance


def test_the_six_stages_have_their_fixed_odds() -> None:
    assert [(stage.key, stage.odds) for stage in FUNNEL.stages] == [
        ("opportunity", 0),
        ("qualified", 10),
        ("demo", 30),
        ("decider", 50),
        ("negotiation", 70),
        ("signed", 90),
    ]


def test_a_new_lead_waits_a_day_and_an_offer_two() -> None:
    assert FUNNEL.stage("opportunity").patience == 1
    assert FUNNEL.stage("negotiation").patience == 2


def test_after_an_offer_the_classic_question_is_asked() -> None:
    asked = FUNNEL.stage("negotiation").question["en"]
    assert asked == "Did you call {customer} back after the offer?"


def test_after_the_signature_the_money_is_asked_for() -> None:
    asked = FUNNEL.stage("signed").question
    assert "money" in asked["en"]
    assert "款" in asked["zh"]


def test_every_chinese_text_is_chinese_and_every_english_one_is_not() -> None:
    hanzi = re.compile("[\u4e00-\u9fff]")
    for stage in FUNNEL.stages:
        for texts in (stage.name, stage.question, stage.why):
            assert hanzi.search(texts["zh"])
            assert not hanzi.search(texts["en"])
        assert all(hanzi.search(line) for line in stage.play["zh"])
        assert not any(hanzi.search(line) for line in stage.play["en"])


def test_everything_it_says_is_read_at_a_glance() -> None:
    said = [
        text
        for stage in FUNNEL.stages
        for texts in (stage.question, stage.why)
        for text in texts.values()
    ]
    said += [line for stage in FUNNEL.stages for lines in stage.play.values() for line in lines]
    assert [text for text in said if len(text) > PHONE_LINE] == []


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("lead", "opportunity"),
        ("线索", "opportunity"),
        ("qualified", "qualified"),
        ("有意向", "qualified"),
        ("demo", "demo"),
        ("演示", "demo"),
        ("decision maker", "decider"),
        ("关键人", "decider"),
        ("proposal", "negotiation"),
        ("offer", "negotiation"),
        ("quote", "negotiation"),
        ("方案", "negotiation"),
        ("报价", "negotiation"),
        ("contract", "signed"),
        ("签约", "signed"),
    ],
)
def test_the_words_of_reps_name_a_stage(said: str, key: str) -> None:
    assert find_stage(said, FUNNEL) == key


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("too expensive", "price"),
        ("太贵", "price"),
        ("competitor", "competitor"),
        ("选了别家", "competitor"),
        ("not now", "timing"),
        ("以后再说", "timing"),
        ("no budget", "budget"),
        ("没预算", "budget"),
        ("no need", "need"),
        ("不需要", "need"),
        ("no decision", "decision"),
        ("迟迟不定", "decision"),
        ("went silent", "silent"),
        ("联系不上", "silent"),
        ("product gap", "product"),
        ("功能", "product"),
        ("other", "other"),
        ("其他", "other"),
    ],
)
def test_the_words_of_reps_name_a_lost_reason(said: str, key: str) -> None:
    assert find_reason(said, FUNNEL) == key


def test_a_stage_and_a_reason_have_words_in_both_languages() -> None:
    for named in NAMED:
        words = list_words(named)
        assert any(word.isascii() for word in words)
        assert any(not word.isascii() for word in words)


def test_a_button_holds_every_key() -> None:
    longest = max(len(named.key) for named in NAMED)
    assert len(f"lost:{2**63}:") + longest <= 64
