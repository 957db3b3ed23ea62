"""What Repmate says by itself: which messages came due, and what each says when it is sent.

The database prevents doubles: a nudge's and a digest's key can exist once, whoever sweeps.
"""

from __future__ import annotations

from datetime import datetime

from handlers import nudges, today
from handlers.acts import pay_attention
from handlers.desk import Desk, calendar_of
from handlers.founding import next_digest
from handlers.reply import Reply, from_json
from kb.funnel.calendar import WorkCalendar
from kb.funnel.stage import load_funnel
from storage.tables import Deal, Member
from storage.tables_messages import Nudge, Outbox
from storage.unit_of_work import UnitOfWork


def sweep(memory: UnitOfWork, now: datetime) -> None:
    """Writes into the outbox what came due by `now` (aware UTC): nudges and morning digests."""
    for deal in memory.deals.needing_attention(now):
        _nudge(memory, deal, now)
    for member in memory.members.digests_due(now):
        _digest(memory, member, now)


def compose(row: Outbox, desk: Desk) -> Reply | None:
    """What the row says now; None when its reason no longer holds."""
    if row.kind == "digest":
        fresh = row.key == _digest_key(desk.member, desk.now)
        return today.digest(desk) if fresh else None
    if row.kind == "notice":
        return from_json(row.body) if row.body else None
    nudge = desk.memory.nudges.get(row.team_id, row.subject_id or 0)
    deal = desk.memory.deals.get(desk.scope, nudge.deal_id) if nudge is not None else None
    if nudge is None or deal is None or not nudges.still_true(desk, nudge, deal):
        return None
    newest = desk.memory.nudges.open_for(row.team_id, deal.id)[-1]
    # Whoever could not be reached for days is asked about a deal once, not once for each nudge.
    return nudges.drawn(desk, nudge, deal) if newest.id == nudge.id else None


def _nudge(memory: UnitOfWork, deal: Deal, now: datetime) -> None:
    owner = memory.members.get(deal.team_id, deal.owner_id)
    if owner is None:  # handed over at removal; a deal nobody owns must not stay due for ever
        deal.attention_at, deal.attention_kind = None, ""
        return
    calendar = calendar_of(owner)
    made = _made(memory, deal, now)
    if made is not None:
        memory.outbox.put(
            Outbox(
                team_id=deal.team_id,
                member_id=owner.id,
                key=f"nudge:{made.id}",
                kind="nudge",
                subject_id=made.id,
                due_at=_leaves_at(made, calendar, now),
            )
        )
    deal.nudges_sent += 1
    funnel = load_funnel(memory.members.team(deal.team_id).funnel)
    pay_attention(deal, funnel, calendar, now)


def _made(memory: UnitOfWork, deal: Deal, now: datetime) -> Nudge | None:
    """The nudge's row, or None when somebody has made it already."""
    kind, n = deal.attention_kind, deal.nudges_sent + 1
    since = deal.next_step_at if kind == "step" and deal.next_step_at else deal.last_activity_at
    return memory.nudges.make(
        Nudge(
            team_id=deal.team_id,
            deal_id=deal.id,
            member_id=deal.owner_id,
            kind=kind,
            n=n,
            key=f"{kind}:{deal.id}:{int(since.timestamp())}:{n}",
            made_at=now,
        )
    )


def _leaves_at(nudge: Nudge, calendar: WorkCalendar, now: datetime) -> datetime:
    """A step's first nudge leaves at its own time, unless its owner is away; others at work."""
    at_once = nudge.kind == "step" and nudge.n == 1
    away = calendar.is_away(calendar.local(now).date())
    return now if at_once and not away else calendar.next_working(now)


def _digest(memory: UnitOfWork, member: Member, now: datetime) -> None:
    """The day's digest; one that was missed on an earlier day is not made up for."""
    due = member.digest_due_at or now
    if _digest_key(member, due) == _digest_key(member, now):
        memory.outbox.put(
            Outbox(
                team_id=member.team_id,
                member_id=member.id,
                key=_digest_key(member, now),
                kind="digest",
                due_at=now,
            )
        )
    member.digest_due_at = next_digest(member, now)


def _digest_key(member: Member, at: datetime) -> str:
    return f"digest:{member.id}:{calendar_of(member).local(at).date()}"
