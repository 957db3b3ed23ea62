"""Due messages: finds what came due, puts it into the outbox, and writes it when it is sent.

The database prevents doubles: a nudge's and a digest's key can exist once, whoever sweeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial

from handlers.cards import gap_notices, proposals
from handlers.contract.desk import Desk, calendar_of, funnel_of, next_digest
from handlers.contract.reply import Reply, from_json
from handlers.deals.attention import compute_urgency, get_deal_facts, schedule_attention
from handlers.digest import daily_digest, scheduled_reports, weekly_team_digest
from handlers.nudges import mute_rules
from handlers.nudges import nudge as nudge_command
from handlers.outbox import background_jobs, dead_letters, settled_nudges
from handlers.outbox.enqueue import enqueue, make_row
from handlers.selling import follow_up_messages, lead_pool
from kb.funnel import nudge_budget
from kb.funnel.calendar import WorkCalendar
from kb.funnel.stages.funnel import Funnel
from kb.funnel.stall import is_overdue
from storage.tables.messages import Nudge, Outbox
from storage.tables.people_and_deals import Deal, Member
from storage.unit_of_work import UnitOfWork

OWNERS = 3  # members whose nudges one transaction writes: they may have many each
STILL_ON_TIME = timedelta(hours=1)  # for an evening's step; what is later waits for the morning


def sweep(memory: UnitOfWork, now: datetime, owners: int = OWNERS) -> bool:
    """Writes into the outbox what came due by `now` (aware UTC): nudges, gaps, digests.

    So many members' nudges at a time, that nobody waits long for the database; true where there
    are more. Whoever it fails for holds up nobody else: it is tried again later, and the admins
    can see it.
    """
    lead_pool.sweep(memory, now)
    glance = 5 * owners
    due = memory.deals.list_needing_attention(now, glance)
    whose = [*dict.fromkeys((deal.owner_id, deal.team_id) for deal in due)]
    for owner_id, team_id in whose[:owners]:
        nudging = partial(_enqueue_nudges, memory, team_id, owner_id, now)
        if not dead_letters.try_for_member(memory, team_id, owner_id, now, nudging):
            for deal in memory.deals.list_due_of(team_id, owner_id, now):
                deal.attention_at = now + dead_letters.RETRY_AFTER
    gap_notices.raise_due(memory, now)
    follow_up_messages.raise_due(memory, now)
    for member in memory.members.list_due_digests(now):
        if not dead_letters.try_for_member(
            memory, member.team_id, member.id, now, partial(_enqueue_digest, memory, member, now)
        ):
            member.digest_due_at = now + dead_letters.RETRY_AFTER
    return len(whose) > owners or len(due) == glance


def compose(row: Outbox, desk: Desk) -> Reply | None:
    """Writes an outbox row's message as things are now; None when its reason no longer holds."""
    return _COMPOSERS.get(row.kind, _compose_nudge)(row, desk)


def _compose_digest(row: Outbox, desk: Desk) -> Reply | None:
    fresh = row.key == _make_digest_key(desk.member, desk.now)
    return daily_digest.render_digest(desk) if fresh else None


def _compose_nudge(row: Outbox, desk: Desk) -> Reply | None:
    nudge = desk.memory.nudges.get(row.team_id, row.subject_id or 0)
    deal = desk.memory.deals.get(desk.scope, nudge.deal_id) if nudge is not None else None
    if nudge is None or deal is None or not nudge_command.is_still_true(desk, nudge, deal):
        return None
    if deal.owner_id != row.member_id:  # it changed hands: its new owner is asked
        return None
    newest = desk.memory.nudges.list_open(row.team_id, deal.id)[-1]
    # Whoever could not be reached for days is asked about a deal once, not once for each nudge.
    return nudge_command.render_nudge(desk, nudge, deal) if newest.id == nudge.id else None


_COMPOSERS: Mapping[str, Callable[[Outbox, Desk], Reply | None]] = {
    "digest": _compose_digest,
    "catch_up": lambda _, desk: daily_digest.render_catch_up(desk),
    background_jobs.KIND: background_jobs.run_step,
    follow_up_messages.KIND: follow_up_messages.compose,
    settled_nudges.KIND: settled_nudges.compose,
    "notice": lambda row, _: from_json(row.body) if row.body else None,
    "pool": lead_pool.compose_warning,
    weekly_team_digest.KIND: weekly_team_digest.compose,
    scheduled_reports.KIND: scheduled_reports.compose,
    "gap": lambda row, desk: gap_notices.render_notice(desk, row.subject_id or 0),
    "proposal": lambda row, desk: proposals.render_proposal(desk, row.subject_id or 0),
}


def _enqueue_nudges(memory: UnitOfWork, team_id: int, owner_id: int, now: datetime) -> None:
    """Makes one member's due nudges, and enqueues booked steps and what the budget allows."""
    deals = memory.deals.list_due_of(team_id, owner_id, now)
    owner = memory.members.get(team_id, owner_id)
    if owner is None:  # handed over at removal; a deal nobody owns must not stay due for ever
        for deal in deals:
            deal.attention_at, deal.attention_kind = None, ""
        return
    funnel = funnel_of(memory.members.get_team(team_id))
    calendar = calendar_of(owner)
    for deal in deals:
        _prefer_overdue_step(deal, now)
    ready = [deal for deal in deals if deal.attention_kind != "escalate"]
    own_ideas = {_find_rule(deal) for deal in ready if not _is_own_time(deal)}
    muted = mute_rules.update_muted(memory, owner, own_ideas, now)
    due = [
        _make_due(deal, funnel, calendar, now)
        for deal in ready
        if _is_own_time(deal) or _find_rule(deal) not in muted
    ]
    at_once = frozenset(d.id for d in deals if _find_leave_time(d, calendar, now) == now)
    shares = list(_share_budget(memory, owner, due, at_once, now))
    sent = frozenset(deal_id for share in shares for deal_id in share.sent)
    for deal in deals:
        to = owner.manager_id if deal.attention_kind == "escalate" else owner.id
        folded = deal.id not in sent
        made = _make_nudge(memory, deal, now, to=to, folded=folded) if to is not None else None
        if made is not None and not made.folded:
            memory.outbox.put(_make_row(made, _find_leave_time(deal, calendar, now)))
        deal.nudges_sent += 1
        schedule_attention(deal, funnel, calendar, now)
    if any(share.catch_up for share in shares):
        enqueue_catch_up(memory, owner, now)


