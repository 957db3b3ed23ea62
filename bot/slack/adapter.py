"""The Slack adapter: starts and stops receiving, and sends messages that Repmate starts."""

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
from bot.slack.errors import Calls, SlackCallError, make_delivery_error, make_held_error
from bot.slack.handling import SlackHandler
from bot.slack.home_and_assistant import HomeAndAssistant
from bot.slack.install import Installer
from bot.slack.modal_skeleton import ModalPlaceholders
from bot.slack.outbound import Outbound
from bot.slack.payload.kinds import PLATFORM, make_account_id, parse_tenant
from bot.slack.payload.reply_targets import Place
from bot.slack.people import People
from bot.slack.rate_limits import make_limiter
from bot.slack.receiving import Receiver
from bot.slack.setup import SlackSetup
from bot.slack.show_answer import AnswerDisplay
from bot.slack.sockets import Sockets
from bot.slack.submissions import Submissions
from bot.slack.suggestions import Suggestions
from bot.slack.token_encryption import TokenCipher
from bot.slack.waiters import Waiters
from bot.slack.web import Web, make_web_app, open_socket
from bot.slack.workspaces import Workspace, Workspaces
from handlers.contract.reply import Reply
from storage.engine import CorruptDatabase

FINISH_SECONDS = 10.0  # for answers under way when the bot stops
log = structlog.get_logger()


class TokenRefused(ValueError):
    """Slack does not know this token: copy it again from the app's page into SLACK_BOT_TOKEN."""

    def __str__(self) -> str:
        return self.__doc__ or ""


