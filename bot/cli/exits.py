"""How a command ends where it cannot go on: one line on stderr and the exit status, no traceback.

Status 2: the settings, the options or the database are wrong; 1: another Repmate is in the way.
The error behind the line is in the log at LOG_LEVEL=DEBUG.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.config import Settings
from storage.engine import Busy, CorruptDatabase, NoDatabase
from storage.serving_lock import AlreadyServed

WRONG, IN_THE_WAY = 2, 1
_RECOVER = (
    "Put back a copy that is in order, or save what can be read: "
    "sqlite3 OLD.db .recover | sqlite3 NEW.db"
)
log = logging.getLogger(__name__)


def read_settings() -> Settings:
    """The settings; ends the command where one of them is wrong, without repeating its value."""
    try:
        return Settings()
    except ValidationError as error:
        _exit(f"Not started: {_describe_settings(error)}", error)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
        _exit(f"Not started: .env cannot be read: {reason}", error)


@contextmanager
def exit_on_known_errors() -> Iterator[None]:
    """Ends the command with one line for what may be wrong with its settings or its database."""
    try:
        yield
    except NoDatabase as error:
        _exit(f"Not started: DATABASE_URL: {error}", error)
    except CorruptDatabase as error:
        _exit(f"Stopped: {error}. {_RECOVER}", error)
    except Busy as error:
        _exit("Not started: the database is busy or cannot be written. Try again.", error)
    except AlreadyServed as error:
        _exit(f"Not started: {error}", error, IN_THE_WAY)


@contextmanager
def exit_on_wrong_values() -> Iterator[None]:
    """Ends the command with the words of a ValueError, which name the setting or the option."""
    try:
        with exit_on_known_errors():
            yield
    except ValueError as error:
        _exit(f"Not started: {error}", error)


def _describe_settings(error: ValidationError) -> str:
    """What is wrong with which settings. Never their values: one may be a secret."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(f"{_name(each['loc'])}: {_describe_value(each)}" for each in found)


def _name(place: tuple[int | str, ...]) -> str:
    return str(place[0]).upper() if place else "settings"


def _describe_value(found: ErrorDetails) -> str:
    return found["msg"].removeprefix("Value error, ").removeprefix("Input ")


def _exit(line: str, error: Exception, status: int = WRONG) -> NoReturn:
    log.debug("the command ends", exc_info=error)
    typer.echo(" ".join(line.split()), err=True)
    raise typer.Exit(status) from None
