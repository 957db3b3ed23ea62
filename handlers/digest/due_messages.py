"""Due messages: finds what came due, puts it into the outbox, and writes it when it is sent.

The database prevents doubles: a nudge's and a digest's key can exist once, whoever sweeps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from handlers.cards import gap_notices, proposals
from handlers.contract.desk import Desk, calendar_of, funnel_of, next_digest
from handlers.contract.reply import Reply, from_json
from handlers.deals.attention import compute_urgency, get_deal_facts, schedule_attention
from handlers.digest import daily_digest, scheduled_reports, weekly_team_digest
from handlers.nudges import mute_rules, ring
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
from storage.tables.steps import Step
from storage.unit_of_work import UnitOfWork

OWNERS = 3  # members whose nudges one transaction writes: they may have many each
LINES = 5  # steps in one message
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
    rings = memory.steps.list_due(now, glance)
    whose = [
        *dict.fromkeys(
            [
                *((step.member_id, step.team_id) for step in rings),
                *((deal.owner_id, deal.team_id) for deal in due),
            ]
        )
    ]
    for owner_id, team_id in whose[:owners]:
        nudging = partial(_enqueue_nudges, memory, team_id, owner_id, now)
        if not dead_letters.try_for_member(memory, team_id, owner_id, now, nudging):
            for deal in memory.deals.list_due_of(team_id, owner_id, now):
                deal.attention_at = now + dead_letters.RETRY_AFTER
            for step in memory.steps.list_due_of(team_id, owner_id, now):
                step.ring_at = now + dead_letters.RETRY_AFTER
    gap_notices.raise_due(memory, now)
    follow_up_messages.raise_due(memory, now)
    for member in memory.members.list_due_digests(now):
        if not dead_letters.try_for_member(
            memory, member.team_id, member.id, now, partial(_enqueue_digest, memory, member, now)
        ):
            member.digest_due_at = now + dead_letters.RETRY_AFTER
    return len(whose) > owners or glance in (len(due), len(rings))


def compose(row: Outbox, desk: Desk) -> Reply | None:
    """Writes an outbox row's message as things are now; None when its reason no longer holds."""
    return _COMPOSERS.get(row.kind, _compose_nudge)(row, desk)


def _compose_digest(row: Outbox, desk: Desk) -> Reply | None:
    fresh = row.key == _make_digest_key(desk.member, desk.now)
    return daily_digest.render_digest(desk) if fresh else None


def _compose_nudge(row: Outbox, desk: Desk) -> Reply | None:
    nudge = desk.memory.nudges.get(row.team_id, row.subject_id or 0)
    return nudge_command.render_message(desk, nudge) if nudge is not None else None


def _compose_settled(row: Outbox, desk: Desk) -> Reply | None:
    """A nudge in a chat that was answered elsewhere; one of several keeps the others' taps."""
    sent = desk.memory.outbox.get(row.team_id, row.subject_id or 0)
    nudge = desk.memory.nudges.get(row.team_id, sent.subject_id or 0) if sent is not None else None
    group = ring.render_settled_group(desk, nudge) if nudge is not None else None
    if group is None or sent is None or not sent.message_ref:
        return settled_nudges.compose(row, desk)
    return replace(group, replaces=sent.message_ref)


