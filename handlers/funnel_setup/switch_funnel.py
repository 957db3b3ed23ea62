"""`funnel use`, `funnel new`, `funnel close`: switches whole funnels.

The mapping of stages is shown first, as a draft that an admin changes and confirms.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.drafts import find_draft, save_draft
from handlers.contract.refusals import ChoiceNeeded, NotFound, TextRefusal
from handlers.contract.reply import Button, Reply, Text, lines, rows
from handlers.contract.request import Request
from handlers.deals.find_pipeline import (
    TEMPLATES,
    find_pipeline,
    find_template,
    get_funnel_name,
    get_pipeline_name,
    split_pipeline,
)
from handlers.funnel_setup.funnel_changes import (
    count_open_deals,
    load_funnel_data,
    save_change,
    try_change,
    undo_by_button,
)
from handlers.reading import clean_text
from kb.funnel.stages import funnel_changes as rule
from kb.funnel.stages.funnel import Funnel
from kb.funnel.stages.funnel_templates import load_funnel
from kb.funnel.stages.pipelines import MAIN
from kb.funnel.stages.stage_mapping import suggest_mapping
from storage.tables.messages import Draft
from storage.tables.people_and_deals import Role

MAX_MAPPING_BUTTONS = 9
_NAME_AND_TEMPLATE = re.compile(
    r"\A(?P<name>.+?)(?:[\s,，]+(?:from|as|like|用|按|参照)\s*(?P<like>\S.*))?\Z"
)


@command("pipelines", "funnels", "漏斗列表", "管道列表", "所有漏斗", "全部漏斗", takes=False)
def pipelines(request: Request, desk: Desk) -> Reply:
    """The team's pipelines, each with its stages and how many deals are open."""
    listed = [
        desk.words.say(
            "funnel_setup.switch_funnel.pipeline",
            name=get_funnel_name(funnel, desk),
            n=len(desk.memory.deals.within(desk.scope, pipeline=key)),
            stages=" → ".join(stage.name[desk.words.language] for stage in funnel.stages),
        )
        for key, funnel in desk.pipelines.funnels.items()
    ]
    buttons = [
        Button(get_funnel_name(funnel, desk), f"list:0:0:@{key}")
        for key, funnel in desk.pipelines.funnels.items()
    ]
    if desk.may(Role.ADMIN):
        buttons.append(
            Button(desk.words.line("funnel_setup.edit_stages.do_edit"), "say:funnel edit")
        )
    return Reply(lines(*listed), buttons=rows(buttons))


@command(
    "funnel_use", "funnel use", "pipeline use", "funnel switch", "换漏斗", "切换漏斗", "更换漏斗",
    "漏斗 换成", "漏斗换成", role=Role.ADMIN,
)  # fmt: skip
def funnel_use(request: Request, desk: Desk) -> Reply:
    """Puts a template in place of a funnel: `funnel use crm6`, `funnel use crm6 in Partners`."""
    text, pipeline = split_pipeline(clean_text(request.text, 100), desk)
    template = find_template(text)
    if template is None:
        return _ask_for_template(desk, pipeline or MAIN)
    return _render_draft(desk, _start_draft(desk, "use", pipeline or MAIN, template))


@action("funnel-use", role=Role.ADMIN)
def use_by_tap(request: Request, desk: Desk) -> Reply:
    """Asks for a template: `funnel-use:<pipeline>`; shows the mapping: with `:<template>`."""
    pipeline = request.word(0)
    if pipeline not in desk.pipelines.funnels:
        raise NotFound
    if request.word(1) not in TEMPLATES:
        return _ask_for_template(desk, pipeline)
    return _render_draft(desk, _start_draft(desk, "use", pipeline, request.word(1)))


