"""Modal placeholders: opened while Slack still allows it, filled when the answer is ready.

A trigger opens a modal within three seconds or never. So after one second without an answer a
placeholder opens, without waiting for the database, and the form or the answer is put into it.
"""

from __future__ import annotations

import asyncio

import structlog

from bot.slack.api import Api
from bot.slack.block_kit.modals import draw_skeleton
from bot.slack.errors import SlackCallError
from bot.slack.workspaces import Workspace

SOON = 1.0  # seconds within which an answer needs no placeholder
log = structlog.get_logger()


class ModalPlaceholders:
    """The placeholders of answers in progress, by event id."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._tasks: dict[str, asyncio.Task[str]] = {}

    def open_later(self, event_id: str, workspace: Workspace, trigger_id: str) -> None:
        """Opens a placeholder soon, unless the answer comes first."""
        if event_id not in self._tasks:
            opening = self._open(workspace, trigger_id)
            self._tasks[event_id] = asyncio.create_task(opening, name="modal placeholder")

    async def take_view_id(self, event_id: str) -> str:
        """The view id of the placeholder, to be filled; empty where none has opened."""
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
        """Opens no more placeholders."""
        tasks, self._tasks = [*self._tasks.values()], {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _open(self, workspace: Workspace, trigger_id: str) -> str:
        await asyncio.sleep(SOON)
        opening = self._api.call_once(
            workspace.token, "views.open", {"trigger_id": trigger_id, "view": draw_skeleton()}
        )
        # Once requested it opens even if the caller stops waiting, so its id must be known.
        request = asyncio.ensure_future(opening)
        try:
            answer = await asyncio.shield(request)
        except asyncio.CancelledError:
            answer = await request
        except SlackCallError as error:
            log.info("modal placeholder not opened", reason=error.code)
            return ""
        view = answer.get("view")
        return str(view.get("id", "")) if isinstance(view, dict) else ""
