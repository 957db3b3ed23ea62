"""`funnel use`, `funnel new`, `funnel close`: exchanges whole funnels, the mapping shown first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.refusals import Asked, Gone, Said
from handlers.contract.reply import Button, Reply, Text, lines, rows
from handlers.contract.request import Request
from handlers.deals.find_pipeline import (
    TEMPLATES,
    find_pipeline,
    find_template,
    name_of,
    pipeline_name,
    split_pipeline,
)
from handlers.funnel_setup.apply_change import apply, data_of, open_deals, shaped, take_back
from handlers.reading import clean_text
from kb.funnel.stages import switch_template
from kb.funnel.stages.funnel import Funnel
from kb.funnel.stages.funnel_templates import load_funnel
from kb.funnel.stages.pipelines import MAIN
from storage.tables.messages import Draft

TURNED = 9  # stages whose place is a tap away
_FROM = re.compile(r"\A(?P<name>.+?)(?:[\s,，]+(?:from|as|like|用|按|参照)\s*(?P<like>\S.*))?\Z")


@command("pipelines", "funnels", "漏斗列表", "管道列表", "所有漏斗", "全部漏斗", takes=False)
def pipelines(request: Request, desk: Desk) -> Reply:
    """The team's pipelines, each with its stages and how many deals are open."""
    shown = [
        desk.words.say(
            "funnel_setup.switch_funnel.pipeline",
            name=name_of(funnel, desk),
            n=len(desk.memory.deals.within(desk.scope, pipeline=key)),
            stages=" → ".join(stage.name[desk.words.language] for stage in funnel.stages),
        )
        for key, funnel in desk.pipelines.funnels.items()
    ]
    buttons = [
        Button(name_of(funnel, desk), f"list:0:0:@{key}")
        for key, funnel in desk.pipelines.funnels.items()
    ]
    if desk.may("admin"):
        buttons.append(
            Button(desk.words.line("funnel_setup.edit_stages.do_edit"), "say:funnel edit")
        )
    return Reply(lines(*shown), buttons=rows(buttons))


@command(
    "funnel_use", "funnel use", "pipeline use", "funnel switch", "换漏斗", "切换漏斗", "更换漏斗",
    "漏斗 换成", "漏斗换成", role="admin",
)  # fmt: skip
def funnel_use(request: Request, desk: Desk) -> Reply:
    """Exchanges a funnel for a ready one: `funnel use crm6`, `funnel use crm6 in Partners`."""
    said, pipeline = split_pipeline(clean_text(request.text, 100), desk)
    template = find_template(said)
    if template is None:
        return _which(desk, pipeline or MAIN)
    return _preview(desk, _begun(desk, "use", pipeline or MAIN, template))


@action("funnel-use", role="admin")
def used_by_tap(request: Request, desk: Desk) -> Reply:
    """`funnel-use:<pipeline>` asks which, `funnel-use:<pipeline>:<template>` shows the mapping."""
    pipeline = request.word(0)
    if pipeline not in desk.pipelines.funnels:
        raise Gone
    if request.word(1) not in TEMPLATES:
        return _which(desk, pipeline)
    return _preview(desk, _begun(desk, "use", pipeline, request.word(1)))


@command(
    "funnel_new", "funnel new", "pipeline new", "new pipeline", "new funnel", "新建漏斗",
    "新增漏斗", "漏斗 新建", "新建管道", role="admin",
)  # fmt: skip
def funnel_new(request: Request, desk: Desk) -> Reply:
    """Opens one more pipeline: `funnel new Partners from crm6`."""
    said = _FROM.match(clean_text(request.text, 100))
    if said is None:
        raise Asked("funnel_setup.switch_funnel.which_name")
    template = find_template(said["like"] or "")
    if template is not None:
        return _opened(desk, said["name"], template)
    draft = _draft(desk, {"act": "new", "name": said["name"]})
    buttons = [
        Button(name_of(load_funnel(key), desk), f"funnel-new:{draft.id}:{key}") for key in TEMPLATES
    ]
    return Reply(
        desk.words.say("funnel_setup.switch_funnel.like_which", name=said["name"]),
        buttons=rows(buttons, 1),
    )


@action("funnel-new", role="admin")
def opened_by_tap(request: Request, desk: Desk) -> Reply:
    """Opens the pipeline that was named, from a template: `funnel-new:<draft>:<template>`."""
    draft = _of(request, desk)
    if request.word(1) not in TEMPLATES or draft.data["act"] != "new":
        raise Gone
    desk.memory.drafts.drop(draft)
    return _opened(desk, str(draft.data["name"]), request.word(1)).editing()


@command(
    "funnel_close", "funnel close", "pipeline close", "close pipeline", "关闭漏斗", "漏斗 关闭",
    "删除漏斗", role="admin",
)  # fmt: skip
def funnel_close(request: Request, desk: Desk) -> Reply:
    """Closes a pipeline; its open deals go to the main one, as the mapping says."""
    key = find_pipeline(request.text, desk)
    if key is None or key == MAIN:
        raise Said(
            "funnel_setup.edit_stages.cannot_main_stays"
            if key
            else "funnel_setup.switch_funnel.no_pipeline"
        )
    return _preview(desk, _begun(desk, "close", key, ""))


