"""Who somebody is that we do not know yet, and whether they may come in by themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import structlog

from bot.app import App
from bot.fields import Raw, part, string
from bot.slack.api import Api
from bot.slack.inbound import Heard
from bot.slack.payloads import PLATFORM
from bot.slack.trouble import Calls, SlackTrouble
from bot.slack.workspaces import Workspace
from handlers import joining
from handlers.joining import Newcomer
from storage.unit_of_work import UnitOfWork

LET_IN = ("redeem", "start", "/start", "开始", "/开始")  # what somebody without a team may say
Result = TypeVar("Result")
log = structlog.get_logger()


@dataclass(frozen=True)
class Met:
    """A request with its person's name and language, and what they are to the team.

    `joined` names the team they have just come into. `full`: a full member of the workspace, met
    for the first time; `refused`: nobody who may ask for more than to be let in.
    """

    heard: Heard
    joined: str = ""
    full: bool = False
    refused: bool = False


class People:
    """The people of all workspaces."""

    def __init__(self, app: App, api: Api) -> None:
        self._app = app
        self._api = api

    async def met(self, heard: Heard, workspace: Workspace, calls: Calls) -> Met:
        """Lets a full member of the workspace come into its team at their first word.

        Guests and people from other workspaces need an invite. Whoever has been in the team
        before, and was removed, does not come back by this.
        """
        account = heard.request.account
        if await self._knows(account.id):
            return Met(heard)
        newcomer = await self._newcomer(heard, workspace, calls)
        invited = may_stay(heard)
        account = replace(account, name=newcomer.name or account.name, language=newcomer.language)
        heard = replace(heard, request=replace(heard.request, account=account))
        enterprise, team = workspace.tenant
        now = self._app.clock.now()

        def join(memory: UnitOfWork) -> str:
            if invited:  # they bring a way in of their own, perhaps to who they are elsewhere
                return ""
            return joining.join_by_workspace(memory, account, newcomer, (enterprise, team), now)

        joined = await self._work(join)
        return Met(heard, joined, newcomer.full, refused=not newcomer.full)

    async def claimed(self, met: Met, workspace: Workspace) -> None:
        """After a newcomer's request: if they have made a team, the workspace is its from now."""
        account, now = met.heard.request.account, self._app.clock.now()
        if not met.full or met.joined:
            return

        def claim(memory: UnitOfWork) -> None:
            joining.claim_workspace(memory, account, workspace.tenant, now)

        await self._work(claim)

    async def _knows(self, account_id: str) -> bool:
        def known(memory: UnitOfWork) -> bool:
            identity = memory.members.identity(PLATFORM, account_id)
            if identity is None:
                return False
            return memory.members.get(identity.team_id, identity.member_id) is not None

        return await self._work(known)

    async def _newcomer(self, heard: Heard, workspace: Workspace, calls: Calls) -> Newcomer:
        try:
            answer = await self._api.call(
                workspace, calls, "users.info", user=heard.user, include_locale=True
            )
        except SlackTrouble as trouble:
            log.info("a newcomer is not known to slack", reason=trouble.code)
            return Newcomer("", "", "", full=False)
        return newcomer_of(part(answer, "user"), workspace, outsider=heard.outsider)

    async def _work(self, work: Callable[[UnitOfWork], Result]) -> Result:
        def transaction() -> Result:
            with self._app.database.work() as memory:
                return work(memory)

        return await self._app.off_loop(transaction)


def may_stay(heard: Heard) -> bool:
    """Whether it is an attempt to come in: an invite's form, or `start` with a secret."""
    request = heard.request
    words = request.text.split()
    said = words[0].casefold() if len(words) > 1 else ""
    return request.verb in LET_IN if request.kind in ("button", "form") else said in LET_IN


def newcomer_of(user: Raw, workspace: Workspace, *, outsider: bool) -> Newcomer:
    """What Slack says of somebody: name, language, zone, and whether a full member here."""
    profile = part(user, "profile")
    names = (
        string(profile, "display_name"),
        string(user, "real_name"),
        string(profile, "real_name"),
        string(user, "name"),
    )
    home = string(user, "team_id", 30)
    grid = string(part(user, "enterprise_user"), "enterprise_id", 30)
    ours = home in (workspace.id, workspace.enterprise_id, "") or (
        bool(grid) and grid == workspace.enterprise_id
    )
    barred = ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot", "deleted")
    full = ours and not outsider and not any(user.get(flag) is True for flag in barred)
    return Newcomer(
        next((name for name in names if name), ""),
        string(user, "locale", 35),
        string(user, "tz", 64),
        full=full,
    )