class SlackAdapter:
    """One Slack app. `sleep` waits so many seconds; `give_up` asks the process to end.

    Raises ValueError for a setup that cannot receive anything.
    """

    platform = PLATFORM

    def __init__(
        self,
        app: App,
        setup: SlackSetup,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        give_up: Callable[[], None] = lambda: None,
    ) -> None:
        setup.check()
        self._app = app
        self._setup = setup
        self._sleep = sleep
        self._give_up = give_up
        limiter = make_limiter(keeps=setup.keeps_rates)
        self._saved_limits = SavedLimits(app, PLATFORM, limiter)
        self._api = Api(setup.base_url, limiter, self._saved_limits.hold)
        self._outbound = Outbound(self._api)
        self._lanes = Lanes()
        self._waiters = Waiters(ModalPlaceholders(self._api), Submissions())
        cipher = TokenCipher(setup.token_keys) if setup.token_keys else None
        self._workspaces = Workspaces(app, cipher)
        self._home = HomeAndAssistant(app, self._api, self._workspaces, sleep)
        app.removal_listeners.append(self._home.clear_after_removal)
        self._inbox = PlatformInbox(app, PLATFORM, self._sleep_in_lane)
        self._receiver: Receiver | None = None
        self._socket: socket.socket | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """The port at which HTTP is served; 0 where it is not served."""
        return int(self._socket.getsockname()[1]) if self._socket is not None else 0

    async def start(self) -> None:
        """Starts to receive; where Slack can't be reached yet, as soon as it can.

        Raises TokenRefused, and ValueError where HTTP is to be served and nothing can listen.
        """
        if self._setup.serves_http:
            self._socket = open_socket(self._setup.host, self._setup.port)
        await self._saved_limits.restore()
        await self._api.open()
        identified = False
        try:
            identified = await self._identify()
        except SlackCallError as error:
            if error.is_uninstalled:
                await self.stop()
                raise TokenRefused from None
            log.warning("slack not reachable, trying again", reason=error.code)
        self._serving = asyncio.create_task(self._serve(identified), name="slack")

    async def stop(self) -> None:
        """Stops receiving, finishes the answers under way and closes every connection.

        Stored arrivals that are not answered by then are answered after the next start.
        """
        serving, self._serving = self._serving, None
        if serving is not None:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
        if self._receiver is not None:
            await self._receiver.wait_until_stored()
        await self._lanes.drain(FINISH_SECONDS)
        await self._home.close()
        await self._waiters.placeholders.close()
        await self._api.close()
        if self._socket is not None:
            self._socket.close()

    async def send(self, address: Address, reply: Reply) -> Sent:
        """Sends a message that Repmate starts; raises DeliveryError."""
        tenant = parse_tenant(address.account_id)
        workspace = await self._workspaces.find(tenant)
        if workspace is None or not address.chat:
            raise DeliveryError("no workspace of ours", gone=True)
        calls = Calls(self._sleep, patient=False, urgent=False)
        try:
            if reply.replaces:
                return Sent(await self._outbound.replace(reply, workspace, calls))
            return Sent(await self._outbound.show(reply, Place(address.chat), workspace, calls))
        except SlackCallError as error:
            raise make_delivery_error(error) from None
        except RateLimited as held:
            raise make_held_error(held) from None

    async def _serve(self, identified: bool) -> None:
        for attempt in itertools.count():
            if identified:
                break
            await self._sleep(wait_before(attempt, longest=60.0))
            try:
                identified = await self._identify()
            except SlackCallError as error:
                log.warning("slack not reachable, trying again", reason=error.code)
        worker, receiver = self._make_worker()
        resumed = await self._resume(worker)
        log.info("slack serving", resumed=resumed, http=not self._setup.app_token)
        await self._receive(receiver)

    def _make_worker(self) -> tuple[Worker, Receiver]:
        people = People(self._app, self._api)
        display = AnswerDisplay(self._app, self._api, self._outbound, self._waiters, self._inbox)
        handler = SlackHandler(
            self._app,
            self._inbox,
            self._workspaces,
            people,
            display,
            self._home,
            self._sleep_in_lane,
        )
        worker = Worker(self._inbox, self._lanes, handler)
        self._receiver = Receiver(
            self._api.client(),
            self._inbox,
            worker,
            handler,
            self._workspaces,
            self._waiters,
            Suggestions(self._app),
        )
        return worker, self._receiver

    async def _receive(self, receiver: Receiver) -> None:
        setup = self._setup
        async with asyncio.TaskGroup() as group:
            if setup.app_token:
                sockets = Sockets(
                    receiver.bolt,
                    setup.app_token,
                    self._api.client(),
                    self._sleep,
                    self._give_up,
                    setup.ping_seconds,
                )
                group.create_task(sockets.run())
            if setup.serves_http:
                group.create_task(self._serve_http(receiver))

    async def _serve_http(self, receiver: Receiver) -> None:
        setup = self._setup
        installer = Installer(self._app, self._api, self._workspaces, setup)
        pages = installer.routes if setup.installs else []
        secret = "" if setup.app_token else setup.signing_secret
        app = make_web_app(receiver.bolt, secret, self._unix_now, pages)
        assert self._socket is not None  # noqa: S101 start has opened it where HTTP is served
        await Web(app, self._socket).run()

    async def _resume(self, worker: Worker) -> int:
        for attempt in itertools.count():
            try:
                return await worker.resume()
            except CorruptDatabase:  # the process ends
                raise
            except Exception:
                log.exception("resuming unanswered arrivals failed")
                await self._sleep(wait_before(attempt, longest=60.0))
        raise AssertionError  # for the type checker: counting never ends

    async def _identify(self) -> bool:
        """Asks Slack who we are, where the token is in the settings; true once that is known."""
        token = self._setup.bot_token
        if token:
            answer = await self._api.call_once(token, "auth.test", {})
            own = Workspace(
                str(answer.get("enterprise_id") or ""),
                str(answer.get("team_id") or ""),
                token,
                str(answer.get("user_id") or ""),
                str(answer.get("team") or ""),
            )
            await self._workspaces.serve_own(own)
            await self._app.run_off_loop(lambda: self._revive(own))
        return True

    def _revive(self, own: Workspace) -> None:
        """Marks the workspace's people as reachable: its token works again."""
        prefix = make_account_id(own.enterprise_id, own.id, "") + "."
        with self._app.database.work() as memory:
            memory.members.restore_reachability(PLATFORM, prefix, self._app.clock.now())

    async def _sleep_in_lane(self, seconds: float) -> None:
        """Waits inside a job, while another lane may take its place."""
        async with self._lanes.lend_place():
            await self._sleep(seconds)

    def _unix_now(self) -> float:
        return self._app.clock.now().timestamp()