@action("funnel-map", role="admin")
def mapped_elsewhere(request: Request, desk: Desk) -> Reply:
    """Gives a stage's deals the next place: `funnel-map:<draft>:<number>`."""
    draft = _shown(request, desk)
    mapping, (_old, new) = dict(draft.data["mapping"]), _ends(desk, draft.data)
    old = list(mapping)
    if request.number(1) >= len(old):
        raise Gone
    stage, keys = old[request.number(1)], [each.key for each in new.stages]
    mapping[stage] = keys[(keys.index(mapping[stage]) + 1) % len(keys)]
    desk.memory.drafts.change(draft, {**draft.data, "mapping": mapping})
    return _preview(desk, draft).editing()


@action("funnel-go", role="admin")
def confirmed(request: Request, desk: Desk) -> Reply:
    """Does what was shown, if nothing has changed since: `funnel-go:<draft>`."""
    draft = _shown(request, desk)
    data, mapping, kept = draft.data, dict(draft.data["mapping"]), data_of(desk)
    desk.memory.drafts.drop(draft)
    pipeline = data["pipeline"]
    if data["act"] == "close":
        changed = shaped(lambda: switch_template.closed(kept, pipeline, mapping))
        there = MAIN
    else:
        changed = shaped(lambda: switch_template.use(kept, pipeline, data["template"], mapping))
        there = pipeline
    places = {stage: (there, into) for stage, into in mapping.items()}
    undo = apply(desk, changed, data["act"], places)
    said = desk.words.say("funnel_setup.switch_funnel.done", name=pipeline_name(desk, there))
    stages = " → ".join(s.name[desk.words.language] for s in desk.pipelines.of(there).stages)
    return Reply(lines(said, stages), buttons=((undo,),)).editing()


@action("funnel-undo", role="admin")
def undone(request: Request, desk: Desk) -> Reply:
    """Takes back the last change of the funnels: `funnel-undo:<change>`."""
    take_back(desk, request.number(0))
    return Reply(desk.words.say("funnel_setup.switch_funnel.undone")).editing()


def _opened(desk: Desk, name: str, template: str) -> Reply:
    kept = data_of(desk)
    changed, key = shaped(lambda: switch_template.opened_with(kept, name, template))
    undo = apply(desk, changed, "new")
    said = desk.words.say("funnel_setup.switch_funnel.opened", name=pipeline_name(desk, key))
    return Reply(said, buttons=((undo,),))


def _which(desk: Desk, pipeline: str) -> Reply:
    buttons = [
        Button(name_of(load_funnel(key), desk), f"funnel-use:{pipeline}:{key}") for key in TEMPLATES
    ]
    said = desk.words.say("funnel_setup.switch_funnel.which", name=pipeline_name(desk, pipeline))
    return Reply(said, buttons=rows(buttons, 1))


def _begun(desk: Desk, act: str, pipeline: str, template: str) -> Draft:
    data: dict[str, Any] = {"act": act, "pipeline": pipeline, "template": template}
    old, new = _ends(desk, data)
    mapping = switch_template.suggest(old, new)
    if act == "use" and all(new.has(key) for key in mapping) and len(mapping) == len(new.stages):
        raise Said("funnel_setup.switch_funnel.same", name=name_of(new, desk))
    return _draft(desk, {**data, "mapping": mapping})


def _draft(desk: Desk, data: Mapping[str, Any]) -> Draft:
    """What is to be confirmed, together with how the funnels stood when it was shown."""
    account = desk.account
    return desk.memory.drafts.keep(
        account.platform,
        account.id,
        "funnel",
        {**data, "before": desk.team.pipelines},
        desk.now,
        desk.team.id,
        desk.member.id,
    )


def _of(request: Request, desk: Desk) -> Draft:
    """The draft a button names: this account's, and of the funnels as they still are."""
    account = desk.account
    draft = desk.memory.drafts.get(account.platform, account.id, request.number(0))
    if draft is None or draft.kind != "funnel" or draft.team_id != desk.team.id:
        raise Gone
    if draft.data["before"] != desk.team.pipelines:
        raise Said("funnel_setup.edit_stages.changed_since")
    return draft


def _shown(request: Request, desk: Desk) -> Draft:
    """The draft whose mapping was shown; a forged button may name another choice's."""
    draft = _of(request, desk)
    if "mapping" not in draft.data:
        raise Gone
    return draft


def _ends(desk: Desk, data: Mapping[str, Any]) -> tuple[Funnel, Funnel]:
    """The funnel as it is, and the one that its deals go to."""
    old = desk.pipelines.of(data["pipeline"])
    if data["act"] == "close":
        return old, desk.pipelines.main
    return old, switch_template.arriving(data_of(desk), data["pipeline"], data["template"])


def _preview(desk: Desk, draft: Draft) -> Reply:
    words, (old, new) = desk.words, _ends(desk, draft.data)
    mapping, language = draft.data["mapping"], words.language
    counts = {key: open_deals(desk, stage=key) for key in mapping}
    shown: list[Text] = [
        words.say(
            "funnel_setup.switch_funnel.line",
            old=old.stage(key).name[language],
            new=new.stage(into).name[language],
            n=counts[key],
        )
        for key, into in mapping.items()
    ]
    key = f"funnel_setup.switch_funnel.preview_{draft.data['act']}"
    title = words.say(key, old=name_of(old, desk), new=name_of(new, desk))
    turns = [
        Button(f"{old.stage(stage).name[language]} → …", f"funnel-map:{draft.id}:{number}")
        for number, stage in enumerate(mapping)
        if counts[stage]
    ]
    go = Button(words.line("funnel_setup.switch_funnel.go"), f"funnel-go:{draft.id}")
    return Reply(lines(title, *shown), buttons=((go,), *rows(turns[:TURNED], 3)))
