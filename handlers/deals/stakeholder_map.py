"""Who has what to do with a deal, as it is shown: parts and attitudes, and who is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.contract.desk import Desk
from handlers.contract.reply import Text, plain
from handlers.contract.words import Words
from kb.states import OPEN
from storage.tables.people_and_deals import Contact, Deal
from storage.tables.playbook import Stake


def get_people(desk: Desk, deal: Deal) -> list[Contact]:
    """The people at the deal's customer; one that was taken back again is nobody."""
    found = desk.memory.customers.contacts(desk.team.id, deal.customer_id)
    return [each for each in found if each.name or each.phone or each.email]


def get_stakes(desk: Desk, deal: Deal) -> Mapping[int, Stake]:
    """What each of them has to do with the deal, by the contact's id."""
    return {each.contact_id: each for each in desk.memory.stakes.of_deal(desk.team.id, deal.id)}


def render_stake(words: Words, stake: Stake | None) -> str:
    """`decides · supportive`; empty where nothing is known."""
    return render_part_and_attitude(words, stake.part, stake.attitude) if stake is not None else ""


def render_part_and_attitude(words: Words, part: str, attitude: str) -> str:
    """The same of a part and an attitude, either of which may be empty."""
    known = (
        words.line(f"selling.stakeholders.part_{part}") if part else "",
        words.line(f"selling.stakeholders.mood_{attitude}") if attitude else "",
    )
    return " · ".join(each for each in known if each)


def list_missing(stakes: Sequence[Stake]) -> list[str]:
    """Who is not named yet of those no sale goes without: a decider, somebody for us."""
    known = [each for each in stakes if each.part or each.attitude]
    lacks = []
    if not any(each.part == "decides" for each in known):
        lacks.append("decider")
    if not any(each.attitude == "supportive" for each in known):
        lacks.append("supporter")
    return lacks


def render_missing(desk: Desk, deal: Deal, stakes: Sequence[Stake]) -> Text:
    """Who is missing on a deal that is past its first stage, and still to be won."""
    open_ = deal.status in OPEN
    if not open_ or deal.stage == desk.funnel_for(deal).stages[0].key:
        return ()
    lacks = [
        plain(desk.words.say(f"selling.playbook.lacks_{what}")) for what in list_missing(stakes)
    ]
    comma = desk.words.line("contract.common.comma")
    return desk.words.say("selling.stakeholders.missing", who=comma.join(lacks)) if lacks else ()
