"""Funnels as they are read: in order, complete in both languages, or refused with the place."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.funnel.stages import funnel_templates
from kb.funnel.stages.funnel import Funnel
from kb.funnel.stages.funnel_templates import list_words, load_funnel, parse_funnel
from kb.funnel.stages.template_fields import BrokenTemplate

Data = dict[str, Any]

BOTH = {"en": "Name", "zh": "名称"}


def stage_data(key: str, odds: int) -> Data:
    return {
        "key": key,
        "odds": odds,
        "patience": 2,
        "cap_days": 30,
        "aliases": [f"alias of {key}"],
        "name": {"en": f"The {key}", "zh": f"{key}阶段名"},
        "question": {"en": "Did you call {customer}?", "zh": "给{customer}打电话了吗？"},
        "why": {"en": "Because.", "zh": "因为。"},
        "play": {"en": ["Call.", "Write."], "zh": ["打电话。", "写信。"]},
    }


def whole() -> Data:
    return {
        "name": dict(BOTH),
        "stage": [stage_data("first", 0), stage_data("second", 50), stage_data("third", 90)],
        "lost_reason": [
            {"key": "price", "name": {"en": "Price", "zh": "价格"}, "aliases": ["贵"]},
            {"key": "other", "name": {"en": "Other", "zh": "其他"}},
        ],
    }


def parsed(data: Data) -> Funnel:
    return parse_funnel("made", data)


def test_a_whole_template_becomes_a_funnel_in_its_order() -> None:
    funnel = parsed(whole())
    assert [stage.key for stage in funnel.stages] == ["first", "second", "third"]
    assert funnel.stage("second").play["zh"] == ("打电话。", "写信。")
    assert funnel.reason("price") == funnel.lost_reasons[0]
    assert funnel.reason("weather") is None


def test_stages_know_their_neighbours() -> None:
    funnel = parsed(whole())
    assert funnel.index("third") == 2
    assert funnel.next_after("first") == funnel.before("third") == funnel.stage("second")
    assert funnel.before("first") is None
    assert funnel.next_after("third") is None
    assert funnel.has("first")
    assert not funnel.has("fourth")


def test_an_unknown_stage_is_a_key_error() -> None:
    funnel = parsed(whole())
    for ask in (funnel.stage, funnel.index, funnel.next_after, funnel.before):
        with pytest.raises(KeyError, match="fourth"):
            ask("fourth")


def test_nobody_changes_a_funnel_that_others_share() -> None:
    first = parsed(whole()).stages[0]
    with pytest.raises(TypeError):
        first.name["en"] = "Else"  # type: ignore[index]  # that is what must not work
    with pytest.raises(FrozenInstanceError):
        first.odds = 100  # type: ignore[misc]  # nor this


@pytest.mark.parametrize("names", [{"en": "Name"}, {**BOTH, "fr": "Nom"}, {"en": "", "zh": "名称"}])
def test_a_text_is_given_in_both_languages_and_in_no_other(names: dict[str, str]) -> None:
    with pytest.raises(BrokenTemplate, match="name"):
        parsed({**whole(), "name": names})


def test_the_words_for_a_stage_are_folded_and_come_once() -> None:
    data = whole()
    data["stage"][0] |= {"name": {"en": "First", "zh": "第一"}, "aliases": ["FIRST", "One"]}
    assert list_words(parsed(data).stages[0]) == ("first", "第一", "one")


Change = Callable[[Data], object]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.pop("stage"), "stage is no list"),
        (lambda d: d.update(stage=[]), "there is no stage"),
        (lambda d: d.update(stage="first"), "stage is no list"),
        (lambda d: d.update(stage=["first"]), "stage is no list"),
        (lambda d: d.pop("lost_reason"), "lost_reason is no list"),
        (lambda d: d.pop("name"), "name is there in en and zh"),
        (lambda d: d.update(colour="red"), "nobody knows 'colour'"),
        (lambda d: d["stage"][1].update(odd=50), "stage 'second': nobody knows 'odd'"),
        (lambda d: d["stage"][1].pop("key"), "a key is a-z"),
        (lambda d: d["stage"][1].update(key="a:b"), "a key is a-z"),
        (lambda d: d["stage"][1].update(key="a" * 21), "a key is a-z"),
        (lambda d: d["stage"][1].update(key="first"), "'first' means both first and first"),
        (lambda d: d["stage"][1].update(odds=101), "odds is a whole number from 0 to 100"),
        (lambda d: d["stage"][1].update(odds=-1), "odds is a whole number"),
        (lambda d: d["stage"][1].update(odds=True), "odds is a whole number"),
        (lambda d: d["stage"][1].update(odds=0.5), "odds is a whole number"),
        (lambda d: d["stage"][0].update(odds=51), "odds never go down"),
        (lambda d: d["stage"][1].update(patience=0), "patience is a whole number"),
        (lambda d: d["stage"][1].update(cap_days=0), "cap_days is a whole number"),
        (lambda d: d["stage"][1]["name"].pop("zh"), "name is there in en and zh"),
        (lambda d: d["stage"][1]["name"].update(fr="Nom"), "and in no other"),
        (lambda d: d["stage"][1]["name"].update(zh=" "), "name is empty in a language"),
        (lambda d: d["stage"][1]["name"].update(zh=7), "name is empty in a language"),
        (lambda d: d["stage"][1]["why"].pop("en"), "why is there in en and zh"),
        (lambda d: d["stage"][1]["question"].update(en="Did you call?"), "names {customer} once"),
        (lambda d: d["stage"][1]["question"].update(zh="{customer}{x}"), "names {customer} once"),
        (lambda d: d["stage"][1]["play"]["en"].pop(), "play has 2 to 4 texts"),
        (lambda d: d["stage"][1]["play"]["zh"].append("问。"), "the same number in each language"),
        (lambda d: d["stage"][1]["play"]["zh"].append(""), "play holds something that is no word"),
        (lambda d: d["stage"][1].update(play={"en": ["A."], "zh": ["甲。"]}), "play has 2 to 4"),
        (lambda d: d["stage"][1].update(play={"en": "A.", "zh": "甲。"}), "play is no list"),
        (lambda d: d["stage"][1].update(aliases="proposal"), "aliases is no list"),
        (lambda d: d["stage"][1].update(aliases=[3]), "aliases holds something"),
        (lambda d: d["stage"][1].update(aliases=["The FIRST"]), "means both first and second"),
        (lambda d: d["lost_reason"][1].update(aliases=["贵"]), "'贵' means both price and other"),
        (lambda d: d["lost_reason"][1].update(odds=1), "lost_reason 'other': nobody knows"),
    ],
)
def test_a_broken_template_says_what_is_wrong_and_where(change: Change, said: str) -> None:
    data = whole()
    change(data)
    with pytest.raises(BrokenTemplate) as caught:
        parsed(data)
    assert str(caught.value).startswith("made")
    assert said in str(caught.value)


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@given(data=st.data())
def test_whatever_stands_in_a_template_is_a_funnel_or_refused(data: st.DataObject) -> None:
    broken = copy.deepcopy(whole())
    table = data.draw(st.sampled_from([broken, *broken["stage"], *broken["lost_reason"]]))
    field = data.draw(st.sampled_from(sorted(table)))
    table[field] = data.draw(anything)
    try:
        funnel = parsed(broken)
    except BrokenTemplate:
        return
    assert [stage.odds for stage in funnel.stages] == sorted(s.odds for s in funnel.stages)


@pytest.mark.parametrize("key", ["nothing", "", "../templates/odds6", "odds6.toml", "x" * 5000])
def test_a_funnel_that_is_not_there_is_refused(key: str) -> None:
    with pytest.raises(BrokenTemplate, match="there is no funnel"):
        load_funnel(key)


def test_a_template_that_is_no_toml_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scrawl.toml").write_text("[[stage]\nkey =", encoding="utf-8")
    monkeypatch.setattr(funnel_templates, "TEMPLATES", tmp_path)
    with pytest.raises(BrokenTemplate, match="scrawl"):
        load_funnel("scrawl")


def test_a_funnel_is_read_once() -> None:
    assert load_funnel("odds6") is load_funnel("odds6")