@command(
    "funnel_new", "funnel new", "pipeline new", "new pipeline", "new funnel", "新建漏斗",
    "新增漏斗", "漏斗 新建", "新建管道", role=Role.ADMIN,
)  # fmt: skip
def funnel_new(request: Request, desk: Desk) -> Reply:
    """Opens one more pipeline: `funnel new Partners from crm6`."""
    named = _NAME_AND_TEMPLATE.match(clean_text(request.text, 100))
    if named is None:
        raise ChoiceNeeded("funnel_setup.switch_funnel.which_name")
    template = find_template(named["like"] or "")
    if template is not None:
        return _open_pipeline(desk, named["name"], template)
    draft = _save_draft(desk, {"act": "new", "name": named["name"]})
    buttons = [
        Button(get_funnel_name(load_funnel(key), desk), f"funnel-new:{draft.id}:{key}")
        for key in TEMPLATES
    ]
    return Reply(
        desk.words.say("funnel_setup.switch_funnel.like_which", name=named["name"]),
        buttons=rows(buttons, 1),
    )


@action("funnel-new", role=Role.ADMIN)
def open_by_tap(request: Request, desk: Desk) -> Reply:
    """Opens the pipeline that was named, from a template: `funnel-new:<draft>:<template>`."""
    draft = _find_draft(request, desk)
    if request.word(1) not in TEMPLATES or draft.data["act"] != "new":
        raise NotFound
    desk.memory.drafts.drop(draft)
    return _open_pipeline(desk, str(draft.data["name"]), request.word(1)).in_place()


@command(
    "funnel_close", "funnel close", "pipeline close", "close pipeline", "关闭漏斗", "漏斗 关闭",
    "删除漏斗", role=Role.ADMIN,
)  # fmt: skip
def funnel_close(request: Request, desk: Desk) -> Reply:
    """Closes a pipeline; its open deals go to the main one, as the mapping says."""
    key = find_pipeline(request.text, desk)
    if key is None or key == MAIN:
        raise TextRefusal(
            "funnel_setup.edit_stages.cannot_main_stays"
            if key
            else "funnel_setup.switch_funnel.no_pipeline"
        )
    return _render_draft(desk, _start_draft(desk, "close", key, ""))


@action("funnel-map", role=Role.ADMIN)
def change_mapping(request: Request, desk: Desk) -> Reply:
    """Maps a stage to the next stage of the new funnel: `funnel-map:<draft>:<number>`."""
    draft = _find_mapping_draft(request, desk)
    mapping, (_old, new) = dict(draft.data["mapping"]), _load_ends(desk, draft.data)
    stages = list(mapping)
    if request.number(1) >= len(stages):
        raise NotFound
    stage, keys = stages[request.number(1)], [each.key for each in new.stages]
    mapping[stage] = keys[(keys.index(mapping[stage]) + 1) % len(keys)]
    desk.memory.drafts.change(draft, {**draft.data, "mapping": mapping})
    return _render_draft(desk, draft).in_place()


@action("funnel-go", role=Role.ADMIN)
def confirm_draft(request: Request, desk: Desk) -> Reply:
    """Carries out a draft, if the funnels have not changed since: `funnel-go:<draft>`."""
    draft = _find_mapping_draft(request, desk)
    data, mapping, funnels = draft.data, dict(draft.data["mapping"]), load_funnel_data(desk)
    desk.memory.drafts.drop(draft)
    pipeline = data["pipeline"]
    if data["act"] == "close":
        changed = try_change(lambda: rule.close_pipeline(funnels, pipeline, mapping))
        target = MAIN
    else:
        changed = try_change(
            lambda: rule.use_template(funnels, pipeline, data["template"], mapping)
        )
        target = pipeline
    places = {stage: (target, into) for stage, into in mapping.items()}
    undo = save_change(desk, changed, data["act"], places)
    text = desk.words.say("funnel_setup.switch_funnel.done", name=get_pipeline_name(desk, target))
    stages = " → ".join(s.name[desk.words.language] for s in desk.pipelines.of(target).stages)
    return Reply(lines(text, stages), buttons=((undo,),)).in_place()


