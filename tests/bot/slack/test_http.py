"""Over HTTP: what Slack signed is answered, what it did not is refused and leaves nothing."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Mapping
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest

from tests.bot.slack.serving import NOW, Served, serving, setup_of
from tests.fakes.slackapi import SlackApi

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with SlackApi(now=NOW.timestamp) as api:
        setup = setup_of(api, app_token="", signing_secret=api.signing_secret, port=0)
        async with serving(api, tmp_path / "http.db", setup) as served:
            api.post_to(url(served))
            yield served


def url(served: Served, path: str = "/slack/events") -> str:
    return f"http://127.0.0.1:{served.adapter.port}{path}"


async def posted(
    served: Served, body: bytes | BytesIO, headers: Mapping[str, str]
) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(url(served), data=body, headers=headers) as answer,
    ):
        return answer.status, await answer.text()


async def test_messages_commands_and_forms_come_over_http_as_well(served: Served) -> None:
    ann = served.api.user("Ann")
    served.member(ann)
    ann.says("lead Acme, 12k")
    await served.answered(1)
    ann.commands("/note", "acme")
    await served.answered(2)
    ann.submits({"What happened?": "called"})
    await served.answered(3)
    assert "Noted on Acme: called" in ann.seen()[-1].text
    assert served.api.posting is not None
    assert set(served.api.posting.statuses) == {200}


async def test_slacks_question_whether_the_address_is_ours_is_answered(served: Served) -> None:
    assert served.api.posting is not None
    body = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
    headers = served.api.posting.signed(body, "application/json")
    status, text = await posted(served, body, headers)
    assert (status, json.loads(text)) == (200, {"challenge": "abc"})
    assert served.states() == []


async def test_what_slack_did_not_sign_is_refused_stored_nowhere_and_not_logged(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert served.api.posting is not None
    secret = "lead Canary Industries"
    body = urlencode({"command": "/lead", "text": secret, "team_id": served.api.team.id}).encode()
    good = served.api.posting.signed(body, FORM)
    stale = served.api.posting.signed(body, FORM, str(int(NOW.timestamp()) - 301))
    forged = [
        {"Content-Type": FORM},
        {**good, "X-Slack-Signature": "v0=" + "0" * 64},
        {**good, "X-Slack-Signature": good["X-Slack-Signature"].upper()},
        {**good, "X-Slack-Request-Timestamp": "abc"},
        {**good, "X-Slack-Request-Timestamp": ""},
        {name: value for name, value in good.items() if name != "X-Slack-Signature"},
        stale,
    ]
    answers = {await posted(served, body, headers) for headers in forged}
    answers.add(await posted(served, body + b"0", good))
    answers.add(await posted(served, b"\xff\xfe" + body, good))
    assert answers == {(401, "")}
    assert served.states() == []
    assert "Canary" not in caplog.text
    assert good["X-Slack-Signature"] not in caplog.text


async def test_a_signed_body_that_is_no_text_is_refused(served: Served) -> None:
    assert served.api.posting is not None
    for body in (b"\xff\xfe\x00", b"{not json", b"payload=%7Bnot+json"):
        status, _ = await posted(served, body, served.api.posting.signed(body, FORM))
        assert status == 400
    assert served.states() == []


async def test_a_body_longer_than_any_of_slacks_is_not_read(served: Served) -> None:
    status, _ = await posted(served, BytesIO(b"x" * 2_100_000), {"Content-Type": FORM})
    assert status == 401


async def test_a_retry_of_slacks_is_not_ignored_and_has_no_second_effect(served: Served) -> None:
    ann = served.api.user("Ann")
    served.member(ann)
    sent = ann.says("lead Acme, 12k")
    assert sent is not None
    served.api.again(sent, 3)
    await served.answered(1)
    assert len(ann.seen()) == 1
    assert served.rows("select count(*) from deal") == [(1,)]


async def test_there_is_a_way_to_ask_whether_it_is_alive(served: Served) -> None:
    async with aiohttp.ClientSession() as session, session.get(url(served, "/health")) as answer:
        assert (answer.status, await answer.text()) == (200, "ok")
