"""Every query that names a team, asked of two teams that have the same (see twin_teams.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple
from typing import Any

from kb.states import CardState
from storage.scope import Scope
from storage.tables.cards import GapState
from storage.tables.messages import OutboxState
from storage.unit_of_work import UnitOfWork
from tests.storage.twin_teams import LATER, MESSAGE, Ids
from tests.storage.world import HOUR, NOW

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
    "deals.pooled_one": lambda m, team, ids: m.deals.pooled_one(team, ids.pooled),
    "deals.due_of": lambda m, team, ids: m.deals.due_of(team, ids.member, NOW),
    "deals.steps_between": lambda m, team, ids: m.deals.steps_between(
        team, ids.member, NOW - HOUR, LATER
    ),
    "deals.owned_by": lambda m, team, ids: m.deals.owned_by(team, ids.member),
    "exports.taken_since": lambda m, team, ids: m.exports.taken_since(team, ids.member, NOW),
    "events.get": lambda m, team, ids: m.events.get(team, ids.event),
    "events.last": lambda m, team, ids: m.events.last(team, ids.deal),
    "events.last_by": lambda m, team, ids: m.events.last_by(team, ids.member),
    "invites.revoke": lambda m, team, ids: m.invites.revoke(team, ids.invite, NOW),
    "nudges.get": lambda m, team, ids: m.nudges.get(team, ids.nudge),
    "nudges.last_to": lambda m, team, ids: m.nudges.last_to(team, ids.member),
    "nudges.escalated": lambda m, team, ids: m.nudges.escalated(team, ids.member),
    "nudges.unanswered": lambda m, team, ids: sorted(m.nudges.unanswered(team, ids.member, LATER)),
    "nudges.open_for": lambda m, team, ids: m.nudges.open_for(team, ids.deal),
    "outbox.of_team": lambda m, team, ids: m.outbox.of_team(team, ids.told),
    "outbox.standing": lambda m, team, ids: m.outbox.standing(team, ids.deal, NOW),
    "nudges.answer_all": lambda m, team, ids: m.nudges.answer_all(team, ids.deal, "done", NOW),
    "nudges.reopen": lambda m, team, ids: m.nudges.reopen(team, ids.deal, LATER),
    "rules.of": lambda m, team, ids: m.rules.of(team, [ids.member]),
    "rules.muted": lambda m, team, ids: m.rules.muted(team, [ids.member]),
    "rules.answered": lambda m, team, ids: m.rules.answered(team, [ids.member], NOW),
    "rules.unmute": lambda m, team, ids: m.rules.unmute(team, ids.member, "step", NOW),
    "outbox.due_since": lambda m, team, ids: m.outbox.due_since(team, ids.member, "nudge", NOW),
    "cards.drafts_of": lambda m, team, ids: m.cards.drafts_of(team, ids.member),
    "outbox.nudges_due": lambda m, team, ids: m.outbox.nudges_due(team, ids.member, NOW, LATER),
    "outbox.nudges_sent": lambda m, team, ids: m.outbox.nudges_sent(team, ids.member, NOW, LATER),
    "outbox.revive": lambda m, team, ids: m.outbox.revive(team, ids.member, NOW),
    "cards.get": lambda m, team, ids: m.cards.get(team, ids.card),
    "cards.history": lambda m, team, ids: m.cards.history(team, ids.card),
    "cards.newest_changes": lambda m, team, ids: dict(m.cards.newest_changes(team, [ids.card])),
    "drafts.of_member": lambda m, team, ids: m.drafts.of_member(team, ids.member, ids.draft),
    "cards.change": lambda m, team, ids: m.cards.change(team, ids.change),
    "learned.get": lambda m, team, ids: m.learned.get(team, ids.learned),
    "learned.of_key": lambda m, team, ids: m.learned.of_key(team, ids.card, "dear"),
    "learned.taught_by": lambda m, team, ids: m.learned.taught_by(team, ids.lookup),
    "stakes.of_deal": lambda m, team, ids: m.stakes.of_deal(team, ids.deal),
    "occasions.of_deal": lambda m, team, ids: m.occasions.of_deal(team, ids.deal),
    "occasions.get": lambda m, team, ids: m.occasions.get(team, ids.occasion),
    "proofs.get": lambda m, team, ids: m.proofs.get(team, ids.proof),
    "proofs.of_deal": lambda m, team, ids: m.proofs.of_deal(team, ids.deal),
    "funnel_changes.get": lambda m, team, ids: m.funnel_changes.get(team, ids.funnel_change),
    "gaps.get": lambda m, team, ids: m.gaps.get(team, ids.gap),
    "gaps.awaiting": lambda m, team, ids: m.gaps.awaiting(team, ids.card),
    "gaps.asked": lambda m, team, ids: m.gaps.asked(team, ids.gap),
    "lookups.to_wrap_up": lambda m, team, ids: m.lookups.to_wrap_up(team, ids.member, NOW),
    "lookups.in_vain": lambda m, team, ids: m.lookups.in_vain(team, ids.member, NOW, NOW),
    "lookups.get": lambda m, team, ids: m.lookups.get(team, ids.member, ids.lookup),
    "lookups.outcomes": lambda m, team, ids: sum(astuple(m.lookups.outcomes(team, [ids.card]))),
    "goals.around": lambda m, team, ids: m.goals.around(team, ids.member, NOW.date()),
    "lookups.for_manager": lambda m, team, ids: m.lookups.for_manager(team, ids.lookup),
}
OF_A_TEAM: dict[str, Ask] = {
    "members.team": lambda m, team, _: m.members.team(team),
    "members.active": lambda m, team, _: m.members.active(team),
    "members.admins": lambda m, team, _: m.members.admins(team),
    "customers.keys": lambda m, team, _: m.customers.keys(team),
    "customers.reached_by": lambda m, team, _: m.customers.reached_by(team, "+1", "li@acme.io"),
    "deals.within": lambda m, team, _: m.deals.within(Scope(team)),
    "deals.pooled": lambda m, team, _: m.deals.pooled(team),
    "deals.names": lambda m, team, _: m.deals.names(Scope(team)),
    "exports.deals": lambda m, team, _: m.exports.deals(Scope(team), 9),
    "exports.people": lambda m, team, _: m.exports.people(Scope(team), 9),
    "exports.history": lambda m, team, _: m.exports.history(Scope(team), 9),
    "deals.people": lambda m, team, _: m.deals.people(Scope(team)),
    "funnel_changes.restage": lambda m, team, _: m.funnel_changes.restage(
        team, {"offer": ("main", "demo")}, by=None, at=NOW
    ),
    "events.of_kind_at": lambda m, team, _: m.events.of_kind_at(team, "moved", NOW),
    "proofs.newest": lambda m, team, _: m.proofs.newest(team, "retail", "price"),
    "funnel_changes.history": lambda m, team, _: m.funnel_changes.history(team),
    "events.stages_of_won": lambda m, team, _: m.events.stages_of_won(team),
    "invites.open": lambda m, team, _: m.invites.open(team, NOW),
    "inbox.deal_of_message": lambda m, team, _: m.inbox.deal_of_message(team, MESSAGE),
    "outbox.of_message": lambda m, team, _: m.outbox.of_message(team, "telegram", MESSAGE),
    "nudges.last_made": lambda m, team, _: [*m.nudges.last_made(team).values()],
    "outbox.counts": lambda m, team, _: dict(m.outbox.counts(team)),
    "outbox.in_state": lambda m, team, _: m.outbox.in_state(team, OutboxState.PARKED, 9),
    "outbox.longest_waiting": lambda m, team, _: m.outbox.longest_waiting(team),
    "outbox.retry_dead": lambda m, team, _: m.outbox.retry_dead(team, NOW),
    "outbox.forget_dead": lambda m, team, _: m.outbox.forget_dead(team),
    "cards.named": lambda m, team, _: m.cards.named(team, ["price"]),
    "cards.all": lambda m, team, _: m.cards.all(team),
    "cards.in_use": lambda m, team, _: m.cards.in_use(team),
    "cards.taught": lambda m, team, _: m.cards.taught(team),
    "cards.since": lambda m, team, _: m.cards.since(team, 0),
    "cards.counts": lambda m, team, _: dict(m.cards.counts(team)),
    "cards.categories": lambda m, team, _: m.cards.categories(team),
    "cards.listed": lambda m, team, _: m.cards.listed(team, CardState.APPROVED),
    "cards.to_review": lambda m, team, _: m.cards.to_review(team, NOW),
    "cards.unused": lambda m, team, _: m.cards.unused(team, NOW + HOUR),
    "gaps.count": lambda m, team, _: m.gaps.count(team, GapState.OPEN),
    "gaps.filled": lambda m, team, _: m.gaps.filled(team, 9),
    "gaps.newest": lambda m, team, _: m.gaps.newest(team, "missing", 9),
    "gaps.in_state": lambda m, team, _: m.gaps.in_state(team, GapState.OPEN),
    "lookups.landed": lambda m, team, _: m.lookups.landed(team, NOW),
    "lookups.heard": lambda m, team, _: m.lookups.heard(Scope(team), NOW),
    "lookups.for_team": lambda m, team, _: m.lookups.for_team(team),
    "lookups.became": lambda m, team, _: m.lookups.became(Scope(team), NOW, LATER),
    "histories.deals": lambda m, team, _: m.histories.deals(Scope(team)),
    "histories.kept": lambda m, team, _: m.histories.kept(Scope(team)),
    "histories.facts": lambda m, team, _: m.histories.facts(Scope(team)),
    "histories.activity": lambda m, team, _: m.histories.activity(Scope(team), NOW, LATER),
    "histories.answered": lambda m, team, _: m.histories.answered(Scope(team), NOW, LATER),
    "rates.of_team": lambda m, team, _: m.rates.of_team(team, "EUR"),
    "workspaces.of_team": lambda m, team, _: m.workspaces.of_team(team),
    "learned_odds.get": lambda m, team, _: m.learned_odds.get(team, "main"),
}
WITHOUT_ANSWER: dict[str, Ask] = {
    "occasions.set": lambda m, team, ids: m.occasions.set(team, ids.deal, "winback", LATER, NOW),
    "occasions.drop": lambda m, team, ids: m.occasions.drop(team, ids.deal, ["winback"]),
    "drafts.forget_member": lambda m, team, ids: m.drafts.forget_member(team, ids.member),
    "outbox.cancel_for": lambda m, team, ids: m.outbox.cancel_for(team, ids.member),
}

# What names no team, and why it may: whoever calls it has been given the row, or is nobody's.
OF_NO_TEAM = {
    "keeps a play of its team": "stakes.add proofs.add proofs.changed funnel_changes.add",
    "is the processes' own, of plays": "occasions.due occasions.next_due_at",
    "keeps a row that says its team": """customers.add customers.add_contact deals.add invites.add
        cards.add gaps.add goals.keep learned.keep learned_odds.keep lookups.add nudges.make
        outbox.put outbox.dead_letter rates.keep rules.mute members.found_team members.join
        members.known_as members.audit""",
    "is given a row that a query of its team found": """deals.change deals.lock deals.undo
        events.undone cards.changed cards.touch gaps.changed goals.drop lookups.changed
        members.change_role members.remove members.scope_of outbox.late
        outbox.cancel""",
    "finds out who somebody is, or whose": """members.identity workspaces.exactly workspaces.of
        workspaces.keep workspaces.remove inbox.carried outbox.carried
        members.reachable_again""",
    "asks for a secret, or for one account": """invites.valid invites.redeem drafts.keep
        drafts.get drafts.latest drafts.count drafts.change drafts.drop drafts.drop_all""",
    "is the processes' own": """members.teams members.digests_due members.next_digest_at
        deals.needing_attention deals.due_for_pool deals.next_attention_at gaps.to_raise
        gaps.next_raise_at drafts.forget_before inbox.keep inbox.open inbox.get inbox.take
        inbox.failed inbox.put_aside inbox.answered inbox.settled inbox.dead inbox.newest
        inbox.forget_before claims.claim outbox.sent outbox.again outbox.end claims.next_due_at
        claims.claim_fairly claims.renew claims.lease_of claims.abandon outbox.move holds.keep
        holds.of""",
}
