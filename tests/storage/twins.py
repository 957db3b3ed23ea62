"""Every query that names a team, asked of two teams that have the same (see twin_teams.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple
from typing import Any

from kb.states import CardState, EventKind
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
    "members.get_name": lambda m, team, ids: m.members.get_name(team, ids.member),
    "members.list_identities": lambda m, team, ids: m.members.list_identities(team, ids.member),
    "members.get_audit": lambda m, team, ids: m.members.get_audit(team, ids.audit),
    "members.list_last_audits_by": lambda m, team, ids: m.members.list_last_audits_by(
        team, ids.member
    ),
    "customers.get": lambda m, team, ids: m.customers.get(team, ids.customer),
    "customers.list_contacts": lambda m, team, ids: m.customers.list_contacts(team, ids.customer),
    "deals.get": lambda m, team, ids: m.deals.get(Scope(team), ids.deal),
    "deals.list_of_customer": lambda m, team, ids: m.deals.list_of_customer(team, ids.customer),
    "deals.lock_pooled": lambda m, team, ids: m.deals.lock_pooled(team, ids.pooled),
    "deals.list_due_of": lambda m, team, ids: m.deals.list_due_of(team, ids.member, NOW),
    "steps.get": lambda m, team, ids: m.steps.get(team, ids.step),
    "steps.list_of_deal": lambda m, team, ids: m.steps.list_of_deal(team, ids.deal),
    "steps.list_ever_of_deal": lambda m, team, ids: m.steps.list_ever_of_deal(team, ids.deal),
    "steps.list_of_member": lambda m, team, ids: m.steps.list_of_member(team, ids.member),
    "steps.list_due_of": lambda m, team, ids: m.steps.list_due_of(team, ids.member, NOW),
    "steps.count_between": lambda m, team, ids: m.steps.count_between(
        team, ids.member, NOW - HOUR, LATER
    ),
    "nudges.list_in_message": lambda m, team, ids: m.nudges.list_in_message(team, ids.nudge),
    "nudges.find_newest_of_step": lambda m, team, ids: m.nudges.find_newest_of_step(team, ids.step),
    "nudges.answer_step": lambda m, team, ids: m.nudges.answer_step(team, ids.step, "done", NOW),
    "nudges.reopen_step": lambda m, team, ids: m.nudges.reopen_step(team, ids.step, LATER),
    "deals.list_of_owner": lambda m, team, ids: m.deals.list_of_owner(team, ids.member),
    "exports.count_exports_since": lambda m, team, ids: m.exports.count_exports_since(
        team, ids.member, NOW
    ),
    "events.get": lambda m, team, ids: m.events.get(team, ids.event),
    "events.list_last": lambda m, team, ids: m.events.list_last(team, ids.deal),
    "events.list_last_by": lambda m, team, ids: m.events.list_last_by(team, ids.member),
    "invites.get": lambda m, team, ids: m.invites.get(team, ids.invite),
    "invites.revoke_made_by": lambda m, team, ids: m.invites.revoke_made_by(team, ids.member, NOW),
    "invites.revoke": lambda m, team, ids: m.invites.revoke(team, ids.invite, NOW),
    "nudges.get": lambda m, team, ids: m.nudges.get(team, ids.nudge),
    "nudges.find_last_sent_to": lambda m, team, ids: m.nudges.find_last_sent_to(team, ids.member),
    "nudges.list_unanswered": lambda m, team, ids: m.nudges.list_unanswered(team, ids.member),
    "nudges.list_escalations": lambda m, team, ids: m.nudges.list_escalations(team, ids.member),
    "nudges.find_unanswered_deals": lambda m, team, ids: sorted(
        m.nudges.find_unanswered_deals(team, ids.member, LATER)
    ),
    "nudges.list_open": lambda m, team, ids: m.nudges.list_open(team, ids.deal),
    "outbox.get": lambda m, team, ids: m.outbox.get(team, ids.told),
    "outbox.list_of_answered_nudges": lambda m, team, ids: m.outbox.list_of_answered_nudges(
        team, NOW, deal_id=ids.deal
    ),
    "nudges.answer_all": lambda m, team, ids: m.nudges.answer_all(team, ids.deal, "done", NOW),
    "nudges.reopen": lambda m, team, ids: m.nudges.reopen(team, ids.deal, LATER),
    "rules.list_ever_muted": lambda m, team, ids: m.rules.list_ever_muted(team, [ids.member]),
    "rules.list_muted": lambda m, team, ids: m.rules.list_muted(team, [ids.member]),
    "rules.list_answers": lambda m, team, ids: m.rules.list_answers(team, [ids.member], NOW),
    "rules.unmute": lambda m, team, ids: m.rules.unmute(team, ids.member, "step", NOW),
    "outbox.count_due_since": lambda m, team, ids: m.outbox.count_due_since(
        team, ids.member, "nudge", NOW
    ),
    "cards.list_draft_ids_of": lambda m, team, ids: m.cards.list_draft_ids_of(team, ids.member),
    "outbox.count_nudges_due": lambda m, team, ids: m.outbox.count_nudges_due(
        team, ids.member, NOW, LATER
    ),
    "outbox.count_nudges_sent": lambda m, team, ids: m.outbox.count_nudges_sent(
        team, ids.member, NOW, LATER
    ),
    "outbox.revive": lambda m, team, ids: m.outbox.revive(team, ids.member, NOW),
    "cards.get": lambda m, team, ids: m.cards.get(team, ids.card),
    "cards.list_changes": lambda m, team, ids: m.cards.list_changes(team, ids.card),
    "cards.find_newest_changes": lambda m, team, ids: dict(
        m.cards.find_newest_changes(team, [ids.card])
    ),
    "drafts.get_of_member": lambda m, team, ids: m.drafts.get_of_member(
        team, ids.member, ids.draft
    ),
    "cards.get_change": lambda m, team, ids: m.cards.get_change(team, ids.change),
    "learned.get": lambda m, team, ids: m.learned.get(team, ids.learned),
    "learned.find": lambda m, team, ids: m.learned.find(team, ids.card, "dear"),
    "learned.list_of_look_up": lambda m, team, ids: m.learned.list_of_look_up(team, ids.lookup),
    "stakes.list_of_deal": lambda m, team, ids: m.stakes.list_of_deal(team, ids.deal),
    "occasions.list_of_deal": lambda m, team, ids: m.occasions.list_of_deal(team, ids.deal),
    "occasions.get": lambda m, team, ids: m.occasions.get(team, ids.occasion),
    "proofs.get": lambda m, team, ids: m.proofs.get(team, ids.proof),
    "proofs.list_of_deal": lambda m, team, ids: m.proofs.list_of_deal(team, ids.deal),
    "funnel_changes.get": lambda m, team, ids: m.funnel_changes.get(team, ids.funnel_change),
    "gaps.get": lambda m, team, ids: m.gaps.get(team, ids.gap),
    "gaps.list_waiting_for_card": lambda m, team, ids: m.gaps.list_waiting_for_card(team, ids.card),
    "gaps.list_look_ups": lambda m, team, ids: m.gaps.list_look_ups(team, ids.gap),
    "lookups.find_to_wrap_up": lambda m, team, ids: m.lookups.find_to_wrap_up(
        team, ids.member, NOW
    ),
    "lookups.list_unanswered": lambda m, team, ids: m.lookups.list_unanswered(
        team, ids.member, NOW, NOW
    ),
    "lookups.get": lambda m, team, ids: m.lookups.get(team, ids.member, ids.lookup),
    "lookups.count_outcomes": lambda m, team, ids: sum(
        astuple(m.lookups.count_outcomes(team, [ids.card]))
    ),
    "goals.list_covering": lambda m, team, ids: m.goals.list_covering(team, ids.member, NOW.date()),
    "lookups.get_of_team": lambda m, team, ids: m.lookups.get_of_team(team, ids.lookup),
}
OF_A_TEAM: dict[str, Ask] = {
    "members.get_team": lambda m, team, _: m.members.get_team(team),
    "members.list_active": lambda m, team, _: m.members.list_active(team),
    "members.count_admins": lambda m, team, _: m.members.count_admins(team),
    "customers.list_name_keys": lambda m, team, _: m.customers.list_name_keys(team),
    "customers.find_contacts": lambda m, team, _: m.customers.find_contacts(
        team, "+1", "li@acme.io"
    ),
    "deals.within": lambda m, team, _: m.deals.within(Scope(team)),
    "deals.list_pooled": lambda m, team, _: m.deals.list_pooled(team),
    "deals.list_names": lambda m, team, _: m.deals.list_names(Scope(team)),
    "exports.list_deals": lambda m, team, _: m.exports.list_deals(Scope(team), 9),
    "exports.list_people": lambda m, team, _: m.exports.list_people(Scope(team), 9),
    "exports.list_events": lambda m, team, _: m.exports.list_events(Scope(team), 9),
    "deals.list_people": lambda m, team, _: m.deals.list_people(Scope(team)),
    "funnel_changes.restage": lambda m, team, _: m.funnel_changes.restage(
        team, {"offer": ("main", "demo")}, by=None, at=NOW
    ),
    "events.list_of_kind_at": lambda m, team, _: m.events.list_of_kind_at(
        team, EventKind.MOVED, NOW
    ),
    "proofs.list_newest": lambda m, team, _: m.proofs.list_newest(team, "retail", "price"),
    "funnel_changes.list_newest": lambda m, team, _: m.funnel_changes.list_newest(team),
    "events.list_stages_of_won": lambda m, team, _: m.events.list_stages_of_won(team),
    "invites.list_open": lambda m, team, _: m.invites.list_open(team, NOW),
    "inbox.find_deal_of_message": lambda m, team, _: m.inbox.find_deal_of_message(team, MESSAGE),
    "outbox.find_by_message": lambda m, team, _: m.outbox.find_by_message(
        team, "telegram", MESSAGE
    ),
    "nudges.find_last_sent_times": lambda m, team, _: [
        *m.nudges.find_last_sent_times(team).values()
    ],
    "outbox.count_by_state": lambda m, team, _: dict(m.outbox.count_by_state(team)),
    "outbox.list_in_state": lambda m, team, _: m.outbox.list_in_state(team, OutboxState.PARKED, 9),
    "outbox.find_longest_waiting": lambda m, team, _: m.outbox.find_longest_waiting(team),
    "outbox.retry_dead": lambda m, team, _: m.outbox.retry_dead(team, NOW),
    "outbox.forget_dead": lambda m, team, _: m.outbox.forget_dead(team),
    "cards.list_of_keys": lambda m, team, _: m.cards.list_of_keys(team, ["price"]),
    "cards.list_all": lambda m, team, _: m.cards.list_all(team),
    "cards.list_approved": lambda m, team, _: m.cards.list_approved(team),
    "cards.list_with_learned_phrasings": lambda m, team, _: m.cards.list_with_learned_phrasings(
        team
    ),
    "cards.list_changed_since": lambda m, team, _: m.cards.list_changed_since(team, 0),
    "cards.count_by_state": lambda m, team, _: dict(m.cards.count_by_state(team)),
    "cards.list_categories": lambda m, team, _: m.cards.list_categories(team),
    "cards.list_ids": lambda m, team, _: m.cards.list_ids(team, CardState.APPROVED),
    "cards.list_ids_to_review": lambda m, team, _: m.cards.list_ids_to_review(team, NOW),
    "cards.list_unused_ids": lambda m, team, _: m.cards.list_unused_ids(team, NOW + HOUR),
    "gaps.count": lambda m, team, _: m.gaps.count(team, GapState.OPEN),
    "gaps.list_filled": lambda m, team, _: m.gaps.list_filled(team, 9),
    "gaps.list_newest": lambda m, team, _: m.gaps.list_newest(team, "missing", 9),
    "gaps.list_in_state": lambda m, team, _: m.gaps.list_in_state(team, GapState.OPEN),
    "lookups.count_landed": lambda m, team, _: m.lookups.count_landed(team, NOW),
    "lookups.count_heard": lambda m, team, _: m.lookups.count_heard(Scope(team), NOW),
    "lookups.list_newest": lambda m, team, _: m.lookups.list_newest(team),
    "lookups.count_deal_outcomes": lambda m, team, _: m.lookups.count_deal_outcomes(
        Scope(team), NOW, LATER
    ),
    "histories.list_deals": lambda m, team, _: m.histories.list_deals(Scope(team)),
    "histories.list_hygiene_facts": lambda m, team, _: m.histories.list_hygiene_facts(Scope(team)),
    "histories.list_facts": lambda m, team, _: m.histories.list_facts(Scope(team)),
    "histories.count_activity": lambda m, team, _: m.histories.count_activity(
        Scope(team), NOW, LATER
    ),
    "histories.list_response_times": lambda m, team, _: m.histories.list_response_times(
        Scope(team), NOW, LATER
    ),
    "rates.list_of_team": lambda m, team, _: m.rates.list_of_team(team, "EUR"),
    "workspaces.list_of_team": lambda m, team, _: m.workspaces.list_of_team(team),
    "learned_odds.get": lambda m, team, _: m.learned_odds.get(team, "main"),
}
WITHOUT_ANSWER: dict[str, Ask] = {
    "occasions.schedule": lambda m, team, ids: m.occasions.schedule(
        team, ids.deal, "winback", LATER, NOW
    ),
    "occasions.cancel": lambda m, team, ids: m.occasions.cancel(team, ids.deal, ["winback"]),
    "members.was_invited": lambda m, team, ids: m.members.was_invited(team, ids.member),
    "nudges.pass_on": lambda m, team, ids: m.nudges.pass_on(team, ids.deal, ids.member, ids.member),
    "drafts.forget_member": lambda m, team, ids: m.drafts.forget_member(team, ids.member),
    "outbox.cancel_for": lambda m, team, ids: m.outbox.cancel_for(team, ids.member),
}

# What names no team, and why it may: whoever calls it has been given the row, or is nobody's.
OF_NO_TEAM = {
    "keeps a play of its team": "stakes.add proofs.add proofs.save_change funnel_changes.add",
    "is the processes' own, of plays": "occasions.list_due occasions.next_due_at",
    "is the processes' own, of what was deleted": "erasures.list_deleted",
    "keeps a row that says its team": """
        customers.add customers.add_contact deals.add steps.add invites.add cards.add
        cards.add_starters gaps.add goals.save learned.save learned_odds.save lookups.add
        nudges.make outbox.put
        outbox.put_dead_letter
        rates.save rules.mute members.add_team members.add_member members.save_identity
        members.add_audit""",
    "is given a row that a query of its team found": """
        erasures.erase deals.change deals.lock deals.undo events.is_undone cards.save_change
        cards.bump_version
        gaps.save_change goals.drop lookups.save_change members.change_role members.remove
        members.get_scope outbox.list_late outbox.cancel""",
    "finds out who somebody is, or whose": """
        members.find_identity workspaces.find_exact workspaces.find workspaces.save
        workspaces.remove inbox.find_reply_text outbox.find_text members.restore_reachability""",
    "asks for a secret, or for one account": """
        invites.find_valid invites.redeem drafts.save drafts.get drafts.find_latest drafts.count
        drafts.change drafts.drop drafts.drop_all""",
    "is the processes' own": """
        members.list_teams members.list_due_digests members.next_digest_at
        deals.list_needing_attention deals.list_due_for_pool deals.next_attention_at steps.list_due
        steps.next_ring_at
        gaps.list_to_raise gaps.next_raise_at drafts.forget_before inbox.save inbox.list_open
        inbox.get inbox.take inbox.count_failure inbox.mark_dead inbox.mark_answered
        inbox.mark_done inbox.count_dead inbox.get_newest_id inbox.forget_before claims.claim
        outbox.mark_sent outbox.retry_later outbox.finish claims.next_due_at claims.claim_fairly
        claims.renew claims.find_lease_end claims.expire_leases outbox.reschedule holds.save
        holds.list_waits""",
}
