"""Inside the process under test: the points at which it dies, and the clock it reads.

Armed by environment variables, by wrapping what the product calls; nothing of it is in the
product. A point is reached when the database is told so, not when some function is called:
"claim" is the statement that makes outbox rows claimed, "mark" the one that makes them sent.
"""

from __future__ import annotations

import os
import re
import resource
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import Connection, Engine, event
from sqlmodel import Session

from bot.clock import SystemClock
from bot.inbound.inbox import StoredArrival
from bot.inbound.worker import Worker
from bot.telegram.adapter import TelegramAdapter

SHIFT = "REPMATE_FAULT_CLOCK"  # seconds by which the clock is ahead of the machine's
HOLD = "REPMATE_FAULT_HOLD"  # set: what is taken is only worked on after the next start
# One of the points below, "#", and the how manieth time there is the last; of mid-export, the byte.
DIE_AT = "REPMATE_FAULT_DIE_AT"
SYNCED = "REPMATE_FAULT_SYNCED"  # a file that is told how each commit is synced
PRAGMA = "REPMATE_FAULT_PRAGMA"  # a file whose text each transaction begins with, while it is there
SENDING = ("before claim", "after claim", "after send", "before mark", "after mark")
MIGRATING, IMPORTING, EXPORTING = "mid-migration", "mid-import", "mid-export"
POINTS = (*SENDING, MIGRATING, IMPORTING, EXPORTING)
_SETS_STATE = re.compile(r"UPDATE outbox SET (?:(?! WHERE ).)*?\bstate=(?=\?)", re.DOTALL)
_MEANS = {"claimed": "claim", "sent": "mark"}
_CARDS = re.compile(r"\bINSERT INTO (?:card|phrasing)")


def arm(environment: Mapping[str, str]) -> None:
    """Does what the environment asks for."""
    if environment.get(SHIFT):
        _shift_clock(timedelta(seconds=float(environment[SHIFT])))
    if environment.get(SYNCED):
        _tell_syncs(Path(environment[SYNCED]))
    if environment.get(HOLD):
        _hold_work()
    if environment.get(PRAGMA):
        _begin_with(Path(environment[PRAGMA]))
    point, _, times = environment.get(DIE_AT, "").partition("#")
    if point:
        assert point in POINTS, point
        _watch(_Fuse(point, int(times or 1)))


def _hold_work() -> None:
    def take(_worker: Worker, _kept: StoredArrival) -> None:
        """It stays in the inbox."""

    setattr(Worker, "take", take)  # noqa: B010 as below


def die() -> None:
    """Ends the process as `kill -9` does: nothing is tidied up."""
    os.kill(os.getpid(), signal.SIGKILL)


class _Fuse:
    """Kills the process when its point is reached for the n-th time."""

    def __init__(self, point: str, times: int) -> None:
        self.point, self.left = point, times

    def reach(self, point: str) -> None:
        if point == self.point:
            self.left -= 1
            if self.left == 0:
                die()


def _shift_clock(by: timedelta) -> None:
    real = SystemClock.now

    def now(clock: SystemClock) -> datetime:
        return real(clock) + by

    setattr(SystemClock, "now", now)  # noqa: B010 a method cannot be assigned to, as mypy sees it


def _watch(fuse: _Fuse) -> None:
    if fuse.point == MIGRATING:
        watch_migrations(lambda _: fuse.reach(MIGRATING))
    elif fuse.point == IMPORTING:
        watch_statements(lambda said, _: fuse.reach(IMPORTING if _CARDS.match(said) else ""))
    elif fuse.point == EXPORTING:
        _cut_files(fuse.left)
    elif fuse.point in SENDING:
        _watch_outbox(fuse.reach)
        _watch_sends(fuse.reach)


def _tell_syncs(file: Path) -> None:
    def committing(connection: Connection) -> None:
        found = connection.connection.cursor().execute("PRAGMA synchronous").fetchone()
        with file.open("a", encoding="ascii") as told:
            told.write(f"{found[0]}\n")

    event.listen(Engine, "commit", committing)


def _begin_with(file: Path) -> None:
    def beginning(connection: Connection) -> None:
        if file.exists():
            connection.connection.cursor().execute(f"PRAGMA {file.read_text()}")

    event.listen(Engine, "begin", beginning)


def watch_statements(see: Callable[[str, Any], object]) -> None:
    """Shows every statement and its parameters, before it is carried out."""

    def before(_connection: object, _cursor: object, said: str, given: Any, *_more: object) -> None:
        see(said, given)

    event.listen(Engine, "before_cursor_execute", before)


def watch_migrations(see: Callable[[str], object]) -> None:
    """Shows every statement of a migration."""
    real, under_way = command.upgrade, threading.Event()

    def upgrade(*given: Any, **named: Any) -> None:
        under_way.set()
        try:
            real(*given, **named)
        finally:
            under_way.clear()

    setattr(command, "upgrade", upgrade)  # noqa: B010 as above
    watch_statements(lambda said, _: see(said) if under_way.is_set() else None)


def _watch_outbox(reach: Callable[[str], None]) -> None:
    done = threading.local()  # a transaction stays on its thread

    def statement(said: str, given: Any) -> None:
        kind = kind_of(said, given)
        if kind:
            reach(f"before {kind}")
            done.kinds = [*getattr(done, "kinds", []), kind]

    def committed(_session: Session) -> None:
        kinds, done.kinds = getattr(done, "kinds", []), []
        for kind in kinds:
            reach(f"after {kind}")

    def undone(_session: Session) -> None:
        done.kinds = []

    watch_statements(statement)
    event.listen(Session, "after_commit", committed)
    event.listen(Session, "after_rollback", undone)


def kind_of(statement: str, parameters: Any) -> str:
    """What a statement to SQLite does to outbox rows: claim, mark, or nothing of these."""
    found = _SETS_STATE.match(statement)
    return _MEANS.get(parameters[found[0].count("?")], "") if found else ""


def _cut_files(size: int) -> None:
    """Has the system end the process when a file that it makes would get longer than `size`."""

    def opened(name: str, given: tuple[Any, ...]) -> None:
        if name == "open" and "w" in str(given[1]):
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python would make an error of it
    sys.addaudithook(opened)


def _watch_sends(reach: Callable[[str], None]) -> None:
    real = TelegramAdapter.send

    async def send(*given: Any, **named: Any) -> Any:
        sent = await real(*given, **named)
        reach("after send")
        return sent

    setattr(TelegramAdapter, "send", send)  # noqa: B010 as above