def _prefer_overdue_step(deal: Deal, now: datetime) -> None:
    """Makes a stall's nudge the step's own where the step has passed before the sweep came."""
    if deal.attention_kind == "stall" and is_overdue(get_deal_facts(deal), now):
        deal.attention_at, deal.attention_kind = deal.next_step_at, "step"


def _find_rule(deal: Deal) -> str:
    return mute_rules.rule_of(deal.attention_kind, deal.stage)


def _make_due(
    deal: Deal, funnel: Funnel, calendar: WorkCalendar, now: datetime
) -> nudge_budget.Due:
    value = compute_urgency(deal, funnel, calendar, now)
    return nudge_budget.Due(deal.id, deal.attention_at or now, _is_own_time(deal), value)


def _is_own_time(deal: Deal) -> bool:
    """Whether the step itself is due now, as opposed to a reminder of one that has passed."""
    return deal.attention_kind == "step" and deal.attention_at == deal.next_step_at


def _share_budget(
    memory: UnitOfWork,
    owner: Member,
    due: list[nudge_budget.Due],
    at_once: frozenset[int],
    now: datetime,
) -> Iterator[nudge_budget.Share]:
    """Shares each day's nudge budget among the deals whose nudges leave on that day."""
    calendar = calendar_of(owner)
    opens = calendar.next_working(now)
    days = {calendar.local(at).date(): at for at in (opens, now)}
    for at in days.values():
        part = [each for each in due if len(days) == 1 or (each.deal_id in at_once) == (at == now)]
        begin, end = calendar.find_day_bounds(at)
        took = memory.outbox.count_nudges_due(owner.team_id, owner.id, begin, end)
        booked = memory.deals.count_steps_between(owner.team_id, owner.id, max(begin, now), end)
        yield nudge_budget.share_budget(part, owner.nudges_a_day - took, now, booked)


def _make_row(nudge: Nudge, due_at: datetime) -> Outbox:
    key = f"nudge:{nudge.id}"
    return make_row(nudge.team_id, nudge.member_id, "nudge", key, due_at, nudge.id)


def enqueue_catch_up(memory: UnitOfWork, owner: Member, now: datetime) -> None:
    """Puts one digest for all that came due while nobody could send it, once a day at most."""
    calendar = calendar_of(owner)
    due_at = calendar.next_working(now)
    key = f"catch-up:{owner.id}:{calendar.local(due_at).date()}"
    enqueue(memory, owner, "catch_up", key, due_at)


def _make_nudge(
    memory: UnitOfWork, deal: Deal, now: datetime, *, to: int, folded: bool
) -> Nudge | None:
    """Makes the nudge's row for the member `to`; None when it has been made already."""
    return memory.nudges.make(
        Nudge(
            team_id=deal.team_id,
            deal_id=deal.id,
            member_id=to,
            kind=deal.attention_kind,
            n=deal.nudges_sent + 1,
            key=_make_key(deal),
            rule=_find_rule(deal),
            made_at=now,
            folded=folded,
        )
    )


def _make_key(deal: Deal) -> str:
    """The nudge's unique key: one for a step's own time, else one since the last activity.

    So a step that passed is not asked about twice because somebody spoke of the deal meanwhile.
    """
    since = deal.next_step_at if _is_own_time(deal) else deal.last_activity_at
    n = 1 if _is_own_time(deal) else deal.nudges_sent + 1
    return f"{deal.attention_kind}:{deal.id}:{int(since.timestamp()) if since else 0}:{n}"


def read_booked_time(nudge: Nudge) -> datetime | None:
    """The step's own time that a nudge is for, as its key says; None for any other nudge."""
    kind, _, rest = nudge.key.partition(":")
    _deal, _, rest = rest.partition(":")
    at, _, n = rest.partition(":")
    return datetime.fromtimestamp(int(at), UTC) if (kind, n) == ("step", "1") else None


def _find_leave_time(deal: Deal, calendar: WorkCalendar, now: datetime) -> datetime:
    """When a nudge leaves: at a step's own time, unless its owner is away or it is long past.

    All others leave in working hours.
    """
    on_time = _is_own_time(deal) and now - (deal.attention_at or now) <= STILL_ON_TIME
    away = calendar.is_away(calendar.local(now).date())
    return now if on_time and not away else calendar.next_working(now)


def _enqueue_digest(memory: UnitOfWork, member: Member, now: datetime) -> None:
    """Enqueues the day's digest; one missed on an earlier day is not made up for."""
    due = member.digest_due_at or now
    if _make_digest_key(member, due) == _make_digest_key(member, now):
        enqueue(memory, member, "digest", _make_digest_key(member, now), now)
        weekly_team_digest.enqueue_due(memory, member, now)
        scheduled_reports.enqueue_due(memory, member, now)
    member.digest_due_at = next_digest(member, now)


def _make_digest_key(member: Member, at: datetime) -> str:
    return f"digest:{member.id}:{calendar_of(member).local(at).date()}"
