"""Runs the month: from one thing due to the next, with people who act and a platform that fails."""

from __future__ import annotations

import heapq
import random
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from bot.clock import SetClock
from bot.delivery.loop import Delivery
from bot.port import Address
from handlers.contract.reply import Reply
from handlers.contract.request import Request
from storage.engine import Database
from storage.migrate import upgrade
from tests import by_hand
from tests.databases import without_waiting_for_the_disk
from tests.office import account
from tests.simulation.floor import BEGIN, Size, founded
from tests.simulation.ledger import Ledger
from tests.simulation.people import Person, people
from tests.simulation.post import OneThread, Post

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
# While the process sleeps nothing is swept and nobody answered: a morning, and a long weekend.
SLEEPS = (
    (BEGIN + 8 * DAY - timedelta(hours=2), BEGIN + 8 * DAY + timedelta(hours=9)),
    (BEGIN + 18 * DAY + timedelta(hours=9), BEGIN + 21 * DAY + timedelta(hours=7)),
)
BLOCKING = 0.03  # of the people block the bot for some days
SETTLING = ("away", "nudges ")  # what changes when somebody is told of their deals
FURTHER = 3  # taps and words that an answer may lead to
LEADS_ON = 0.5


Act = tuple[datetime, int, Person, Callable[[Person], Request | None], int]


