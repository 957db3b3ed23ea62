"""The App Home, and the prompts our chat offers when it is opened, before anybody asks something.

An app with the agent's view offers prompts for the chat, one with the assistant's view for a thread
of its pane: https://docs.slack.dev/reference/methods/assistant.threads.setSuggestedPrompts
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict

import structlog

from bot.app import App
from bot.clock import stopwatch
from bot.inbound.json_fields import part, string
from bot.limits.backoff import Sleep
from bot.slack.api import Api, Json
from bot.slack.block_kit import home
from bot.slack.errors import Calls, SlackCallError
from bot.slack.inbound import Incoming, PageOpened
from bot.slack.payload.kinds import PLATFORM, Tenant, parse_tenant, read_id
from bot.slack.workspaces import Workspace, Workspaces
from handlers import home_page
from handlers.contract.request import Account
from storage.engine import Busy, CorruptDatabase
from storage.unit_of_work import UnitOfWork

REFRESH_SECONDS = 1.1  # between two refreshes of one Home
MAX_HOMES = 10_000  # Homes that are refreshed after an act; others when they are opened
PROMPTS = 4  # Slack takes no more
MAX_PEOPLE = 10_000  # whose last prompts are remembered
MAX_CHANNELS = 1_000  # whose names are remembered
NAME_SECONDS = 3_600.0  # for which a channel's name holds; another may be given to it
log = structlog.get_logger()


class HomeAndAssistant:
    """What one adapter shows in Homes, and offers in chats and panes."""

    def __init__(self, app: App, api: Api, workspaces: Workspaces, sleep: Sleep) -> None:
        self.api = api
        self._workspaces = workspaces
        self._app = app
        self._sleep = sleep
        self._prompts = SuggestedPrompts(app, api)
        self._opened_homes: OrderedDict[str, None] = OrderedDict()
        self._refreshes: dict[str, asyncio.Task[None]] = {}
        self._refresh_again: set[str] = set()
        self._clearing: set[asyncio.Task[None]] = set()

    async def handle_opened(self, opened: PageOpened, workspace: Workspace, calls: Calls) -> None:
        """Somebody looks at their Home, or at our chat or pane. Raises SlackCallError."""
        if opened.place.channel:
            await self._prompts.offer(opened, workspace, calls)
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

    async def redraw(self, account: Account, workspace: Workspace) -> None:
        """Redraws the Home of somebody who is another to the team now, opened before or not."""
        try:
            calls = Calls(self._sleep, urgent=False)
            await self._publish(account, account.address, workspace, calls)
        except SlackCallError as error:  # such as user_disabled: nobody can look at it any more
            log.info("home not redrawn", reason=error.code)

    def clear_after_removal(self, team_id: int, member_id: int) -> None:
        """Takes the team's data off the Homes of a removed member, in a task of its own."""
        task = asyncio.create_task(self._clear_homes(team_id, member_id), name="clear home")
        self._clearing.add(task)
        task.add_done_callback(self._clearing.discard)

    async def _clear_homes(self, team_id: int, member_id: int) -> None:
        def find_accounts(memory: UnitOfWork) -> list[Account]:
            found = memory.members.list_identities(team_id, member_id)
            return [
                Account(PLATFORM, each.account_id, address=each.address)
                for each in found
                if each.platform == PLATFORM
            ]

        try:
            for account in await self._app.run_transaction(find_accounts):
                workspace = await self._workspaces.find(parse_tenant(account.id))
                if workspace is not None:
                    await self.redraw(account, workspace)
        except Exception:
            log.exception("home not cleared")

    async def close(self) -> None:
        """Stops all refreshes."""
        tasks, self._refreshes = [*self._refreshes.values(), *self._clearing], {}
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

    def _draw_home(self, account: Account) -> Json:
        with self._app.database.work() as memory:
            room = self._app.find_room(memory, account)
            return home.draw_home(home_page.render_sections(room), room.words)

    def _remember(self, account_id: str) -> None:
        self._opened_homes[account_id] = None
        self._opened_homes.move_to_end(account_id)
        if len(self._opened_homes) > MAX_HOMES:
            self._opened_homes.popitem(last=False)


class SuggestedPrompts:
    """The prompts that one adapter offers."""

    def __init__(self, app: App, api: Api) -> None:
        self._app = app
        self._api = api
        self._offered: OrderedDict[str, list[Json]] = OrderedDict()
        self._names: dict[tuple[Tenant, str], tuple[float, str]] = {}

    async def offer(self, opened: PageOpened, workspace: Workspace, calls: Calls) -> None:
        """Offers what is likeliest asked for now: the deal of the channel in view, the day, the
        objections heard where the deal stands.

        What Slack refuses for good is only logged: nobody waits for it. Raises SlackCallError for
        what may be taken later.
        """
        account = opened.account
        try:
            name = await self._find_name(opened.viewed, workspace, calls) if opened.viewed else ""
            title, prompts = await self._app.run_off_loop(lambda: self._find(opened, name))
            if opened.moved and self._offered.get(account.id) == prompts:
                return
            await self._api.call(
                workspace,
                calls,
                "assistant.threads.setSuggestedPrompts",
                channel_id=await self._find_chat(opened, workspace, calls),
                thread_ts=opened.place.thread or None,
                title=title,
                prompts=prompts,
            )
        except SlackCallError as error:
            if error.is_temporary:
                raise
            log.info("no prompts offered", reason=error.code)
            return
        self._remember(account.id, prompts)

    def _find(self, opened: PageOpened, channel: str) -> tuple[str, list[Json]]:
        with self._app.database.work() as memory:
            room = self._app.find_room(memory, opened.account)
            prompts = [
                {"title": title, "message": message}
                for title, message in home_page.suggest_prompts(room, channel)
                if "<" not in title + message  # a customer called <!channel> is said by nobody
            ]
            return room.words.line("platforms.slack.prompts"), prompts[:PROMPTS]

    async def _find_name(self, channel: str, workspace: Workspace, calls: Calls) -> str:
        """A channel's name; empty for one we may not know of, as a private one."""
        key = workspace.tenant, channel
        at, name = self._names.get(key, (0.0, ""))
        if at and stopwatch() - at < NAME_SECONDS:
            return name
        try:
            answer = await self._api.call(workspace, calls, "conversations.info", channel=channel)
        except SlackCallError as error:
            if error.is_temporary or error.is_uninstalled:
                raise
            log.info("channel in view not known", reason=error.code)
            answer = {}
        name = string(part(answer, "channel"), "name", 100)
        if len(self._names) >= MAX_CHANNELS:
            self._names.clear()
        self._names[key] = stopwatch(), name
        return name

    async def _find_chat(self, opened: PageOpened, workspace: Workspace, calls: Calls) -> str:
        """Our chat with the person: not every event names it."""
        if opened.place.channel.startswith("D"):
            return opened.place.channel
        answer = await self._api.call(workspace, calls, "conversations.open", users=opened.user)
        return read_id(part(answer, "channel"), "id")

    def _remember(self, account_id: str, prompts: list[Json]) -> None:
        self._offered[account_id] = prompts
        self._offered.move_to_end(account_id)
        if len(self._offered) > MAX_PEOPLE:
            self._offered.popitem(last=False)
