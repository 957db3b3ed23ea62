"""A platform that keeps what it is sent and fails when told to, and the post on its way there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.clock import Clock
from bot.port import Address, Sent
from handlers.contract.reply import Button, Reply, lines, to_json
from storage.tables.messages import Outbox
from tests.office import PLATFORM, Office, said


@dataclass(frozen=True)
class Received:
    """One message that arrived: when, at whom, and what."""

    at: datetime
    address: Address
    reply: Reply

    @property
    def text(self) -> str:
        """Its words, with ordinary spaces."""
        return said(self.reply)

    def button(self, label: str) -> Button:
        """Its button of that label."""
        [found] = [b for row in self.reply.buttons for b in row if b.label == label]
        return found


@dataclass
class Recorder:
    """Implements the port. `failures` are raised by the next sends, one each.

    `settled` is what took the place of an earlier message: nothing new for the person.
    """

    clock: Clock
    platform: str = PLATFORM
    received: list[Received] = field(default_factory=list)
    settled: list[Received] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    tries: int = 0
    on_send: Callable[[Address, Reply], None] = lambda _address, _reply: None

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        """Nothing to give back."""

    async def send(self, address: Address, reply: Reply) -> Sent:
        """Keeps the message, or fails."""
        self.tries += 1
        if self.failures:
            raise self.failures.pop(0)
        kept = Received(self.clock.now(), address, reply)
        if reply.replaces:
            self.settled.append(kept)
            return Sent(reply.replaces)
        self.on_send(address, reply)
        self.received.append(kept)
        return Sent(f"{self.platform}-{self.tries}")

    @property
    def texts(self) -> list[str]:
        """The words of what arrived, oldest first."""
        return [each.text for each in self.received]


def put(office: Office, *words: str, to: str = "Ann", kind: str = "notice") -> None:
    """Messages that are due now."""
    member = office.member(to)
    with office.app.database.work() as memory:
        for number, word in enumerate(words):
            memory.outbox.put(
                Outbox(
                    team_id=1,
                    member_id=member,
                    key=f"{word}:{number}",
                    kind=kind,
                    due_at=office.clock.now(),
                    body=to_json(Reply(lines(word))),
                )
            )


def states(office: Office) -> list[str]:
    return [state for (state,) in office.rows("select state from outbox order by id")]


def due(office: Office) -> datetime:
    with office.app.database.work() as memory:
        at = memory.claims.next_due_at()
    assert at is not None
    return at
