"""A bot's process that a test can start in a moment and kill without warning.

A fork server imports everything once; each bot is then a process of its own, as it would be on a
server, running the very entry point that `python -m bot` does. What befalls it inside is told by
its environment and done by `tests/faults/points.py`: the product knows nothing of it.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.__main__ import cli
from tests.fakes.botapi import BotApi
from tests.fakes.slackapi import SlackApi
from tests.faults import points

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    [__name__, "bot.slack.adapter", "bot.telegram.adapter", "bot.delivery.scheduler"]
)
KEPT = ("HOME", "LANG", "PATH", "TZ")


def started(
    api: BotApi, path: Path, faults: Mapping[str, str] | None = None, a_second: float = 0.0
) -> ForkServerProcess:
    """A process that serves the bot of this fake on this database file.

    `faults` are variables of `tests/faults/points.py`; `a_second` are the messages it may send.
    """
    told = {
        "TELEGRAM_TOKEN": api.token,
        "TELEGRAM_BASE_URL": api.base_url,
        "TELEGRAM_BASE_FILE_URL": api.base_file_url,
        "TELEGRAM_MESSAGES_A_SECOND": str(a_second),
    }
    return commanded(path, ("run",), told | dict(faults or {}))


def on_slack(
    api: SlackApi, path: Path, faults: Mapping[str, str] | None = None
) -> ForkServerProcess:
    """A process that serves the Slack app of this fake, in Socket Mode, on this database file."""
    told = {
        "SLACK_BOT_TOKEN": api.bot_token,
        "SLACK_APP_TOKEN": api.app_token,
        "SLACK_BASE_URL": api.base_url,
        "SLACK_KEEPS_RATES": "false",
    }
    return commanded(path, ("run",), told | dict(faults or {}))


def commanded(
    path: Path, arguments: tuple[str, ...], told: Mapping[str, str] | None = None
) -> ForkServerProcess:
    """A process that runs a command of `python -m bot` in the folder of this database file."""
    variables = {"DATABASE_URL": f"sqlite:///{path}", "LOG_LEVEL": "WARNING"} | dict(told or {})
    process = CONTEXT.Process(target=_run, args=(variables, arguments, str(path)), daemon=True)
    process.start()
    return process


def warm() -> None:
    """Has the fork server import everything, which takes seconds and befalls no process later."""
    process = CONTEXT.Process(target=int, daemon=True)
    process.start()
    process.join()


def log_of(path: Path) -> str:
    """What the processes on this database file have logged and printed."""
    log = _log(path)
    return log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""


def _log(path: Path) -> Path:
    return path.with_suffix(".log")


def _run(variables: dict[str, str], arguments: tuple[str, ...], path: str) -> None:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    os.environ.clear()
    os.environ.update(kept | variables)
    os.chdir(Path(path).parent)  # where no .env of the developer's lies
    with _log(Path(path)).open("a", encoding="utf-8") as log:
        sys.stdout = sys.stderr = log
        points.arm(os.environ)
        sys.exit(cli(list(arguments), standalone_mode=False) or 0)