class Month:
    """One simulated month in a database file of its own."""

    def __init__(
        self, folder: Path, size: Size, passed: Callable[[str], None] = lambda _said: None
    ) -> None:
        self.size = size
        self._passed = passed
        self.end = BEGIN + size.days * DAY
        self.clock = SetClock(BEGIN)
        database = Database(f"sqlite:///{folder / 'month.db'}")
        without_waiting_for_the_disk(database)
        upgrade(database)
        workers = founded(database, size)
        self.app = OneThread(database, self.clock)
        self._reader = sqlite3.connect(folder / "month.db")
        self.people = {f"member-{w.worker.name}": w for w in people(workers, size.seed)}
        self.ledger = Ledger(self.rows)
        chance = random.Random(size.seed)
        self.post = Post(self.clock, on_send=self._arrived, chance=chance)
        self.post.blocked = dict(self._blockings(chance))
        self.delivery = Delivery(self.app, {self.post.platform: self.post})
        self.changed: dict[int, datetime] = {}
        self.back: dict[str, datetime] = {}  # when who had blocked the bot wrote to it again
        self.acts = 0
        self._diary: list[Act] = []
        self._number = count()

    def rows(self, query: str, *values: object) -> list[Any]:
        """The rows of a query, read beside the app."""
        return self._reader.execute(query, values).fetchall()

    async def run(self) -> Ledger:
        """Lets the month pass."""
        for day in range(self.size.days):
            await self._until(BEGIN + (day + 1) * DAY, day)
            self._look_for_the_forgotten()
            self.ledger.steps(BEGIN + day * DAY, self.clock.now(), _is_asleep)
            self._passed(f"day {day + 1}: {len(self.ledger.nudges):,} nudges, {self.acts:,} acts")
        self._look_for_the_lost()
        self.ledger.closed()
        self._reader.close()
        self.app.close()
        return self.ledger

    async def _until(self, end: datetime, day: int) -> None:
        self._plan(BEGIN + day * DAY)
        stuck = False
        while True:
            due = await self.app.run_off_loop(self.delivery.find_next_due)
            now = self.clock.now()
            ahead = [at for at in (due, self._diary[0][0] if self._diary else None) if at]
            at = max(min(ahead, default=end), now + MINUTE if stuck else now)
            at = next((stop for begin, stop in SLEEPS if begin <= at < stop), at)
            if at >= end:
                break
            self.clock.move_to(at)
            left = await self.delivery.tick() if due is not None and due <= at else 0
            done = await self._act()
            stuck = not left and not done
        self.clock.move_to(max(end, self.clock.now()))

    def _plan(self, day: datetime) -> None:
        """What people will do by themselves on this day of theirs."""
        for person in self.people.values():
            me = by_hand.person(self.rows, person.worker.member_id)
            for at in person.acts_today(me, me.local(day + DAY / 2)):
                self._later(max(at, self.clock.now()), person, self._speaks)

    async def _act(self) -> int:
        """Whatever people do at this minute."""
        done = 0
        while self._diary and self._diary[0][0] <= self.clock.now():
            _at, _number, person, what, depth = heapq.heappop(self._diary)
            request = what(person)
            if request is None:
                continue
            done += 1
            self._is_back(person)
            reply = (await self.app.answer(request)).reply
            if request.text.startswith(SETTLING) or request.action.startswith(SETTLING):
                self.changed[person.worker.member_id] = self.clock.now()
            if depth < FURTHER and person.chance.random() < LEADS_ON:
                self._leads_on(person, reply, depth)
        self.acts += done
        return done

    def _is_back(self, person: Person) -> None:
        name = f"member-{person.worker.name}"
        begin, end = self.post.blocked.get(name, (BEGIN, BEGIN))
        if begin < end <= self.clock.now():
            self.back.setdefault(name, self.clock.now())

    def _leads_on(self, person: Person, reply: Reply, depth: int) -> None:
        """An answer that asks something is answered too, mostly."""
        action = person.tap(reply)
        if person.chance.random() < 0.5 and reply.about:
            said = person.chance.choice(
                ("friday 10am call", "in 2 days", "next tuesday 3pm demo", "they liked it a lot")
            )
            self._later(self.clock.now() + MINUTE, person, lambda p: self._says(p, said), depth + 1)
        elif action is not None:
            self._later(
                self.clock.now() + MINUTE, person, lambda p: self._taps(p, action), depth + 1
            )

    def _arrived(self, address: Address, reply: Reply) -> None:
        person = self.people.get(address.account_id)
        if person is None:
            return  # an admin, who sells nothing
        now = self.clock.now()
        self.ledger.arrived(person.worker.member_id, reply, now)
        delay, action = person.answers(), person.tap(reply)
        if delay is not None and action is not None:
            self._later(now + delay, person, lambda p: self._taps(p, action))

    def _speaks(self, person: Person) -> Request | None:
        begin, end = self.post.blocked.get(f"member-{person.worker.name}", (BEGIN, BEGIN))
        if begin <= self.clock.now() < end:
            return None
        theirs = by_hand.deals(self.rows, person.worker.member_id)
        open_ = [deal.name for deal in theirs if deal.status in ("live", "parked")]
        return self._says(person, person.says(open_))

    def _says(self, person: Person, text: str) -> Request:
        return Request(f"act-{next(self._number)}", account(person.worker.name), text=text)

    def _taps(self, person: Person, action: str) -> Request:
        number = f"act-{next(self._number)}"
        return Request(number, account(person.worker.name), kind="button", action=action)

    def _later(
        self,
        at: datetime,
        person: Person,
        what: Callable[[Person], Request | None],
        depth: int = 0,
    ) -> None:
        at = at.replace(second=0, microsecond=0)
        heapq.heappush(self._diary, (at, next(self._number), person, what, depth))

    def _blockings(self, chance: random.Random) -> list[tuple[str, tuple[datetime, datetime]]]:
        found = []
        for name in self.people:
            if chance.random() < BLOCKING:
                begin = BEGIN + chance.uniform(3, self.size.days) * DAY
                found.append((name, (begin, begin + chance.uniform(1, 5) * DAY)))
        return found

    def _look_for_the_forgotten(self) -> None:
        """Deals that have stalled by their owner's last morning, and nobody was told of."""
        now = self.clock.now()
        for name, person in self.people.items():
            me = by_hand.person(self.rows, person.worker.member_id)
            morning = me.last_morning(now, 8)
            deals = by_hand.deals(self.rows, me.id)
            live = [deal for deal in deals if deal.status == "live"]
            self.ledger.day(now.date(), live, me, now)
            if self._is_out_of_reach(name, morning, now) or any(
                begin <= morning < end for begin, end in SLEEPS
            ):
                continue  # nobody could tell them
            changed = self.changed.get(me.id, BEGIN)
            for deal in live:
                waits = deal.is_overdue(morning) or deal.is_stalled(me, morning)
                if waits and deal.active_at < morning and changed < morning:
                    told = self.ledger.told.get(deal.id, BEGIN) >= min(deal.active_at, morning)
                    self.ledger.check("nobody forgotten", told, f"{deal.name} of {name} at {now}")

    def _is_out_of_reach(self, name: str, morning: datetime, now: datetime) -> bool:
        """Whether they had blocked the bot, and did not write to it again before the morning.

        Nothing but a message of theirs says that it may write to them once more.
        """
        begin, end = self.post.blocked.get(name, (BEGIN, BEGIN))
        back = self.back.get(name)
        return begin < end and begin - DAY <= now and (back is None or morning < back)

    def _look_for_the_lost(self) -> None:
        """Every message ended: it arrived once, or there was a reason not to send it."""
        kept = [ref for (ref,) in self.rows("select message_ref from outbox where state = 'sent'")]
        self.ledger.check(
            "nothing lost on the way", sorted(kept) == sorted(self.post.refs), "sent ones"
        )
        waiting = self.rows(
            "select id, kind, state, due_at from outbox where state = 'dead'"
            " or (state in ('pending', 'claimed') and due_at <= ?)",
            f"{self.clock.now() - timedelta(hours=1):%Y-%m-%d %H:%M:%S}",
        )
        self.ledger.check("nothing lost on the way", not waiting, f"left behind: {waiting[:3]}")
        dropped = self.rows(
            "select nudge.id, nudge.key from nudge join outbox on outbox.subject_id = nudge.id"
            " and outbox.kind = 'nudge' join deal on deal.id = nudge.deal_id"
            " where outbox.state = 'cancelled' and nudge.answered_at is null and not nudge.folded"
            " and deal.status = 'live' and deal.owner_id = nudge.member_id and not exists"
            " (select 1 from nudge later where later.deal_id = deal.id and later.id > nudge.id)"
        )
        self.ledger.check("nothing lost on the way", not dropped, f"dropped: {dropped[:3]}")


def _is_asleep(at: datetime) -> bool:
    """Whether the process slept at an instant, so that nothing could ring."""
    return any(begin <= at < end for begin, end in SLEEPS)
