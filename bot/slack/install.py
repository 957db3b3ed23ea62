"""Installation by a link (OAuth): a workspace agrees, and is served from then on.

https://docs.slack.dev/authentication/installing-with-oauth
"""

from __future__ import annotations

import hmac
import html
import secrets
from http import HTTPStatus
from urllib.parse import urlencode

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.app import App
from bot.inbound.json_fields import Raw, part, string
from bot.slack.api import Api
from bot.slack.errors import SlackCallError
from bot.slack.manifest import OAUTH_CALLBACK, SCOPES
from bot.slack.payload.kinds import PLATFORM
from bot.slack.people import read_newcomer
from bot.slack.setup import SlackSetup
from bot.slack.workspaces import Workspace, Workspaces
from handlers.contract.request import Account
from handlers.contract.words import choose_words
from handlers.team import join_team
from handlers.team.join_team import Newcomer

INSTALL = "/slack/install"
AUTHORIZE = "https://slack.com/oauth/v2/authorize"
COOKIE = "repmate_install"
STATE_SECONDS = 600
log = structlog.get_logger()


class Installer:
    """The two pages of an installation: to Slack with a state, and back with a code."""

    def __init__(self, app: App, api: Api, workspaces: Workspaces, setup: SlackSetup) -> None:
        self._app = app
        self._api = api
        self._workspaces = workspaces
        self._setup = setup

    @property
    def routes(self) -> list[Route]:
        """The pages, to be served."""
        return [Route(INSTALL, self._start), Route(OAUTH_CALLBACK, self._finish)]

    async def _start(self, _request: Request) -> Response:
        state = secrets.token_urlsafe(32)
        parameters = {"client_id": self._setup.client_id, "scope": ",".join(SCOPES), "state": state}
        parameters["redirect_uri"] = self._callback_url
        answer = RedirectResponse(f"{AUTHORIZE}?{urlencode(parameters)}", HTTPStatus.FOUND)
        # Only the browser that began may come back, so that nobody installs for somebody else.
        answer.set_cookie(
            COOKIE,
            state,
            max_age=STATE_SECONDS,
            path="/slack",
            secure=self._setup.public_url.startswith("https://"),
            httponly=True,
            samesite="lax",
        )
        return answer

    async def _finish(self, request: Request) -> Response:
        words = choose_words(request.headers.get("accept-language", "")[:2])
        state, cookie = request.query_params.get("state", ""), request.cookies.get(COOKIE, "")
        code = request.query_params.get("code", "")[:500]
        same = hmac.compare_digest(state.encode(), cookie.encode())
        if not (state and same and code):
            return _draw_page(words.line("platforms.slack.install_failed"), HTTPStatus.BAD_REQUEST)
        try:
            name = await self._install(code)
        except SlackCallError as error:
            log.warning("installation failed", reason=error.code)
            return _draw_page(words.line("platforms.slack.install_failed"), HTTPStatus.BAD_REQUEST)
        answer = _draw_page(words.line("platforms.slack.installed", workspace=name), HTTPStatus.OK)
        answer.delete_cookie(COOKIE, path="/slack")
        return answer

    @property
    def _callback_url(self) -> str:
        return self._setup.public_url.rstrip("/") + OAUTH_CALLBACK

    async def _install(self, code: str) -> str:
        """Exchanges the code, saves the installation, makes its team; the workspace's name."""
        answer = await self._api.call_once(
            "",
            "oauth.v2.access",
            {
                "client_id": self._setup.client_id,
                "client_secret": self._setup.client_secret,
                "code": code,
                "redirect_uri": self._callback_url,
            },
        )
        workspace = read_installation(answer)
        if workspace is None:
            raise SlackCallError("no installation", HTTPStatus.OK)
        user = string(part(answer, "authed_user"), "id", 30)
        await self._workspaces.keep(workspace, user)
        newcomer = await self._fetch_installer(workspace, user)
        known = workspace.make_account_id(user)
        account = Account(PLATFORM, known, newcomer.name, newcomer.language, address=user)
        now = self._app.clock.now()

        def create_team() -> None:
            with self._app.database.work() as memory:
                prefix = workspace.make_account_id("") + "."
                memory.members.restore_reachability(PLATFORM, prefix, now)
                join_team.create_by_workspace(memory, account, newcomer, workspace.tenant, now)

        await self._app.run_off_loop(create_team)
        log.info(
            "a workspace has installed the app", workspace=workspace.id or workspace.enterprise_id
        )
        return workspace.name

    async def _fetch_installer(self, workspace: Workspace, user: str) -> Newcomer:
        parameters = {"user": user, "include_locale": True}
        try:
            answer = await self._api.call_once(workspace.token, "users.info", parameters)
        except SlackCallError as error:  # whoever may install an app is no guest
            log.info("slack does not tell who the installer is", reason=error.code)
            return Newcomer("", "", "", full=True)
        return read_newcomer(part(answer, "user"), workspace, outsider=False)


def read_installation(answer: Raw) -> Workspace | None:
    """The installation in Slack's answer to a code; None where it holds none."""
    team, enterprise = part(answer, "team"), part(answer, "enterprise")
    token = string(answer, "access_token", 500)
    workspace = Workspace(
        string(enterprise, "id", 30),
        string(team, "id", 30),
        token,
        string(answer, "bot_user_id", 30),
        string(team, "name") or string(enterprise, "name"),
        whole=not string(team, "id", 30),
    )
    return workspace if token and (workspace.id or workspace.enterprise_id) else None


def _draw_page(text: str, status: int) -> HTMLResponse:
    body = f"<!DOCTYPE html><meta charset=utf-8><title>Repmate</title><p>{html.escape(text)}</p>"
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return HTMLResponse(body, status, headers)
