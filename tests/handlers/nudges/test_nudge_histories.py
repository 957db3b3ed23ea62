"""Whatever people do and whenever: nobody is nudged about a deal that is in good hands."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import event, given, settings
from hypothesis import strategies as st

from bot.delivery.loop import Delivery
from bot.port import Address
from handlers.contract.reply import Reply
from handlers.deals.attention import get_deal_facts
from handlers.deals.record import UNDO_WINDOW
from kb.funnel.stages.funnel_templates import load_funnel
from kb.funnel.stall import MOST_NUDGES, NEVER, is_step_booked
from storage.scope import Scope
from storage.tables.messages import Nudge
from storage.tables.people_and_deals import Deal
from tests.bot.delivery.recorder import Recorder
from tests.office import Office, opened

BERLIN = ZoneInfo("Europe/Berlin")
FUNNEL = load_funnel("odds6")
ACTS = (
    "note {} they called",
    "next {} today 21:00 call",
    "next {} tomorrow 10am call",
    "next {} in 3 days call",
    "next {} in 4 months call",
    "advance {}",
    "back {}",
    "offer {} 12k",
    "park {} in 2 weeks",
    "reopen {}",
    "lost {} price",
    "undo",
    "nudges off {}",
    "nudges on {}",
    "snooze {}",
)
Move = tuple[str, str]


def moves() -> st.SearchStrategy[list[Move]]:
    said = st.builds(str.format, st.sampled_from(ACTS), st.sampled_from(("Acme", "Beta")))
    says = st.tuples(st.just("says"), said)
    waits = st.tuples(st.just("waits"), st.sampled_from(("1", "5", "23", "50", "170")))
    taps = st.tuples(st.just("taps"), st.sampled_from(("done", "tomorrow", "week", "time", "off")))
    return st.lists(st.one_of(says, waits, says, taps), min_size=1, max_size=10)


@dataclass
class Watch:
    """Looks at the deal in the very moment a nudge about it leaves."""

    office: Office
    wrong: list[str] = field(default_factory=list)
    seen: list[Nudge] = field(default_factory=list)

    def __call__(self, _address: Address, reply: Reply) -> None:
        with self.office.app.database.work() as memory:
            deal = memory.deals.get(Scope(1), reply.about or 0)
            assert deal is not None
            [nudge] = memory.nudges.list_open(1, deal.id)[-1:]
        now = self.office.clock.now()
        self.wrong += [f"{nudge.key} at {now}: {what}" for what in _wrong(deal, nudge, now)]
        self.seen.append(nudge)


def _wrong(deal: Deal, nudge: Nudge, now: datetime) -> list[str]:
    step = deal.next_step_at
    local = now.astimezone(BERLIN)
    at_work = local.weekday() < 5 and time(9) <= local.time() < time(18)
    rules = {
        "a step is booked": nudge.kind == "stall"
        and step is not None
        and step > now
        and is_step_booked(get_deal_facts(deal), FUNNEL),
        "the deal is not live": nudge.kind != "unpark" and deal.status != "live",
        "the deal is not parked": nudge.kind == "unpark" and deal.status != "parked",
        "nobody works now": not at_work and not (nudge.kind == "step" and nudge.n == 1),
        "the step is not due": nudge.kind == "step" and (step is None or step > now),
        "the step is long past": nudge.kind == "step"
        and nudge.n == 1
        and step is not None
        and now - step > UNDO_WINDOW,
        "its rhythm is never": nudge.kind == "stall" and deal.rhythm == NEVER,
        "one too many": nudge.n > MOST_NUDGES + 1,
    }
    return [what for what, broken in rules.items() if broken]


async def play(office: Office, history: list[Move]) -> Watch:
    watch = Watch(office)
    post = Recorder(office.clock, on_send=watch)
    delivery = Delivery(office.app, {post.platform: post})
    for name in ("Acme", "Beta"):
        await office.says("Ann", f"lead {name}")
    for kind, what in [*history, ("waits", "400")]:
        if kind == "says":
            await office.says("Ann", what)
        elif kind == "taps" and watch.seen:
            await office.taps("Ann", f"nudge:{watch.seen[-1].id}:{what}")
        elif kind == "waits":
            until = office.clock.now() + timedelta(hours=int(what))
            await delivery.pass_time(office.clock, until)
    return watch


@settings(max_examples=settings().max_examples // 20)
@given(moves())
def test_every_nudge_that_leaves_is_true_and_in_time(history: list[Move]) -> None:
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as office:
        watch = asyncio.run(play(office, history))
        made = office.one("select count(*) from nudge")
    for nudge in watch.seen:
        event(nudge.kind)
    assert watch.wrong == []
    assert len({nudge.id for nudge in watch.seen}) == len(watch.seen) <= made
