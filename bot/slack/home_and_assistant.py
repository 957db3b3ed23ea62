"""The App Home and the assistant's pane: what they show before anybody asks something."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

import structlog

from bot.app import App
from bot.limits.backoff import Sleep
from bot.slack.api import Api, Json
from bot.slack.block_kit import home
from bot.slack.errors import Calls, SlackCallError
from bot.slack.inbound import Incoming, PageOpened
from bot.slack.workspaces import Workspace
from handlers import home_page
from handlers.contract.desk import Desk, Lobby
from handlers.contract.request import Account
from storage.engine import Busy, CorruptDatabase

REFRESH_SECONDS = 1.1  # between two refreshes of one Home
MAX_HOMES = 10_000  # remembered for refreshing after an act; others are drawn when opened
PROMPTS = 4
log = structlog.get_logger()


class HomeAndAssistant:
    """The Homes and assistant panes of one adapter."""

    def __init__(self, app: App, api: Api, sleep: Sleep) -> None:
        self.api = api
        self._app = app
        self._sleep = sleep
        self._opened_homes: OrderedDict[str, None] = OrderedDict()
        self._refreshes: dict[str, asyncio.Task[None]] = {}
        self._refresh_again: set[str] = set()

    async def handle_opened(self, opened: PageOpened, workspace: Workspace, calls: Calls) -> None:
        """Draws the Home that was opened, or offers prompts in the pane; raises SlackCallError."""
        if opened.place.thread:
            await self._offer_prompts(opened, workspace, calls)
            return
        self._remember(opened.account.id)
        await self._publish(opened.account, opened.user, workspace, calls)

    def refresh_after(self, incoming: Incoming, workspace: Workspace) -> None:
        """Redraws the Home of somebody who did something, if they have opened it before."""
        account = incoming.request.account
        if incoming.at_home:
            self._remember(account.id)
        if account.id not in self._opened_homes:
            return
        if account.id in self._refreshes:
            self._refresh_again.add(account.id)
            return
        refreshing = self._refresh(account, incoming.user, workspace)
        self._refreshes[account.id] = asyncio.create_task(refreshing, name="home")

    async def close(self) -> None:
        """Stops all refreshes."""
        tasks, self._refreshes = [*self._refreshes.values()], {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _refresh(self, account: Account, user: str, workspace: Workspace) -> None:
        try:
            while True:
                self._refresh_again.discard(account.id)
                calls = Calls(self._sleep, urgent=False)
                try:
                    await self._publish(account, user, workspace, calls)
                except (SlackCallError, Busy, CorruptDatabase) as error:
                    log.info("home not refreshed", reason=type(error).__name__)
                await self._sleep(REFRESH_SECONDS)
                if account.id not in self._refresh_again:
                    return
        except Exception:
            log.exception("home not refreshed")
        finally:
            self._refreshes.pop(account.id, None)

    async def _publish(
        self, account: Account, user: str, workspace: Workspace, calls: Calls
    ) -> None:
        view = await self._app.run_off_loop(lambda: self._draw_home(account))
        await self.api.call(workspace, calls, "views.publish", user_id=user, view=view)

    async def _offer_prompts(self, opened: PageOpened, workspace: Workspace, calls: Calls) -> None:
        """Offers likely questions: the day's work, objections of the deal in hand."""
        title, prompts = await self._app.run_off_loop(lambda: self._find_prompts(opened.account))
        await self.api.call(
            workspace,
            calls,
            "assistant.threads.setSuggestedPrompts",
            channel_id=opened.place.channel,
            thread_ts=opened.place.thread,
            title=title,
            prompts=prompts,
        )

    def _draw_home(self, account: Account) -> Json:
        with self._app.database.work() as memory:
            room = self._app.find_room(memory, account)
            return home.draw_home(home_page.render_sections(room), room.words)

    def _find_prompts(self, account: Account) -> tuple[str, list[Json]]:
        with self._app.database.work() as memory:
            room: Desk | Lobby = self._app.find_room(memory, account)
            offered = home_page.suggest_prompts(room)[:PROMPTS]
            prompts = [{"title": title, "message": message} for title, message in offered]
            return room.words.line("platforms.slack.prompts"), prompts

    def _remember(self, account_id: str) -> None:
        self._opened_homes[account_id] = None
        self._opened_homes.move_to_end(account_id)
        if len(self._opened_homes) > MAX_HOMES:
            self._opened_homes.popitem(last=False)
