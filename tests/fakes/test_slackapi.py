"""The fake Slack is Slack to the real Bolt and SDK: it delivers, answers, and shows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from tests.fakes.slackapi import SlackApi
from tests.fakes.slackapp import app_of, client_of, in_socket_mode

Json = dict[str, Any]


def words(text: str) -> list[Json]:
    return [{"type": "section", "text": {"type": "plain_text", "text": text}}]


def button(label: str, action_id: str) -> Json:
    return {
        "type": "button",
        "text": {"type": "plain_text", "text": label},
        "action_id": action_id,
        "value": label,
    }


MODAL: Json = {
    "type": "modal",
    "callback_id": "lead",
    "title": {"type": "plain_text", "text": "A lead"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "block_id": "name",
            "label": {"type": "plain_text", "text": "Customer"},
            "element": {"type": "plain_text_input", "action_id": "v", "max_length": 20},
        },
        {
            "type": "input",
            "block_id": "deal",
            "optional": True,
            "label": {"type": "plain_text", "text": "Deal"},
            "element": {"type": "external_select", "action_id": "deal", "min_query_length": 1},
        },
    ],
}


@pytest.fixture
async def api() -> AsyncIterator[SlackApi]:
    async with SlackApi() as api:
        yield api


async def test_a_message_reaches_the_app_and_its_answer_the_person(api: SlackApi) -> None:
    app, ann = app_of(api), api.user("Ann")

    @app.event("message")
    async def hear(event: Json, say: Any) -> None:
        await say(text=event["text"], blocks=words(event["text"]))

    async with in_socket_mode(api, app):
        ann.says("a & b <c> https://x.example 🚀")
        await api.wait_for(1)
        assert api.texts(ann.dm) == ["a &amp; b &lt;c&gt; <https://x.example> :rocket:"]
        await api.idle()


def lead_app(api: SlackApi, heard: list[Json]) -> AsyncApp:
    """An app with one command and its modal."""
    app = app_of(api)

    @app.command("/lead")
    async def lead(ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.options("deal")
    async def deals(ack: Any, payload: Json) -> None:
        label = {"type": "plain_text", "text": f"{payload['value']} Ltd"}
        await ack(options=[{"text": label, "value": "7"}])

    @app.view("lead")
    async def save(ack: Any, view: Json) -> None:
        heard.append(view["state"]["values"])
        if heard[-1]["name"]["v"]["value"] == "no":
            await ack(response_action="errors", errors={"name": "Not this one"})
        else:
            await ack()

    return app


async def test_slack_itself_refuses_what_the_modal_does_not_allow(api: SlackApi) -> None:
    ann, heard = api.user("Ann"), list[Json]()
    async with in_socket_mode(api, lead_app(api, heard)):
        ann.commands("/lead")
        await api.wait_for(lambda: bool(ann.modals))
        assert ann.modal.title == "A lead"
        assert ann.submits({}) is None
        assert list(ann.modal.errors) == ["name"]
        assert ann.submits({"Customer": "x" * 21}) is None
        assert heard == []
        await api.idle()


async def test_a_modal_is_filled_in_corrected_and_saved(api: SlackApi) -> None:
    ann, heard = api.user("Ann"), list[Json]()
    async with in_socket_mode(api, lead_app(api, heard)):
        ann.commands("/lead")
        await api.wait_for(lambda: bool(ann.modals))
        ann.submits({"Customer": "no"})
        await api.wait_for(lambda: ann.modal.errors == {"name": "Not this one"})
        offered = ann.types("Deal", "Acme")
        await api.wait_for(lambda: offered.state == "acked")
        ann.submits({"Customer": "Acme", "Deal": "Acme Ltd"})
        await api.wait_for(lambda: not ann.modals)
        await api.idle()
    assert heard[-1]["name"]["v"]["value"] == "Acme"
    assert heard[-1]["deal"]["deal"]["selected_option"]["value"] == "7"


async def test_a_pressed_button_changes_its_message(api: SlackApi) -> None:
    app, ann = app_of(api), api.user("Ann")

    @app.action("done")
    async def done(ack: Any, respond: Any, body: Json) -> None:
        await ack()
        await respond(text="done", replace_original=True)

    async with in_socket_mode(api, app):
        blocks = [{"type": "actions", "elements": [button("Done", "done")]}]
        await client_of(api).chat_postMessage(channel=ann.id, text="x", blocks=blocks)
        assert ann.labels() == ["Done"]
        ann.presses("Done")
        await api.wait_for(2)
        assert api.texts(ann.dm) == ["done"]
        await api.idle()


async def test_a_mention_in_a_thread_is_answered_to_one_person(api: SlackApi) -> None:
    app, ann, bo = app_of(api), api.user("Ann"), api.user("Bo")
    sales = api.channel("sales", [ann, bo])

    @app.event("app_mention")
    async def hear(event: Json, client: Any) -> None:
        await client.chat_postEphemeral(
            channel=event["channel"], user=event["user"], text="psst", thread_ts=event["thread_ts"]
        )

    async with in_socket_mode(api, app):
        assert bo.says("hello", sales) is None
        root = sales.messages[-1]
        ann.says("obj price", sales, root, mention=True)
        await api.wait_for(1)
        assert [m.text for m in ann.seen(sales)] == ["psst"]
        assert bo.seen(sales) == []
        await api.idle()


async def test_an_event_is_repeated_at_once_after_a_minute_and_after_five(api: SlackApi) -> None:
    ann = api.user("Ann")
    delivery = ann.says("hello")
    assert delivery is not None
    assert delivery.attempts == ["connection_failed"] * 2
    api.advance(59)
    assert len(delivery.attempts) == 2
    api.advance(1)
    assert len(delivery.attempts) == 3
    api.advance(300)
    assert delivery.state == "lost"


async def test_what_comes_later_reaches_an_app_that_connects_in_between(api: SlackApi) -> None:
    app, ann = app_of(api), api.user("Ann")
    seen: list[Json] = []

    @app.event("message")
    async def hear(body: Json) -> None:
        seen.append(body)

    ann.says("hello")
    async with in_socket_mode(api, app):
        api.advance(60)
        await api.idle()
    assert [body["event"]["text"] for body in seen] == ["hello"]


async def test_unknown_tokens_channels_and_people_are_refused(api: SlackApi) -> None:
    ann = api.user("Ann")
    closed = api.channel("closed", [ann], bot=False)
    for call, error in (
        (client_of(api, "xoxb-wrong").auth_test(), "invalid_auth"),
        (client_of(api).chat_postMessage(channel="C1", text="x"), "channel_not_found"),
        (client_of(api).chat_postMessage(channel=closed.id, text="x"), "not_in_channel"),
        (client_of(api).api_call("chat.postMessage", json={"channel": ann.id}), "no_text"),
        (client_of(api).users_info(user="U1"), "user_not_found"),
        (client_of(api).views_open(trigger_id="1.2.3", view=MODAL), "invalid_trigger_id"),
    ):
        with pytest.raises(SlackApiError) as refused:
            await call
        assert refused.value.response["error"] == error


async def test_a_file_is_uploaded_and_shared(api: SlackApi) -> None:
    ann = api.user("Ann")
    uploaded = await client_of(api).files_upload_v2(
        content=b"a,b", filename="deals.csv", title="The deals", channel=ann.dm.id
    )
    assert uploaded["ok"]
    assert api.texts(ann.dm) == ["The deals"]
