"""The App Home and the assistant's pane: their content before anybody asks something."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

import structlog

from bot.app import App
from bot.limits.backoff import Sleep
from bot.slack.api import Api, Json
from bot.slack.block_kit import home
from bot.slack.errors import Calls, SlackCallError
from bot.slack.inbound import Incoming, Opened
from bot.slack.workspaces import Workspace
from handlers import home_page
from handlers.contract.desk import Desk, Lobby
from handlers.contract.request import Account
from storage.engine import Busy

BETWEEN = 1.1  # seconds between two refreshes of one Home
REMEMBERED = 10_000  # Homes that are refreshed after an act; others when they are opened
PROMPTS = 4
log = structlog.get_logger()


class Rooms:
    """What one adapter shows in Homes and panes."""

    def __init__(self, app: App, api: Api, pause: Sleep) -> None:
        self.api = api
        self._app = app
        self._pause = pause
        self._opened: OrderedDict[str, None] = OrderedDict()
        self._due: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    async def opened(self, opened: Opened, workspace: Workspace, calls: Calls) -> None:
        """Somebody looks at their Home, or at the pane. Raises SlackCallError."""
        if opened.place.thread:
            await self._prompt(opened, workspace, calls)
            return
        self._remember(opened.account.id)
        await self._publish(opened.account, opened.user, workspace, calls)

    def acted(self, heard: Incoming, workspace: Workspace) -> None:
        """Somebody did something: their Home, once they have looked at it, is drawn anew soon."""
        account = heard.request.account
        if heard.at_home:
            self._remember(account.id)
        if account.id not in self._opened:
            return
        if account.id in self._due:
            self._again.add(account.id)
            return
        refreshing = self._refresh(account, heard.user, workspace)
        self._due[account.id] = asyncio.create_task(refreshing, name="home")

    async def close(self) -> None:
        """Draws nothing more."""
        tasks, self._due = [*self._due.values()], {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _refresh(self, account: Account, user: str, workspace: Workspace) -> None:
        try:
            while True:
                self._again.discard(account.id)
                calls = Calls(self._pause, urgent=False)
                try:
                    await self._publish(account, user, workspace, calls)
                except (SlackCallError, Busy) as error:
                    log.info("home not refreshed", reason=type(error).__name__)
                await self._pause(BETWEEN)
                if account.id not in self._again:
                    return
        except Exception:
            log.exception("home not refreshed")
        finally:
            self._due.pop(account.id, None)

    async def _publish(
        self, account: Account, user: str, workspace: Workspace, calls: Calls
    ) -> None:
        view = await self._app.off_loop(lambda: self._view(account))
        await self.api.call(workspace, calls, "views.publish", user_id=user, view=view)

    async def _prompt(self, opened: Opened, workspace: Workspace, calls: Calls) -> None:
        """Offers what is likeliest asked for now: the day, the objections of the deal in hand."""
        title, prompts = await self._app.off_loop(lambda: self._prompts(opened.account))
        await self.api.call(
            workspace,
            calls,
            "assistant.threads.setSuggestedPrompts",
            channel_id=opened.place.channel,
            thread_ts=opened.place.thread,
            title=title,
            prompts=prompts,
        )

    def _view(self, account: Account) -> Json:
        with self._app.database.work() as memory:
            room = self._app.room(memory, account)
            return home.view_of(home_page.render_sections(room), room.words)

    def _prompts(self, account: Account) -> tuple[str, list[Json]]:
        with self._app.database.work() as memory:
            room: Desk | Lobby = self._app.room(memory, account)
            offered = home_page.suggest_prompts(room)[:PROMPTS]
            said = [{"title": title, "message": message} for title, message in offered]
            return room.words.line("platforms.slack.prompts"), said

    def _remember(self, account_id: str) -> None:
        self._opened[account_id] = None
        self._opened.move_to_end(account_id)
        if len(self._opened) > REMEMBERED:
            self._opened.popitem(last=False)
