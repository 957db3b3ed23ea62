"""The screens of a funnel and of one stage, with everything an admin may do to it by taps."""

from __future__ import annotations

from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.refusals import NotFound
from handlers.contract.reply import Button, Field, Form, Reply, lines, rows
from handlers.contract.request import Request
from handlers.deals.find_pipeline import get_pipeline_name
from handlers.funnel_setup.funnel_changes import (
    count_open_deals,
    load_funnel_data,
    save_change,
    try_change,
)
from handlers.reading import clean_text
from kb.funnel.stages import funnel_changes as rule
from kb.funnel.stages.funnel import Stage
from storage.tables.people_and_deals import Role

MAX_STAGE_BUTTONS = 10


@action("fstage", role=Role.ADMIN)
def show_stage(request: Request, desk: Desk) -> Reply:
    """A stage's screen: `fstage:<stage>`."""
    return render_stage(desk, request.word(0))


@action("fname", role=Role.ADMIN)
def rename_by_form(request: Request, desk: Desk) -> Reply:
    """Asks for another name of a stage, and saves it: `fname:<stage>`."""
    _pipeline, stage = find_stage_in_use(desk, request.word(0))
    if request.kind != "form":
        return ask_for_name(desk, stage)
    return rename_stage(desk, stage.key, clean_text(request.values.get("name", ""), 100))


@action("fshift", role=Role.ADMIN)
def move_by_tap(request: Request, desk: Desk) -> Reply:
    """Puts a stage one place earlier or later: `fshift:<stage>:<up|down>`."""
    pipeline, stage = find_stage_in_use(desk, request.word(0))
    place = desk.pipelines.of(pipeline).index(stage.key)
    return move_stage(desk, stage.key, place + (1 if request.word(1) == "down" else -1)).in_place()


@action("fremove", role=Role.ADMIN)
def remove_by_tap(request: Request, desk: Desk) -> Reply:
    """Asks where a stage's deals go: `fremove:<stage>`; removes it: `fremove:<stage>:<stage>`."""
    pipeline, stage = find_stage_in_use(desk, request.word(0))
    into = request.word(1)
    if not into:
        return ask_for_heir(desk, stage.key)
    if not desk.pipelines.of(pipeline).has(into):
        raise NotFound
    funnels, name = load_funnel_data(desk), stage.name[desk.words.language]
    data = try_change(lambda: rule.remove_stage(funnels, pipeline, stage.key, into))
    undo = save_change(desk, data, "remove", {stage.key: (pipeline, into)})
    heir = desk.funnel.stage(into).name[desk.words.language]
    text = desk.words.say("funnel_setup.edit_stages.removed", stage=name, into=heir)
    return Reply(lines(text, render_funnel(desk, pipeline).text), buttons=((undo,),)).in_place()


def render_funnel(desk: Desk, pipeline: str) -> Reply:
    """The stages with odds and patience, and buttons for each, for a new one, for other funnels."""
    words, funnel = desk.words, desk.pipelines.of(pipeline)
    listed = [
        words.say(
            "funnel_setup.edit_stages.line",
            number=number,
            stage=stage.name[words.language],
            percent=stage.odds,
            patience=stage.patience,
        )
        for number, stage in enumerate(funnel.stages, start=1)
    ]
    title = words.say("funnel_setup.edit_stages.title", name=get_pipeline_name(desk, pipeline))
    buttons = [
        Button(stage.name[words.language], f"fstage:{stage.key}")
        for stage in funnel.stages[:MAX_STAGE_BUTTONS]
    ]
    more = (
        Button(words.line("funnel_setup.edit_stages.do_add"), f"fadd:{pipeline}"),
        Button(words.line("funnel_setup.edit_stages.do_use"), f"funnel-use:{pipeline}"),
    )
    return Reply(lines(title, *listed), buttons=(*rows(buttons, 3), more))


