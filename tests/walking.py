"""Watches which of the house's functions run, in what order, and who called whom."""

from __future__ import annotations

import asyncio
import inspect
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from bot.app import THREADS, App

HOUSE = Path(__file__).resolve().parent.parent
# Who stands above whom: a room may only call its own and lower ones.
RANKS = {"bot": 4, "handlers": 3, "storage": 2, "kb/objections": 2, "kb/funnel": 1, "kb": 1}
ELSEWHERE = "elsewhere"
RESUMED = inspect.CO_COROUTINE | inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR


@dataclass(frozen=True)
class Call:
    """A function that was entered: its file from the house's root, its name, and its caller's."""

    file: str
    name: str
    caller: str
    called_by: str
    inside: frozenset[str] = frozenset()

    @property
    def is_upward(self) -> bool:
        """Whether a lower room called into a higher one."""
        both = self.caller and self.file != ELSEWHERE
        return bool(both) and RANKS[room_of(self.caller)] < RANKS[room_of(self.file)]

    def __str__(self) -> str:
        return f"{self.caller} {self.called_by}() -> {self.file} {self.name}()"


@dataclass
class Walk:
    """Every first entry of a function, in order; a coroutine's later resumptions are not new."""

    calls: list[Call] = field(default_factory=list)
    _frames: set[FrameType] = field(default_factory=set)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, frame: FrameType, event: str, _argument: Any) -> None:
        """What the interpreter calls at each entry and exit."""
        if event != "call" or not (_file(frame.f_code) != ELSEWHERE or _is_commit(frame.f_code)):
            return
        with self._turn:
            if frame.f_code.co_flags & RESUMED:
                if frame in self._frames:
                    return
                self._frames.add(frame)  # kept, so that no later frame is taken for it
            self.calls.append(_seen(frame))

    def steps(self, labels: dict[str, Callable[[Call], bool]]) -> list[str]:
        """The labels of the calls that have one, in order."""
        return [name for call in self.calls for name, fits in labels.items() if fits(call)]


@asynccontextmanager
async def watched(app: App) -> AsyncIterator[Walk]:
    """Watches this thread, those to come, and the app's handler threads."""
    walk = Walk()
    await _in_each_thread(app, walk)
    threading.setprofile(walk)
    sys.setprofile(walk)
    try:
        yield walk
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
        await _in_each_thread(app, None)


def room_of(file: str) -> str:
    """The room that a file lies in."""
    first, _, rest = file.partition("/")
    inner = f"{first}/{rest.partition('/')[0]}"
    return inner if inner in RANKS else first


async def _in_each_thread(app: App, walk: Walk | None) -> None:
    """Starts or stops watching in every handler thread: all wait until the last has begun."""
    together = threading.Barrier(THREADS)

    def begin() -> None:
        sys.setprofile(walk)
        together.wait()

    waiting = [app.run_off_loop(begin) for _thread in range(THREADS)]
    await asyncio.gather(*waiting)


def _is_commit(code: CodeType) -> bool:
    return code.co_qualname == "Session.commit" and code.co_filename.endswith("orm/session.py")


@cache
def _file(code: CodeType) -> str:
    """The file of a room that the code stands in, from the house's root."""
    path = Path(code.co_filename)
    if not path.is_relative_to(HOUSE):
        return ELSEWHERE
    file = path.relative_to(HOUSE).as_posix()
    return file if file.partition("/")[0] in ("bot", "handlers", "storage", "kb") else ELSEWHERE


def _seen(frame: FrameType) -> Call:
    file, name = _file(frame.f_code), frame.f_code.co_name
    above = [code for code in _above(frame) if _file(code) != ELSEWHERE]
    caller = (_file(above[0]), above[0].co_name) if above else ("", "")
    return Call(file, name, *caller, frozenset(f"{_file(code)}:{code.co_name}" for code in above))


def _above(frame: FrameType) -> Iterator[CodeType]:
    above = frame.f_back
    while above is not None:
        yield above.f_code
        above = above.f_back
