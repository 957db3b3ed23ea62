"""The HTTP side of the fake: reads a call, lets a fault befall it or answers it, as JSON."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.fakes.botapi import answering, sending
from tests.fakes.botapi.calls import Call, read_call
from tests.fakes.botapi.errors import ApiError, Json
from tests.fakes.botapi.faults import Fault, Faults
from tests.fakes.botapi.pulse import Pulse
from tests.fakes.botapi.rates import Rates
from tests.fakes.botapi.record import Refusal
from tests.fakes.botapi.world import World

REQUEST_BYTES = 64 * 1024 * 1024
_TOKEN = re.compile(r"\d{1,20}:[\w-]{35}")
_WEBHOOK_SET = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)

Method = Callable[[World, Call], Any]

METHODS: dict[str, Method] = {
    "getMe": answering.get_me,
    "getChat": answering.get_chat,
    "getFile": answering.get_file,
    "sendChatAction": answering.send_chat_action,
    "answerCallbackQuery": answering.answer_callback_query,
    "answerInlineQuery": answering.answer_inline_query,
    "setMyCommands": answering.set_my_commands,
    "getMyCommands": answering.get_my_commands,
    "deleteMyCommands": answering.delete_my_commands,
    "deleteWebhook": answering.delete_webhook,
    "getWebhookInfo": answering.get_webhook_info,
    "sendMessage": sending.send_message,
    "sendDocument": sending.send_document,
    "sendPhoto": sending.send_photo,
    "editMessageText": sending.edit_message_text,
    "editMessageCaption": sending.edit_message_caption,
    "editMessageReplyMarkup": sending.edit_message_reply_markup,
    "deleteMessage": sending.delete_message,
}
POLL = "getUpdates"
_NAMES = {name.lower(): name for name in (*METHODS, POLL)}
_RATED = frozenset(name for name in METHODS if name.startswith(("send", "edit"))) - {
    "sendChatAction"
}


class Door:
    """Serves /bot<token>/<method> and /file/bot<token>/<path>."""

    def __init__(
        self, world: World, faults: Faults, rates: Rates, pulse: Pulse, token: str
    ) -> None:
        self.world = world
        self.faults = faults
        self.rates = rates
        self.methods = dict(METHODS)
        self.enforce_rates = False
        self.latency = 0.0  # seconds between what a call does and its answer
        self.busy = 0
        self.seen = 0
        self.crashes: list[Exception] = []
        self._pulse = pulse
        self._token = token
        self._released = asyncio.Event()

    def app(self) -> web.Application:
        """The application to serve."""
        app = web.Application(client_max_size=REQUEST_BYTES)
        app.router.add_route("*", "/bot{token}/{method}", self._method)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        app.router.add_route("*", "/{rest:.*}", _nothing_here)
        return app

    def open(self) -> None:
        """Serve long polls and hanging calls as long as they last."""
        self._released = asyncio.Event()
        self.world.updates.closed = False

    def close(self) -> None:
        """End long polls and hanging calls."""
        self._released.set()
        self.world.updates.closed = True
        self._pulse.beat()

    async def _method(self, request: web.Request) -> web.StreamResponse:
        self._check_token(request.match_info["token"])
        name = _NAMES.get(request.match_info["method"].lower(), "")
        if not name:
            return _json(ApiError(404, "Not Found: method not found").body, 404)
        call = await read_call(name, request)
        self.world.record.calls[name] += 1
        if name == POLL:
            return await self._befallen(request, call, self._poll)
        self.busy += 1
        self.seen += 1
        self._pulse.beat()
        try:
            return await self._befallen(request, call, self._do)
        finally:
            self.busy -= 1
            self._pulse.beat()

    async def _befallen(
        self, request: web.Request, call: Call, work: Callable[[Call], Awaitable[web.Response]]
    ) -> web.StreamResponse:
        fault = self.faults.take(call.method, call.chat)
        if fault is None:
            return await work(call)
        if fault.applied:
            await work(call)
        return await self._suffer(fault, request, call)

    async def _suffer(self, fault: Fault, request: web.Request, call: Call) -> web.StreamResponse:
        if fault.kind == "cut":
            return await _cut(request)
        if fault.kind == "hang":
            await self._hang(call)
        if fault.kind in ("drop", "hang") and request.transport is not None:
            request.transport.abort()
        if fault.kind == "answer" and fault.status >= 400:
            self._refuse(call, fault.status, str(fault.body))
        if isinstance(fault.body, str):
            return web.Response(
                text=fault.body, status=fault.status, content_type=fault.content_type
            )
        return _json(fault.body, fault.status)

    async def _hang(self, call: Call) -> None:
        counted = call.method != POLL
        self.busy -= counted
        self._pulse.beat()
        try:
            await self._released.wait()
        finally:
            self.busy += counted

    async def _poll(self, call: Call) -> web.Response:
        allowed = call.items("allowed_updates") if "allowed_updates" in call.parameters else None
        try:
            if self.world.webhook_url:
                raise ApiError(409, _WEBHOOK_SET)
            updates = await self.world.updates.get(
                call.number("offset"), call.number("limit", 100), call.number("timeout"), allowed
            )
        except ApiError as error:
            return self._refused(call, error)
        return _json({"ok": True, "result": updates})

    async def _do(self, call: Call) -> web.Response:
        try:
            if self.enforce_rates and call.method in _RATED and call.chat in self.world.chats:
                self.rates.spend(int(call.chat or 0))
            result = self.methods[call.method](self.world, call)
        except ApiError as error:
            return self._refused(call, error)
        except Exception as error:  # noqa: BLE001 - kept, and raised when the test ends
            self.crashes.append(error)
            return self._refused(call, ApiError(500, f"the fake failed: {error!r}"))
        if self.latency:
            await asyncio.sleep(self.latency)
        return _json({"ok": True, "result": result})

    def _refused(self, call: Call, error: ApiError) -> web.Response:
        self._refuse(call, error.code, error.description)
        return _json(error.body, error.code)

    def _refuse(self, call: Call, code: int, description: str) -> None:
        refusal = Refusal(call.method, call.chat, code, description)
        self.world.record.refusals.append(refusal)

    async def _download(self, request: web.Request) -> web.Response:
        self._check_token(request.match_info["token"])
        path = request.match_info["path"]
        for file in self.world.files.values():
            if file.path == path:
                return web.Response(body=file.content, content_type="application/octet-stream")
        return _json(ApiError(404, "Not Found").body, 404)

    def _check_token(self, token: str) -> None:
        if not _TOKEN.fullmatch(token):
            raise web.HTTPNotFound(text=_text(404, "Not Found"), content_type="application/json")
        if token != self._token:
            text = _text(401, "Unauthorized")
            raise web.HTTPUnauthorized(text=text, content_type="application/json")


async def _cut(request: web.Request) -> web.StreamResponse:
    """Says that all is well, and dies before the body that it announced."""
    response = web.StreamResponse(headers={"Content-Length": "200"})
    await response.prepare(request)
    if request.transport is not None:
        request.transport.close()  # what is written by now still leaves
    return response


async def _nothing_here(_: web.Request) -> web.Response:
    return _json(ApiError(404, "Not Found").body, 404)


def _text(code: int, description: str) -> str:
    return web.json_response(ApiError(code, description).body).text or ""


def _json(body: Json, status: int = 200) -> web.Response:
    wait = body.get("parameters", {}).get("retry_after")
    headers = {} if wait is None else {"Retry-After": str(wait)}
    return web.json_response(body, status=status, headers=headers)
