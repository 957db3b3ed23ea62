"""The manager's week: who is slipping and which nudges work, once a week at their digest's hour.

Skipped when there is nothing to say. `slipping` shows the same at any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.contract.catalog import command
from handlers.contract.desk import Desk, calendar_of
from handlers.contract.reply import Button, Reply, Text, lines, rows
from handlers.contract.request import Request
from handlers.deals.attention import compute_urgency, find_faults, list_fault_counts
from handlers.nudges import daily_limit, escalations, mute_rules
from handlers.outbox.enqueue import enqueue
from kb.funnel.stall import StepFault
from kb.states import DealStatus
from storage.scope import Scope
from storage.tables.messages import Outbox
from storage.tables.people_and_deals import Deal, Member, Role
from storage.unit_of_work import UnitOfWork

KIND = "team_week"
PEOPLE, FIRST = 6, 2


@dataclass(frozen=True)
class Slipping:
    """What slips with one member: overdue and stalled deals, what is worth most first."""

    name: str
    overdue: tuple[Deal, ...]
    stalled: tuple[Deal, ...]

    @property
    def count(self) -> int:
        """How many deals slip."""
        return len(self.overdue) + len(self.stalled)


def make_key(member: Member, at: datetime) -> str:
    """The unique key of the member's week, in their zone, so that it comes once."""
    year, week, _ = calendar_of(member).local(at).isocalendar()
    return f"team-week:{member.id}:{year}-{week:02}"


def enqueue_due(memory: UnitOfWork, member: Member, now: datetime) -> None:
    """Enqueues the week's message along with the digest, from the manager's week day on."""
    weekday = calendar_of(member).local(now).weekday()
    if (
        member.week_day == daily_limit.NO_WEEK_DAY
        or weekday < member.week_day
        or not _leads_people(memory, member)
    ):
        return
    enqueue(memory, member, KIND, make_key(member, now), now)


def _leads_people(memory: UnitOfWork, member: Member) -> bool:
    """Whether the member leads people; an admin does only where the team has no manager."""
    if member.role != Role.ADMIN:
        return member.role == Role.MANAGER
    return all(each.role != Role.MANAGER for each in memory.members.list_active(member.team_id))


def compose(row: Outbox, desk: Desk) -> Reply | None:
    """Writes the week's message; None when its week is over or there is nothing to say."""
    if row.key != make_key(desk.member, desk.now) or not desk.may(Role.MANAGER):
        return None
    return _render_week(desk)


@command("slipping", "下滑", "下滑商机", "谁在下滑", "团队周报", role=Role.MANAGER, takes=False)
def show_slipping(request: Request, desk: Desk) -> Reply:
    """Who is slipping, which nudges are acted on, and what was muted for whom."""
    return _render_week(desk) or Reply(desk.words.say("nudges.escalations.none"))


def _render_week(desk: Desk) -> Reply | None:
    found = sorted(_find_slipping(desk), key=lambda each: (-each.count, each.name))
    slips, rates = [each for each in found if each.count], mute_rules.render_people(desk)
    waits = escalations.render_count(desk)
    if not slips and not rates and not waits:
        return None
    title = desk.words.say("digest.weekly_team_digest.title", name=desk.member.name)
    people = [_render_person(desk, each) for each in slips[:PEOPLE]]
    fine = desk.words.say("nudges.escalations.none") if not slips else ()
    buttons = (
        [Button(desk.words.line("digest.daily_digest.team_deals"), "list:0:0:")] if slips else []
    )
    if waits:
        buttons.insert(0, Button(desk.words.line("nudges.escalations.do_look"), "slips"))
    return Reply(lines(title, fine, *people, waits, rates), buttons=rows(buttons))


def _render_person(desk: Desk, each: Slipping) -> Text:
    """Ann: 1 overdue, 3 stalled (first Acme, Beta)."""
    comma = desk.words.line("contract.common.comma")
    counts: dict[StepFault, int] = {"overdue": len(each.overdue), "stalled": len(each.stalled)}
    said = desk.words.say(
        "digest.weekly_team_digest.person",
        name=each.name,
        counts=comma.join(list_fault_counts(desk.words, counts)),
    )
    first = [deal.customer.name for deal in (*each.stalled, *each.overdue)[:FIRST]]
    return (*said, *desk.words.say("digest.weekly_team_digest.first", names=comma.join(first)))


def _find_slipping(desk: Desk) -> Sequence[Slipping]:
    below = desk.scope.member_ids
    people = [
        each
        for each in desk.memory.members.list_active(desk.team.id)
        if each.id != desk.member.id and (below is None or each.id in below)
    ]
    owners = frozenset(each.id for each in people)
    deals = desk.memory.deals.within(Scope(desk.team.id, owners), (DealStatus.LIVE,))
    return [
        _make_slipping(desk, each, [d for d in deals if d.owner_id == each.id]) for each in people
    ]


def _make_slipping(desk: Desk, member: Member, deals: Sequence[Deal]) -> Slipping:
    calendar, now = calendar_of(member), desk.now
    faults = find_faults(desk, deals)
    ranked = sorted(
        deals, key=lambda deal: (-compute_urgency(deal, desk.funnel, calendar, now), deal.id)
    )
    overdue, stalled = (
        tuple(deal for deal in ranked if faults.get(deal.id) == fault)
        for fault in ("overdue", "stalled")
    )
    return Slipping(member.name, overdue, stalled)
