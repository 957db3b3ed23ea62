"""`funnel edit`, `add`, `rename`, `remove`, `order`: an admin edits the team's own stages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.refusals import NotFound, TextRefusal
from handlers.contract.reply import Button, Field, Form, Option, Reply, lines
from handlers.contract.request import Request
from handlers.deals.find_pipeline import find_any_stage, find_pipeline, split_pipeline
from handlers.funnel_setup.funnel_changes import load_funnel_data, save_change, try_change
from handlers.funnel_setup.stage_screen import (
    ask_for_heir,
    ask_for_name,
    find_stage_in_use,
    move_stage,
    rename_stage,
    render_funnel,
)
from handlers.reading import clean_text
from kb.funnel.stages import funnel_changes as rule
from kb.funnel.stages.pipelines import MAIN
from storage.tables.people_and_deals import Role

MAX_LINE_CHARACTERS = 120
_TO = re.compile(r"\s*(?:\bto\b|\bas\b|→|->|改成|改为|为)\s*", re.IGNORECASE)
_ENGLISH = re.compile(r"(.+?)[\s,]+(after|before|behind)\s+(.+)", re.IGNORECASE)
_CHINESE = re.compile(r"(.+?)[\s,，]*(?:放?在|到)\s*(.+?)\s*的?(之后|后面|后|之前|前面|前)")
_BEFORE = ("before", "之前", "前面", "前")


@command(
    "funnel_edit", "funnel edit", "pipeline edit", "edit funnel", "编辑漏斗", "漏斗 编辑",
    "漏斗设置", "漏斗编辑", role=Role.ADMIN,
)  # fmt: skip
def funnel_edit(request: Request, desk: Desk) -> Reply:
    """The stages of a funnel, each a tap away."""
    name = request.text.strip()
    key = find_pipeline(name, desk) if name else MAIN
    if key is None:
        raise TextRefusal("funnel_setup.switch_funnel.no_pipeline")
    return render_funnel(desk, key)


@command(
    "funnel_add", "funnel add", "add stage", "添加阶段", "新增阶段", "漏斗 添加", role=Role.ADMIN
)
def funnel_add(request: Request, desk: Desk) -> Reply:
    """Adds a stage: `funnel add Pilot after demo`, `添加阶段 试点 在 演示 之后`."""
    line, pipeline = split_pipeline(clean_text(request.text, MAX_LINE_CHARACTERS), desk)
    found = _read_place(line, desk)
    if found is None:
        return _ask_for_stage(desk, pipeline or MAIN, {"name": line})
    name, key, before = found
    return _add_stage(desk, name, key, before=before)


@command("funnel_rename", "funnel rename", "rename stage", "阶段改名", "漏斗 改名", role=Role.ADMIN)
def funnel_rename(request: Request, desk: Desk) -> Reply:
    """Renames a stage: `funnel rename demo to Workshop`; it stays the same stage."""
    line = clean_text(request.text, MAX_LINE_CHARACTERS)
    parts = _TO.split(line, maxsplit=1) if _TO.search(line) else line.split(maxsplit=1)
    key = find_any_stage(parts[0], desk) if parts and parts[0] else None
    if key is None:
        raise TextRefusal("funnel_setup.edit_stages.which_stage", *_make_edit_button(desk))
    if len(parts) < 2:
        return ask_for_name(desk, find_stage_in_use(desk, key)[1])
    return rename_stage(desk, key, parts[1])


@command("funnel_remove", "funnel remove", "remove stage", "删除阶段", "漏斗 删除", role=Role.ADMIN)
def funnel_remove(request: Request, desk: Desk) -> Reply:
    """Removes a stage; first asks where its deals go."""
    key = find_any_stage(clean_text(request.text, 60), desk)
    if key is None:
        raise TextRefusal("funnel_setup.edit_stages.which_stage", *_make_edit_button(desk))
    return ask_for_heir(desk, key)


@command("funnel_order", "funnel order", "funnel move", "阶段排序", "漏斗 排序", role=Role.ADMIN)
def funnel_order(request: Request, desk: Desk) -> Reply:
    """Puts a stage elsewhere: `funnel order pilot before demo`."""
    found = _read_place(clean_text(request.text, MAX_LINE_CHARACTERS), desk)
    key = find_any_stage(found[0], desk) if found is not None else None
    if found is None or key is None:
        raise TextRefusal("funnel_setup.edit_stages.which_stage", *_make_edit_button(desk))
    pipeline, _ = find_stage_in_use(desk, key)
    keys = [each.key for each in desk.pipelines.of(pipeline).stages if each.key != key]
    if found[1] not in keys:
        raise TextRefusal("funnel_setup.edit_stages.which_stage", *_make_edit_button(desk))
    return move_stage(desk, key, keys.index(found[1]) + (0 if found[2] else 1))


@action("fadd", role=Role.ADMIN)
def add_by_form(request: Request, desk: Desk) -> Reply:
    """Asks for a new stage's name and place, and adds it: `fadd:<pipeline>`."""
    pipeline = request.word(0)
    if pipeline not in desk.pipelines.funnels:
        raise NotFound
    if request.kind != "form":
        return _ask_for_stage(desk, pipeline, {})
    funnel = desk.pipelines.of(pipeline)
    after = request.values.get("after", "")
    last = funnel.selling[-1].key
    name = clean_text(request.values.get("name", ""), 100)
    return _add_stage(desk, name, after if funnel.has(after) else last)


def _add_stage(desk: Desk, name: str, key: str, *, before: bool = False) -> Reply:
    """Adds a stage beside another one, and shows it among its neighbours."""
    pipeline, _stage = find_stage_in_use(desk, key)
    keys = [each.key for each in desk.pipelines.of(pipeline).stages]
    place = keys.index(key) + (0 if before else 1)
    after, funnels = (keys[place - 1] if place else ""), load_funnel_data(desk)
    data, _key = try_change(lambda: rule.add_stage(funnels, pipeline, name, after))
    undo = save_change(desk, data, "add")
    text = desk.words.say("funnel_setup.edit_stages.added", stage=name)
    return Reply(lines(text, render_funnel(desk, pipeline).text), buttons=((undo,),))


def _read_place(line: str, desk: Desk) -> tuple[str, str, bool] | None:
    """`Pilot after demo` as (Pilot, demo's key, before?); None where no stage is named."""
    found = _ENGLISH.fullmatch(line.strip())
    if found is not None:
        name, side, where = found[1], found[2].lower(), found[3]
    else:
        found = _CHINESE.fullmatch(line.strip())
        if found is None:
            return None
        name, where, side = found[1], found[2], found[3]
    key = find_any_stage(where.strip(), desk)
    return (name.strip(), key, side in _BEFORE) if key else None


def _make_edit_button(desk: Desk) -> list[Button]:
    return [Button(desk.words.line("funnel_setup.edit_stages.do_edit"), "say:funnel edit")]


def _ask_for_stage(desk: Desk, pipeline: str, values: Mapping[str, str]) -> Reply:
    words, funnel = desk.words, desk.pipelines.of(pipeline)
    places = tuple(Option(s.key, s.name[words.language]) for s in funnel.stages)
    fields = (
        Field(
            "name",
            words.line("funnel_setup.edit_stages.field_name"),
            value=values.get("name", ""),
            limit=40,
        ),
        Field("after", words.line("funnel_setup.edit_stages.field_after"), options=places),
    )
    return Reply(
        form=Form(f"fadd:{pipeline}", words.line("funnel_setup.edit_stages.form_add"), fields)
    )
