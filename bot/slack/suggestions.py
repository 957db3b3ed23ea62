"""Suggests deals and cards while somebody types into a menu of a modal. Nothing is stored."""

from __future__ import annotations

import secrets
from typing import Any

from bot.app import App
from bot.inbound.json_fields import Raw, string
from bot.slack.block_kit.modals import OPTIONS, draw_option
from bot.slack.block_kit.rich import Block
from bot.slack.payload.kinds import PLATFORM, find_user
from bot.slack.workspaces import Workspace
from handlers.contract.request import Account, Request

QUERY_CHARACTERS = 150


class Suggestions:
    """The entries of the modals' menus."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def find(self, body: dict[str, Any], workspace: Workspace) -> list[Block]:
        """The entries that match what has been typed so far."""
        raw: Raw = body
        user = find_user(raw)
        account = Account(PLATFORM, workspace.make_account_id(user))
        typed, menu = string(raw, "value", QUERY_CHARACTERS), string(raw, "action_id", 20)
        request = Request(
            f"{workspace.id}:menu:{secrets.token_hex(12)}", account, "query", typed, action=menu
        )
        reply = await self._app.look_up(request)
        return [draw_option(choice.title, choice.id) for choice in reply.choices[:OPTIONS]]
