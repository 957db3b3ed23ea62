"""What Slack has to tell the app: sent, waited for, and repeated as Slack repeats it.

An event that is not acknowledged within 3 seconds is sent again at once, then after a minute and
after five: https://docs.slack.dev/apis/events-api/#retries. Commands and interactions are told
once.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from tests.fakes.botapi.pulse import Pulse
from tests.fakes.slackapi.clock import Clock
from tests.fakes.slackapi.errors import Json

Kind = Literal["events_api", "slash_commands", "interactive"]
ACK_SECONDS = 3.0
SCHEDULE = (0.0, 60.0, 300.0)
TIMED_OUT, NO_CONNECTION, BAD_ANSWER = "timeout", "connection_failed", "http_error"


def _nothing(_: Json) -> None:
    """Most acknowledgements say nothing."""


@dataclass(eq=False)
class Delivery:
    """One thing to tell the app. `state`: waiting, sent, acked or lost."""

    kind: Kind
    payload: Json
    user_id: str = ""
    answered: Callable[[Json], None] = _nothing
    failed: Callable[[str], None] = lambda _: None
    state: str = "waiting"
    attempt: int = 0
    due: float = 0.0
    sent_at: float = 0.0
    envelope_id: str = ""
    reason: str = ""
    response: Json = field(default_factory=dict)
    attempts: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The event's id; for what is no event, what Slack would call it by."""
        return str(self.payload.get("event_id") or self.payload.get("trigger_id", ""))

    @property
    def envelope(self) -> Json:
        """What goes through a socket."""
        told: Json = {
            "envelope_id": self.envelope_id,
            "type": self.kind,
            "accepts_response_payload": self.kind != "events_api",
            "payload": self.payload,
        }
        if self.kind == "events_api":
            told |= {"retry_attempt": self.attempt, "retry_reason": self.reason}
        return told


class Carrier(Protocol):
    """A way to the app: sockets, or its request address."""

    def carry(self, delivery: Delivery) -> bool:
        """Sets out with it; False when there is no way."""


class Deliveries:
    """Everything to be told, in order."""

    def __init__(self, clock: Clock, pulse: Pulse) -> None:
        self.ack_seconds = ACK_SECONDS
        self.schedule: tuple[float, ...] = SCHEDULE
        self.all: list[Delivery] = []
        self.carrier: Carrier | None = None
        self._open: list[Delivery] = []
        self._clock = clock
        self._pulse = pulse

    @property
    def waiting(self) -> list[Delivery]:
        """What is on its way now, or due."""
        now = self._clock.now()
        return [one for one in self._open if one.state == "sent" or one.due <= now]

    @property
    def unacknowledged(self) -> list[Delivery]:
        """What the app never took, or not yet."""
        return [one for one in self.all if one.state != "acked"]

    def add(self, delivery: Delivery) -> Delivery:
        """Tell this, as soon as may be."""
        delivery.due = self._clock.now()
        self.all.append(delivery)
        self._open.append(delivery)
        self.look()
        return delivery

    def look(self) -> None:
        """Send what is due, and give up on what was not acknowledged in time."""
        now = self._clock.now()
        for one in list(self._open):
            if one.state == "sent" and now - one.sent_at >= self.ack_seconds:
                self.fail(one, TIMED_OUT)
            while one.state == "waiting" and one.due <= now:
                self._send(one, now)
        self._pulse.beat()

    def acked(self, envelope_id: str, response: Json) -> Delivery | None:
        """The app took it; None when that was too late, or it took it twice."""
        for one in self._open:
            if one.envelope_id == envelope_id and one.state == "sent":
                one.state, one.response = "acked", response
                self._open.remove(one)
                one.answered(response)
                self._pulse.beat()
                return one
        return None

    def fail(self, delivery: Delivery, reason: str) -> None:
        """This attempt came to nothing: plan the next, if there is one."""
        if delivery.state not in ("sent", "waiting"):
            return
        delivery.attempts.append(reason)
        if delivery.kind != "events_api" or delivery.attempt >= len(self.schedule):
            delivery.state = "lost"
            self._open.remove(delivery)
            delivery.failed(reason)
        else:
            pause = self.schedule[delivery.attempt]
            delivery.state, delivery.reason = "waiting", reason
            delivery.attempt += 1
            delivery.due = self._clock.now() + pause
            self._look_in(pause)
        self._pulse.beat()

    def _send(self, delivery: Delivery, now: float) -> None:
        delivery.envelope_id = str(uuid.uuid4())
        delivery.state, delivery.sent_at = "sent", now
        if self.carrier is None or not self.carrier.carry(delivery):
            self.fail(delivery, NO_CONNECTION)
        else:
            self._look_in(self.ack_seconds)

    def _look_in(self, seconds: float) -> None:
        """Looks again after real seconds: matters only where the clock is a real one."""
        asyncio.get_running_loop().call_later(seconds + 0.001, self.look)
