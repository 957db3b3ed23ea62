"""Lets one process serve an SQLite file: a lock of the operating system's, beside the file.

A crash releases it. Whoever only looks in, as the terminal and the command line do, needs none;
PostgreSQL is served by as many processes as there are.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import make_url

from storage.engine import Database, NoDatabase

SUFFIX = "-serving"


class AlreadyServed(Exception):
    """Another process serves this database."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"another Repmate serves {name} already. Stop that one first; "
            "several can serve one PostgreSQL (DATABASE_URL=postgresql://...)"
        )


@contextmanager
def serve_alone(database: Database) -> Iterator[None]:
    """Holds the database for this process while the block runs; raises AlreadyServed."""
    name = make_url(database.url).database if database.is_sqlite else None
    if not name or name == ":memory:":
        yield
        return
    path = Path(name).resolve()
    try:
        beside = path.with_name(path.name + SUFFIX).open("ab")
    except OSError as error:
        raise NoDatabase(f"the database does not open: {error.strerror}") from None
    with beside as file:
        if not _try_lock(file):
            raise AlreadyServed(path.name)
        yield  # closing the file gives the lock back; the empty file stays, or two could hold it


def _try_lock(file: IO[bytes]) -> bool:
    try:
        if os.name == "nt":
            import msvcrt  # noqa: PLC0415 there is no such module elsewhere

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]  # Windows
        else:
            import fcntl  # noqa: PLC0415 as above

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
