"""Takes in what Slack sends: kept in the inbox, committed, and only then acknowledged.

One listener for each kind of payload stands behind the library's routing, and our own catalogue
behind those; the work is done afterwards, in order for each person. Over a socket and over HTTP
it is the same from here on. What could not be kept in time is not acknowledged: Slack sends it
again, and the inbox knows what it has seen.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltContext, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse

from bot.inbound.inbox import PlatformInbox, StoredArrival
from bot.inbound.json_fields import Raw, string
from bot.inbound.worker import Worker
from bot.slack.api import Json, quiet
from bot.slack.handling import SlackAnswering
from bot.slack.inbound import Incoming, read
from bot.slack.payload.kinds import PLATFORM, event_id_of, lane_of, tenant_of
from bot.slack.suggestions import Suggestions
from bot.slack.waiters import Waiting
from bot.slack.workspaces import Workspace, Workspaces
from storage.engine import Busy

KEEP_SECONDS = 2.3  # of the three that Slack waits
ANSWER_SECONDS = 2.6  # until which a submitted modal may wait for its answer
_ANY = re.compile("")
_PASSED = ("url_verification", "block_suggestion", "view_closed", "app_rate_limited")
Ack = Callable[..., Awaitable[BoltResponse]]
log = structlog.get_logger()


class Receipt:
    """The way in. `bolt` dispatches each payload through it."""

    def __init__(
        self,
        bolt_client: Any,
        inbox: PlatformInbox,
        worker: Worker,
        answering: SlackAnswering,
        workspaces: Workspaces,
        waiting: Waiting,
        suggestions: Suggestions,
    ) -> None:
        self._inbox = inbox
        self._worker = worker
        self._answering = answering
        self._workspaces = workspaces
        self._placeholders = waiting.placeholders
        self._submissions = waiting.submissions
        self._suggestions = suggestions
        self._storing: set[asyncio.Task[bool]] = set()
        self.bolt = self._app(bolt_client)

    async def settled(self) -> None:
        """Waits until what is being kept has been."""
        if self._storing:
            await asyncio.wait(self._storing)

    def _app(self, client: Any) -> AsyncApp:
        bolt = AsyncApp(
            name="repmate",
            client=client,
            logger=quiet,
            authorize=_authorized,
            before_authorize=self._taken,
            # Ours is checked before the body is even read as anything: bot/slack/signature.py.
            request_verification_enabled=False,
            attaching_function_token_enabled=False,
        )
        bolt.event(_ANY)(_event)
        for listen in (bolt.action, bolt.shortcut, bolt.command, bolt.view):
            listen(_ANY)(_acked)
        bolt.options(_ANY)(self._suggested)
        return bolt

    async def _taken(
        self,
        req: AsyncBoltRequest,
        context: AsyncBoltContext,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 the library passes it by this name
    ) -> BoltResponse:
        """Keeps a payload that is for us before anything else is done with it."""
        body: Raw = req.body
        if string(body, "type", 40) == "url_verification" or "ssl_check" in body:
            return await next()
        try:
            workspace = await self._workspaces.find(tenant_of(body))
            if workspace is None:
                log.info("a payload of no workspace we serve")
                return BoltResponse(status=HTTPStatus.OK, body="")
            context["workspace"] = workspace
            context["told"] = await self._kept(body, workspace)
        except (Busy, TimeoutError):
            log.warning("database busy, slack will send it again")
            return BoltResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, body="")
        return await next()

    async def _kept(self, body: Raw, workspace: Workspace) -> Json:
        """Keeps what is ours; what the acknowledgement says. Raises Busy and TimeoutError."""
        kind = string(body, "type", 40)
        if kind in _PASSED:
            if kind == "app_rate_limited":
                log.warning("slack holds back events", workspace=workspace.id)
            return {}
        kept = _arrived(body, workspace)
        if kept is None:
            return {}
        heard = kept.heard if isinstance(kept.heard, Incoming) else None
        if heard is not None and heard.submitted:
            return await self._submitted(kept, heard)
        if heard is not None and heard.trigger_id and not (heard.view_id and not heard.at_home):
            self._placeholders.open_later(kept.event_id, workspace, heard.trigger_id)
        if not await self._stored_in_time(kept):
            await self._placeholders.take_view_id(kept.event_id)
        return {}

    async def _submitted(self, kept: StoredArrival, heard: Incoming) -> Json:
        """A modal waits for what becomes of what was filled in."""
        began = asyncio.get_running_loop().time()
        waiting = self._submissions.begin(kept.event_id)
        try:
            new = await self._stored_in_time(kept)
            left = ANSWER_SECONDS - (asyncio.get_running_loop().time() - began)
            return await self._answered(heard, waiting, left, new=new)
        finally:
            self._submissions.end(kept.event_id)

    async def _stored_in_time(self, kept: StoredArrival) -> bool:
        """Whether it is new. What comes too late to be acknowledged is worked on all the same."""
        storing = asyncio.create_task(self._stored(kept), name="receipt")
        self._storing.add(storing)
        storing.add_done_callback(self._storing.discard)
        done, _ = await asyncio.wait({storing}, timeout=KEEP_SECONDS)
        if not done:
            storing.add_done_callback(_seen)
            raise TimeoutError
        return storing.result()

    async def _stored(self, kept: StoredArrival) -> bool:
        row_id = await self._inbox.store_one(kept.as_arrival(PLATFORM))
        if row_id:
            self._worker.take(replace(kept, row_id=row_id))
        return bool(row_id)

    async def _answered(
        self, heard: Incoming, waiting: asyncio.Future[Json], left: float, *, new: bool
    ) -> Json:
        """What a submitted modal is told; it stays as it is when that takes too long."""
        again = None if new else asyncio.create_task(self._answering.told_again(heard))
        try:
            return await asyncio.wait_for(asyncio.shield(waiting), max(0.1, left))
        except TimeoutError:
            log.info("a modal is answered late")
            return self._answering.moment()
        finally:
            if again is not None:
                again.cancel()

    async def _suggested(self, ack: Ack, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack(options=await self._suggestions.found(body, context["workspace"]))


async def _authorized(context: AsyncBoltContext) -> AuthorizeResult:
    """The library's view of the workspace, without asking Slack."""
    workspace: Workspace = context["workspace"]
    return AuthorizeResult(
        enterprise_id=workspace.enterprise_id or None,
        team_id=workspace.id,
        bot_token=workspace.token,
        bot_user_id=workspace.bot_user_id,
    )


async def _event() -> None:
    """An event is acknowledged by the library before this; it has been kept by then."""


async def _acked(ack: Ack, context: AsyncBoltContext) -> None:
    await ack(**context.get("told", {}))


def _arrived(body: Raw, workspace: Workspace) -> StoredArrival | None:
    """The payload as it will be kept; None for one that is not ours to answer.

    One that can't be read is kept all the same: the worker puts it aside, and it is counted.
    """
    kept = StoredArrival(0, event_id_of(body), lane_of(body), body)
    try:
        heard = read(body, workspace)
    except Exception:  # noqa: BLE001 - one strange payload must not hold up the others
        return kept
    return replace(kept, heard=heard) if heard is not None else None


def _seen(storing: asyncio.Task[bool]) -> None:
    """What went wrong after nobody waited any more; Slack sends it again."""
    if not storing.cancelled() and (error := storing.exception()) is not None:
        log.warning("not kept", reason=type(error).__name__)
