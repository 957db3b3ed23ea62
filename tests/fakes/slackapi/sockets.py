"""Socket Mode: websockets with hello, envelopes, acknowledgements, and everything that breaks.

https://docs.slack.dev/apis/events-api/using-socket-mode/
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable
from contextlib import suppress

from aiohttp import WSMessage, WSMsgType, web

from tests.fakes.botapi.pulse import Pulse
from tests.fakes.slackapi.deliveries import NO_CONNECTION, Deliveries, Delivery
from tests.fakes.slackapi.errors import Json
from tests.fakes.slackapi.world import World

MOST = 10
PING_SECONDS = 10.0


class Connection:
    """One socket. `silent`: nothing more is sent, not even a pong; `deaf`: nothing is read."""

    def __init__(self, ws: web.WebSocketResponse, request: web.Request) -> None:
        self.ws = ws
        self.request = request
        self.silent = False
        self.deaf = asyncio.Event()
        self.leaving = False
        self.outgoing: asyncio.Queue[str] = asyncio.Queue()
        self.carried: list[Delivery] = []

    def say(self, told: Json | str) -> None:
        """Send a frame, soon."""
        self.outgoing.put_nowait(told if isinstance(told, str) else json.dumps(told))

    def cut(self) -> None:
        """End it without a word."""
        if self.request.transport is not None:
            self.request.transport.abort()

    def fall_silent(self) -> None:
        """Send nothing more."""
        self.silent = True

    def go_deaf(self) -> None:
        """Read nothing more."""
        self.deaf.set()


class Sockets:
    """All sockets of the app."""

    def __init__(self, world: World, deliveries: Deliveries, pulse: Pulse) -> None:
        self.open: list[Connection] = []
        self.refuse_handshakes = 0
        self.connected = 0
        self.acks: list[str] = []
        self._world = world
        self._deliveries = deliveries
        self._pulse = pulse
        self._tickets: set[str] = set()
        self._turn = 0

    def ticket(self) -> str:
        """The address for one socket."""
        ticket = str(uuid.uuid4())
        self._tickets.add(ticket)
        root = self._world.root_url.replace("http", "ws", 1)
        return f"{root}/link/?ticket={ticket}&app_id={self._world.app.id}"

    def carry(self, delivery: Delivery) -> bool:
        """Gives it to one of the sockets, in turn."""
        able = [one for one in self.open if not one.leaving]
        if not able:
            return False
        self._turn += 1
        chosen = able[self._turn % len(able)]
        chosen.carried.append(delivery)
        chosen.say(delivery.envelope)
        return True

    async def link(self, request: web.Request) -> web.StreamResponse:
        """A client knocks with its ticket."""
        ticket = request.query.get("ticket", "")
        known = ticket in self._tickets
        self._tickets.discard(ticket)
        if self.refuse_handshakes or not known:
            self.refuse_handshakes = max(0, self.refuse_handshakes - known)
            raise web.HTTPServiceUnavailable if known else web.HTTPRequestTimeout
        ws = web.WebSocketResponse(autoping=False, autoclose=True)
        await ws.prepare(request)
        connection = Connection(ws, request)
        await self._serve(connection)
        return ws

    async def close_all(self) -> None:
        """The server goes down."""
        for connection in list(self.open):
            connection.deaf.set()
            with suppress(Exception):
                await asyncio.wait_for(connection.ws.close(), 0.2)

    def disconnect(self, reason: str) -> None:
        """Slack asks to come again: warning, refresh_requested, too_many_websockets, ..."""
        for connection in self.open:
            connection.leaving = True
            connection.say(_goodbye(reason))

    def garbage(self, frame: str = "{not json") -> None:
        """Send something that makes no sense."""
        for connection in self.open:
            connection.say(frame)

    def close(self) -> None:
        """Close every socket properly."""
        self._each(lambda one: asyncio.ensure_future(one.ws.close()))

    def drop(self) -> None:
        """Cut every connection."""
        self._each(Connection.cut)

    def silence(self) -> None:
        """The sockets stay open, and nothing comes through them any more."""
        self._each(Connection.fall_silent)

    def half_open(self) -> None:
        """As if a cable were cut: nothing is read, nothing is sent, nobody closes."""
        self._each(Connection.fall_silent)
        self._each(Connection.go_deaf)

    def _each(self, act: Callable[[Connection], object]) -> None:
        for connection in list(self.open):
            act(connection)

    async def _serve(self, connection: Connection) -> None:
        if len(self.open) >= MOST:
            await connection.ws.send_str(json.dumps(_goodbye("too_many_websockets")))
            await connection.ws.close()
            return
        self.open.append(connection)
        self.connected += 1
        connection.say(_hello(len(self.open), self._world.app.id))
        writer = asyncio.ensure_future(_write(connection))
        self._deliveries.look()
        try:
            await self._read(connection)
        finally:
            writer.cancel()
            self.open.remove(connection)
            for delivery in connection.carried:
                if delivery.state == "sent":
                    self._deliveries.fail(delivery, NO_CONNECTION)
            self._deliveries.look()

    async def _read(self, connection: Connection) -> None:
        while not connection.ws.closed:
            if connection.deaf.is_set():
                await asyncio.Event().wait()
            message = await connection.ws.receive()
            if connection.deaf.is_set() and message.type == WSMsgType.TEXT:
                continue
            if message.type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING):
                return
            if message.type == WSMsgType.ERROR:
                return
            await self._hear(connection, message)

    async def _hear(self, connection: Connection, message: WSMessage) -> None:
        if message.type == WSMsgType.PING and not connection.silent:
            with suppress(ConnectionError):
                await connection.ws.pong(message.data)
        if message.type != WSMsgType.TEXT:
            return
        told = json.loads(message.data)
        self.acks.append(str(told["envelope_id"]))
        self._deliveries.acked(str(told["envelope_id"]), told.get("payload") or {})


async def _write(connection: Connection) -> None:
    while True:
        try:
            async with asyncio.timeout(PING_SECONDS):
                frame = await connection.outgoing.get()
        except TimeoutError:
            frame = ""
        if connection.silent:
            continue
        with suppress(ConnectionError):
            if frame:
                await connection.ws.send_str(frame)
            else:
                await connection.ws.ping(b"Ping from applink-1")


def _hello(connections: int, app_id: str) -> Json:
    return {
        "type": "hello",
        "num_connections": connections,
        "debug_info": {"host": "applink-1", "approximate_connection_time": 18_060},
        "connection_info": {"app_id": app_id},
    }


def _goodbye(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}}
