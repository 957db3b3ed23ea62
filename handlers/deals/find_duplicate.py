"""Finds the customer that a new lead may duplicate: same phone, same e-mail, or a similar name."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from handlers.contract.desk import Desk
from handlers.reading import LeadLine
from kb.states import DealStatus
from storage.tables.people_and_deals import Customer, Deal

NEAR = 90  # of 100; "Acme Ltd" and "Acme Limited" are one, "Acme Labs" is another
KEY_CHARACTERS = 200
SHORTEST_BEGINNING = 4  # letters; a shorter first word is shared by too many names
_SUFFIXES = (
    "incorporated",
    "corporation",
    "limited",
    "company",
    "gmbh",
    "ltd",
    "llc",
    "inc",
    "corp",
    "plc",
    "co",
    "ag",
    "sa",
    "bv",
    "股份有限公司",
    "有限责任公司",
    "有限公司",
    "集团",
    "公司",
)


@dataclass(frozen=True)
class Duplicate:
    """An existing customer like the lead: whose, and whether the asker may see the deal."""

    customer: Customer
    deal: Deal
    owner: str
    mine: bool


def make_name_key(name: str) -> str:
    """The form in which names are compared: without case, width, spaces, marks and company form."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    words = "".join(char if char.isalnum() else " " for char in folded).split()
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words.pop()
    key = "".join(words)
    for suffix in _SUFFIXES:
        if not suffix.isascii() and key.endswith(suffix) and len(key) > len(suffix) + 1:
            key = key.removesuffix(suffix)
    return key[:KEY_CHARACTERS]


def find_duplicate(desk: Desk, read: LeadLine) -> Duplicate | None:
    """The likeliest customer of the team that the lead duplicates; the member's own come first."""
    customers = dict.fromkeys(
        [
            contact.customer_id
            for contact in desk.memory.customers.find_contacts(
                desk.team.id, read.phone or "", read.email or ""
            )
        ]
        + _find_near_names(desk, read.customer or "")
    )
    found = [double for each in customers if (double := _read_duplicate(desk, each)) is not None]
    return next((double for double in found if double.mine), found[0] if found else None)


def _find_near_names(desk: Desk, name: str) -> list[int]:
    """Customers of a similar name, or whose longer name begins with it: Fabrikam (Robotics)."""
    key = make_name_key(name)
    if len(key) < 2:
        return []
    known = desk.memory.customers.list_name_keys(desk.team.id)
    keys = {customer_id: known_key for customer_id, _name, known_key in known}
    near = process.extract(key, keys, scorer=fuzz.ratio, score_cutoff=NEAR, limit=3)
    asked = name.casefold().split() if len(name) >= SHORTEST_BEGINNING else []
    begun = [customer_id for customer_id, longer, _key in known if _begins_with(longer, asked)]
    return [*(customer_id for _key, _score, customer_id in near), *begun[:3]]


def _begins_with(longer: str, asked: list[str]) -> bool:
    folded = longer.casefold().lstrip()
    # The first word alone sends most of a team's customers away.
    return bool(asked) and folded.startswith(asked[0]) and folded.split()[: len(asked)] == asked


def _read_duplicate(desk: Desk, customer_id: int) -> Duplicate | None:
    customer = desk.memory.customers.get(desk.team.id, customer_id)
    deals = [
        deal
        for deal in desk.memory.deals.list_of_customer(desk.team.id, customer_id)
        if deal.status != DealStatus.WITHDRAWN
    ]
    if customer is None or not deals:
        return None
    mine = [deal for deal in deals if desk.scope.covers(deal.team_id, deal.owner_id)]
    deal = (mine or deals)[-1]
    owner = desk.memory.members.get_name(desk.team.id, deal.owner_id)
    return Duplicate(customer, deal, owner, bool(mine))
