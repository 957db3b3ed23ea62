"""A process that delivers on any database and writes what it sends into a ledger file.

It is what a server runs but for the platform: sweep, claim, send and mark on real ticks. A send
takes `latency` seconds; leases are short, so that a test need not wait for a long one.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from dataclasses import asdict, dataclass
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.app import App
from bot.bootstrap import open_database_to_serve, run_delivery
from bot.clock import ShiftedClock
from bot.delivery import loop, outbox
from bot.port import Address, Sent
from handlers.contract.reply import Reply, plain
from tests.faults.process import CONTEXT


@dataclass(frozen=True)
class Work:
    """What a process delivers and where it writes; `ahead` are the seconds its clock is."""

    url: str
    ledger: str
    ahead: float
    lease: float = 30.0
    latency: float = 0.05


@dataclass(frozen=True)
class Line:
    """One message in the ledger: who sent it and since when, in seconds of the machine's clock."""

    process: int
    at: float
    account: str
    text: str


def started(work: Work) -> ForkServerProcess:
    """A process that delivers until it is told to stop."""
    process = CONTEXT.Process(target=_serve, args=(work,), daemon=True)
    process.start()
    return process


async def ready(ledger: Path, processes: int, seconds: float) -> None:
    """Waits, for so long at most, until so many processes deliver."""
    end = asyncio.get_running_loop().time() + seconds
    while len([*ledger.parent.glob(f"{ledger.name}.[0-9]*")]) < processes:
        assert asyncio.get_running_loop().time() < end, "the processes do not start"
        await asyncio.sleep(0.1)


def read(ledger: Path) -> list[Line]:
    """What all the processes have sent, in order."""
    if not ledger.exists():
        return []
    return [Line(**json.loads(line)) for line in ledger.read_text(encoding="utf-8").splitlines()]


def log_of(ledger: Path) -> str:
    """What all the processes have logged."""
    return ledger.with_suffix(".log").read_text(encoding="utf-8")


class Ledger:
    """The port, on a file that many processes append to."""

    platform = "telegram"

    def __init__(self, work: Work) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        self._file = os.open(work.ledger, flags, 0o600)
        self._work = work
        self._count = 0

    def opened(self) -> None:
        """Says that this process delivers."""
        Path(f"{self._work.ledger}.{os.getpid()}").touch()

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        """Nothing to give back."""

    async def send(self, address: Address, reply: Reply) -> Sent:
        """Takes its time, and writes."""
        now = asyncio.get_running_loop().time()
        await asyncio.sleep(self._work.latency)
        self._count += 1
        line = Line(os.getpid(), now, address.account_id, plain(reply.text))
        os.write(self._file, (json.dumps(asdict(line)) + "\n").encode())
        return Sent(f"{os.getpid()}:{self._count}")


def _serve(work: Work) -> None:
    with Path(work.ledger).with_suffix(".log").open("a", encoding="utf-8") as log:
        sys.stdout = sys.stderr = log
        outbox.LEASE = timedelta(seconds=work.lease)
        outbox.SHORTEST_LEASE = timedelta(seconds=work.lease / 2)
        loop.RENEW_SECONDS = work.lease / 4
        asyncio.run(_deliver(work))


async def _deliver(work: Work) -> None:
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    clock = ShiftedClock()
    clock.move(timedelta(seconds=work.ahead))
    with open_database_to_serve(work.url) as database:
        app, ledger = App(database, clock), Ledger(work)
        async with run_delivery(app, {ledger.platform: ledger}):
            ledger.opened()
            await told.wait()
        app.close()