def render_stage(desk: Desk, key: str) -> Reply:
    """A stage's odds, patience, question and entry checks, with a button for each change."""
    words, (_pipeline, stage) = desk.words, find_stage_in_use(desk, key)
    language = words.language
    text = lines(
        words.say(
            "funnel_setup.edit_stages.stage",
            stage=stage.name[language],
            percent=stage.odds,
            patience=stage.patience,
            n=count_open_deals(desk, stage=key),
        ),
        words.say("funnel_setup.edit_stages.question", said=stage.question[language]),
        words.say("funnel_setup.edit_stages.checks", said=describe_checks(desk, stage)),
    )
    acts = (
        ("rename", f"fname:{key}"),
        ("tune", f"ftune:{key}"),
        ("checks", f"fcheck:{key}"),
        ("earlier", f"fshift:{key}:up"),
        ("later", f"fshift:{key}:down"),
        ("remove", f"fremove:{key}"),
    )
    buttons = [
        Button(words.line(f"funnel_setup.edit_stages.do_{name}"), what) for name, what in acts
    ]
    return Reply(text, buttons=rows(buttons, 3))


def rename_stage(desk: Desk, key: str, name: str) -> Reply:
    """Renames a stage; its old names still find it."""
    pipeline, stage = find_stage_in_use(desk, key)
    funnels, old = load_funnel_data(desk), stage.name[desk.words.language]
    data = try_change(lambda: rule.rename_stage(funnels, pipeline, key, name))
    undo = save_change(desk, data, "rename")
    return confirm(desk, key, undo, "renamed", old=old)


def move_stage(desk: Desk, key: str, place: int) -> Reply:
    """Puts a stage at another place, from 0; the odds stay with the places."""
    pipeline, _stage = find_stage_in_use(desk, key)
    funnels = load_funnel_data(desk)
    data = try_change(lambda: rule.move_stage(funnels, pipeline, key, place))
    undo = save_change(desk, data, "order")
    return Reply(render_funnel(desk, pipeline).text, buttons=((undo,),))


def ask_for_heir(desk: Desk, key: str) -> Reply:
    """Asks which stage takes the deals of one that is to be removed."""
    pipeline, stage = find_stage_in_use(desk, key)
    others = [each for each in desk.pipelines.of(pipeline).stages if each.key != key]
    buttons = [
        Button(each.name[desk.words.language], f"fremove:{key}:{each.key}")
        for each in others
        if each.after == stage.after
    ]
    n = count_open_deals(desk, stage=key)
    text = desk.words.say(
        "funnel_setup.edit_stages.heirs", stage=stage.name[desk.words.language], n=n
    )
    return Reply(text, buttons=rows(buttons, 3))


def ask_for_name(desk: Desk, stage: Stage) -> Reply:
    """The form for a stage's new name."""
    words = desk.words
    field = Field("name", words.line("funnel_setup.edit_stages.field_name"), limit=40)
    title = words.line("funnel_setup.edit_stages.form_rename", stage=stage.name[words.language])
    return Reply(form=Form(f"fname:{stage.key}", title, (field,)))


def find_stage_in_use(desk: Desk, key: str) -> tuple[str, Stage]:
    """A stage in use and its pipeline; NotFound for any other."""
    for pipeline, stage in desk.pipelines.stages():
        if stage.key == key:
            return pipeline, stage
    raise NotFound


def confirm(desk: Desk, key: str, undo: Button, what: str, **facts: object) -> Reply:
    """Says what was changed of a stage, with buttons to its screen and to undo it."""
    stage = find_stage_in_use(desk, key)[1].name[desk.words.language]
    text = desk.words.say(f"funnel_setup.edit_stages.{what}", stage=stage, **facts)
    more = Button(desk.words.line("funnel_setup.edit_stages.do_stage"), f"fstage:{key}")
    return Reply(text, buttons=((more, undo),))


def describe_checks(desk: Desk, stage: Stage) -> str:
    """What a deal needs to enter a stage, in words."""
    words = desk.words
    listed = [
        words.line(
            "funnel_setup.edit_stages.blocks" if check.blocks else "funnel_setup.edit_stages.warns",
            what=words.line(f"selling.playbook.lacks_{check.what}"),
        )
        for check in stage.checks
    ]
    return words.line("contract.common.comma").join(listed) or words.line(
        "funnel_setup.edit_stages.nothing"
    )
