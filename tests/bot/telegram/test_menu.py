"""The menu of commands comes from the catalogue, in both languages."""

from __future__ import annotations

import pytest

from bot.telegram.menu import list_commands
from handlers.contract.catalog import CATALOG, Catalog
from handlers.contract.desk import Desk
from handlers.contract.reply import Reply
from handlers.contract.request import Request
from handlers.contract.words import LANGUAGES, Language
from storage.engine import Database
from tests.bot.telegram.serving import Served, serving
from tests.fakes.botapi import BotApi


def test_every_command_telegram_can_show_is_shown_with_its_help() -> None:
    for language in LANGUAGES:
        shown = {one.command: one.description for one in list_commands(language)}
        single = {
            one.name for one in CATALOG.commands() if " " not in one.name and one.name.isascii()
        }
        assert set(shown) <= single
        assert all(0 < len(description) <= 256 for description in shown.values())


async def test_the_menu_is_set_in_english_for_all_and_in_chinese(served: Served) -> None:
    await served.api.wait_for(lambda: served.api.calls["setMyCommands"] == 2)
    for language, code in (("en", ""), ("zh", "zh")):
        wanted = [(one.command, one.description) for one in list_commands(_language(language))]
        told = served.api.commands(code)
        assert [(one["command"], one["description"]) for one in told] == wanted


async def test_a_menu_that_cannot_be_set_keeps_nobody_from_being_served(
    api: BotApi, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    api.fail_next("setMyCommands", 500)
    async with serving(api, database) as served:
        api.user(1, wrote=True).says("hello")
        await served.answered(1)
        await api.wait_for(lambda: "menu of commands" in caplog.text)


def _language(name: str) -> Language:
    return "zh" if name == "zh" else "en"


def _unused(request: Request, desk: Desk) -> Reply:
    return Reply()


def test_what_telegram_cannot_show_is_left_out_and_what_all_may_do_comes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    catalog = Catalog()
    for name, role in (
        ("invite", "manager"),
        ("note", "rep"),
        ("card add", "rep"),
        ("today", "rep"),
    ):
        catalog.command(name, role=role)(_unused)  # type: ignore[arg-type] # a role's name
    monkeypatch.setattr("bot.telegram.menu.CATALOG", catalog)
    monkeypatch.setattr("bot.telegram.menu.Words.line", lambda self, key: f"{key} " * 60)
    shown = list_commands("en")
    assert [one.command for one in shown] == ["today", "note", "invite"]
    assert all(len(one.description) <= 256 for one in shown)
