"""Overdue, stalled and without a step: whatever counts such deals counts the same ones."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.contract.desk import Desk
from handlers.deals.deal_view import render_waiting
from handlers.deals.find_duplicate import make_name_key
from handlers.digest import daily_digest, weekly_team_digest
from handlers.nudges.nudge import is_still_true
from kb.funnel.stall import NEVER
from kb.states import DealStatus
from storage.scope import Scope
from storage.tables.messages import Nudge, Outbox
from storage.tables.people_and_deals import Customer, Deal, Member
from storage.unit_of_work import UnitOfWork
from tests import by_hand
from tests.office import Office, desk_of, opened, said

REPS = ("Ann", "Bo")
WHAT = ("overdue", "stalled", "without a next step")
HOUR = timedelta(hours=1)
COUNTRIES = {"Europe/Berlin": "DE", "Asia/Shanghai": "CN", "America/New_York": "US"}


class Kind(NamedTuple):
    """A deal as it is drawn: hours from now, its step's None where it has none."""

    stage: str
    status: DealStatus
    quiet: int
    step: int | None
    rhythm: int


class Working(NamedTuple):
    """A member's working time."""

    zone: str
    start: str
    end: str


KINDS = st.builds(
    Kind,
    st.sampled_from(["opportunity", "demo", "negotiation", "signed"]),
    st.sampled_from([DealStatus.LIVE] * 5 + [DealStatus.PARKED, DealStatus.WON]),
    st.integers(0, 40 * 24),
    st.none() | st.integers(-20 * 24, 80 * 24) | st.integers(-3, 12),
    st.sampled_from([0, 0, 0, 5, NEVER]),
)
WORKING = st.builds(
    Working,
    st.sampled_from(list(COUNTRIES)),
    st.sampled_from(["06:00", "09:00"]),
    st.sampled_from(["15:00", "20:00"]),
)


def fill(
    memory: UnitOfWork, deals: dict[str, list[Kind]], times: list[Working], now: datetime
) -> None:
    """Gives the members their working times and the reps their deals."""
    members = {each.name: each for each in memory.members.list_active(1)}
    for name, working in zip((*REPS, "Mia"), times, strict=True):
        member = members[name]
        member.time_zone, member.work_start, member.work_end = working
        member.country = COUNTRIES[working.zone]
    for name, kinds in deals.items():
        for number, kind in enumerate(kinds):
            _add_deal(memory, members[name], f"{name}{number}", kind, now)


def _add_deal(memory: UnitOfWork, owner: Member, name: str, kind: Kind, now: datetime) -> None:
    customer = memory.customers.add(
        Customer(team_id=1, name=name, name_key=make_name_key(name), created_at=now)
    )
    before = now - kind.quiet * HOUR
    memory.deals.add(
        Deal(
            team_id=1,
            customer_id=customer.id,
            owner_id=owner.id,
            stage=kind.stage,
            status=kind.status,
            amount=Decimal(1000),
            next_step="call" if kind.step is not None else "",
            next_step_at=now + kind.step * HOUR if kind.step is not None else None,
            rhythm=kind.rhythm,
            stage_since=before,
            last_activity_at=before,
            created_at=before,
            customer=customer,
        )
    )


def expect_fault(office: Office, deal: by_hand.Plain) -> str:
    """What is wrong with a deal's step, reckoned by hand."""
    owner, now = by_hand.person(office.rows, deal.owner), office.clock.now()
    if deal.is_overdue(now):
        return "overdue"
    if deal.is_stalled(owner, now):
        return "stalled"
    return "without a next step" if deal.status == "live" and deal.step_at is None else ""


def read_counts(text: str) -> dict[str, int]:
    """What a line counts: 1 overdue, 6 stalled."""
    return {what: int(n) for n, what in re.findall(rf"(\d+) ({'|'.join(WHAT)})", text)}


def find_line(text: str, start: str) -> str:
    """The first line that begins so; empty without one."""
    return next((line for line in text.splitlines() if line.startswith(start)), "")


