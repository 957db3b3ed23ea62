"""Stage checks: what a deal must have to enter a stage, and what happens where it has not.

A check warns in the answer to the move, or blocks it; then a manager may let the deal in anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from handlers.contract.desk import Desk
from handlers.contract.refusals import TextRefusal
from handlers.contract.reply import Button, Reply, Text, lines, rows
from handlers.contract.words import Words
from handlers.deals.deal_terms import FIELDS
from handlers.deals.stakeholder_map import get_people
from handlers.outbox.notices import find_deciders, notify_other
from kb.funnel.stages.funnel import Stage
from kb.funnel.stages.playbook import Check, find_missing
from storage.tables.people_and_deals import Deal, Role

FILLED_BY_EDIT = {"amount": "amount", "contact": "person", **{name: name for name in FIELDS}}


def list_known_facts(desk: Desk, deal: Deal, said_amount: bool = False) -> frozenset[str]:
    """What a deal has of all that checks can ask for; `said_amount`: the move brings an amount."""
    stakes = desk.memory.stakes.list_of_deal(desk.team.id, deal.id)
    facts = {
        "contact": bool(get_people(desk, deal)),
        "amount": deal.amount is not None or said_amount,
        "next_step": deal.next_step_at is not None,
        "decider": any(each.part == "decides" for each in stakes),
        "supporter": any(each.attitude == "supportive" for each in stakes),
        "budget": bool(deal.budget),
        "procurement": bool(deal.procurement),
    }
    return frozenset(name for name, known in facts.items() if known)


def check_entry(
    desk: Desk, deal: Deal, stage: str, *, said_amount: bool = False, anyway: bool = False
) -> tuple[Check, ...]:
    """The checks of a stage that the deal does not meet; a blocking one refuses the move."""
    checks = desk.funnel_for(deal).stage(stage).checks
    if not checks or _is_back(desk, deal, stage):
        return ()
    unmet = find_missing(checks, list_known_facts(desk, deal, said_amount))
    blocking = [check for check in unmet if check.blocks]
    if blocking and not anyway:
        raise _refuse(desk, deal, stage, blocking)
    return unmet


def find_missing_checks(desk: Desk, deal: Deal) -> tuple[Check, ...]:
    """The checks of the deal's next stage that it does not meet; in the last stage, of that one."""
    following = desk.funnel_for(deal).next_after(deal.stage)
    stage = following or desk.funnel.stage(deal.stage)
    return find_missing(stage.checks, list_known_facts(desk, deal))


def _is_back(desk: Desk, deal: Deal, stage: str) -> bool:
    funnel = desk.funnel_for(deal)
    return funnel.has(deal.stage) and funnel.index(stage) <= funnel.index(deal.stage)


def render_warning(desk: Desk, unmet: Sequence[Check]) -> Text:
    """The warning that names what is missing, in one line."""
    if not unmet:
        return ()
    return desk.words.say("selling.playbook.warned", what=list_checks(desk.words, unmet))


def offer_fix(desk: Desk, deal: Deal, what: str) -> Button:
    """The tap that fills in what is missing."""
    label = desk.words.line(f"selling.playbook.add_{what}")
    if what in FILLED_BY_EDIT:
        return Button(label, f"edit:{deal.id}:{FILLED_BY_EDIT[what]}")
    if what == "next_step":
        return Button(label, f"step:{deal.id}")
    return Button(label, f"who:{deal.id}:{what}")


def _refuse(desk: Desk, deal: Deal, stage: str, blocking: Sequence[Check]) -> TextRefusal:
    buttons = [offer_fix(desk, deal, check.what) for check in blocking[:3]]
    if desk.may(Role.MANAGER):
        buttons.append(
            Button(desk.words.line("selling.playbook.anyway"), f"to-anyway:{deal.id}:{stage}")
        )
    else:
        buttons.append(
            Button(desk.words.line("selling.playbook.ask_manager"), f"to-ask:{deal.id}:{stage}")
        )
    name = desk.funnel.stage(stage).name[desk.words.language]
    what = list_checks(desk.words, blocking)
    return TextRefusal(
        "selling.playbook.blocked", *buttons, name=deal.customer.name, stage=name, what=what
    )


def list_checks(words: Words, checks: Sequence[Check]) -> str:
    """What the checks ask for, as one list in words."""
    return words.line("contract.common.comma").join(
        words.line(f"selling.playbook.lacks_{check.what}") for check in checks
    )


def add_warning(said: Text, desk: Desk, unmet: Sequence[Check]) -> Text:
    """The answer to a move with the warning of what is missing below it."""
    return lines(said, render_warning(desk, unmet))


def ask_for_exception(desk: Desk, deal: Deal, stage: Stage) -> Reply:
    """Asks who decides for the member to let a deal in, once a day for a deal and a stage."""
    deciders = find_deciders(desk.memory, desk.team.id, desk.member.manager_id)
    asked = next((member for member in deciders if member.id != desk.member.id), None)
    if asked is None:
        raise TextRefusal("selling.playbook.nobody_to_ask")
    day = desk.calendar.local(desk.now).date()
    notify_other(
        desk,
        asked.id,
        f"let-in:{deal.id}:{stage.key}:{day}",
        _make_question(desk, deal, stage),
    )
    name, language = deal.customer.name, desk.words.language
    said = desk.words.say(
        "selling.playbook.asked_manager", who=asked.name, name=name, stage=stage.name[language]
    )
    return Reply(said, about=deal.id)


def _make_question(desk: Desk, deal: Deal, stage: Stage) -> Callable[[Words], Reply]:
    """The question to the manager, in their language, with the tap that lets the deal in."""
    lacks = find_missing(stage.checks, list_known_facts(desk, deal))

    def render(words: Words) -> Reply:
        text = words.say(
            "selling.playbook.manager_asked",
            who=desk.member.name,
            name=deal.customer.name,
            stage=stage.name[words.language],
            what=list_checks(words, lacks),
        )
        buttons = [
            Button(words.line("selling.playbook.anyway"), f"to-anyway:{deal.id}:{stage.key}"),
            Button(words.line("undo.see"), f"open:{deal.id}"),
        ]
        return Reply(text, buttons=rows(buttons), about=deal.id)

    return render
