"""Two teams with the same people, deals, cards and messages, and every query that names a team."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, dataclass
from typing import Any

from storage.invites import hashed
from storage.scope import Scope
from storage.tables import Contact, Deal, Invite, Member, Team
from storage.tables_cards import Card, Gap, LearnedPhrasing, LookUp, Phrasing
from storage.unit_of_work import UnitOfWork
from tests.storage.world import (
    HOUR,
    NOW,
    account_of,
    add_customer,
    add_deal,
    add_member,
    add_team,
    message_to,
    nudge_on,
)

MESSAGE, LATER = "7:1", NOW + 2 * HOUR


@dataclass(frozen=True)
class Ids:
    """The ids of one team's rows, one of each kind."""

    team: int
    member: int
    customer: int
    deal: int
    event: int
    invite: int
    nudge: int
    card: int
    change: int
    gap: int
    lookup: int
    draft: int
    learned: int


def add_twin(memory: UnitOfWork) -> Ids:
    team = add_team(memory)
    member = add_member(memory, team, role="admin")
    add_member(memory, team, "Bo", manager_id=member.id)
    deal = add_sale(memory, team, member)
    event = memory.deals.change(deal, {"stage": "offer"}, kind="moved", by=member.id, at=NOW)
    memory.nudges.make(nudge_on(deal, f"escalate:{deal.id}", "escalate"))
    nudge = memory.nudges.make(nudge_on(deal, f"stall:{deal.id}"))
    assert nudge is not None
    add_messages(memory, team, member, deal)
    return Ids(
        team=team.id,
        member=member.id,
        customer=deal.customer_id,
        deal=deal.id,
        event=event.id,
        draft=memory.drafts.keep("telegram", "x", "sheet", {}, NOW, team.id, member.id).id,
        invite=add_invite(memory, member),
        nudge=nudge.id,
        card=(card := add_card(memory, member)),
        change=memory.cards.history(team.id, card)[0].id,
        gap=(gap := add_gap(memory, member, card)),
        lookup=(lookup := add_lookup(memory, member, gap, card)),
        learned=add_learned(memory, team, card, lookup),
    )


def add_sale(memory: UnitOfWork, team: Team, member: Member) -> Deal:
    customer = add_customer(memory, team)
    contact = Contact(team_id=team.id, customer_id=customer.id, name="Li", created_at=NOW)
    contact.phone, contact.email = "+1", "li@acme.io"
    memory.customers.add_contact(contact)
    deal = add_deal(memory, member, customer)
    deal.attention_at = NOW
    won = add_deal(memory, member, customer, status="won")
    memory.deals.change(won, {"status": "won"}, kind="won", by=member.id, at=NOW)
    return deal


def add_messages(memory: UnitOfWork, team: Team, member: Member, deal: Deal) -> None:
    """An account, a form begun, a reply, and messages sent, parked and still to leave."""
    memory.members.known_as(account_of(member, f"{member.id}"))
    memory.drafts.keep("telegram", f"{member.id}", "form", {}, NOW, team.id, member.id)
    for state in ("sent", "parked"):
        memory.outbox.put(message_to(member, f"{state}:{team.id}"))
        (row,) = memory.outbox.claim("a", NOW, NOW + HOUR, 1)
        if state == "sent":
            memory.outbox.sent(row.id, "a", NOW, "telegram", MESSAGE)
        else:
            memory.outbox.end(row.id, "a", "parked")
    memory.outbox.put(message_to(member, f"later:{team.id}", NOW + HOUR))
    arrived = memory.inbox.take("telegram", f"{team.id}", NOW)
    arrived.team_id, arrived.member_id, arrived.about_deal_id = team.id, member.id, deal.id
    arrived.message_ref = MESSAGE


def add_invite(memory: UnitOfWork, member: Member) -> int:
    invite = Invite(
        team_id=member.team_id,
        made_by_id=member.id,
        secret_hash=hashed(f"{member.id}"),
        expires_at=NOW + HOUR,
        created_at=NOW,
    )
    return memory.invites.add(invite).id


def add_card(memory: UnitOfWork, member: Member) -> int:
    """An approved card that is due for review, and a draft of the member's."""
    cards = [
        Card(team_id=member.team_id, key=key, language="en", objection=key, say="?", changed_at=NOW)
        for key in ("price", "proposed")
    ]
    cards[0].phrasings = [Phrasing(team_id=member.team_id, text="too dear")]
    cards[0].category, cards[0].review_at = "price", NOW
    cards[1].state, cards[1].made_by_id = "draft", member.id
    memory.cards.add(cards)
    return cards[0].id


