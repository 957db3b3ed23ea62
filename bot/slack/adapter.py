"""Slack as a platform: starts and stops receiving, and sends what Repmate says by itself."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import Awaitable, Callable

import structlog

from bot.app import App
from bot.inbound.inbox import PlatformInbox
from bot.inbound.lanes import Lanes
from bot.inbound.worker import Worker
from bot.limits.backoff import wait_before
from bot.limits.rate_limiter import RateLimited
from bot.limits.saved_limits import SavedLimits
from bot.port import Address, DeliveryError, Sent
from bot.slack.api import Api
from bot.slack.errors import Calls, SlackCallError, delivery_error, held_back
from bot.slack.handling import SlackAnswering
from bot.slack.home_and_assistant import Rooms
from bot.slack.install import Installer
from bot.slack.modal_skeleton import ModalPlaceholders
from bot.slack.outbound import Outbound
from bot.slack.payload.kinds import PLATFORM, account_id, tenant_in
from bot.slack.payload.reply_targets import Place
from bot.slack.people import People
from bot.slack.rate_limits import slack_pace
from bot.slack.receiving import Receipt
from bot.slack.setup import SlackSetup
from bot.slack.show_answer import Showing
from bot.slack.sockets import Sockets
from bot.slack.submissions import Submissions
from bot.slack.suggestions import Suggestions
from bot.slack.token_encryption import Vault
from bot.slack.waiters import Waiting
from bot.slack.web import Web, listening, web_app
from bot.slack.workspaces import Workspace, Workspaces
from handlers.contract.reply import Reply

FINISHING = 10.0  # seconds that answers under way have when the bot stops
log = structlog.get_logger()


class TokenRefused(ValueError):
    """Slack does not know this token: copy it again from the app's page into SLACK_BOT_TOKEN."""

    def __str__(self) -> str:
        return self.__doc__ or ""


