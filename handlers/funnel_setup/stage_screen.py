"""A stage of the team's own funnel on its screen: everything an admin may do to it, by taps."""

from __future__ import annotations

from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.refusals import Gone
from handlers.contract.reply import Button, Field, Form, Reply, lines, rows
from handlers.contract.request import Request
from handlers.deals.find_pipeline import pipeline_name
from handlers.funnel_setup.apply_change import apply, data_of, open_deals, shaped
from handlers.reading import clean_text
from kb.funnel.stages import shaping
from kb.funnel.stages.funnel import Stage

SHOWN = 10  # stages, each a tap away


@action("fstage", role="admin")
def one_stage(request: Request, desk: Desk) -> Reply:
    """A stage's screen: `fstage:<stage>`."""
    return stage_screen(desk, request.word(0))


@action("fname", role="admin")
def rename_by_form(request: Request, desk: Desk) -> Reply:
    """`fname:<stage>` asks for another name, and keeps it."""
    _pipeline, stage = stage_in_use(desk, request.word(0))
    if request.kind != "form":
        return name_form(desk, stage)
    return renamed(desk, stage.key, clean_text(request.values.get("name", ""), 100))


@action("fshift", role="admin")
def shift_by_tap(request: Request, desk: Desk) -> Reply:
    """Puts a stage one place earlier or later: `fshift:<stage>:<up|down>`."""
    pipeline, stage = stage_in_use(desk, request.word(0))
    place = desk.pipelines.of(pipeline).index(stage.key)
    return shifted(desk, stage.key, place + (1 if request.word(1) == "down" else -1)).editing()


@action("fremove", role="admin")
def remove_by_tap(request: Request, desk: Desk) -> Reply:
    """`fremove:<stage>` asks where its deals go, `fremove:<stage>:<stage>` takes it out."""
    pipeline, stage = stage_in_use(desk, request.word(0))
    into = request.word(1)
    if not into:
        return heirs(desk, stage.key)
    if not desk.pipelines.of(pipeline).has(into):
        raise Gone
    kept, name = data_of(desk), stage.name[desk.words.language]
    data = shaped(lambda: shaping.remove(kept, pipeline, stage.key, into))
    undo = apply(desk, data, "remove", {stage.key: (pipeline, into)})
    heir = desk.funnel.stage(into).name[desk.words.language]
    said = desk.words.say("funnel_setup.edit_stages.removed", stage=name, into=heir)
    return Reply(lines(said, overview(desk, pipeline).text), buttons=((undo,),)).editing()


def overview(desk: Desk, pipeline: str) -> Reply:
    """The stages with odds and patience; each, a new one, and other funnels a tap away."""
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
    title = words.say("funnel_setup.edit_stages.title", name=pipeline_name(desk, pipeline))
    buttons = [
        Button(stage.name[words.language], f"fstage:{stage.key}") for stage in funnel.stages[:SHOWN]
    ]
    more = (
        Button(words.line("funnel_setup.edit_stages.do_add"), f"fadd:{pipeline}"),
        Button(words.line("funnel_setup.edit_stages.do_use"), f"funnel-use:{pipeline}"),
    )
    return Reply(lines(title, *listed), buttons=(*rows(buttons, 3), more))


def stage_screen(desk: Desk, key: str) -> Reply:
    """What a stage says and asks for, and everything that may be done to it."""
    words, (_pipeline, stage) = desk.words, stage_in_use(desk, key)
    language = words.language
    text = lines(
        words.say(
            "funnel_setup.edit_stages.stage",
            stage=stage.name[language],
            percent=stage.odds,
            patience=stage.patience,
            n=open_deals(desk, stage=key),
        ),
        words.say("funnel_setup.edit_stages.question", said=stage.question[language]),
        words.say("funnel_setup.edit_stages.checks", said=checks_text(desk, stage)),
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


def renamed(desk: Desk, key: str, name: str) -> Reply:
    """Renames a stage; its old names still find it."""
    pipeline, stage = stage_in_use(desk, key)
    kept, old = data_of(desk), stage.name[desk.words.language]
    undo = apply(desk, shaped(lambda: shaping.rename(kept, pipeline, key, name)), "rename")
    return done(desk, key, undo, "renamed", old=old)


def shifted(desk: Desk, key: str, place: int) -> Reply:
    """Puts a stage at another place, from 0; the odds stay with the places."""
    pipeline, _stage = stage_in_use(desk, key)
    kept = data_of(desk)
    undo = apply(desk, shaped(lambda: shaping.shift(kept, pipeline, key, place)), "order")
    return Reply(overview(desk, pipeline).text, buttons=((undo,),))


def heirs(desk: Desk, key: str) -> Reply:
    """Asks which stage takes the deals of one that is taken out."""
    pipeline, stage = stage_in_use(desk, key)
    others = [each for each in desk.pipelines.of(pipeline).stages if each.key != key]
    buttons = [
        Button(each.name[desk.words.language], f"fremove:{key}:{each.key}")
        for each in others
        if each.after == stage.after
    ]
    n = open_deals(desk, stage=key)
    said = desk.words.say(
        "funnel_setup.edit_stages.heirs", stage=stage.name[desk.words.language], n=n
    )
    return Reply(said, buttons=rows(buttons, 3))


def name_form(desk: Desk, stage: Stage) -> Reply:
    """Asks for a stage's new name."""
    words = desk.words
    field = Field("name", words.line("funnel_setup.edit_stages.field_name"), limit=40)
    title = words.line("funnel_setup.edit_stages.form_rename", stage=stage.name[words.language])
    return Reply(form=Form(f"fname:{stage.key}", title, (field,)))


def stage_in_use(desk: Desk, key: str) -> tuple[str, Stage]:
    """A stage in use and its pipeline; Gone for any other."""
    for pipeline, stage in desk.pipelines.stages():
        if stage.key == key:
            return pipeline, stage
    raise Gone


def done(desk: Desk, key: str, undo: Button, what: str, **facts: object) -> Reply:
    """What was done to a stage, its screen and the undo a tap away."""
    stage = stage_in_use(desk, key)[1].name[desk.words.language]
    said = desk.words.say(f"funnel_setup.edit_stages.{what}", stage=stage, **facts)
    more = Button(desk.words.line("funnel_setup.edit_stages.do_stage"), f"fstage:{key}")
    return Reply(said, buttons=((more, undo),))


def checks_text(desk: Desk, stage: Stage) -> str:
    """What entering a stage asks for, in words."""
    words = desk.words
    said = [
        words.line(
            "funnel_setup.edit_stages.blocks" if check.blocks else "funnel_setup.edit_stages.warns",
            what=words.line(f"selling.playbook.lacks_{check.what}"),
        )
        for check in stage.checks
    ]
    return words.line("contract.common.comma").join(said) or words.line(
        "funnel_setup.edit_stages.nothing"
    )
