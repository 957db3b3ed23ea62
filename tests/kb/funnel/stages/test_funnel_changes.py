"""A team's own funnels: whatever is changed, no stage loses its key and no deal its place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.funnel.stages import funnel_changes as rule
from kb.funnel.stages.funnel_changes import CannotChange, Why
from kb.funnel.stages.funnel_templates import load_funnel
from kb.funnel.stages.pipelines import MAIN, dump_data, load_data, parse_pipelines, read_pipelines
from kb.funnel.stages.stage_mapping import suggest_mapping
from kb.funnel.stages.template_fields import BrokenTemplate

TEMPLATES = ("odds6", "crm6", "journey8", "aida5", "flywheel")
Data = dict[str, dict[str, Any]]


def start() -> Data:
    return load_data("", "odds6")


def keys(data: Data, pipeline: str = MAIN) -> list[str]:
    return [stage["key"] for stage in data[pipeline]["stage"]]


def refused(change: Any) -> CannotChange:
    with pytest.raises(CannotChange) as caught:
        change()
    return caught.value


def test_without_anything_kept_the_main_funnel_is_the_template() -> None:
    assert read_pipelines("", "crm6").main is load_funnel("crm6")


def test_what_is_kept_is_read_back_the_same() -> None:
    data, _ = rule.open_pipeline(start(), "Partners", "crm6")
    again = read_pipelines(dump_data(data), "odds6")
    assert list(again.funnels) == [MAIN, "partners"]
    assert again.of("partners").stages[0].name["zh"] == "潜在客户识别"
    assert again.of("nowhere") is again.main


@pytest.mark.parametrize("text", ["[]", "{}", '{"main": {}}', '{"main": {"stage": [3]}}', "7"])
def test_what_is_no_funnel_is_refused(text: str) -> None:
    with pytest.raises(BrokenTemplate):
        parse_pipelines(json.loads(text))


def test_a_new_stage_stands_behind_the_one_named_with_odds_between() -> None:
    data, key = rule.add_stage(start(), MAIN, "Site visit", "demo")
    assert keys(data)[2:5] == ["demo", key, "decider"]
    stage = parse_pipelines(data).main.stage(key)
    assert (key, stage.odds, stage.name["zh"]) == ("site_visit", 40, "Site visit")
    assert parse_pipelines(data).main.like(key) == "demo"


def test_a_new_stage_may_be_called_what_another_was_only_called_beside_its_name() -> None:
    data, key = rule.add_stage(start(), MAIN, "Pilot", "demo")
    assert parse_pipelines(data).main.stage(key).name["en"] == "Pilot"
    assert "pilot" not in parse_pipelines(data).main.stage("demo").aliases


def test_a_name_that_another_stage_has_is_refused() -> None:
    assert refused(lambda: rule.add_stage(start(), MAIN, "Signed", "demo")).why is Why.NAME_TAKEN
    assert (
        refused(lambda: rule.rename_stage(start(), MAIN, "demo", "签约赢单")).why is Why.NAME_TAKEN
    )


@pytest.mark.parametrize("name", ["", "  ", "x" * 41, "***", "\n"])
def test_a_name_is_short_and_says_something(name: str) -> None:
    assert refused(lambda: rule.add_stage(start(), MAIN, name, "demo")).why is Why.NAME_BAD


def test_a_renamed_stage_is_the_same_and_its_old_names_find_it() -> None:
    stage = parse_pipelines(rule.rename_stage(start(), MAIN, "demo", "Workshop")).main.stage("demo")
    assert stage.name == {"en": "Workshop", "zh": "Workshop"}
    assert {"Demo, support won", "演示并获得支持"} <= set(stage.aliases)


def test_a_stage_put_elsewhere_takes_the_odds_of_its_new_place() -> None:
    data = rule.move_stage(start(), MAIN, "decider", 1)
    odds = {stage.key: stage.odds for stage in parse_pipelines(data).main.stages}
    assert list(odds) == ["opportunity", "decider", "qualified", "demo", "negotiation", "signed"]
    assert list(odds.values()) == [0, 10, 30, 50, 70, 90]


def test_a_stage_taken_out_is_still_known_and_says_who_took_its_place() -> None:
    funnel = parse_pipelines(rule.remove_stage(start(), MAIN, "demo", "decider")).main
    assert not funnel.has("demo")
    assert funnel.stage("demo").name["en"] == "Demo, support won"
    assert funnel.here("demo") == "decider"


def test_the_last_stage_before_the_payment_stays() -> None:
    data = start()
    for key in keys(data)[1:]:
        data = rule.remove_stage(data, MAIN, key, "opportunity")
    assert refused(lambda: rule.remove_stage(data, MAIN, "opportunity", "opportunity")).why is (
        Why.LAST_ONE
    )


def test_nothing_crosses_the_payment() -> None:
    wheel = load_data("", "flywheel")
    for change in (
        lambda: rule.move_stage(wheel, MAIN, "onboarding", 0),
        lambda: rule.remove_stage(wheel, MAIN, "onboarding", "agree"),
    ):
        assert refused(change).why is Why.OTHER_SIDE


def test_odds_stay_between_those_of_the_neighbours() -> None:
    assert (
        parse_pipelines(rule.tune_stage(start(), MAIN, "demo", odds=45)).main.stage("demo").odds
        == 45
    )
    wrong = refused(lambda: rule.tune_stage(start(), MAIN, "demo", odds=60))
    assert (wrong.why, wrong.facts) == (Why.ODDS_ORDER, {"low": 10, "high": 50})
    assert refused(lambda: rule.tune_stage(start(), MAIN, "demo", patience=0)).why is Why.BAD_VALUE


def test_there_are_never_more_stages_than_buttons() -> None:
    data = start()
    for number in range(rule.MOST_STAGES - 6):
        data, _ = rule.add_stage(data, MAIN, f"Step {number}", "demo")
    assert refused(lambda: rule.add_stage(data, MAIN, "One more", "demo")).why is Why.TOO_MANY


def test_a_funnel_taken_up_again_has_the_keys_it_had() -> None:
    there = suggest_mapping(parse_pipelines(start()).main, load_funnel("crm6"))
    away = rule.use_template(start(), MAIN, "crm6", there)
    assert keys(away) == [stage.key for stage in load_funnel("crm6").stages]
    again = rule.use_template(
        away, MAIN, "odds6", suggest_mapping(parse_pipelines(away).main, load_funnel("odds6"))
    )
    assert keys(again) == keys(start())
    assert not parse_pipelines(again).main.has("needs")
    assert parse_pipelines(again).main.stage("needs").name["en"] == "Needs"


def test_a_second_pipeline_of_the_same_template_has_keys_of_its_own() -> None:
    data, key = rule.open_pipeline(start(), "渠道", "odds6")
    assert (key, keys(data, key)[0]) == ("pipeline", "opportunity_2")
    assert parse_pipelines(data).of(key).like("negotiation_2") == "negotiation"


def test_every_stage_of_a_closed_pipeline_has_its_place_in_the_main_one() -> None:
    data, key = rule.open_pipeline(start(), "Partners", "crm6")
    both = parse_pipelines(data)
    data = rule.close_pipeline(data, key, suggest_mapping(both.of(key), both.main))
    assert parse_pipelines(data).main.here("closing") == "signed"
    assert refused(lambda: rule.close_pipeline(data, MAIN, {})).why is Why.MAIN_STAYS


@pytest.mark.parametrize("old", TEMPLATES)
@pytest.mark.parametrize("new", TEMPLATES)
def test_a_suggested_place_exists_and_the_order_never_turns_round(old: str, new: str) -> None:
    ours, theirs = load_funnel(old), load_funnel(new)
    mapping = suggest_mapping(ours, theirs)
    places = [theirs.index(mapping[stage.key]) for stage in ours.selling]
    assert places == sorted(places)
    assert list(mapping) == [stage.key for stage in ours.stages]
    assert old != new or all(there == here for here, there in mapping.items())


@st.composite
def changed(draw: st.DrawFn) -> list[Data]:
    """Pipelines as they stood after each of some changes, refused ones left out."""
    states = [start()]
    for _ in range(draw(st.integers(1, 8))):
        try:
            states.append(draw(st.sampled_from(CHANGES))(draw, states[-1]))
        except CannotChange:
            continue
    return states


def any_of(draw: st.DrawFn, data: Data) -> tuple[str, str]:
    pipeline = draw(st.sampled_from(sorted(data)))
    return pipeline, draw(st.sampled_from(keys(data, pipeline)))


names = st.text("abc 一二三", min_size=1, max_size=6) | st.sampled_from(["Demo", "Signed", "试点"])


def adds(draw: st.DrawFn, data: Data) -> Data:
    pipeline, key = any_of(draw, data)
    return rule.add_stage(data, pipeline, draw(names), key)[0]


def renames(draw: st.DrawFn, data: Data) -> Data:
    return rule.rename_stage(data, *any_of(draw, data), draw(names))


def shifts(draw: st.DrawFn, data: Data) -> Data:
    return rule.move_stage(data, *any_of(draw, data), draw(st.integers(0, 9)))


def removes(draw: st.DrawFn, data: Data) -> Data:
    pipeline, key = any_of(draw, data)
    return rule.remove_stage(data, pipeline, key, draw(st.sampled_from(keys(data, pipeline))))


def uses(draw: st.DrawFn, data: Data) -> Data:
    pipeline, _ = any_of(draw, data)
    template = draw(st.sampled_from(TEMPLATES))
    final = rule.preview_template(data, pipeline, template)
    mapping = suggest_mapping(parse_pipelines(data).of(pipeline), final)
    return rule.use_template(data, pipeline, template, mapping)


def opens(draw: st.DrawFn, data: Data) -> Data:
    return rule.open_pipeline(data, draw(names), draw(st.sampled_from(TEMPLATES)))[0]


def closes(draw: st.DrawFn, data: Data) -> Data:
    key, _ = any_of(draw, data)
    both = parse_pipelines(data)
    return rule.close_pipeline(data, key, suggest_mapping(both.of(key), both.main))


CHANGES = (adds, renames, shifts, removes, uses, opens, closes)


@given(changed())
def test_every_stage_there_ever_was_is_found_by_its_key_and_has_a_place(states: list[Data]) -> None:
    now = read_pipelines(dump_data(states[-1]), "odds6")
    for state in states:
        for pipeline, stage in parse_pipelines(state).stages():
            known = now.of(pipeline).stage(stage.key)
            assert known.key == stage.key
            assert now.of(pipeline).has(now.of(pipeline).here(stage.key))
            assert known.after == stage.after


@given(changed())
def test_the_odds_of_a_changed_funnel_never_go_down(states: list[Data]) -> None:
    for funnel in parse_pipelines(states[-1]).funnels.values():
        odds = [stage.odds for stage in funnel.stages]
        assert odds == sorted(odds)


@given(changed())
def test_a_change_leaves_what_it_was_made_from_as_it_was(states: list[Data]) -> None:
    assert states[0] == start()
