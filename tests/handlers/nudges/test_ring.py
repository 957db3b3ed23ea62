"""Every booked step rings once, at its minute, or somebody settled it before."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from bot.delivery.loop import Delivery
from bot.port import Address, DeliveryError
from handlers.contract.reply import Reply
from tests import by_hand
from tests.bot.delivery.recorder import Recorder
from tests.office import Office, action, opened, said

BERLIN = ZoneInfo("Europe/Berlin")
NAMES = ("Acme", "Beta")
TEXTS = ("call jane", "send offer", "ask boss")
DEAL_ACTS = (
    "note {} they called",
    "advance {}",
    "offer {} 12k",
    "done {}",
    "park {} in 1 week",
    "lost {} price",
    "reopen {}",
)
OWN_ACTS = (
    "nudges 0",
    "nudges 1",
    "nudges 5",
    "away tomorrow",
    "away until friday",
    "away off",
    "undo",
)
Move = tuple[str, str]


def on(day: int, hour: int, minute: int = 0) -> datetime:
    """A local moment of that November; the 18th is the Wednesday on which every test begins."""
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN)


async def test_two_steps_of_one_minute_are_two_lines_of_one_message_each_with_its_own_tap(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await office.says("Ann", "lead Acme")
    await office.says("Ann", "lead Beta")
    await office.says("Ann", "next acme today 15:00 call Jane")
    await office.says("Ann", "next beta today 15:00 send it")
    await office.says("Ann", "remind me to buy milk at 15:00")
    await delivery.pass_time(office.clock, on(18, 15))
    [message] = post.received
    assert message.at == on(18, 15)
    assert [message.text.count(what) for what in ("call Jane", "send it", "buy milk")] == [1, 1, 1]
    await office.taps("Ann", message.button("✓ Acme").action)
    await delivery.pass_time(office.clock, on(18, 15, 5))
    [edited] = post.settled
    assert "✓ Acme" not in [button.label for row in edited.reply.buttons for button in row]
    assert "✓ Beta" in [button.label for row in edited.reply.buttons for button in row]
    states = "select text, state from step order by id"
    assert office.rows(states) == [("call Jane", "done"), ("send it", "open"), ("buy milk", "open")]


async def test_a_step_held_up_on_the_way_still_rings_after_a_note_on_its_deal(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await office.says("Ann", "lead Acme")
    await office.says("Ann", "next acme today 15:00 call Jane")
    office.clock.move_to(on(18, 15))
    post.failures.append(DeliveryError("flood", retryable=True, retry_after=900))
    await delivery.tick()
    await office.says("Ann", "note acme they wrote back")
    await delivery.pass_time(office.clock, on(18, 16))
    assert [each.at for each in post.received] == [on(18, 15, 15)]


async def test_on_a_day_off_a_step_waits_unless_its_member_said_to_ring_anyway(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await office.says("Ann", "lead Acme")
    await office.says("Ann", "lead Beta")
    await office.says("Ann", "away until monday")
    await office.says("Ann", "next acme friday 10am call Jane")
    asked = await office.says("Ann", "next beta friday 11am call Tom")
    assert "Ring anyway?" in said(asked)
    await office.taps("Ann", action(asked, "Ring anyway"))
    await delivery.pass_time(office.clock, on(23, 9))
    nudges = (each for each in post.received if "Good morning" not in each.text)
    rings = [(each.at, "Tom" in each.text) for each in nudges]
    assert rings == [(on(20, 11), True), (on(23, 9), False)]


@dataclass
class Watch:
    """Notes which open steps each message rings for, at the moment it leaves."""

    office: Office
    rang: Counter[tuple[int, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __call__(self, _address: Address, reply: Reply) -> None:
        now = self.office.clock.now()
        query = (
            "select s.id, s.at, s.anyway, n.id from nudge n join step s on s.id = n.step_id"
            " join outbox o on o.subject_id = coalesce(n.carrier_id, n.id) and o.kind = 'nudge'"
            " where n.key like 'ring:%' and o.state = 'claimed' and s.state = 'open'"
            " and n.key = 'ring:' || s.id || ':' || strftime('%s', s.at)"
        )
        ann = by_hand.person(self.office.rows, self.office.member("Ann"))
        for step, at, anyway, _nudge in self.office.rows(query):
            self.rang[step, at] += 1
            due = by_hand.read(at)
            off = ann.days_off(ann.local(due).date()) or ann.days_off(ann.local(now).date())
            if now != due and (anyway or not off):
                self.wrong.append(f"step {step} of {due} rang at {now}")

    def missed(self) -> list[str]:
        """Open steps whose time has passed, on no day off, and that did not ring just once."""
        now = self.office.clock.now()
        ann = by_hand.person(self.office.rows, self.office.member("Ann"))
        found = []
        for step, at in self.office.rows("select id, at from step where state = 'open'"):
            due = by_hand.read(at)
            waits = self.office.one("select away_from is not null from member where name = 'Ann'")
            count = self.rang[step, at]
            if count > 1 or (due <= now and count == 0 and not waits):
                found.append(f"step {step} of {due} rang {count} times by {ann.local(now)}")
        return found


def histories() -> st.SearchStrategy[list[Move]]:
    hours = st.sampled_from(("9am", "10am", "2pm", "2:30pm", "9pm", "5am"))
    days = st.sampled_from(("today", "tomorrow", "friday", "saturday", "in 6 days"))
    booking = st.builds(
        "next {} {} {} {}".format, st.sampled_from(NAMES), days, hours, st.sampled_from(TEXTS)
    )
    own = st.builds("remind me to {} {} {}".format, st.sampled_from(TEXTS), days, hours)
    about = st.builds(str.format, st.sampled_from(DEAL_ACTS), st.sampled_from(NAMES))
    waits = st.tuples(st.just("waits"), st.sampled_from(("1", "5", "12", "24", "60")))
    taps = st.tuples(
        st.just("taps"), st.sampled_from(("done", "drop", "move", "anyway", "working"))
    )
    says = st.tuples(st.just("says"), booking | own | booking | about | st.sampled_from(OWN_ACTS))
    muting = st.tuples(st.just("rule"), st.sampled_from(("rule-off:step", "rule-on:step")))
    budget = st.tuples(st.just("says"), st.sampled_from(("nudges 0", "nudges 1", "nudges 5")))
    booked = st.lists(st.tuples(st.just("says"), booking | own), min_size=2, max_size=6)
    more = st.lists(says | says | waits | taps | muting, min_size=2, max_size=12)
    return st.builds(lambda first, some, rest: [first, *some, *rest], budget, booked, more)


async def play(office: Office, history: list[Move], begin: datetime) -> Watch:
    office.clock.move_to(begin)
    watch = Watch(office)
    post = Recorder(office.clock, on_send=watch)
    delivery = Delivery(office.app, {post.platform: post})
    for name in NAMES:
        await office.says("Ann", f"lead {name}")
    for kind, what in [*history, ("says", "away off"), ("waits", "170")]:
        if kind == "says":
            await office.says("Ann", what)
        elif kind == "rule":
            await office.taps("Ann", what)
        elif kind == "taps":
            for (step,) in office.rows("select id from step where state = 'open' limit 1"):
                await office.taps("Ann", f"step-{what}:{step}")
        else:
            until = office.clock.now() + timedelta(hours=int(what))
            await delivery.pass_time(office.clock, until)
    watch.wrong += watch.missed()
    return watch


@pytest.mark.slow
@settings(max_examples=settings().max_examples // 4)
@given(histories(), st.sampled_from((on(18, 10), datetime(2026, 10, 22, 8, tzinfo=UTC))))
def test_every_booked_step_rings_once_in_time_or_was_settled_before(
    history: list[Move], begin: datetime
) -> None:
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as office:
        watch = asyncio.run(play(office, history, begin))
    event(f"{min(9, watch.rang.total())} rings")
    assert watch.wrong == []
