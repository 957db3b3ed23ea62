"""Receives Slack's payloads: each is stored in the inbox, committed, and only then acknowledged.

The library dispatches each kind of payload to one listener; the work is done afterwards by the
worker, in order for each person. From here on a socket and HTTP are the same. A payload that could
not be stored in time is not acknowledged: Slack sends it again, and the inbox recognises copies.
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
from bot.slack.api import Json, quiet_logger
from bot.slack.handling import SlackHandler
from bot.slack.inbound import Incoming, UserChanged, read
from bot.slack.payload.kinds import PLATFORM, find_lane, find_tenant, make_event_id
from bot.slack.suggestions import Suggestions
from bot.slack.waiters import Waiters
from bot.slack.workspaces import Workspace, Workspaces
from storage.engine import Busy, CorruptDatabase

STORE_SECONDS = 2.3  # for storing a payload; Slack waits three
ANSWER_SECONDS = 2.6  # until which a submitted modal may wait for its answer
_ANY = re.compile("")
_NOT_STORED = ("url_verification", "block_suggestion", "view_closed", "app_rate_limited")
Ack = Callable[..., Awaitable[BoltResponse]]
log = structlog.get_logger()


class Receiver:
    """Receives payloads; `bolt` dispatches each of them to it."""

    def __init__(
        self,
        bolt_client: Any,
        inbox: PlatformInbox,
        worker: Worker,
        handler: SlackHandler,
        workspaces: Workspaces,
        waiting: Waiters,
        suggestions: Suggestions,
    ) -> None:
        self._inbox = inbox
        self._worker = worker
        self._handler = handler
        self._workspaces = workspaces
        self._placeholders = waiting.placeholders
        self._submissions = waiting.submissions
        self._suggestions = suggestions
        self._storing: set[asyncio.Task[bool]] = set()
        self.bolt = self._make_bolt(bolt_client)

    async def wait_until_stored(self) -> None:
        """Waits until payloads that are being stored have been."""
        if self._storing:
            await asyncio.wait(self._storing)

    def _make_bolt(self, client: Any) -> AsyncApp:
        bolt = AsyncApp(
            name="repmate",
            client=client,
            logger=quiet_logger,
            authorize=_authorize,
            before_authorize=self._receive,
            # We check the signature before the body is parsed: bot/slack/signature.py.
            request_verification_enabled=False,
            attaching_function_token_enabled=False,
        )
        bolt.event(_ANY)(_acknowledge_event)
        for listen in (bolt.action, bolt.shortcut, bolt.command, bolt.view):
            listen(_ANY)(_acknowledge)
        bolt.options(_ANY)(self._suggest)
        return bolt

    async def _receive(
        self,
        req: AsyncBoltRequest,
        context: AsyncBoltContext,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 the library passes it by this name
    ) -> BoltResponse:
        """Stores a payload that is for us before anything else is done with it."""
        body: Raw = req.body
        if string(body, "type", 40) == "url_verification" or "ssl_check" in body:
            return await next()
        try:
            workspace = await self._workspaces.find(find_tenant(body))
            if workspace is None:
                log.info("payload of a workspace we do not serve")
                return BoltResponse(status=HTTPStatus.OK, body="")
            context["workspace"] = workspace
            context["acknowledgement"] = await self._store_payload(body, workspace)
        except (Busy, CorruptDatabase, TimeoutError):
            log.warning("database busy: not acknowledged, slack will send it again")
            return BoltResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, body="")
        return await next()

    async def _store_payload(self, body: Raw, workspace: Workspace) -> Json:
        """Stores what is ours; returns the acknowledgement. Raises Busy and TimeoutError."""
        kind = string(body, "type", 40)
        if kind in _NOT_STORED:
            if kind == "app_rate_limited":
                log.warning("slack holds back events", workspace=workspace.id)
            return {}
        arrival = _read_arrival(body, workspace)
        if arrival is None:
            return {}
        changed = arrival.content
        if isinstance(changed, UserChanged) and not await self._handler.concerns_us(
            changed, workspace
        ):
            return {}
        incoming = arrival.content if isinstance(arrival.content, Incoming) else None
        if incoming is not None and incoming.submitted:
            return await self._store_submission(arrival, incoming)
        if (
            incoming is not None
            and incoming.trigger_id
            and not (incoming.view_id and not incoming.at_home)
        ):
            self._placeholders.open_later(arrival.event_id, workspace, incoming.trigger_id)
        if not await self._store_in_time(arrival):
            await self._placeholders.take_view_id(arrival.event_id)
        return {}

    async def _store_submission(self, arrival: StoredArrival, incoming: Incoming) -> Json:
        """Stores a submitted modal; returns its answer, for which the modal waits."""
        began = asyncio.get_running_loop().time()
        waiting = self._submissions.begin(arrival.event_id)
        try:
            new = await self._store_in_time(arrival)
            left = ANSWER_SECONDS - (asyncio.get_running_loop().time() - began)
            return await self._wait_for_answer(incoming, waiting, left, new=new)
        finally:
            self._submissions.end(arrival.event_id)

    async def _store_in_time(self, arrival: StoredArrival) -> bool:
        """Whether it is new. If stored too late to be acknowledged, it is handled all the same."""
        storing = asyncio.create_task(self._store_and_queue(arrival), name="receipt")
        self._storing.add(storing)
        storing.add_done_callback(self._storing.discard)
        done, _ = await asyncio.wait({storing}, timeout=STORE_SECONDS)
        if not done:
            storing.add_done_callback(_log_late_failure)
            raise TimeoutError
        return storing.result()

    async def _store_and_queue(self, arrival: StoredArrival) -> bool:
        row_id = await self._inbox.store_one(arrival.as_arrival(PLATFORM))
        if row_id:
            self._worker.take(replace(arrival, row_id=row_id))
        return bool(row_id)

    async def _wait_for_answer(
        self, incoming: Incoming, waiting: asyncio.Future[Json], left: float, *, new: bool
    ) -> Json:
        """The answer for a submitted modal; a waiting modal where that takes too long."""
        second_try = None if new else asyncio.create_task(self._handler.answer_again(incoming))
        try:
            return await asyncio.wait_for(asyncio.shield(waiting), max(0.1, left))
        except TimeoutError:
            log.info("a modal's answer is late")
            return self._handler.draw_waiting_modal()
        finally:
            if second_try is not None:
                second_try.cancel()

    async def _suggest(self, ack: Ack, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack(options=await self._suggestions.find(body, context["workspace"]))


async def _authorize(context: AsyncBoltContext) -> AuthorizeResult:
    """The workspace as the library wants it, without asking Slack."""
    workspace: Workspace = context["workspace"]
    return AuthorizeResult(
        enterprise_id=workspace.enterprise_id or None,
        team_id=workspace.id,
        bot_token=workspace.token,
        bot_user_id=workspace.bot_user_id,
    )


async def _acknowledge_event() -> None:
    """Does nothing: the library acknowledges events itself, and ours are stored by then."""


async def _acknowledge(ack: Ack, context: AsyncBoltContext) -> None:
    await ack(**context.get("acknowledgement", {}))


def _read_arrival(body: Raw, workspace: Workspace) -> StoredArrival | None:
    """The payload as it will be stored; None where there is nothing to answer.

    One that can't be read is stored all the same: the worker puts it aside, and it is counted.
    """
    arrival = StoredArrival(0, make_event_id(body), find_lane(body), body)
    try:
        content = read(body, workspace)
    except Exception:  # noqa: BLE001 - one strange payload must not hold up the others
        return arrival
    return replace(arrival, content=content) if content is not None else None


def _log_late_failure(storing: asyncio.Task[bool]) -> None:
    """Logs a failure after the wait ended; Slack sends the payload again."""
    if not storing.cancelled() and (error := storing.exception()) is not None:
        log.warning("payload not stored", reason=type(error).__name__)
