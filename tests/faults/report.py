"""What a fault test tells: its seed, the faults that happened, each property, pass or fail."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from typing import TypeVar

FULL = os.environ.get("REPMATE_FAULTS") == "full"
SEED = int(os.environ.get("REPMATE_FAULTS_SEED", "20261118"))
Value = TypeVar("Value")


def sized(short: Value, full: Value) -> Value:
    """The size for `make slow`, or the one for `make faults`."""
    return full if FULL else short


@dataclass
class Report:
    """The account of one storm. A property that does not hold fails the test at `close`."""

    name: str
    seed: int = SEED
    faults: Counter[str] = field(default_factory=Counter)
    found: dict[str, list[tuple[bool, str]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def fault(self, kind: str, times: int = 1) -> None:
        """A fault really happened."""
        self.faults[kind] += times

    def holds(self, rule: str, held: object, seen: object = "") -> None:
        """What must be true each time it is looked at, whether it is, and what was seen."""
        self.found.setdefault(rule, []).append((bool(held), str(seen)))

    def note(self, said: str) -> None:
        """A figure that is no property."""
        self.notes.append(said)

    def lines(self) -> list[str]:
        """The report, to print."""
        faults = ", ".join(f"{times} x {kind}" for kind, times in sorted(self.faults.items()))
        shown = [f"{self.name}: seed {self.seed}", f"  faults: {faults or 'none'}"]
        for rule, looks in self.found.items():
            held, seen = min(looks, key=lambda look: look[0])  # the first that failed, if any
            told = [rule, f" ({len(looks)} times)" if len(looks) > 1 else "", seen and f": {seen}"]
            shown.append(f"  {'pass' if held else 'FAIL'}  {''.join(told)}")
        return shown + [f"  {note}" for note in self.notes]

    def close(self) -> None:
        """Fails where a property did not hold, or nothing befell what was tested."""
        broken = [rule for rule, looks in self.found.items() if not all(held for held, _ in looks)]
        assert self.faults, f"no fault happened in {self.name}"
        assert not broken, "\n".join(self.lines())
