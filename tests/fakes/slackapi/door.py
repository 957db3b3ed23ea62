"""The HTTP side of the fake: reads a call, lets a fault befall it or answers it, as JSON."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

from aiohttp import web

from tests.fakes.botapi.pulse import Pulse
from tests.fakes.slackapi.calls import Call, read_call
from tests.fakes.slackapi.errors import ApiError, Json
from tests.fakes.slackapi.faults import Fault, Faults
from tests.fakes.slackapi.methods import APP_LEVEL, METHODS, OPEN
from tests.fakes.slackapi.rates import Rates
from tests.fakes.slackapi.record import Refusal
from tests.fakes.slackapi.responding import respond
from tests.fakes.slackapi.sockets import Sockets
from tests.fakes.slackapi.workspaces import Workspace
from tests.fakes.slackapi.world import World

REQUEST_BYTES = 64 * 1024 * 1024
_ERROR_PAGE = "<html><body>Server error</body></html>"


class Door:
    """Serves /api/<method>, uploads, downloads, response addresses and sockets."""

    def __init__(self, world: World, rates: Rates, sockets: Sockets, pulse: Pulse) -> None:
        self.world = world
        self.faults = Faults()
        self.rates = rates
        self.sockets = sockets
        self.methods = dict(METHODS)
        self.enforce_rates = False
        self.busy = 0
        self.seen = 0
        self.crashes: list[Exception] = []
        self._pulse = pulse
        self._released = asyncio.Event()

    def app(self) -> web.Application:
        """The application to serve."""
        app = web.Application(client_max_size=REQUEST_BYTES)
        app.router.add_route("*", "/api/{method}", self._method)
        app.router.add_post("/upload/{id}", self._upload)
        app.router.add_post("/response/{key:.+}", self._respond)
        app.router.add_get("/files-pri/{rest}/{id}", self._download)
        app.router.add_get("/link/", self.sockets.link)
        return app

    def open(self) -> None:
        """Serve hanging calls as long as they last."""
        self._released = asyncio.Event()

    def close(self) -> None:
        """End hanging calls."""
        self._released.set()

    async def _method(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        self.world.record.calls[name] += 1
        self._begin()
        try:
            return await self._answer(request, name)
        finally:
            self._end()

    async def _answer(self, request: web.Request, name: str) -> web.Response:
        try:
            call = await read_call(name, request)
            team = self._team(call.token)
        except ApiError as error:
            return self._refused(name, "", error)
        call = replace(call, team=team or call.team)
        channel = str(call.arguments.get("channel") or call.arguments.get("channel_id") or "")
        fault = self.faults.take(name, channel, call.team.id)
        if fault is None:
            return self._do(call, channel)
        if fault.applied:
            self._do(call, channel)
        return await self._suffer(fault, request, call)

    async def _suffer(self, fault: Fault, request: web.Request, call: Call) -> web.Response:
        if fault.kind == "hang":
            self._end()
            await self._released.wait()
            self._begin()
        if fault.kind in ("drop", "hang") and request.transport is not None:
            request.transport.abort()
        if fault.kind == "answer":
            error = fault.body["error"] if isinstance(fault.body, dict) else str(fault.status)
            self.world.record.refusals.append(Refusal(call.method, call.team.id, str(error)))
        headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        if isinstance(fault.body, str):
            body = fault.body or _ERROR_PAGE
            kind = fault.content_type
            return web.Response(text=body, status=fault.status, content_type=kind, headers=headers)
        return web.json_response(fault.body, status=fault.status, headers=headers)

    def _do(self, call: Call, channel: str) -> web.Response:
        try:
            told = self._result(call, channel)
        except ApiError as error:
            return self._refused(call.method, call.team.id, error)
        except Exception as error:  # noqa: BLE001 - kept, and raised when the test ends
            self.crashes.append(error)
            return self._refused(call.method, call.team.id, ApiError("fatal_error"))
        return web.json_response({"ok": True} | told)

    def _result(self, call: Call, channel: str) -> Json:
        if call.method == APP_LEVEL:
            return self._socket_address(call)
        method = self.methods.get(call.method)
        if method is None:
            raise ApiError("unknown_method")
        if call.method not in OPEN:
            _check_standing(call, method.scope)
        if self.enforce_rates:
            self.rates.spend(call.method, call.team.id, channel, method.tier)
        return method.act(self.world, call)

    def _socket_address(self, call: Call) -> Json:
        if call.token != self.world.app.app_token:
            known = self._team(call.token) is not None
            raise ApiError("not_allowed_token_type" if known else "invalid_auth")
        return {"url": self.sockets.ticket()}

    def _team(self, token: str) -> Workspace | None:
        teams = self.world.workspaces.values()
        return next((team for team in teams if team.bot_token == token), None)

    async def _upload(self, request: web.Request) -> web.Response:
        self._begin()
        try:
            file = self.world.files.get(request.match_info["id"])
            content = await _uploaded(request)
            if file is None or len(content) != file.announced:
                return web.Response(status=400, text="bad length or no such upload")
            file.content = content
            return web.Response(text=f"OK - {len(content)}")
        finally:
            self._end()

    async def _download(self, request: web.Request) -> web.Response:
        file = self.world.files.get(request.match_info["id"])
        team = self._team(request.headers.get("Authorization", "").removeprefix("Bearer "))
        if file is None or team is None or team.id != file.team_id or team.state != "active":
            # Slack shows its sign-in page instead, with a good status.
            return web.Response(
                text="<!DOCTYPE html><html>Sign in</html>", content_type="text/html"
            )
        return web.Response(body=file.content or b"", content_type=file.mime_type)

    async def _respond(self, request: web.Request) -> web.Response:
        self._begin()
        try:
            told = json.loads(await request.text())
            respond(self.world, request.match_info["key"], told)
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
        except ApiError as error:
            self._refused("response_url", "", error)
            return web.json_response(error.body, status=error.status if error.status > 200 else 400)
        finally:
            self._end()
        return web.Response(text="ok")

    def _refused(self, method: str, team_id: str, error: ApiError) -> web.Response:
        refusal = Refusal(method, team_id, error.error, tuple(error.messages))
        self.world.record.refusals.append(refusal)
        headers = {"Retry-After": str(error.retry_after)} if error.retry_after else {}
        return web.json_response(error.body, status=error.status, headers=headers)

    def _begin(self) -> None:
        self.busy += 1
        self.seen += 1
        self._pulse.beat()

    def _end(self) -> None:
        self.busy -= 1
        self._pulse.beat()


async def _uploaded(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    parts = [part for part in (await request.post()).values() if isinstance(part, web.FileField)]
    return parts[0].file.read() if parts else b""


def _check_standing(call: Call, scope: str) -> None:
    if not call.token:
        raise ApiError("not_authed")
    if not call.team.id:
        raise ApiError("invalid_auth")
    if call.team.state == "revoked":
        raise ApiError("token_revoked")
    if call.team.state != "active":
        raise ApiError("account_inactive")
    if scope and call.team.scopes is not None and scope not in call.team.scopes:
        raise ApiError("missing_scope", f"needed {scope}")
