"""Two teams with the same people, deals, cards and messages: a row of every kind for each."""

from __future__ import annotations

from dataclasses import dataclass

from kb.states import CardState, EventKind
from storage.tables.cards import Card, Gap, GapState, LearnedPhrasing, LookUp, Phrasing
from storage.tables.figures import Goal, Rate
from storage.tables.messages import MutedRule, OutboxState
from storage.tables.people_and_deals import Contact, Deal, Invite, Member, Team
from storage.tables.playbook import FunnelChange, Proof, Stake
from storage.tables.steps import Step, StepState
from storage.tables.workspaces import Workspace
from storage.team.invites import hash_secret
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
    pooled: int
    event: int
    invite: int
    nudge: int
    card: int
    change: int
    gap: int
    lookup: int
    draft: int
    learned: int
    occasion: int
    proof: int
    funnel_change: int
    told: int
    audit: int
    step: int


def add_twin(memory: UnitOfWork) -> Ids:
    team = add_team(memory)
    member = add_member(memory, team, role="admin")
    add_member(memory, team, "Bo", manager_id=member.id)
    audit = memory.members.add_audit(team.id, member.id, "deals exported", NOW)
    deal = add_sale(memory, team, member)
    event = memory.deals.change(
        deal, {"stage": "offer"}, kind=EventKind.MOVED, by=member.id, at=NOW
    )
    pooled = add_deal(memory, member, add_customer(memory, team), status="pooled")
    nudge = memory.nudges.make(nudge_on(deal, f"escalate:{deal.id}", "escalate"))
    assert nudge is not None
    add_answered(memory, deal)
    step = memory.nudges.make(nudge_on(deal, f"step:{deal.id}", "step"))
    assert step is not None
    memory.outbox.put(message_to(member, f"nudge:{step.id}"))
    (row,) = memory.claims.claim("a", NOW, NOW + HOUR, 1)
    memory.outbox.mark_sent(row.id, "a", NOW, "telegram", "8:1")
    memory.rules.mute(MutedRule(team_id=team.id, member_id=member.id, rule="step", muted_at=NOW))
    add_messages(memory, team, member, deal)
    card = add_card(memory, member)
    add_numbers(memory, member, deal)
    memory.workspaces.save(
        Workspace(team_id=team.id, platform="slack", workspace_id=f"T{team.id}", installed_at=NOW)
    )
    return Ids(
        team=team.id,
        member=member.id,
        customer=deal.customer_id,
        deal=deal.id,
        pooled=pooled.id,
        event=event.id,
        draft=memory.drafts.save("telegram", "x", "sheet", {}, NOW, team.id, member.id).id,
        invite=add_invite(memory, member),
        nudge=nudge.id,
        card=card,
        change=memory.cards.list_changes(team.id, card)[0].id,
        gap=(gap := add_gap(memory, member, card)),
        lookup=(lookup := add_lookup(memory, member, gap, card)),
        learned=add_learned(memory, team, card, lookup),
        proof=add_plays(memory, member, deal),
        occasion=memory.occasions.list_of_deal(team.id, deal.id)[0].id,
        funnel_change=memory.funnel_changes.add(
            FunnelChange(team_id=team.id, member_id=member.id, kind="add", at=NOW)
        ).id,
        told=add_settled(memory, member, deal),
        audit=audit.id,
        step=add_steps(memory, member, deal).id,
    )


def add_answered(memory: UnitOfWork, deal: Deal) -> None:
    """A nudge that was answered."""
    done = memory.nudges.make(nudge_on(deal, f"done:{deal.id}", "step"))
    assert done is not None
    done.answered_at, done.answer = LATER, "done"


def add_steps(memory: UnitOfWork, member: Member, deal: Deal) -> Step:
    """An open step on the deal, and a reminder of the member's own that was asked about twice."""
    for deal_id in (deal.id, None):
        step = Step(team_id=member.team_id, deal_id=deal_id, member_id=member.id, at=NOW,
            state=StepState.OPEN, ring_at=NOW, made_at=NOW)  # fmt: skip
        memory.steps.add(step)
    for key in ("open", "answered"):
        nudge = nudge_on(deal, f"{key}:{member.id}", "step")
        nudge.deal_id, nudge.step_id = None, step.id
        made = memory.nudges.make(nudge)
        assert made is not None
        made.answered_at = LATER if key == "answered" else None
    return step


