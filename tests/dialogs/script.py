"""Reads a dialog: what each person types or taps, and what they must then see.

    Ann> lead Acme, Jane Doe, 12k        Ann types this
    Ann> [Next step]                     Ann taps the button of that label
    < ✓ Lead: Acme                       in what Ann got since, a message holds these words
    < [Edit] [Undo]                      and these buttons
    !< Beta                              and none holds these words
    Bo< Did you call Acme back           a message to Bo that Bo did not ask for
    :wait 1d                             time passes for everybody
    Ann> :reply hello                    a reply to the latest message; also :contact, :forward,
                                         :attach FILE (of tests/dialogs/files)

Lines that begin with # are comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

_SAID = re.compile(r"(\w+)> (.*)")
_SEEN = re.compile(r"(!?)(\w*)< (.*)")
_TAP = re.compile(r"\[([^\]]+)\]")

Kind = Literal["says", "taps", "sees", "misses", "waits", "does"]


@dataclass(frozen=True)
class Move:
    """One line of a dialog; `number` is where it stands in the file."""

    number: int
    kind: Kind
    who: str
    what: str


def read(path: Path) -> list[Move]:
    """The moves of a dialog file; ValueError names a line that is none."""
    return list(_moves(path.read_text(encoding="utf-8").splitlines(), path.name))


def taps(what: str) -> list[str]:
    """The labels of a line such as `[Edit] [Undo]`; none where it is words."""
    labels = _TAP.findall(what)
    return labels if labels and not _TAP.sub("", what).strip() else []


def _moves(rows: list[str], name: str) -> Iterator[Move]:
    speaker = ""
    for number, row in enumerate(rows, start=1):
        if not row.strip() or row.startswith("#"):
            continue
        if row.startswith(":wait "):
            yield Move(number, "waits", "", row.removeprefix(":wait "))
        elif said := _SAID.fullmatch(row):
            speaker, what = said.groups()
            yield _said(number, speaker, what)
        elif seen := _SEEN.fullmatch(row):
            never, who, what = seen.groups()
            yield Move(number, "misses" if never else "sees", who or speaker, what)
        else:
            raise ValueError(f"{name}:{number}: {row}")


def _said(number: int, who: str, what: str) -> Move:
    labels = taps(what)
    if len(labels) == 1:
        return Move(number, "taps", who, labels[0])
    if what.startswith(":"):
        return Move(number, "does", who, what)
    return Move(number, "says", who, what)
