"""However often, late and out of order an update is delivered, it has one effect and one answer."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.bench.sales_floor import names
from tests.fakes.botapi import BotApi, Group, User
from tests.fakes.botapi.errors import Json
from tests.faults import promises
from tests.faults.process import started
from tests.faults.promises import FIRST_ACCOUNT, Promises, rows
from tests.faults.report import Report, sized
from tests.faults.storms import stopped

pytestmark = pytest.mark.faults

PEOPLE = sized(1, 20)
COPIES = 3  # of an update at most, beside the first
SECONDS_LATE = (6 * 60.0, 23 * 3600.0)
SHEET = b"key,objection,say\nk1,It is green,It is blue on Thursdays.\n"


@dataclass
class Day:
    """What the people of a team do, and every update that it made."""

    api: BotApi
    path: Path
    chance: random.Random
    deliver: Callable[[Day, Json], None]
    seen: list[Json] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    copies: Counter[str] = field(default_factory=Counter)

    async def passes(self, group: Group, people: list[User]) -> None:
        """Everything that can come in, from each of them."""
        for person, name in zip(people, names(self.chance, len(people)), strict=True):
            led = await self.does("text", person.says, f"/lead {name} 5000 EUR")
            await self.does("edited text", person.edits, led, f"/lead {name} 6000 EUR")
            await self.does("text", person.says, f"/note {name} called, wants a quote")
            await self.does("reply", person.says, "sent it", None, person.chat.messages[-1])
            await self.does("button", person.presses, person.chat.messages[-1].rows[0][0])
            await self.does("look-up", person.says, "/obj too expensive")
            await self.does("contact", person.shares_contact, "+4930123456", "Bob")
            await self.does("forward", person.forwards, "it is too expensive", "Bob")
            await self.does("file", person.sends_document, "cards.csv", SHEET, "text/csv")
            asked = len(self.api.inline_answers)
            await self.does("inline query", person.inline, "too expensive")
            await self.api.wait_for(lambda: len(self.api.inline_answers) > asked, 30)  # noqa: B023 awaited here
            answer = self.api.inline_answers[-1]
            await self.does("inline choice", person.picks, answer, str(answer.results[0]["id"]))
            await self.does("group", person.says, "/deals@RepmateBot", group)
            await self.does("blocked", person.blocks_bot)
            await self.does("unblocked", person.unblocks_bot)

    async def does(self, kind: str, act: Callable[..., Json], *given: Any) -> Json:
        """Does one thing, lets it be delivered as often as it is, and waits for all of it."""
        update = act(*given)
        assert update, kind
        self.kinds[kind] += 1
        self.seen.append(update)
        self.deliver(self, update)
        await self.settled()
        return update

    async def settled(self) -> None:
        """Waits until every update is received, and what was kept of them is answered."""
        while True:
            await self.api.idle(quiet=0.1, timeout=30)
            if not rows(self.path, "select 1 from inbox where state in ('received', 'handled')"):
                return

    def again(self, update: Json) -> None:
        """The same update once more."""
        self.copies[next(key for key in update if key != "update_id")] += 1
        self.api.push(update)


def once(_day: Day, _update: Json) -> None:
    """Nothing is delivered twice."""


def copied(day: Day, update: Json) -> None:
    """Up to three copies at once, and some earlier update before or after them."""
    again = [update] * day.chance.randint(1, COPIES) + [day.chance.choice(day.seen)]
    for each in day.chance.sample(again, len(again)):
        day.again(each)


def renumbered(day: Day, update: Json) -> None:
    """A copy that nobody can know for one: it has an id of its own."""
    day.again({key: value for key, value in update.items() if key != "update_id"})


async def lived(
    path: Path, seed: int, deliver: Callable[[Day, Json], None], late: tuple[float, ...] = ()
) -> tuple[Day, dict[str, int]]:
    """A day of that team; what there is in each table at its end, and how much was said."""
    path.parent.mkdir()
    promises.keep(path, Promises({}), PEOPLE)
    async with BotApi() as api:
        promises.introduce(api, PEOPLE)
        people = [api.user(FIRST_ACCOUNT + n, f"Rep {n}", wrote=True) for n in range(PEOPLE)]
        group = api.group(-500, "Sales", people)
        day, clock = Day(api, path, random.Random(seed), deliver), Promises({})
        clock.begin()
        process = started(api, path, clock.clock)
        await api.wait_for(lambda: api.calls["getUpdates"] > 0, 30)
        await day.passes(group, people)
        assert await stopped(process) == 0
        for seconds in late:
            await _delivered_late(day, path, seconds)
        found = _counted(path)
        return day, found | {"messages": len(api.sent), "toasts": len(api.callback_answers)}


async def _delivered_late(day: Day, path: Path, seconds: float) -> None:
    """Each update once more, in any order, to a bot started anew; none where all comes once."""
    clock = Promises({})
    clock.begin(seconds)
    if day.copies:
        for update in day.chance.sample(day.seen, len(day.seen)):
            day.again(update)
    process = started(day.api, path, clock.clock)
    await day.api.wait_for(lambda: not day.api.updates.waiting, 30)
    await day.settled()
    await day.api.idle(quiet=1.5, timeout=30)
    assert await stopped(process) == 0


def _counted(path: Path) -> dict[str, int]:
    tables = rows(path, "select name from sqlite_master where type = 'table'")
    return {name: rows(path, f"select count(*) from {name}")[0][0] for (name,) in tables}  # noqa: S608 our names


async def test_each_update_has_one_effect_however_often_and_late_it_comes(
    tmp_path: Path, report: Report
) -> None:
    _day, expected = await lived(tmp_path / "once" / "day.db", report.seed, once, SECONDS_LATE)
    path = tmp_path / "copies" / "day.db"
    day, found = await lived(path, report.seed, copied, SECONDS_LATE)
    for kind, copies in day.copies.items():
        report.fault(f"copy of {kind}", copies)
    report.note(f"done: {dict(day.kinds)}")
    unlike = {name: (found[name], n) for name, n in expected.items() if found[name] != n}
    report.holds("every table holds what a day without copies makes", not unlike, unlike)
    report.holds("nothing is put aside", not rows(path, "select 1 from inbox where state = 'dead'"))
    day, found = await lived(tmp_path / "new" / "day.db", report.seed, renumbered)
    report.fault("copy under another id, which cannot be known for one", day.copies.total())
    more = {name for name, count in expected.items() if found[name] > count}
    report.holds("without their ids the same copies have effects", {"event", "messages"} <= more)