def add_learned(memory: UnitOfWork, team: Team, card_id: int, lookup_id: int) -> int:
    learned = LearnedPhrasing(
        team_id=team.id, card_id=card_id, text="dear", text_key="dear", weight=1.0, at=NOW
    )
    learned.lookup_id = lookup_id
    return memory.learned.keep(learned).id


def add_gap(memory: UnitOfWork, member: Member, card_id: int) -> int:
    """An open gap that a card is to fill; another has been filled."""
    gaps = [
        Gap(team_id=member.team_id, query=state, first_member_id=member.id, state=state,
            first_at=NOW, last_at=NOW, card_id=card_id)
        for state in ("open", "filled")
    ]  # fmt: skip
    ids = [memory.gaps.add(gap).id for gap in gaps]
    return ids[0]


def add_lookup(memory: UnitOfWork, member: Member, gap_id: int, card_id: int) -> int:
    memory.lookups.add(
        LookUp(team_id=member.team_id, member_id=member.id, query="?", tier="nothing", at=NOW)
    )
    asked = LookUp(team_id=member.team_id, member_id=member.id, query="dear", at=NOW)
    asked.gap_id, asked.top_card_id, asked.tier = gap_id, card_id, "sure"
    asked.used_card_id, asked.landed = card_id, True
    return memory.lookups.add(asked).id


Ask = Callable[[UnitOfWork, int, Ids], Any]

