"""Each rule finds its fault and leaves a good card alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest

from kb.objections.card import Card
from kb.objections.lint import RULES, Finding, compare_with_others, count_sentences, lint
from kb.objections.packs import load_pack
from kb.objections.search import CardIndex

TODAY = date(2026, 11, 18)
STAGES = ("demo", "negotiation")
ELEPHANTS = Card(
    id="elephants",
    key="elephants",
    language="en",
    category="own",
    objection="Where do you keep the elephants",
    phrasings=("Is there a stable for elephants", "Who feeds the elephants"),
    ask="How many do you have?",
    say="In the zoo. They like it there.",
    proof="Ask the keeper.",
    stages=("demo",),
)


def found(*cards: Card) -> list[Finding]:
    return lint(cards, CardIndex(cards), TODAY, STAGES)


def changed(**fields: Any) -> list[Finding]:
    return found(replace(ELEPHANTS, **fields))


def test_nothing_is_found_on_a_good_card() -> None:
    assert found(ELEPHANTS) == []


@pytest.mark.parametrize(
    ("fields", "finding"),
    [
        ({"say": "x" * 321}, Finding("elephants", "too_long", "say", "x" * 321, 321, 320)),
        ({"angles": ("x" * 321,)}, Finding("elephants", "too_long", "angles", "x" * 321, 321, 320)),
        ({"angles": ("a", "b", "c", "d")}, Finding("elephants", "too_long", "angles", "", 4, 3)),
        ({"say": "A. B! C?"}, Finding("elephants", "sentences", "say", "A. B! C?", 3, 2)),
        ({"say": "一。二！三"}, Finding("elephants", "sentences", "say", "一。二！三", 3, 2)),
        ({"phrasings": ()}, Finding("elephants", "no_phrasings")),
        ({"ask": ""}, Finding("elephants", "no_ask")),
        ({"proof": "12 % less"}, Finding("elephants", "undated", "proof", "12 % less")),
        ({"proof_on": date(2025, 11, 17)}, Finding("elephants", "expired", "proof", "2025-11-17")),
        ({"stages": ("moon",)}, Finding("elephants", "stage", "stages", "moon")),
    ],
)  # fmt: skip
def test_each_fault_of_a_card_is_found(fields: dict[str, Any], finding: Finding) -> None:
    assert changed(**fields) == [finding]


def test_a_dated_proof_of_this_year_is_fine() -> None:
    assert changed(proof="12 % less", proof_on=date(2025, 12, 1)) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("No full stop", 1),
        ("It saves 1.5 hours a day. Really?", 2),
        ("Wait... what? Yes!", 3),
        ("先算一算。再看看！", 2),
        ("好的", 1),
        ('"Quite so." he said', 2),
    ],
)
def test_sentences_are_counted_in_both_languages(text: str, count: int) -> None:
    assert count_sentences(text) == count


@cache
def starters() -> CardIndex:
    """Enough other cards for the look-up to weigh words by."""
    return CardIndex(load_pack("starter_en"))


def rules(card: Card) -> list[tuple[str, str, str]]:
    """What is found on a card that stands among the starter cards."""
    said = {each.id: each.objection for each in load_pack("starter_en")}
    findings = compare_with_others(card, starters().with_changes([card]), said)
    return [(finding.rule, finding.quote, finding.other) for finding in findings]


def test_a_card_that_says_what_another_says_is_told() -> None:
    twin = replace(
        ELEPHANTS,
        objection="The price is way too high",
        phrasings=("This costs far too much", "You are too pricey for us", "Way too expensive"),
    )
    assert ("double", "", "It's too expensive") in rules(twin)


def test_a_phrasing_of_two_cards_is_told() -> None:
    other = replace(ELEPHANTS, phrasings=(*ELEPHANTS.phrasings, "It costs too much"))
    assert rules(other) == [("shared", "It costs too much", "It's too expensive")]


def test_a_phrasing_that_another_card_answers_is_told() -> None:
    other = replace(ELEPHANTS, phrasings=(*ELEPHANTS.phrasings, "Your prices are just too high"))
    assert rules(other) == [("astray", "Your prices are just too high", "It's too expensive")]


def test_a_card_in_one_language_is_told_only_where_there_are_two() -> None:
    chinese = replace(
        ELEPHANTS, id="zh", language="zh", objection="大象养在哪里", phrasings=("喂大象",)
    )
    tiger = replace(ELEPHANTS, id="tiger", key="tiger", objection="Tigers", phrasings=("Big cats",))
    assert found(ELEPHANTS, tiger) == []
    assert found(ELEPHANTS, chinese, tiger) == [Finding("tiger", "untranslated")]


def test_the_worst_comes_first() -> None:
    cards = (
        replace(ELEPHANTS, say="x" * 400, ask=""),
        replace(ELEPHANTS, id="b", key="b", stages=("x",)),
    )
    order = [RULES.index(finding.rule) for finding in found(*cards)]
    assert order == sorted(order)
    assert len(set(order)) > 2
