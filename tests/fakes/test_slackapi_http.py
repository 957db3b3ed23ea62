"""The fake posts to an app's request address as Slack does: signed, and again when it must."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from urllib.parse import parse_qs

import pytest
from aiohttp import web

from tests.fakes.slackapi import SlackApi


@pytest.fixture
async def api() -> AsyncIterator[SlackApi]:
    async with SlackApi() as api:
        yield api


class Receiver:
    """An app's request address that answers as it is told and keeps what it got."""

    def __init__(self) -> None:
        self.statuses = [200]
        self.no_retry = False
        self.got: list[tuple[str, web.Request]] = []

    async def hear(self, request: web.Request) -> web.Response:
        self.got.append((await request.text(), request))
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return web.Response(
            status=status, headers={"X-Slack-No-Retry": "1"} if self.no_retry else {}
        )


@pytest.fixture
async def receiver(api: SlackApi) -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/slack/events", receiver.hear)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    api.post_to(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    yield receiver
    await runner.cleanup()


async def test_what_is_posted_is_signed_as_slack_signs(api: SlackApi, receiver: Receiver) -> None:
    ann = api.user("Ann")
    ann.says("hello")
    ann.commands("/lead", "Acme")
    ann.takes_shortcut("new_lead")
    await api.idle()
    for body, request in receiver.got:
        stamp = request.headers["X-Slack-Request-Timestamp"]
        made = hmac.new(api.signing_secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256)
        assert request.headers["X-Slack-Signature"] == f"v0={made.hexdigest()}"
    event, command, shortcut = (body for body, _ in sorted(receiver.got, key=_by_kind))
    assert json.loads(event)["event"]["text"] == "hello"
    assert parse_qs(command)["command"] == ["/lead"]
    assert json.loads(parse_qs(shortcut)["payload"][0])["callback_id"] == "new_lead"


def _by_kind(got: tuple[str, web.Request]) -> int:
    body, request = got
    return 0 if request.content_type == "application/json" else 1 if "command=" in body else 2


async def test_a_bad_answer_brings_the_event_again_with_its_number_and_reason(
    api: SlackApi, receiver: Receiver
) -> None:
    receiver.statuses = [500, 404, 200]
    delivery = api.user("Ann").says("hello")
    assert delivery is not None
    await api.wait_for(lambda: len(delivery.attempts) == 2)
    api.advance(60)
    await api.wait_for(lambda: delivery.state == "acked")
    headers = [request.headers for _, request in receiver.got]
    assert [one.get("X-Slack-Retry-Num") for one in headers] == [None, "1", "2"]
    assert headers[2]["X-Slack-Retry-Reason"] == "http_error"


async def test_an_app_may_ask_for_no_more_attempts(api: SlackApi, receiver: Receiver) -> None:
    receiver.statuses, receiver.no_retry = [500], True
    delivery = api.user("Ann").says("hello")
    assert delivery is not None
    await api.wait_for(lambda: delivery.state == "lost")
    assert len(receiver.got) == 1
