"""Faults that a test scripts ahead: refusals, lost answers, silence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tests.fakes.botapi.errors import PHRASES, Json, failure

Kind = Literal["answer", "drop", "hang", "cut"]


@dataclass
class Fault:
    """What happens to the next `left` calls of a method ("*" for any but getUpdates).

    `applied`: the call takes effect first, only its answer is lost.
    """

    kind: Kind
    method: str
    left: int
    chat: int | None = None
    applied: bool = False
    status: int = 200
    body: Json | str = ""
    content_type: str = "text/html"  # of a body that is text

    def matches(self, method: str, chat: int | None) -> bool:
        """Whether this call is one that the test meant."""
        named = self.method.lower() == method.lower()
        meant = named or (self.method == "*" and method.lower() != "getupdates")
        return self.left > 0 and meant and self.chat in (None, chat)


class Faults:
    """The script: the first fault that matches a call befalls it."""

    def __init__(self) -> None:
        self._script: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Append to the script."""
        self._script.append(fault)

    def take(self, method: str, chat: int | None) -> Fault | None:
        """The fault of this call, used up once."""
        for fault in self._script:
            if fault.matches(method, chat):
                fault.left -= 1
                return fault
        return None

    @property
    def left(self) -> int:
        """How many scripted faults have not happened yet."""
        return sum(fault.left for fault in self._script)


def answer_body(status: int, body: Json | str | None, retry_after: int | None) -> Json | str:
    """The body of a scripted refusal: the given one, or what Telegram sends with this status."""
    if body is not None:
        return body
    phrase = PHRASES.get(status, "Error")
    if retry_after is None:
        return failure(status, phrase)
    description = f"{phrase}: retry after {retry_after}"
    return failure(status, description, {"retry_after": retry_after})
