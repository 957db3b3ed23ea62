"""Whatever people do, nothing that is in good hands is nudged and nothing else is forgotten.

Random histories go through the app and the delivery; what should come is counted by hand.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from bot.delivery.loop import Delivery
from bot.port import Address
from handlers.contract.desk import next_digest
from handlers.contract.reply import Reply
from tests import by_hand
from tests.bot.delivery.recorder import Recorder
from tests.office import Office, opened, said

NAMES = ("Acme", "Beta", "Gamma", "Delta")
ON_TIME = timedelta(hours=1)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DIGEST_HOUR = 8
ACTS = (
    "note {} they called",
    "next {} today 21:00 call",
    "next {} tomorrow 10am call",
    "next {} in 2 days call",
    "next {} in 4 months call",
    "next {} sunday 11am call",
    "advance {}",
    "move {} negotiation",
    "done {}",
    "park {} in 1 week",
    "reopen {}",
    "lost {} price",
    "undo",
    "nudges off {}",
    "nudges on {}",
    "snooze {}",
)
OWN = ("away tomorrow", "away until friday", "away off", "nudges 0", "nudges 1", "nudges 5")
Move = tuple[str, str]


def histories() -> st.SearchStrategy[list[Move]]:
    about = st.builds(str.format, st.sampled_from(ACTS), st.sampled_from(NAMES))
    taps = st.tuples(st.just("taps"), st.sampled_from(("done", "tomorrow", "week", "time", "off")))
    moves = st.one_of(
        st.tuples(st.just("says"), about),
        st.tuples(st.just("waits"), st.sampled_from(("1", "7", "23", "50"))),
        st.tuples(st.just("says"), about),
        st.tuples(st.just("waits"), st.sampled_from(("3", "18", "72"))),
        taps,
        st.tuples(st.just("says"), st.sampled_from(OWN)),
        st.tuples(st.just("moves to"), st.sampled_from(sorted(by_hand.HOLIDAYS))),
        st.tuples(st.just("sleeps"), st.sampled_from(("2", "14", "60"))),
    )
    return st.lists(moves, min_size=2, max_size=12)


@dataclass
class Watch:
    """Looks at the deals in the very moment a message about them leaves."""

    office: Office
    wrong: list[str] = field(default_factory=list)
    told: dict[int, list[datetime]] = field(default_factory=dict)  # deal -> when, by either way
    nudged: list[tuple[datetime, int]] = field(default_factory=list)
    changed_at: datetime = LONG_AGO
    last: int = 0

    def __call__(self, address: Address, reply: Reply) -> None:
        now, ann = self.office.clock.now(), self.ann()
        deals = self.deals()
        if "Good morning" in said(reply):
            self.digest(reply, ann, deals, now)
        elif reply.about:
            self.nudge(address, ann, next(d for d in deals if d.id == reply.about), now)

    def ann(self) -> by_hand.Person:
        """Ann as she is now."""
        return by_hand.person(self.office.rows, self.office.member("Ann"))

    def deals(self) -> list[by_hand.Plain]:
        """Her deals as they are now."""
        return by_hand.deals(self.office.rows, self.office.member("Ann"))

    def digest(
        self, reply: Reply, ann: by_hand.Person, deals: list[by_hand.Plain], now: datetime
    ) -> None:
        named = {deal.id for deal in deals if deal.name in said(reply)}
        owed = {deal.id for deal in deals if deal.belongs_in_the_digest(ann, now)}
        if named != owed:
            self.wrong.append(f"{now}: the digest names {named} instead of {owed}")
        for number in named:
            self.told.setdefault(number, []).append(now)

    def nudge(
        self, address: Address, ann: by_hand.Person, deal: by_hand.Plain, now: datetime
    ) -> None:
        [[self.last, kind, n]] = self.office.rows(
            "select id, kind, n from nudge where deal_id = ? and not folded and answered_at is null"
            " order by id desc limit 1",
            deal.id,
        )
        rules = _broken(ann, deal, kind, now)
        midnight = ann.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
        since = max(ann.instant(midnight), self.changed_at)
        booked = kind == "step" and n == 1  # a booked step rings, however full the day
        full = sum(at >= since for at, _ in self.nudged) >= ann.budget
        rules["over the budget"] = full and not booked
        rules["said on this day"] = kind != "step" and any(
            number == deal.id and at >= since for at, number in self.nudged
        )
        rules["to somebody else"] = address.account_id != "member-Ann"
        self.wrong += [
            f"{now} {kind} {n} of {deal.name}: {what}" for what, so in rules.items() if so
        ]
        self.nudged.append((now, deal.id))
        self.told.setdefault(deal.id, []).append(now)

    def forgotten(self) -> None:
        """What has stalled by the last morning and nobody was told of since it was last touched."""
        now, ann = self.office.clock.now(), self.ann()
        morning = ann.last_morning(now, DIGEST_HOUR)
        if morning <= self.changed_at:
            return
        for deal in self.deals():
            told = [at for at in self.told.get(deal.id, ()) if at >= deal.active_at]
            waits = deal.is_overdue(morning) or deal.is_stalled(ann, morning)
            if waits and not told:
                self.wrong.append(f"{now}: nobody was told of {deal.name}")


def _broken(ann: by_hand.Person, deal: by_hand.Plain, kind: str, now: datetime) -> dict[str, bool]:
    step = deal.step_at
    at_its_time = kind == "step" and step is not None and now - step <= ON_TIME
    return {
        "a step is booked": deal.is_booked(now),
        "the deal is not live": kind != "unpark" and deal.status != "live",
        "the deal is not parked": kind == "unpark" and deal.status != "parked",
        "nobody works now": not ann.works_at(now) and not at_its_time,
        "they are away": ann.days_off(ann.local(now).date()),
        "the step is not due": kind == "step" and (step is None or step > now),
        "it is early": kind == "stall" and not deal.is_stalled(ann, now),
    }


async def play(office: Office, history: list[Move]) -> Watch:
    watch = Watch(office)
    post = Recorder(office.clock, on_send=watch)
    delivery = Delivery(office.app, {post.platform: post})
    _wants_digest(office, "Ann")
    for name in NAMES:
        await office.says("Ann", f"lead {name}")
    watch.changed_at = office.clock.now()
    for kind, what in [*history, ("waits", "150")]:
        if kind == "waits":
            await wait(watch, delivery, int(what))
            continue
        if kind == "says":
            await office.says("Ann", what)
        elif kind == "taps" and watch.last:
            await office.taps("Ann", f"nudge:{watch.last}:{what}")
        elif kind == "moves to":
            values = {"zone": what, "hours": "9-18", "days": "01234", "digest": str(DIGEST_HOUR)}
            await office.fills("Ann", "settings", values)
        elif kind == "sleeps":
            office.wait(hours=int(what))
            await delivery.tick()
        watch.changed_at = office.clock.now()
    return watch


async def wait(watch: Watch, delivery: Delivery, hours: int) -> None:
    """Lets time pass, and looks each morning whether somebody is forgotten."""
    office = watch.office
    until = office.clock.now() + timedelta(hours=hours)
    for stop in _mornings(office, until):
        await delivery.pass_time(office.clock, stop)
        watch.forgotten()


def _mornings(office: Office, until: datetime) -> Iterator[datetime]:
    ann, at = by_hand.person(office.rows, office.member("Ann")), office.clock.now()
    midnight = ann.local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    for ahead in range(30):
        stop = ann.instant(midnight + timedelta(days=ahead, hours=DIGEST_HOUR)) + MINUTE
        if at < stop < until:
            yield stop
    yield until


def _wants_digest(office: Office, name: str) -> None:
    with office.app.database.work() as memory:
        member = memory.members.get(1, office.member(name))
        assert member is not None
        member.digest_due_at = next_digest(member, office.clock.now())


@pytest.mark.slow
@settings(max_examples=settings().max_examples // 8)
@given(histories())
def test_what_is_in_good_hands_is_let_be_and_all_else_is_told_of_in_time(
    history: list[Move],
) -> None:
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as office:
        watch = asyncio.run(play(office, history))
    event(f"{min(9, len(watch.nudged))} nudges")
    assert watch.wrong == []
