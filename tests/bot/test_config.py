"""The bot reads its settings from the environment and `.env`; the tests read nobody's."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config import Settings
from tests.conftest import forget_settings

DEFAULTS = Settings.model_construct()
TYPED = {
    "slack_port": "3999",
    "slack_keeps_rates": "false",
    "telegram_messages_a_second": "7",
    "telegram_base_url": "http://set.example/bot",
    "telegram_base_file_url": "http://set.example/file",
    "slack_base_url": "http://set.example/api/",
    "log_level": "debug",
}
GIVEN = {name: TYPED.get(name, f"set-{name}") for name in Settings.model_fields}


def changed(settings: Settings) -> set[str]:
    """The settings that are not as they ship."""
    return {name for name, value in settings if value != getattr(DEFAULTS, name)}


@pytest.fixture
def dotenv(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A `.env` with every setting in the working directory."""
    lines = [f"{name.upper()}={value}" for name, value in GIVEN.items()]
    (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def test_no_test_sees_a_setting_of_whoever_runs_it() -> None:
    assert {name for name in os.environ if name.lower() in Settings.model_fields} == set()
    assert changed(Settings()) == set()


@pytest.mark.parametrize("case", [str.upper, str.lower])
def test_every_setting_of_the_environment_is_forgotten(
    monkeypatch: pytest.MonkeyPatch, case: Callable[[str], str]
) -> None:
    for name, value in GIVEN.items():
        monkeypatch.setenv(case(name), value)
    assert changed(Settings()) == set(GIVEN)
    forget_settings(monkeypatch)
    assert changed(Settings()) == set()


@pytest.mark.usefixtures("dotenv")
def test_no_test_reads_a_dotenv_file() -> None:
    assert changed(Settings()) == set()


@pytest.mark.usefixtures("dotenv")
def test_the_bot_reads_every_setting_from_a_dotenv_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(Settings.model_config, "env_file", ".env")  # as it is outside the tests
    assert changed(Settings()) == set(GIVEN)


def test_a_setting_that_is_left_empty_is_as_it_ships(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in GIVEN:
        monkeypatch.setenv(name, "")
    assert changed(Settings()) == set()


@pytest.mark.usefixtures("dotenv")
def test_a_dotenv_file_is_forgotten_with_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(Settings.model_config, "env_file", ".env")
    forget_settings(monkeypatch)
    assert changed(Settings()) == set()
