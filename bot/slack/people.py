"""People of a workspace who are new to us: who they are, and whether they may join its team."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from bot.app import App
from bot.inbound.json_fields import Raw, part, string
from bot.limits.rate_limiter import RateLimited
from bot.slack.api import Api
from bot.slack.errors import Calls, SlackCallError
from bot.slack.inbound import Incoming, UserChanged
from bot.slack.payload.kinds import PLATFORM
from bot.slack.workspaces import Workspace
from handlers.contract.request import Account
from handlers.team import join_team
from handlers.team.join_team import Newcomer
from storage.tables.people_and_deals import Role
from storage.unit_of_work import UnitOfWork

JOIN_WORDS = ("redeem", "start", "/start", "开始", "/开始")  # commands of somebody without a team
ADMIN_FLAGS = ("is_admin", "is_owner", "is_primary_owner")  # as users.info says it
CHECK_AGAIN_AFTER = timedelta(days=1)  # that somebody we know was last looked up in Slack
log = structlog.get_logger()


@dataclass(frozen=True)
class Admission:
    """A request, and whether its person belongs to the workspace's team.

    `joined_team` names the team they have just joined. `may_found`: the workspace has no team yet,
    and they may make one. `refusal_key` is the text for those who may only ask to be let in.
    """

    incoming: Incoming
    joined_team: str = ""
    may_found: bool = False
    refusal_key: str = ""


class People:
    """The people of all workspaces."""

    def __init__(self, app: App, api: Api) -> None:
        self._app = app
        self._api = api

    async def admission(self, incoming: Incoming, workspace: Workspace, calls: Calls) -> Admission:
        """Lets a full member of the workspace join its team with their first message.

        Guests and people from other workspaces need an invite. Somebody who was removed from the
        team does not come back this way. A workspace without a team waits for one of its admins
        or owners, so that not simply the first to write runs it.
        """
        account = incoming.request.account
        restored = await self._check_again(incoming, workspace, calls)
        known, teamless = await self._app.run_transaction(
            lambda memory: _find_membership(memory, account, workspace)
        )
        if restored and known:
            return Admission(incoming)
        if known and not teamless:
            return Admission(incoming)
        newcomer = await self._newcomer(incoming, workspace, calls)
        if known:
            return Admission(incoming, may_found=newcomer.admin)
        invited = is_join_attempt(incoming)
        account = replace(account, name=newcomer.name or account.name, language=newcomer.language)
        incoming = replace(incoming, request=replace(incoming.request, account=account))
        now = self._app.clock.now()

        def join(memory: UnitOfWork) -> str:
            if invited:  # the invite decides, perhaps for a member known from elsewhere
                return ""
            return join_team.join_by_workspace(memory, account, newcomer, workspace.tenant, now)

        joined_team = await self._app.run_transaction(join)
        may_found = teamless and newcomer.admin
        refusal_key = "platforms.slack.admin_first" if teamless and not may_found else ""
        if not newcomer.full:
            refusal_key = "platforms.slack.members_only"
        return Admission(incoming, joined_team, may_found, refusal_key)

    async def is_standing_changed(self, changed: UserChanged, workspace: Workspace) -> bool:
        """Whether a change in somebody's profile may change what they are to their team."""
        full = read_newcomer(changed.profile, workspace, outsider=False).full

        def look(memory: UnitOfWork) -> bool:
            identity = memory.members.find_identity(PLATFORM, changed.account.id)
            return identity is not None and identity.suspended == full

        return await self._app.run_transaction(look)

    async def review(self, changed: UserChanged, workspace: Workspace) -> bool:
        """Suspends or restores the account of somebody whose profile changed; whether it did."""
        full = read_newcomer(changed.profile, workspace, outsider=False).full
        return await self._review(changed.account, full=full)

    async def _review(self, account: Account, *, full: bool) -> bool:
        now = self._app.clock.now()
        return await self._app.run_transaction(
            lambda memory: join_team.review_account(memory, account, full=full, now=now)
        )

    async def _check_again(self, incoming: Incoming, workspace: Workspace, calls: Calls) -> bool:
        """Asks Slack again about somebody we know, a day after the last time; whether restored.

        Where Slack does not answer now they are let through, and it is asked at their next act.
        """
        account, before = incoming.request.account, self._app.clock.now() - CHECK_AGAIN_AFTER

        def is_due(memory: UnitOfWork) -> bool:
            identity = memory.members.find_identity(PLATFORM, account.id)
            if identity is None:
                return False
            fresh = identity.checked_at is not None and identity.checked_at >= before
            return identity.suspended or not fresh

        if not await self._app.run_transaction(is_due):
            return False
        once = Calls(calls.sleep, patient=False)
        try:
            answer = await self._api.call(workspace, once, "users.info", user=incoming.user)
        except (SlackCallError, RateLimited):
            log.info("slack does not tell who somebody is now")
            return False
        newcomer = read_newcomer(part(answer, "user"), workspace, outsider=incoming.outsider)
        return await self._review(account, full=newcomer.full) and newcomer.full

    async def claim_workspace(self, admission: Admission, workspace: Workspace) -> None:
        """After a request: gives the workspace to the team that its person runs by now."""
        account, now = admission.incoming.request.account, self._app.clock.now()
        if not admission.may_found:
            return

        def claim(memory: UnitOfWork) -> None:
            join_team.claim_workspace(memory, account, workspace.tenant, now)

        await self._app.run_transaction(claim)

    async def _newcomer(self, incoming: Incoming, workspace: Workspace, calls: Calls) -> Newcomer:
        try:
            answer = await self._api.call(
                workspace, calls, "users.info", user=incoming.user, include_locale=True
            )
        except SlackCallError as error:
            log.info("slack does not tell who a newcomer is", reason=error.code)
            return Newcomer("", "", "", full=False)
        return read_newcomer(part(answer, "user"), workspace, outsider=incoming.outsider)


def _find_membership(
    memory: UnitOfWork, account: Account, workspace: Workspace
) -> tuple[bool, bool]:
    """Whether we know the person; and whether their workspace has no team yet.

    For somebody we know the latter is true only where they could give it their own team.
    """
    enterprise, team = workspace.tenant
    row = memory.workspaces.find(PLATFORM, enterprise, team)
    teamless = row is not None and row.team_id is None
    identity = memory.members.find_identity(PLATFORM, account.id)
    found = identity and memory.members.get(identity.team_id, identity.member_id)
    if not identity or not found or identity.suspended:
        return False, teamless
    return True, teamless and found.role == Role.ADMIN


def is_join_attempt(incoming: Incoming) -> bool:
    """Whether it is an attempt to join: an invite's form, or `start` with a secret."""
    request = incoming.request
    words = request.text.split()
    first_word = words[0].casefold() if len(words) > 1 else ""
    return (
        request.verb in JOIN_WORDS
        if request.kind in ("button", "form")
        else first_word in JOIN_WORDS
    )


def read_newcomer(user: Raw, workspace: Workspace, *, outsider: bool) -> Newcomer:
    """The newcomer in Slack's user object: name, language, zone, whether a full member here."""
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
    own, whole = user, part(user, "enterprise_user")
    admin = any(each.get(flag) is True for each in (own, whole) for flag in ADMIN_FLAGS)
    return Newcomer(
        next((name for name in names if name), ""),
        string(user, "locale", 35),
        string(user, "tz", 64),
        full=full,
        admin=full and admin,
    )
