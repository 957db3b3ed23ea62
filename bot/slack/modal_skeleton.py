"""Modal placeholders: opened while Slack still allows it, filled when the answer is ready.

A trigger opens a modal within three seconds or never. So after one second without an answer there
is a skeleton, begun before anything asks the database, and the form or the answer goes into it.
"""

from __future__ import annotations

import asyncio

import structlog

from bot.slack.api import Api
from bot.slack.block_kit.modals import draw_skeleton
from bot.slack.errors import SlackCallError
from bot.slack.workspaces import Workspace

SOON = 1.0  # seconds within which an answer needs none
log = structlog.get_logger()


class ModalPlaceholders:
    """The skeletons of answers that are being worked out, by event id."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._tasks: dict[str, asyncio.Task[str]] = {}

    def open_later(self, event_id: str, workspace: Workspace, trigger_id: str) -> None:
        """Opens a skeleton soon, unless the answer is there before."""
        if event_id not in self._tasks:
            opening = self._open(workspace, trigger_id)
            self._tasks[event_id] = asyncio.create_task(opening, name="curtain")

    async def take_view_id(self, event_id: str) -> str:
        """The skeleton's view id, to be filled; empty where none was needed or none opened."""
        task = self._tasks.pop(event_id, None)
        if task is None:
            return ""
        if not task.done():
            task.cancel()
        try:
            return await task
        except asyncio.CancelledError:
            if (current := asyncio.current_task()) is not None and current.cancelling():
                raise
            return ""

    async def close(self) -> None:
        """Opens no more."""
        tasks, self._tasks = [*self._tasks.values()], {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _open(self, workspace: Workspace, trigger_id: str) -> str:
        await asyncio.sleep(SOON)
        opening = self._api.call_once(
            workspace.token, "views.open", {"trigger_id": trigger_id, "view": draw_skeleton()}
        )
        # Once it is asked for it opens, whoever stops waiting: then it has to be known.
        request = asyncio.ensure_future(opening)
        try:
            answer = await asyncio.shield(request)
        except asyncio.CancelledError:
            answer = await request
        except SlackCallError as error:
            log.info("no skeleton", reason=error.code)
            return ""
        view = answer.get("view")
        return str(view.get("id", "")) if isinstance(view, dict) else ""
