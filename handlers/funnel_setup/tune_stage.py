"""Tunes a stage of the team's own: odds, patience, its question, and what entering it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.reply import Button, Field, Form, Reply, lines, rows
from handlers.contract.request import Request
from handlers.funnel_setup.apply_change import apply, data_of, shaped
from handlers.funnel_setup.stage_screen import checks_text, done, stage_in_use
from handlers.reading import clean_text
from kb.funnel.stages import shaping
from kb.funnel.stages.funnel import Stage
from kb.funnel.stages.funnel_templates import LONGEST_PATIENCE
from kb.funnel.stages.playbook import WHAT
from kb.funnel.stages.shaping_rules import CannotShape

TURNS = {"": "warn", "warn": "block", "block": ""}


@action("ftune", role="admin")
def tune_by_form(request: Request, desk: Desk) -> Reply:
    """`ftune:<stage>` asks for odds, patience and the question, and keeps them."""
    pipeline, stage = stage_in_use(desk, request.word(0))
    if request.kind != "form":
        return _tune_form(desk, stage, {}, {})
    values = {name: clean_text(said, 200) for name, said in request.values.items()}
    odds, patience = _whole(values.get("odds", "")), _whole(values.get("patience", ""))
    errors = {}
    if odds is None or odds > 100:
        errors["odds"] = desk.words.line("funnel_setup.edit_stages.odds_unread")
    if patience is None or not 1 <= patience <= LONGEST_PATIENCE:
        errors["patience"] = desk.words.line(
            "funnel_setup.edit_stages.patience_unread", n=LONGEST_PATIENCE
        )
    asked = values.get("question") or stage.question[desk.words.language]
    if asked.count("{customer}") != 1 or asked.count("{") != 1 or asked.count("}") != 1:
        errors["question"] = desk.words.line(
            "funnel_setup.edit_stages.question_unread", blank="{customer}"
        )
    if errors or odds is None or patience is None:
        return _tune_form(desk, stage, values, errors)
    fields: dict[str, Any] = {"odds": odds, "patience": patience}
    if asked != stage.question[desk.words.language]:
        fields["question"] = dict.fromkeys(("en", "zh"), asked)
    kept = data_of(desk)
    try:
        data = shaping.tune(kept, pipeline, stage.key, **fields)
    except CannotShape as refusal:
        facts: dict[str, Any] = refusal.facts
        wrong = desk.words.line(f"funnel_setup.edit_stages.cannot_{refusal.why.value}", **facts)
        return _tune_form(desk, stage, values, {"odds": wrong})
    undo = apply(desk, data, "tune")
    return done(desk, stage.key, undo, "tuned", percent=odds, patience=patience)


@action("fcheck", role="admin")
def checks(request: Request, desk: Desk) -> Reply:
    """`fcheck:<stage>` shows what entering it asks for; with a fact it turns off, warn, block."""
    pipeline, stage = stage_in_use(desk, request.word(0))
    what = request.word(1)
    if what not in WHAT:
        return _checks_screen(desk, stage)
    now = {check.what: "block" if check.blocks else "warn" for check in stage.checks}
    now[what] = TURNS[now.get(what, "")]
    listed = {how: [each for each in now if now[each] == how] for how in ("warn", "block")}
    kept = data_of(desk)
    data = shaped(lambda: shaping.tune(kept, pipeline, stage.key, checks=listed))
    apply(desk, data, "checks")
    return _checks_screen(desk, stage_in_use(desk, stage.key)[1]).editing()


def _checks_screen(desk: Desk, stage: Stage) -> Reply:
    words = desk.words
    marks = {check.what: "⛔ " if check.blocks else "⚠ " for check in stage.checks}
    buttons = [
        Button(
            f"{marks.get(what, '')}{words.line(f'selling.playbook.lacks_{what}')}",
            f"fcheck:{stage.key}:{what}",
        )
        for what in WHAT
    ]
    buttons.append(Button(words.line("funnel_setup.edit_stages.do_stage"), f"fstage:{stage.key}"))
    text = lines(
        words.say("funnel_setup.edit_stages.checks_title", stage=stage.name[words.language]),
        words.say("funnel_setup.edit_stages.checks", said=checks_text(desk, stage)),
    )
    return Reply(text, buttons=rows(buttons))


def _tune_form(
    desk: Desk, stage: Stage, values: Mapping[str, str], errors: dict[str, str]
) -> Reply:
    words = desk.words
    stands = {
        "odds": str(stage.odds),
        "patience": str(stage.patience),
        "question": stage.question[words.language],
        **values,
    }
    fields = tuple(
        Field(
            name,
            words.line(f"funnel_setup.edit_stages.field_{name}"),
            value=stands[name],
            limit=200,
        )
        for name in ("odds", "patience", "question")
    )
    title = words.line("funnel_setup.edit_stages.form_tune", stage=stage.name[words.language])
    return Reply(form=Form(f"ftune:{stage.key}", title, fields, errors))


def _whole(said: str) -> int | None:
    digits = said.strip(" %天days")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 5 else None
