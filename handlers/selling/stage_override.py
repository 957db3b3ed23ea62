"""Asks a manager to let a deal into a stage although something it should have is missing."""

from __future__ import annotations

from collections.abc import Callable

from handlers.contract.desk import Desk
from handlers.contract.refusals import Said
from handlers.contract.reply import Button, Reply, rows
from handlers.contract.words import Words
from handlers.deals.stage_checks import listed, there
from handlers.outbox.notices import deciding, tell
from kb.funnel.stages.funnel import Stage
from kb.funnel.stages.playbook import missing
from storage.tables.people_and_deals import Deal


def ask_to_let_in(desk: Desk, deal: Deal, stage: Stage) -> Reply:
    """Puts the question to whoever decides for the member, once a day for a deal and a stage."""
    deciders = deciding(desk.memory, desk.team.id, desk.member.manager_id)
    asked = next((member for member in deciders if member.id != desk.member.id), None)
    if asked is None:
        raise Said("selling.playbook.nobody_to_ask")
    day = desk.calendar.local(desk.now).date()
    tell(desk, asked.id, f"let-in:{deal.id}:{stage.key}:{day}", _question(desk, deal, stage))
    name, language = deal.customer.name, desk.words.language
    said = desk.words.say(
        "selling.playbook.asked_manager", who=asked.name, name=name, stage=stage.name[language]
    )
    return Reply(said, about=deal.id)


def _question(desk: Desk, deal: Deal, stage: Stage) -> Callable[[Words], Reply]:
    lacks = missing(stage.checks, there(desk, deal))

    def said(words: Words) -> Reply:
        text = words.say(
            "selling.playbook.manager_asked",
            who=desk.member.name,
            name=deal.customer.name,
            stage=stage.name[words.language],
            what=listed(words, lacks),
        )
        buttons = [
            Button(words.line("selling.playbook.anyway"), f"to-anyway:{deal.id}:{stage.key}"),
            Button(words.line("undo.see"), f"open:{deal.id}"),
        ]
        return Reply(text, buttons=rows(buttons), about=deal.id)

    return said