# How each query is asked for a team: (memory, the team's id, the ids of the rows asked for).
OF_A_ROW: dict[str, Ask] = {
    "members.get": lambda m, team, ids: m.members.get(team, ids.member),
    "members.named": lambda m, team, ids: m.members.named(team, ids.member),
    "members.identities": lambda m, team, ids: m.members.identities(team, ids.member),
    "customers.get": lambda m, team, ids: m.customers.get(team, ids.customer),
    "customers.contacts": lambda m, team, ids: m.customers.contacts(team, ids.customer),
    "deals.get": lambda m, team, ids: m.deals.get(Scope(team), ids.deal),
    "deals.of_customer": lambda m, team, ids: m.deals.of_customer(team, ids.customer),
    "deals.due_of": lambda m, team, ids: m.deals.due_of(team, ids.member, NOW),
    "deals.owned_by": lambda m, team, ids: m.deals.owned_by(team, ids.member),
    "events.get": lambda m, team, ids: m.events.get(team, ids.event),
    "events.last": lambda m, team, ids: m.events.last(team, ids.deal),
    "events.last_by": lambda m, team, ids: m.events.last_by(team, ids.member),
    "invites.revoke": lambda m, team, ids: m.invites.revoke(team, ids.invite, NOW),
    "nudges.get": lambda m, team, ids: m.nudges.get(team, ids.nudge),
    "nudges.last_to": lambda m, team, ids: m.nudges.last_to(team, ids.member),
    "nudges.escalated": lambda m, team, ids: m.nudges.escalated(team, ids.member),
    "nudges.open_for": lambda m, team, ids: m.nudges.open_for(team, ids.deal),
    "nudges.answer_all": lambda m, team, ids: m.nudges.answer_all(team, ids.deal, "done", NOW),
    "outbox.due_since": lambda m, team, ids: m.outbox.due_since(team, ids.member, "nudge", NOW),
    "cards.drafts_of": lambda m, team, ids: m.cards.drafts_of(team, ids.member),
    "outbox.nudges_due": lambda m, team, ids: m.outbox.nudges_due(team, ids.member, NOW, LATER),
    "outbox.revive": lambda m, team, ids: m.outbox.revive(team, ids.member, NOW),
    "cards.get": lambda m, team, ids: m.cards.get(team, ids.card),
    "cards.history": lambda m, team, ids: m.cards.history(team, ids.card),
    "cards.newest_changes": lambda m, team, ids: dict(m.cards.newest_changes(team, [ids.card])),
    "drafts.of_member": lambda m, team, ids: m.drafts.of_member(team, ids.member, ids.draft),
    "cards.change": lambda m, team, ids: m.cards.change(team, ids.change),
    "learned.get": lambda m, team, ids: m.learned.get(team, ids.learned),
    "learned.of_key": lambda m, team, ids: m.learned.of_key(team, ids.card, "dear"),
    "learned.taught_by": lambda m, team, ids: m.learned.taught_by(team, ids.lookup),
    "gaps.get": lambda m, team, ids: m.gaps.get(team, ids.gap),
    "gaps.awaiting": lambda m, team, ids: m.gaps.awaiting(team, ids.card),
    "gaps.asked": lambda m, team, ids: m.gaps.asked(team, ids.gap),
    "lookups.to_wrap_up": lambda m, team, ids: m.lookups.to_wrap_up(team, ids.member, NOW),
    "lookups.in_vain": lambda m, team, ids: m.lookups.in_vain(team, ids.member, NOW, NOW),
    "lookups.get": lambda m, team, ids: m.lookups.get(team, ids.member, ids.lookup),
    "lookups.outcomes": lambda m, team, ids: sum(astuple(m.lookups.outcomes(team, [ids.card]))),
    "lookups.for_manager": lambda m, team, ids: m.lookups.for_manager(team, ids.lookup),
}
OF_A_TEAM: dict[str, Ask] = {
    "members.team": lambda m, team, _: m.members.team(team),
    "members.active": lambda m, team, _: m.members.active(team),
    "members.admins": lambda m, team, _: m.members.admins(team),
    "customers.keys": lambda m, team, _: m.customers.keys(team),
    "customers.reached_by": lambda m, team, _: m.customers.reached_by(team, "+1", "li@acme.io"),
    "deals.within": lambda m, team, _: m.deals.within(Scope(team)),
    "deals.names": lambda m, team, _: m.deals.names(Scope(team)),
    "deals.people": lambda m, team, _: m.deals.people(Scope(team)),
    "events.stages_of_won": lambda m, team, _: m.events.stages_of_won(team),
    "invites.open": lambda m, team, _: m.invites.open(team, NOW),
    "inbox.deal_of_message": lambda m, team, _: m.inbox.deal_of_message(team, MESSAGE),
    "outbox.of_message": lambda m, team, _: m.outbox.of_message(team, "telegram", MESSAGE),
    "cards.named": lambda m, team, _: m.cards.named(team, ["price"]),
    "cards.all": lambda m, team, _: m.cards.all(team),
    "cards.in_use": lambda m, team, _: m.cards.in_use(team),
    "cards.taught": lambda m, team, _: m.cards.taught(team),
    "cards.since": lambda m, team, _: m.cards.since(team, 0),
    "cards.counts": lambda m, team, _: dict(m.cards.counts(team)),
    "cards.categories": lambda m, team, _: m.cards.categories(team),
    "cards.listed": lambda m, team, _: m.cards.listed(team, "approved"),
    "cards.to_review": lambda m, team, _: m.cards.to_review(team, NOW),
    "cards.unused": lambda m, team, _: m.cards.unused(team, NOW + HOUR),
    "gaps.count": lambda m, team, _: m.gaps.count(team, "open"),
    "gaps.filled": lambda m, team, _: m.gaps.filled(team, 9),
    "gaps.newest": lambda m, team, _: m.gaps.newest(team, "missing", 9),
    "gaps.in_state": lambda m, team, _: m.gaps.in_state(team, "open"),
    "lookups.landed": lambda m, team, _: m.lookups.landed(team, NOW),
    "lookups.heard": lambda m, team, _: m.lookups.heard(Scope(team), NOW),
    "lookups.for_team": lambda m, team, _: m.lookups.for_team(team),
}
WITHOUT_ANSWER: dict[str, Ask] = {
    "drafts.forget_member": lambda m, team, ids: m.drafts.forget_member(team, ids.member),
    "outbox.cancel_for": lambda m, team, ids: m.outbox.cancel_for(team, ids.member),
}

# What names no team, and why it may: whoever calls it has been given the row, or is nobody's.
OF_NO_TEAM = {
    "keeps a row that says its team": """customers.add customers.add_contact deals.add invites.add
        cards.add gaps.add learned.keep lookups.add nudges.make outbox.put
        members.found_team members.join members.known_as members.audit""",
    "is given a row that a query of its team found": """deals.change deals.lock deals.undo
        events.undone cards.changed cards.touch gaps.changed lookups.changed
        members.change_role members.remove members.scope_of""",
    "finds out who somebody is": "members.identity",
    "asks for a secret, or for one account": """invites.valid invites.redeem drafts.keep drafts.get
        drafts.latest drafts.count drafts.change drafts.drop drafts.drop_all""",
    "is the processes' own": """members.teams members.digests_due members.next_digest_at
        deals.needing_attention deals.next_attention_at gaps.to_raise gaps.next_raise_at
        drafts.forget_before inbox.keep inbox.open inbox.get inbox.take inbox.failed inbox.put_aside
        inbox.answered inbox.settled inbox.dead inbox.newest inbox.forget_before outbox.claim
        outbox.sent outbox.again outbox.end outbox.next_due_at""",
}