def add_settled(memory: UnitOfWork, member: Member, deal: Deal) -> int:
    """A nudge that was sent and answered since, and the message that carried it."""
    nudge = memory.nudges.make(nudge_on(deal, f"settled:{deal.id}", "stall"))
    assert nudge is not None
    nudge.answered_at, nudge.answer = NOW, "done"
    message = message_to(member, f"nudge:{nudge.id}")
    message.kind, message.subject_id = "nudge", nudge.id
    memory.outbox.put(message)
    (row,) = memory.claims.claim("a", NOW, NOW + HOUR, 1)
    memory.outbox.mark_sent(row.id, "a", NOW, "telegram", f"7:{nudge.id}")
    return row.id


def add_plays(memory: UnitOfWork, member: Member, deal: Deal) -> int:
    """Who decides on the deal, what is to be said of it, and a proof from it."""
    (contact,) = memory.customers.list_contacts(deal.team_id, deal.customer_id)
    stake = Stake(team_id=deal.team_id, deal_id=deal.id, contact_id=contact.id, created_at=NOW)
    stake.part = "decides"
    memory.stakes.add(stake)
    memory.occasions.schedule(deal.team_id, deal.id, "discount", NOW, NOW)
    proof = Proof(team_id=deal.team_id, deal_id=deal.id, member_id=member.id, quote="Good.",
                  said_on=NOW.date(), created_at=NOW)  # fmt: skip
    proof.industry, proof.category = "retail", "price"
    return memory.proofs.add(proof).id


def add_sale(memory: UnitOfWork, team: Team, member: Member) -> Deal:
    customer = add_customer(memory, team)
    contact = Contact(team_id=team.id, customer_id=customer.id, name="Li", created_at=NOW)
    contact.phone, contact.email = "+1", "li@acme.io"
    memory.customers.add_contact(contact)
    deal = add_deal(memory, member, customer)
    deal.attention_at = deal.next_step_at = NOW
    deal.attention_kind = "step"
    won = add_deal(memory, member, customer, status="won")
    memory.deals.change(won, {"status": "won"}, kind=EventKind.WON, by=member.id, at=NOW)
    return deal


def add_messages(memory: UnitOfWork, team: Team, member: Member, deal: Deal) -> None:
    """An account, a form begun, a reply, and messages sent, parked, dead and still to leave."""
    memory.members.save_identity(account_of(member, f"{member.id}"))
    memory.drafts.save("telegram", f"{member.id}", "form", {}, NOW, team.id, member.id)
    for state in ("sent", "parked", "dead"):
        memory.outbox.put(message_to(member, f"{state}:{team.id}"))
        (row,) = memory.claims.claim("a", NOW, NOW + HOUR, 1)
        if state == "sent":
            memory.outbox.mark_sent(row.id, "a", NOW, "telegram", MESSAGE)
        else:
            memory.outbox.finish(row.id, "a", OutboxState(state))
    memory.outbox.put(message_to(member, f"later:{team.id}", NOW + HOUR))
    arrived = memory.inbox.take("telegram", f"{team.id}", NOW)
    arrived.team_id, arrived.member_id, arrived.about_deal_id = team.id, member.id, deal.id
    arrived.message_ref = MESSAGE


def add_numbers(memory: UnitOfWork, member: Member, deal: Deal) -> None:
    """A rate, a goal, learned odds, and a look-up whose deal is known."""
    team, today = member.team_id, NOW.date()
    rate = Rate(team_id=team, member_id=member.id, at=NOW, own="EUR", currency="USD", day=today,
        value="0.9")  # fmt: skip
    memory.rates.save(rate)
    memory.goals.save(
        Goal(
            team_id=team, member_id=member.id, first=today, last=today, set_by_id=member.id, at=NOW
        )
    )
    memory.learned_odds.save(team, "main", {}, [], NOW)
    asked = LookUp(team_id=team, member_id=member.id, query="dear", at=NOW, deal_id=deal.id)
    asked.top_card_id, asked.wrapped_at = memory.cards.list_all(team)[0].id, NOW
    memory.lookups.add(asked)


def add_invite(memory: UnitOfWork, member: Member) -> int:
    invite = Invite(
        team_id=member.team_id,
        made_by_id=member.id,
        secret_hash=hash_secret(f"{member.id}"),
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
    cards[1].state, cards[1].made_by_id = CardState.DRAFT, member.id
    memory.cards.add(cards)
    return cards[0].id


def add_learned(memory: UnitOfWork, team: Team, card_id: int, lookup_id: int) -> int:
    learned = LearnedPhrasing(
        team_id=team.id, card_id=card_id, text="dear", text_key="dear", weight=1.0, at=NOW
    )
    learned.lookup_id = lookup_id
    return memory.learned.save(learned).id


def add_gap(memory: UnitOfWork, member: Member, card_id: int) -> int:
    """An open gap that a card is to fill; another has been filled."""
    gaps = [
        Gap(team_id=member.team_id, query=state, first_member_id=member.id, state=GapState(state),
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
