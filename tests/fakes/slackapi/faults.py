"""Faults that a test scripts ahead: refusals, lost answers, silence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tests.fakes.slackapi.errors import Json

Kind = Literal["answer", "drop", "hang"]


@dataclass
class Fault:
    """What happens to the next `left` calls of a method ("*" for any).

    `applied`: the call takes effect first, only its answer is lost.
    """

    kind: Kind
    method: str
    left: int
    channel: str = ""
    applied: bool = False
    status: int = 200
    body: Json | str = ""
    content_type: str = "text/html"  # of a body that is text
    retry_after: int | None = None
    team_id: str = ""

    def matches(self, method: str, channel: str, team_id: str) -> bool:
        """Whether this call is one that the test meant."""
        meant = self.method in (method, "*") and self.channel in ("", channel)
        return self.left > 0 and meant and self.team_id in ("", team_id)


class Faults:
    """The script: the first fault that matches a call befalls it."""

    def __init__(self) -> None:
        self._script: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Append to the script."""
        self._script.append(fault)

    def take(self, method: str, channel: str, team_id: str) -> Fault | None:
        """The fault of this call, used up once."""
        for fault in self._script:
            if fault.matches(method, channel, team_id):
                fault.left -= 1
                return fault
        return None

    def clear(self) -> None:
        """No more faults."""
        self._script.clear()

    @property
    def left(self) -> int:
        """How many scripted faults have not happened yet."""
        return sum(fault.left for fault in self._script)