def pick(counts: Counter[str], named: Sequence[str]) -> dict[str, int]:
    """Those of the counts, without zeros."""
    return {what: counts[what] for what in named if counts[what]}


@settings(max_examples=12)
@given(
    deals=st.fixed_dictionaries({name: st.lists(KINDS, max_size=6) for name in REPS}),
    times=st.lists(WORKING, min_size=3, max_size=3),
)
async def test_the_digest_today_hygiene_slipping_and_the_nudges_count_the_same(
    deals: dict[str, list[Kind]], times: list[Working]
) -> None:
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as office:
        with office.app.database.work() as memory:
            fill(memory, deals, times, office.clock.now())
        await check_everything(office)


async def check_everything(office: Office) -> None:
    """Asks everything that counts deals, and compares it with what is reckoned by hand."""
    slipping = said(await office.says("Mia", "slipping"))
    hygiene = said(await office.says("Mia", "hygiene"))
    every: Counter[str] = Counter()
    for name in REPS:
        theirs = by_hand.deals(office.rows, office.member(name))
        faults = {deal.id: expect_fault(office, deal) for deal in theirs}
        counts = Counter(faults.values())
        every += counts
        day = said(await office.says(name, "today"))
        assert read_counts(find_line(day, "Today")) == pick(counts, WHAT[:2])
        assert read_counts(find_line(slipping, f"• {name}")) == pick(counts, WHAT[:2])
        assert read_counts(find_line(hygiene, f"{name}:")) == pick(counts, WHAT)
        with desk_of(office, name) as desk:
            digest = daily_digest.render_digest(desk)
            text = said(digest) if digest is not None else ""
            assert read_counts(find_line(text, "Good morning")) == pick(counts, WHAT[:2])
            check_each(desk, faults)
    with desk_of(office, "Mia") as desk:
        key = weekly_team_digest.make_key(desk.member, desk.now)
        row = Outbox(
            team_id=1, member_id=desk.member.id, key=key, kind="team_week", due_at=desk.now
        )
        week = weekly_team_digest.compose(row, desk)
        assert slipping == (said(week) if week is not None else "✓ Nothing is slipping.")
        check_each(desk, {})
    funnel = said(await office.says("Mia", "funnel"))
    assert read_counts(find_line(funnel, "⏰")) == pick(every, WHAT)


def check_each(desk: Desk, faults: dict[int, str]) -> None:
    """Checks which nudges of each deal are still true, and what its row in a list says."""
    for deal in desk.memory.deals.within(Scope(1)):
        if deal.id not in faults:
            continue
        true = {
            kind
            for kind in ("step", "stall", "escalate")
            if is_still_true(desk, make_nudge(desk, deal, kind), deal)
        }
        fault = faults[deal.id]
        wanted = {"overdue": {"step", "escalate"}, "stalled": {"stall", "escalate"}}
        assert true == wanted.get(fault, set())
        row = "".join(span.text for span in render_waiting(desk, deal))
        assert ("overdue" in row, "stalled" in row) == (fault == "overdue", fault == "stalled")


def make_nudge(desk: Desk, deal: Deal, kind: str) -> Nudge:
    """An open nudge about the deal that was never stored."""
    return Nudge(
        team_id=1, deal_id=deal.id, member_id=desk.member.id, key="", kind=kind, made_at=desk.now
    )


async def test_an_overdue_step_is_never_called_stalled_whoever_looks(office: Office) -> None:
    await office.says("Ann", "lead Acme, 12k")
    await office.says("Ann", "next acme today 12:00 call Jane")
    office.wait(days=9)
    assert "1 overdue\n" in said(await office.says("Ann", "today"))
    assert "• Ann: 1 overdue (first Acme)" in said(await office.says("Mia", "slipping"))
    assert "Ann: 1 overdue" in said(await office.says("Mia", "hygiene"))
    assert "⏰ overdue since" in said(await office.says("Mia", "deals"))
    assert "⏰ 1 overdue" in said(await office.says("Mia", "funnel"))
