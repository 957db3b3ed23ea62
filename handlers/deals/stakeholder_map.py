"""The stakeholders of a deal: their part in the decision, their attitude, and who is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.contract.desk import Desk
from handlers.contract.reply import Text, plain
from handlers.contract.words import Words
from kb.states import OPEN
from storage.tables.people_and_deals import Contact, Deal
from storage.tables.playbook import Stake


def get_people(desk: Desk, deal: Deal) -> list[Contact]:
    """The contacts at the deal's customer, without those emptied by an undo."""
    found = desk.memory.customers.list_contacts(desk.team.id, deal.customer_id)
    return [each for each in found if each.name or each.phone or each.email]


def get_stakes(desk: Desk, deal: Deal) -> Mapping[int, Stake]:
    """Each contact's stake in the deal, by the contact's id."""
    return {
        each.contact_id: each for each in desk.memory.stakes.list_of_deal(desk.team.id, deal.id)
    }


def render_stake(words: Words, stake: Stake | None) -> str:
    """`decides · supportive`; empty where nothing is known."""
    return render_part_and_attitude(words, stake.part, stake.attitude) if stake is not None else ""


def render_part_and_attitude(words: Words, part: str, attitude: str) -> str:
    """A part and an attitude in words; either may be empty."""
    known = (
        words.line(f"selling.stakeholders.part_{part}") if part else "",
        words.line(f"selling.stakeholders.mood_{attitude}") if attitude else "",
    )
    return " · ".join(each for each in known if each)


def list_missing(stakes: Sequence[Stake]) -> list[str]:
    """Which of the two that every sale needs is not known yet: a decider, a supporter."""
    known = [each for each in stakes if each.part or each.attitude]
    lacks = []
    if not any(each.part == "decides" for each in known):
        lacks.append("decider")
    if not any(each.attitude == "supportive" for each in known):
        lacks.append("supporter")
    return lacks


def render_missing(desk: Desk, deal: Deal, stakes: Sequence[Stake]) -> Text:
    """The line that names the missing stakeholders of an open deal past its first stage."""
    is_open = deal.status in OPEN
    if not is_open or deal.stage == desk.funnel_for(deal).stages[0].key:
        return ()
    lacks = [
        plain(desk.words.say(f"selling.playbook.lacks_{what}")) for what in list_missing(stakes)
    ]
    comma = desk.words.line("contract.common.comma")
    return desk.words.say("selling.stakeholders.missing", who=comma.join(lacks)) if lacks else ()
