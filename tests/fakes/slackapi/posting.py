"""Events, commands and interactions posted to the app's request address, signed.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from urllib.parse import urlencode

import aiohttp

from tests.fakes.slackapi.deliveries import (
    BAD_ANSWER,
    NO_CONNECTION,
    TIMED_OUT,
    Deliveries,
    Delivery,
)
from tests.fakes.slackapi.errors import Json
from tests.fakes.slackapi.world import World

_FORM = "application/x-www-form-urlencoded"


class Posting:
    """The way over HTTP. `url` takes events, commands and interactions alike."""

    def __init__(self, world: World, deliveries: Deliveries, url: str) -> None:
        self.url = url
        self.statuses: list[int] = []
        self._world = world
        self._deliveries = deliveries
        self._tasks: set[asyncio.Task[None]] = set()

    def carry(self, delivery: Delivery) -> bool:
        """Posts it."""
        task = asyncio.ensure_future(self._post(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    def signed(self, body: bytes, kind: str, stamp: str | None = None) -> dict[str, str]:
        """The headers of a request with this body."""
        stamp = stamp or str(int(self._world.clock.now()))
        base = b"v0:" + stamp.encode() + b":" + body
        secret = self._world.app.signing_secret.encode()
        return {
            "Content-Type": kind,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": "v0=" + hmac.new(secret, base, hashlib.sha256).hexdigest(),
        }

    async def close(self) -> None:
        """Stop what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _post(self, delivery: Delivery) -> None:
        body, kind = written(delivery)
        headers = self.signed(body, kind)
        if delivery.attempt:
            headers["X-Slack-Retry-Num"] = str(delivery.attempt)
            headers["X-Slack-Retry-Reason"] = delivery.reason
        envelope = delivery.envelope_id
        try:
            async with (
                asyncio.timeout(self._deliveries.ack_seconds),
                aiohttp.ClientSession() as session,
                session.post(self.url, data=body, headers=headers) as answer,
            ):
                self.statuses.append(answer.status)
                told = await answer.text()
        except TimeoutError:
            self._deliveries.fail(delivery, TIMED_OUT)
        except aiohttp.ClientError:
            self._deliveries.fail(delivery, NO_CONNECTION)
        else:
            if answer.ok:
                self._deliveries.acked(envelope, _read(told))
            else:
                self._refused(delivery, answer)

    def _refused(self, delivery: Delivery, answer: aiohttp.ClientResponse) -> None:
        if answer.headers.get("X-Slack-No-Retry") == "1":
            delivery.attempt = len(self._deliveries.schedule)
        self._deliveries.fail(delivery, BAD_ANSWER)
        self._deliveries.look()


def written(delivery: Delivery) -> tuple[bytes, str]:
    """The body of the request, and its content type."""
    if delivery.kind == "events_api":
        return json.dumps(delivery.payload).encode(), "application/json"
    form = {"payload": json.dumps(delivery.payload)}
    if delivery.kind == "slash_commands":
        form = {name: str(value) for name, value in delivery.payload.items()}
    return urlencode(form).encode(), _FORM


def _read(told: str) -> Json:
    try:
        read = json.loads(told) if told.strip() else {}
    except ValueError:
        return {"text": told}
    return read if isinstance(read, dict) else {}
