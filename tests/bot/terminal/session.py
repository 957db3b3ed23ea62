"""A session at the terminal without a process: lines in, messages out."""

from __future__ import annotations

import io
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.bootstrap import TerminalOptions, run_terminal
from handlers.contract.words import Language

NOW = "2026-11-18T10:00+01:00[Europe/Berlin]"


@dataclass
class Session:
    """One database file in a folder, and what was printed in its latest session.

    The file holds a team of one, Ann, unless `fresh`: that is what a first session makes.
    """

    folder: Path
    fresh: bool = False
    printed: str = ""
    greeting: str = ""
    shown: list[str] = field(default_factory=list)

    @property
    def path(self) -> Path:
        return self.folder / "repmate.db"

    async def types(
        self,
        *lines: str,
        name: str = "Ann",
        now: str = NOW,
        language: Language = "en",
        sample: bool = False,
    ) -> list[str]:
        """The messages that these lines bring, after the greeting; each a block of lines."""
        if not self.fresh and not self.path.exists():
            self.path.write_bytes(await _begun(sample=sample))
        options = TerminalOptions(
            f"sqlite:///{self.path}", name, language, now, sample, self.folder / "files"
        )
        self.printed = await _printed(options, lines)
        greeting, *self.shown = self.printed.replace("\u00a0", " ").removesuffix("\n").split("\n\n")
        self.greeting = greeting
        return self.shown

    async def last(self, *lines: str, **options: Any) -> str:
        """The last of those messages."""
        return (await self.types(*lines, **options))[-1]

    def rows(self, query: str, *values: object) -> Sequence[Any]:
        """What a query finds in the database file."""
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(query, values).fetchall()


_BEGUN: dict[tuple[str, bool], bytes] = {}


async def _begun(*, sample: bool) -> bytes:
    """The database file that a first session leaves behind; made once."""
    key = ("" if sample else "Ann", sample)
    if key not in _BEGUN:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "begun.db"
            options = TerminalOptions(f"sqlite:///{file}", key[0], now=NOW, sample=sample)
            await _printed(options, ())
            _BEGUN[key] = file.read_bytes()
    return _BEGUN[key]


async def _printed(options: TerminalOptions, lines: Sequence[str]) -> str:
    out = io.StringIO()
    await run_terminal(options, io.StringIO("".join(f"{line}\n" for line in lines)), out)
    return out.getvalue()