_COMPOSERS: Mapping[str, Callable[[Outbox, Desk], Reply | None]] = {
    "digest": _compose_digest,
    "catch_up": lambda _, desk: daily_digest.render_catch_up(desk),
    background_jobs.KIND: background_jobs.run_step,
    follow_up_messages.KIND: follow_up_messages.compose,
    settled_nudges.KIND: _compose_settled,
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
    steps = memory.steps.list_due_of(team_id, owner_id, now)
    owner = memory.members.get(team_id, owner_id)
    if owner is None:  # handed over at removal; what nobody owns must not stay due for ever
        for deal in deals:
            deal.attention_at, deal.attention_kind = None, ""
        for step in steps:
            step.ring_at = None
        return
    for deal in deals:
        _prefer_overdue_step(deal, now)
    ideas = [deal for deal in deals if not _is_own_time(deal)]  # else the step itself rings
    leave = _find_leave_times(calendar_of(owner), ideas, steps, now)
    due = _list_due(memory, owner, ideas, steps, now)
    at_once = frozenset(key for key, at in leave.items() if at == now)
    shares = list(_share_budget(memory, owner, due, at_once, now))
    sent = frozenset(key for share in shares for key in share.sent)
    _ring(memory, steps, sent, leave, now)
    for deal in deals:
        if deal in ideas:
            due_at = leave["deal", deal.id] if ("deal", deal.id) in sent else None
            _nudge(memory, owner, deal, due_at, now)
        deal.nudges_sent += 1
        funnel = funnel_of(memory.members.get_team(team_id))
        schedule_attention(deal, funnel, calendar_of(owner), now)
    if any(share.catch_up for share in shares):
        enqueue_catch_up(memory, owner, now)


def _prefer_overdue_step(deal: Deal, now: datetime) -> None:
    """Makes a stall's nudge the step's own where the step has passed before the sweep came."""
    if deal.attention_kind == "stall" and is_overdue(get_deal_facts(deal), now):
        deal.attention_at, deal.attention_kind = deal.next_step_at, "step"


def _find_leave_times(
    calendar: WorkCalendar, ideas: Sequence[Deal], steps: Sequence[Step], now: datetime
) -> dict[nudge_budget.Key, datetime]:
    """When each nudge may leave: what Repmate thinks of by itself only in working hours."""
    leave = {("deal", deal.id): calendar.next_working(now) for deal in ideas}
    return leave | {("step", step.id): _find_leave_time(step, calendar, now) for step in steps}


def _list_due(
    memory: UnitOfWork, owner: Member, ideas: Sequence[Deal], steps: Sequence[Step], now: datetime
) -> list[nudge_budget.Due]:
    """Every booked step, and those of Repmate's own ideas whose rule is not muted."""
    funnel, calendar = funnel_of(memory.members.get_team(owner.team_id)), calendar_of(owner)
    ready = [deal for deal in ideas if deal.attention_kind != "escalate"]
    muted = mute_rules.update_muted(memory, owner, {_find_rule(deal) for deal in ready}, now)
    said = [deal for deal in ready if _find_rule(deal) not in muted]
    booked = (nudge_budget.Due(("step", step.id), step.at, True, Decimal(0)) for step in steps)
    return [*booked, *(_make_due(deal, funnel, calendar, now) for deal in said)]


def _nudge(
    memory: UnitOfWork, owner: Member, deal: Deal, due_at: datetime | None, now: datetime
) -> None:
    """Makes the nudge about a deal and its message; without `due_at` the digest tells of it."""
    to = owner.manager_id if deal.attention_kind == "escalate" else owner.id
    folded = due_at is None
    made = _make_nudge(memory, deal, now, to=to, folded=folded) if to is not None else None
    if made is not None and due_at is not None:
        memory.outbox.put(_make_row(made, due_at))


def _ring(
    memory: UnitOfWork,
    steps: Sequence[Step],
    sent: Collection[nudge_budget.Key],
    leave: Mapping[nudge_budget.Key, datetime],
    now: datetime,
) -> None:
    """Makes the nudge of each step that rings; those that leave together share one message."""
    carriers: dict[datetime, list[Nudge]] = defaultdict(list)  # by when they leave
    for step in steps:
        step.ring_at, step.rang_for = None, step.at
        folded = ("step", step.id) not in sent
        together = carriers[leave["step", step.id]]
        first = len(together) - len(together) % LINES  # where the last message begins
        carrier = together[first] if first < len(together) else None
        made = memory.nudges.make(
            Nudge(
                team_id=step.team_id,
                deal_id=step.deal_id,
                step_id=step.id,
                carrier_id=carrier.id if carrier is not None and not folded else None,
                member_id=step.member_id,
                kind="step",
                key=f"ring:{step.id}:{int(step.at.timestamp())}",
                rule="step",
                made_at=now,
                folded=folded,
            )
        )
        if made is None or folded:
            continue
        together.append(made)
        if made.carrier_id is None:
            memory.outbox.put(_make_row(made, leave["step", step.id]))


def _find_rule(deal: Deal) -> str:
    return mute_rules.rule_of(deal.attention_kind, deal.stage)


def _make_due(
    deal: Deal, funnel: Funnel, calendar: WorkCalendar, now: datetime
) -> nudge_budget.Due:
    value = compute_urgency(deal, funnel, calendar, now)
    return nudge_budget.Due(("deal", deal.id), deal.attention_at or now, False, value)


def _is_own_time(deal: Deal) -> bool:
    """Whether the step itself is due now, as opposed to a reminder of one that has passed."""
    return deal.attention_kind == "step" and deal.attention_at == deal.next_step_at


def _share_budget(
    memory: UnitOfWork,
    owner: Member,
    due: list[nudge_budget.Due],
    at_once: Collection[nudge_budget.Key],
    now: datetime,
) -> Iterator[nudge_budget.Share]:
    """Shares each day's nudge budget among the deals whose nudges leave on that day."""
    calendar = calendar_of(owner)
    opens = calendar.next_working(now)
    days = {calendar.local(at).date(): at for at in (opens, now)}
    for at in days.values():
        part = [each for each in due if len(days) == 1 or (each.key in at_once) == (at == now)]
        begin, end = calendar.find_day_bounds(at)
        took = memory.outbox.count_nudges_due(owner.team_id, owner.id, begin, end)
        booked = memory.steps.count_between(owner.team_id, owner.id, max(begin, now), end)
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
            step_id=_find_passed_step(memory, deal),
            member_id=to,
            kind=deal.attention_kind,
            n=deal.nudges_sent + 1,
            key=_make_key(deal),
            rule=_find_rule(deal),
            made_at=now,
            folded=folded,
        )
    )


def _find_passed_step(memory: UnitOfWork, deal: Deal) -> int | None:
    """The step that a reminder of a passed one is about: the deal's nearest."""
    steps = memory.steps.list_of_deal(deal.team_id, deal.id)
    return steps[0].id if steps and deal.attention_kind == "step" else None


def _make_key(deal: Deal) -> str:
    """The nudge's key: there is one of each number in a row since the last activity."""
    since = int(deal.last_activity_at.timestamp())
    return f"{deal.attention_kind}:{deal.id}:{since}:{deal.nudges_sent + 1}"


def _find_leave_time(step: Step, calendar: WorkCalendar, now: datetime) -> datetime:
    """When the nudge of a step that rings may leave.

    At its time, unless that is long past or its member is away and was not asked.
    """
    on_time = now - step.at <= STILL_ON_TIME
    away = calendar.is_away(calendar.local(now).date()) and not step.anyway
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
