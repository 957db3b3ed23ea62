"""What a deal must have to enter a stage: warned of in the answer, or refused with the way out."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.contract.desk import Desk
from handlers.contract.refusals import Said
from handlers.contract.reply import Button, Text, lines
from handlers.contract.words import Words
from handlers.deals.deal_terms import FIELDS
from handlers.deals.stakeholder_map import people_of
from kb.funnel.stages.playbook import Check, missing
from storage.tables.people_and_deals import Deal

FILLED_BY_EDIT = {"amount": "amount", "contact": "person", **{name: name for name in FIELDS}}


def there(desk: Desk, deal: Deal, said_amount: bool = False) -> frozenset[str]:
    """What a deal has of all that can be checked; `said_amount` comes along with the move."""
    stakes = desk.memory.stakes.of_deal(desk.team.id, deal.id)
    facts = {
        "contact": bool(people_of(desk, deal)),
        "amount": deal.amount is not None or said_amount,
        "next_step": deal.next_step_at is not None,
        "decider": any(each.part == "decides" for each in stakes),
        "supporter": any(each.attitude == "supportive" for each in stakes),
        "budget": bool(deal.budget),
        "procurement": bool(deal.procurement),
    }
    return frozenset(name for name, known in facts.items() if known)


def checked(
    desk: Desk, deal: Deal, stage: str, *, said_amount: bool = False, anyway: bool = False
) -> tuple[Check, ...]:
    """The checks of a stage that the deal enters without; one that blocks refuses the move."""
    checks = desk.funnel_for(deal).stage(stage).checks
    if not checks or _is_back(desk, deal, stage):
        return ()
    open_ = missing(checks, there(desk, deal, said_amount))
    blocking = [check for check in open_ if check.blocks]
    if blocking and not anyway:
        raise _blocked(desk, deal, stage, blocking)
    return open_


def lacks(desk: Desk, deal: Deal) -> tuple[Check, ...]:
    """What the deal's next stage asks for and the deal has not; of the last stage, its own."""
    following = desk.funnel_for(deal).next_after(deal.stage)
    stage = following or desk.funnel.stage(deal.stage)
    return missing(stage.checks, there(desk, deal))


def _is_back(desk: Desk, deal: Deal, stage: str) -> bool:
    funnel = desk.funnel_for(deal)
    return funnel.has(deal.stage) and funnel.index(stage) <= funnel.index(deal.stage)


def warnings(desk: Desk, open_: Sequence[Check]) -> Text:
    """What is still missing, in one line."""
    if not open_:
        return ()
    return desk.words.say("selling.playbook.warned", what=listed(desk.words, open_))


def mending(desk: Desk, deal: Deal, what: str) -> Button:
    """The tap that fills in what is missing."""
    label = desk.words.line(f"selling.playbook.add_{what}")
    if what in FILLED_BY_EDIT:
        return Button(label, f"edit:{deal.id}:{FILLED_BY_EDIT[what]}")
    if what == "next_step":
        return Button(label, f"step:{deal.id}")
    return Button(label, f"who:{deal.id}:{what}")


def _blocked(desk: Desk, deal: Deal, stage: str, blocking: Sequence[Check]) -> Said:
    buttons = [mending(desk, deal, check.what) for check in blocking[:3]]
    if desk.may("manager"):
        buttons.append(
            Button(desk.words.line("selling.playbook.anyway"), f"to-anyway:{deal.id}:{stage}")
        )
    else:
        buttons.append(
            Button(desk.words.line("selling.playbook.ask_manager"), f"to-ask:{deal.id}:{stage}")
        )
    name = desk.funnel.stage(stage).name[desk.words.language]
    what = listed(desk.words, blocking)
    return Said(
        "selling.playbook.blocked", *buttons, name=deal.customer.name, stage=name, what=what
    )


def listed(words: Words, checks: Sequence[Check]) -> str:
    """What the checks ask for, one after the other."""
    return words.line("contract.common.comma").join(
        words.line(f"selling.playbook.lacks_{check.what}") for check in checks
    )


def with_warnings(said: Text, desk: Desk, open_: Sequence[Check]) -> Text:
    """The answer to a move, and below it what the deal still lacks there."""
    return lines(said, warnings(desk, open_))
