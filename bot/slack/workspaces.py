"""The workspaces we serve: the one of the settings' token, and all that installed the app."""

from __future__ import annotations

from dataclasses import dataclass

from bot.app import App
from bot.clock import stopwatch
from bot.slack.payload.kinds import PLATFORM, Tenant, make_account_id
from bot.slack.token_encryption import TokenCipher
from storage.tables.workspaces import Workspace as Row
from storage.unit_of_work import UnitOfWork

FRESH_SECONDS = 60.0  # a row is cached so long, since another process may change it


@dataclass(frozen=True)
class Workspace:
    """A workspace as the adapter needs it. `enterprise_id` is empty outside of a Grid.

    `whole`: it is served because its whole organisation has installed us.
    """

    enterprise_id: str
    id: str
    token: str
    bot_user_id: str
    name: str = ""
    whole: bool = False

    def __repr__(self) -> str:
        """Without the token."""
        return f"Workspace({self.enterprise_id!r}, {self.id!r})"

    @property
    def tenant(self) -> Tenant:
        """The enterprise and workspace ids, unique in Slack."""
        return self.enterprise_id, self.id

    def make_account_id(self, user: str) -> str:
        """The account id of one of its people; the same in all workspaces of an organisation."""
        return make_account_id(self.enterprise_id, "" if self.whole else self.id, user)


class Workspaces:
    """Finds a payload's workspace. Without a `vault` there is only the one of the settings."""

    def __init__(self, app: App, cipher: TokenCipher | None) -> None:
        self._app = app
        self._cipher = cipher
        self._own: Workspace | None = None
        self._known: dict[Tenant, tuple[float, Workspace | None]] = {}

    @property
    def own(self) -> Workspace | None:
        """The workspace whose token is in the settings."""
        return self._own

    async def serve_own(self, workspace: Workspace) -> None:
        """Serves the workspace whose token is in the settings, and saves a row for it."""
        self._own = workspace
        await self.keep(workspace, "", encrypted="")

    async def keep(
        self, workspace: Workspace, installer: str, encrypted: str | None = None
    ) -> None:
        """Saves an installation; `encrypted` is the token as stored, None to encrypt it here."""
        if encrypted is None:
            assert self._cipher is not None  # noqa: S101 the install flow is only there with one
            encrypted = self._cipher.encrypt(workspace.token)
        row = Row(
            platform=PLATFORM,
            enterprise_id=workspace.enterprise_id,
            workspace_id=workspace.id,
            name=workspace.name[:200],
            token=encrypted,
            bot_user_id=workspace.bot_user_id,
            installed_by=installer,
            installed_at=self._app.clock.now(),
        )
        await self._app.run_transaction(lambda memory: memory.workspaces.save(row))
        self._known.clear()

    async def find(self, tenant: Tenant) -> Workspace | None:
        """The workspace of a payload; None where it has not installed us, or no longer.

        Raises Busy.
        """
        own = self._own
        if own is not None and tenant[1] == own.id:
            return own
        if self._cipher is None:
            return None
        at, found = self._known.get(tenant, (0.0, None))
        if found is None or stopwatch() - at > FRESH_SECONDS:
            found = await self._app.run_transaction(lambda memory: self._load(memory, tenant))
            self._known[tenant] = (stopwatch(), found)
        return found

    async def remove(self, workspace: Workspace) -> None:
        """Forgets the token of a workspace that has uninstalled us."""
        if workspace == self._own:
            return  # its token is in the settings; calls fail until that is renewed
        enterprise, team = workspace.tenant
        now = self._app.clock.now()

        def forget(memory: UnitOfWork) -> None:
            row = memory.workspaces.find(PLATFORM, enterprise, team)
            if row is not None:
                memory.workspaces.remove(PLATFORM, row.enterprise_id, row.workspace_id, now)

        await self._app.run_transaction(forget)
        self._known.clear()

    def _load(self, memory: UnitOfWork, tenant: Tenant) -> Workspace | None:
        row = memory.workspaces.find(PLATFORM, *tenant)
        if row is None or self._cipher is None or not row.token:
            return None
        token = self._cipher.decrypt(row.token)
        if not token:
            return None
        team, whole = tenant[1] or row.workspace_id, not row.workspace_id
        return Workspace(row.enterprise_id, team, token, row.bot_user_id, row.name, whole=whole)
