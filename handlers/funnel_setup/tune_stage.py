"""Tunes a stage of the team's own funnel: odds, patience, question and entry checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.reply import Button, Field, Form, Reply, lines, rows
from handlers.contract.request import Request
from handlers.funnel_setup.funnel_changes import load_funnel_data, save_change, try_change
from handlers.funnel_setup.stage_screen import confirm, describe_checks, find_stage_in_use
from handlers.reading import clean_text
from kb.funnel.stages import funnel_changes as rule
from kb.funnel.stages.funnel import Stage
from kb.funnel.stages.funnel_changes import CannotChange
from kb.funnel.stages.funnel_templates import LONGEST_PATIENCE
from kb.funnel.stages.playbook import CHECKABLE_FACTS
from storage.tables.people_and_deals import Role

_NEXT_CHECK = {"": "warn", "warn": "block", "block": ""}


@action("ftune", role=Role.ADMIN)
def tune_by_form(request: Request, desk: Desk) -> Reply:
    """Asks for odds, patience and the question of a stage, and saves them: `ftune:<stage>`."""
    pipeline, stage = find_stage_in_use(desk, request.word(0))
    if request.kind != "form":
        return _ask_for_values(desk, stage, {}, {})
    values = {name: clean_text(value, 200) for name, value in request.values.items()}
    odds, patience = _read_number(values.get("odds", "")), _read_number(values.get("patience", ""))
    errors = {}
    if odds is None or odds > 100:
        errors["odds"] = desk.words.line("funnel_setup.edit_stages.odds_unread")
    if patience is None or not 1 <= patience <= LONGEST_PATIENCE:
        errors["patience"] = desk.words.line(
            "funnel_setup.edit_stages.patience_unread", n=LONGEST_PATIENCE
        )
    question = values.get("question") or stage.question[desk.words.language]
    if question.count("{customer}") != 1 or question.count("{") != 1 or question.count("}") != 1:
        errors["question"] = desk.words.line(
            "funnel_setup.edit_stages.question_unread", blank="{customer}"
        )
    if errors or odds is None or patience is None:
        return _ask_for_values(desk, stage, values, errors)
    fields: dict[str, Any] = {"odds": odds, "patience": patience}
    if question != stage.question[desk.words.language]:
        fields["question"] = dict.fromkeys(("en", "zh"), question)
    funnels = load_funnel_data(desk)
    try:
        data = rule.tune_stage(funnels, pipeline, stage.key, **fields)
    except CannotChange as refusal:
        facts: dict[str, Any] = refusal.facts
        wrong = desk.words.line(f"funnel_setup.edit_stages.cannot_{refusal.why.value}", **facts)
        return _ask_for_values(desk, stage, values, {"odds": wrong})
    undo = save_change(desk, data, "tune")
    return confirm(desk, stage.key, undo, "tuned", percent=odds, patience=patience)


@action("fcheck", role=Role.ADMIN)
def edit_checks(request: Request, desk: Desk) -> Reply:
    """Shows a stage's entry checks: `fcheck:<stage>`; with a fact: its next of off, warn, block."""
    pipeline, stage = find_stage_in_use(desk, request.word(0))
    what = request.word(1)
    if what not in CHECKABLE_FACTS:
        return _render_checks(desk, stage)
    now = {check.what: "block" if check.blocks else "warn" for check in stage.checks}
    now[what] = _NEXT_CHECK[now.get(what, "")]
    by_kind = {kind: [each for each in now if now[each] == kind] for kind in ("warn", "block")}
    funnels = load_funnel_data(desk)
    data = try_change(lambda: rule.tune_stage(funnels, pipeline, stage.key, checks=by_kind))
    save_change(desk, data, "checks")
    return _render_checks(desk, find_stage_in_use(desk, stage.key)[1]).in_place()


def _render_checks(desk: Desk, stage: Stage) -> Reply:
    words = desk.words
    marks = {check.what: "⛔ " if check.blocks else "⚠ " for check in stage.checks}
    buttons = [
        Button(
            f"{marks.get(what, '')}{words.line(f'selling.playbook.lacks_{what}')}",
            f"fcheck:{stage.key}:{what}",
        )
        for what in CHECKABLE_FACTS
    ]
    buttons.append(Button(words.line("funnel_setup.edit_stages.do_stage"), f"fstage:{stage.key}"))
    text = lines(
        words.say("funnel_setup.edit_stages.checks_title", stage=stage.name[words.language]),
        words.say("funnel_setup.edit_stages.checks", said=describe_checks(desk, stage)),
    )
    return Reply(text, buttons=rows(buttons))


def _ask_for_values(
    desk: Desk, stage: Stage, values: Mapping[str, str], errors: dict[str, str]
) -> Reply:
    words = desk.words
    current = {
        "odds": str(stage.odds),
        "patience": str(stage.patience),
        "question": stage.question[words.language],
        **values,
    }
    fields = tuple(
        Field(
            name,
            words.line(f"funnel_setup.edit_stages.field_{name}"),
            value=current[name],
            limit=200,
        )
        for name in ("odds", "patience", "question")
    )
    title = words.line("funnel_setup.edit_stages.form_tune", stage=stage.name[words.language])
    return Reply(form=Form(f"ftune:{stage.key}", title, fields, errors))


def _read_number(text: str) -> int | None:
    digits = text.strip(" %天days")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 5 else None
