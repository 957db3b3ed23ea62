"""Sets up the log: structured lines on stderr, and no secret in any of them."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any, TextIO
from urllib.parse import unquote, urlsplit

import structlog
from pydantic import SecretStr

from bot.config import Settings

HIDDEN = "[hidden]"
# Chatty at INFO, and some would write addresses, which hold the bot's token.
QUIET_LIBRARIES = (
    "httpx",
    "httpcore",
    "aiohttp",
    "apscheduler",
    "sqlalchemy",
    "alembic",
    "asyncio",
    "slack_bolt",
    "slack_sdk",
    "uvicorn",
)
_BOT_TOKEN = re.compile(
    r"\d{5,20}:[A-Za-z0-9_-]{30,64}|\bx(?:ox[a-z]|app)-[A-Za-z0-9-]{10,}|\bxoxe\.[A-Za-z0-9.-]{10,}"
)


def set_up_logs(settings: Settings, quiet: bool = False) -> None:
    """Sends every log line to stderr, from `settings.log_level` up; with `quiet` from WARNING up.

    Lines are for people on a terminal and JSON elsewhere. Raises ValueError for a level that
    does not exist.
    """
    handler = logging.StreamHandler(sys.stderr)
    secrets = list_secrets(settings)
    handler.addFilter(Redaction(secrets))
    handler.setFormatter(_make_formatter(secrets, sys.stderr))
    logging.basicConfig(handlers=[handler], level=settings.log_level.upper(), force=True)
    if quiet:
        logging.getLogger().setLevel(max(logging.WARNING, logging.getLogger().level))
    for name in QUIET_LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared_processors(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def list_secrets(settings: Settings) -> frozenset[str]:
    """Everything in the settings that must not be written anywhere."""
    values = (getattr(settings, name) for name in type(settings).model_fields)
    plain = {value.get_secret_value() for value in values if isinstance(value, SecretStr)}
    keys = {key for secret in plain for key in secret.split(",")}
    found = plain | keys | _find_passwords(settings.database_url)
    return frozenset(secret for secret in found if secret)


def _find_passwords(url: str) -> set[str]:
    """The password in a database's address; all of an address that can't be read."""
    try:
        password = urlsplit(url).password or ""
    except ValueError:
        return {url}
    return {password, unquote(password)}


class Redaction(logging.Filter):
    """Removes secrets, and whatever looks like a bot's token, from log records."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        # The longest first, so that no secret survives as the rest of a shorter one.
        self._secrets = sorted(secrets, key=len, reverse=True)

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true: the line is written, without the secret."""
        if isinstance(record.msg, Mapping):
            record.msg = self._clean(record.msg)
        else:
            record.msg, record.args = self.hide(_render_message(record)), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        record.exc_text = self.hide(record.exc_text) if record.exc_text else record.exc_text
        return True

    def hide(self, text: str) -> str:
        """The text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return _BOT_TOKEN.sub(HIDDEN, text)

    def _clean(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.hide(value)
        if isinstance(value, Mapping):
            return {key: self._clean(each) for key, each in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._clean(each) for each in value]
        if isinstance(value, int | float | None):
            return value
        return self.hide(str(value))


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Formats a record as one line (and its traceback), then removes secrets once more."""

    def __init__(self, secrets: Iterable[str], **options: Any) -> None:
        super().__init__(**options)
        self._redaction = Redaction(secrets)

    def format(self, record: logging.LogRecord) -> str:
        return self._redaction.hide(super().format(record))


def _render_message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):  # a wrong format string must not lose the line
        return str(record.msg)


def _make_formatter(secrets: Iterable[str], out: TextIO) -> logging.Formatter:
    people = out.isatty()
    renderer = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if people
        else structlog.processors.JSONRenderer()
    )
    return _Formatter(
        secrets,
        foreign_pre_chain=_shared_processors(),
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )


def _shared_processors() -> list[structlog.typing.Processor]:
    return [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
