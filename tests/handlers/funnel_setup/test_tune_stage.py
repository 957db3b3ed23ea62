"""Tuning a stage: its odds, patience and question, and what a deal needs to enter it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.office import Office, action, labels, said

VALUES = {"odds": "40 %", "patience": "5 days", "question": "Did {customer} like the demo?"}


def saved_stage(office: Office, key: str = "demo") -> dict[str, Any]:
    saved = json.loads(office.one("select pipelines from team where id = 1"))
    [stage] = [each for each in saved["main"]["stage"] if each["key"] == key]
    return dict(stage)


async def test_odds_patience_and_question_are_saved(office: Office) -> None:
    reply = await office.fills("Kim", "ftune:demo", VALUES)
    assert "Demo, support won: 40 %, patience 5" in said(reply)
    stage = saved_stage(office)
    assert (stage["odds"], stage["patience"]) == (40, 5)
    assert stage["question"] == dict.fromkeys(("en", "zh"), "Did {customer} like the demo?")


async def test_the_form_shows_what_is_set_now(office: Office) -> None:
    tap = office.request("Kim", kind="button", action="ftune:demo", draws_forms=True)
    form = (await office.answer(tap)).reply.form
    assert form is not None
    shown = {field.name: field.value for field in form.fields}
    assert shown["odds"] == "30"
    assert "{customer}" in shown["question"]


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("odds", "101", "whole number from 0 to 100"),
        ("odds", "many", "whole number from 0 to 100"),
        ("odds", "95", "between 10 and 50 %"),
        ("patience", "0", "whole number of working days, 1 to 60"),
        ("patience", "61", "whole number of working days, 1 to 60"),
        ("question", "Did they like it?", "names {customer} once"),
        ("question", "{customer} or {deal}?", "names {customer} once"),
    ],
)
async def test_a_value_out_of_bounds_is_asked_for_again_and_nothing_is_saved(
    office: Office, field: str, value: str, complaint: str
) -> None:
    form = (await office.fills("Kim", "ftune:demo", {**VALUES, field: value})).form
    assert form is not None
    assert complaint in form.errors[field]
    assert {each.name: each.value for each in form.fields}[field] == value
    assert office.one("select pipelines from team where id = 1") == ""


async def test_a_check_turns_from_off_to_warning_to_blocking_and_off_again(office: Office) -> None:
    reply = await office.taps("Kim", "fcheck:demo")
    for mark, kind in (("⚠ ", "warn"), ("⛔ ", "block"), ("", "")):
        [label] = [each for each in labels(reply) if each.endswith("the budget")]
        reply = await office.taps("Kim", action(reply, label))
        assert f"{mark}the budget" in labels(reply)
        checks = saved_stage(office)["checks"]
        assert [each for each, facts in checks.items() if "budget" in facts] == [kind] * bool(kind)


async def test_a_deal_without_the_fact_is_stopped_by_a_blocking_check(office: Office) -> None:
    await office.taps("Kim", "fcheck:demo:amount")
    await office.taps("Kim", "fcheck:demo:amount")
    await office.says("Ann", "lead Acme")
    assert "Missing: the amount" in said(await office.says("Ann", "move acme demo"))
    assert office.one("select stage from deal") == "opportunity"