@action("funnel-undo", role=Role.ADMIN)
def undo_by_tap(request: Request, desk: Desk) -> Reply:
    """Undoes the newest change of the funnels: `funnel-undo:<change>`."""
    undo_by_button(desk, request.number(0))
    return Reply(desk.words.say("funnel_setup.switch_funnel.undone")).in_place()


def _open_pipeline(desk: Desk, name: str, template: str) -> Reply:
    funnels = load_funnel_data(desk)
    changed, key = try_change(lambda: rule.open_pipeline(funnels, name, template))
    undo = save_change(desk, changed, "new")
    text = desk.words.say("funnel_setup.switch_funnel.opened", name=get_pipeline_name(desk, key))
    return Reply(text, buttons=((undo,),))


def _ask_for_template(desk: Desk, pipeline: str) -> Reply:
    buttons = [
        Button(get_funnel_name(load_funnel(key), desk), f"funnel-use:{pipeline}:{key}")
        for key in TEMPLATES
    ]
    text = desk.words.say(
        "funnel_setup.switch_funnel.which", name=get_pipeline_name(desk, pipeline)
    )
    return Reply(text, buttons=rows(buttons, 1))


def _start_draft(desk: Desk, act: str, pipeline: str, template: str) -> Draft:
    data: dict[str, Any] = {"act": act, "pipeline": pipeline, "template": template}
    old, new = _load_ends(desk, data)
    mapping = suggest_mapping(old, new)
    if act == "use" and all(new.has(key) for key in mapping) and len(mapping) == len(new.stages):
        raise TextRefusal("funnel_setup.switch_funnel.same", name=get_funnel_name(new, desk))
    return _save_draft(desk, {**data, "mapping": mapping})


def _save_draft(desk: Desk, data: Mapping[str, Any]) -> Draft:
    """Saves what is to be confirmed, together with the funnels as they are now."""
    return save_draft(desk, "funnel", {**data, "before": desk.team.pipelines})


def _find_draft(request: Request, desk: Desk) -> Draft:
    """The account's draft that a button names, if the funnels have not changed since."""
    draft = find_draft(desk, "funnel", request.number(0))
    if draft is None or draft.team_id != desk.team.id:
        raise NotFound
    if draft.data["before"] != desk.team.pipelines:
        raise TextRefusal("funnel_setup.edit_stages.changed_since")
    return draft


def _find_mapping_draft(request: Request, desk: Desk) -> Draft:
    """The draft of a mapping; a forged button may name a draft of another kind."""
    draft = _find_draft(request, desk)
    if "mapping" not in draft.data:
        raise NotFound
    return draft


def _load_ends(desk: Desk, data: Mapping[str, Any]) -> tuple[Funnel, Funnel]:
    """The funnel as it is, and the one that its deals would go to."""
    old = desk.pipelines.of(data["pipeline"])
    if data["act"] == "close":
        return old, desk.pipelines.main
    return old, rule.preview_template(load_funnel_data(desk), data["pipeline"], data["template"])


def _render_draft(desk: Desk, draft: Draft) -> Reply:
    words, (old, new) = desk.words, _load_ends(desk, draft.data)
    mapping, language = draft.data["mapping"], words.language
    counts = {key: count_open_deals(desk, stage=key) for key in mapping}
    listed: list[Text] = [
        words.say(
            "funnel_setup.switch_funnel.line",
            old=old.stage(key).name[language],
            new=new.stage(into).name[language],
            n=counts[key],
        )
        for key, into in mapping.items()
    ]
    key = f"funnel_setup.switch_funnel.preview_{draft.data['act']}"
    title = words.say(key, old=get_funnel_name(old, desk), new=get_funnel_name(new, desk))
    changes = [
        Button(f"{old.stage(stage).name[language]} → …", f"funnel-map:{draft.id}:{number}")
        for number, stage in enumerate(mapping)
        if counts[stage]
    ]
    go = Button(words.line("funnel_setup.switch_funnel.go"), f"funnel-go:{draft.id}")
    return Reply(lines(title, *listed), buttons=((go,), *rows(changes[:MAX_MAPPING_BUTTONS], 3)))