class SlackAdapter:
    """One app on Slack. `pause` waits so many seconds; `give_up` asks the process to end.

    Raises ValueError for a setup that could receive nothing.
    """

    platform = PLATFORM

    def __init__(
        self,
        app: App,
        setup: SlackSetup,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        give_up: Callable[[], None] = lambda: None,
    ) -> None:
        setup.check()
        self._app = app
        self._setup = setup
        self._pause = pause
        self._give_up = give_up
        pace = slack_pace(keeps=setup.keeps_rates)
        self._holds = SavedLimits(app, PLATFORM, pace)
        self._api = Api(setup.base_url, pace, self._holds.hold)
        self._outbound = Outbound(self._api)
        self._lanes = Lanes()
        self._waiting = Waiting(ModalPlaceholders(self._api), Submissions())
        vault = Vault(setup.token_keys) if setup.token_keys else None
        self._workspaces = Workspaces(app, vault)
        self._rooms = Rooms(app, self._api, pause)
        self._inbox = PlatformInbox(app, PLATFORM, self._rest)
        self._receipt: Receipt | None = None
        self._listening: socket.socket | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """The port HTTP is served at; 0 where it is not."""
        return int(self._listening.getsockname()[1]) if self._listening is not None else 0

    async def start(self) -> None:
        """Begins to receive; where Slack can't be reached yet, as soon as it can.

        Raises TokenRefused, and ValueError where HTTP is to be served and nothing can listen.
        """
        if self._setup.serves_http:
            self._listening = listening(self._setup.host, self._setup.port)
        await self._holds.restore()
        await self._api.open()
        known = False
        try:
            known = await self._hello()
        except SlackCallError as trouble:
            if trouble.is_uninstalled:
                await self.stop()
                raise TokenRefused from None
            log.warning("slack not reached, trying on", reason=trouble.code)
        self._serving = asyncio.create_task(self._serve(known), name="slack")

    async def stop(self) -> None:
        """Stops receiving, finishes the answers under way and closes every connection.

        What is kept and not answered by then is answered after the next start.
        """
        serving, self._serving = self._serving, None
        if serving is not None:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
        if self._receipt is not None:
            await self._receipt.settled()
        await self._lanes.drain(FINISHING)
        await self._rooms.close()
        await self._waiting.placeholders.close()
        await self._api.close()
        if self._listening is not None:
            self._listening.close()

    async def send(self, address: Address, reply: Reply) -> Sent:
        """Sends a message that Repmate starts; raises DeliveryError."""
        tenant = tenant_in(address.account_id)
        workspace = await self._workspaces.find(tenant)
        if workspace is None or not address.chat:
            raise DeliveryError("no workspace of ours", gone=True)
        calls = Calls(self._pause, patient=False, urgent=False)
        try:
            if reply.replaces:
                return Sent(await self._outbound.replace(reply, workspace, calls))
            return Sent(await self._outbound.show(reply, Place(address.chat), workspace, calls))
        except SlackCallError as trouble:
            raise delivery_error(trouble) from None
        except RateLimited as held:
            raise held_back(held) from None

    async def _serve(self, known: bool) -> None:
        for attempt in itertools.count():
            if known:
                break
            await self._pause(wait_before(attempt, longest=60.0))
            try:
                known = await self._hello()
            except SlackCallError as trouble:
                log.warning("slack not reached, trying on", reason=trouble.code)
        worker, receipt = self._made()
        resumed = await self._resumed(worker)
        log.info("slack serving", resumed=resumed, http=not self._setup.app_token)
        await self._receive(receipt)

    def _made(self) -> tuple[Worker, Receipt]:
        people = People(self._app, self._api)
        showing = Showing(self._app, self._api, self._outbound, self._waiting, self._inbox)
        answering = SlackAnswering(
            self._app,
            self._inbox,
            self._workspaces,
            people,
            showing,
            self._rooms,
            self._rest,
        )
        worker = Worker(self._inbox, self._lanes, answering)
        self._receipt = Receipt(
            self._api.client(),
            self._inbox,
            worker,
            answering,
            self._workspaces,
            self._waiting,
            Suggestions(self._app),
        )
        return worker, self._receipt

    async def _receive(self, receipt: Receipt) -> None:
        setup = self._setup
        async with asyncio.TaskGroup() as group:
            if setup.app_token:
                sockets = Sockets(
                    receipt.bolt,
                    setup.app_token,
                    self._api.client(),
                    self._pause,
                    self._give_up,
                    setup.ping_seconds,
                )
                group.create_task(sockets.run())
            if setup.serves_http:
                group.create_task(self._serve_http(receipt))

    async def _serve_http(self, receipt: Receipt) -> None:
        setup = self._setup
        installer = Installer(self._app, self._api, self._workspaces, setup)
        pages = installer.routes if setup.installs else []
        secret = "" if setup.app_token else setup.signing_secret
        app = web_app(receipt.bolt, secret, self._unix_now, pages)
        assert self._listening is not None  # noqa: S101 start has opened it where HTTP is served
        await Web(app, self._listening).run()

    async def _resumed(self, worker: Worker) -> int:
        for attempt in itertools.count():
            try:
                return await worker.resume()
            except Exception:
                log.exception("what was left open could not be taken up")
                await self._pause(wait_before(attempt, longest=60.0))
        raise AssertionError  # for the type checker: counting never ends

    async def _hello(self) -> bool:
        """Who we are where the token stands in the settings; true once that is known."""
        token = self._setup.bot_token
        if token:
            told = await self._api.once(token, "auth.test", {})
            own = Workspace(
                str(told.get("enterprise_id") or ""),
                str(told.get("team_id") or ""),
                token,
                str(told.get("user_id") or ""),
                str(told.get("team") or ""),
            )
            await self._workspaces.serve_own(own)
            await self._app.off_loop(lambda: self._revive(own))
        return True

    def _revive(self, own: Workspace) -> None:
        """A token that works again reaches everybody once more."""
        prefix = account_id(own.enterprise_id, own.id, "") + "."
        with self._app.database.work() as memory:
            memory.members.restore_reachability(PLATFORM, prefix, self._app.clock.now())

    async def _rest(self, seconds: float) -> None:
        """Waits inside a lane, whose place another may take meanwhile."""
        async with self._lanes.aside():
            await self._pause(seconds)

    def _unix_now(self) -> float:
        return self._app.clock.now().timestamp()
