"""No secret leaves through the log, whoever writes it and however."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog
from pydantic import SecretStr

from bot.config import Settings
from bot.logs import HIDDEN, Redaction, list_secrets, set_up_logs

TOKEN = "7000000001:AAaa_bbBB-ccCC_ddDD-eeEE_ffFF-gg123"
PASSWORD = "p%40ss-word"


def settings(level: str = "INFO") -> Settings:
    return Settings(
        telegram_token=SecretStr(TOKEN),
        database_url=f"postgresql://repmate:{PASSWORD}@db/repmate",
        log_level=level,
    )


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    before, level = [*root.handlers], root.level
    yield
    root.handlers[:], root.level = before, level
    structlog.reset_defaults()


def test_structured_lines_carry_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(settings())
    log = structlog.get_logger()
    log.info("calling", url=f"https://api.telegram.org/bot{TOKEN}/getMe", rows=3)
    log.warning("deep", data={"a": [TOKEN, {"b": "p@ss-word"}]}, size=1.5)
    written = capsys.readouterr().err
    assert TOKEN not in written
    assert "p@ss-word" not in written
    first = json.loads(written.splitlines()[0])
    assert first["url"] == f"https://api.telegram.org/bot{HIDDEN}/getMe"
    assert (first["event"], first["rows"], first["level"]) == ("calling", 3, "info")


def test_library_lines_and_tracebacks_carry_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(settings())
    try:
        raise ValueError(f"refused: {TOKEN}")
    except ValueError:
        logging.getLogger("some.library").exception("could not call %s", f"bot{TOKEN}/x")
        structlog.get_logger().exception("failed", password=PASSWORD)
    written = capsys.readouterr().err
    assert "ValueError: refused" in written
    assert TOKEN not in written
    assert PASSWORD not in written


def test_a_broken_log_call_of_a_library_still_gives_its_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logs(settings())
    logging.getLogger("some.library").warning("%d of them", "x")
    assert "%d of them" in capsys.readouterr().err


def test_chatty_libraries_are_heard_from_warning_up(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(settings("debug"))
    for name in ("httpx", "httpcore.http11", "aiohttp.access", "apscheduler.executors.default"):
        logging.getLogger(name).info("request to %s", TOKEN)
        logging.getLogger(name).warning("trouble in %s", name)
    lines = capsys.readouterr().err
    assert "request to" not in lines
    assert lines.count("trouble in") == 4


def test_quiet_is_for_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(settings(), quiet=True)
    structlog.get_logger().info("nothing to see")
    structlog.get_logger().error("something to see")
    written = capsys.readouterr().err
    assert "nothing" not in written
    assert "something" in written


def test_a_level_that_does_not_exist_is_said() -> None:
    with pytest.raises(ValueError, match="LOUD"):
        set_up_logs(settings("loud"))


def test_another_bots_token_is_hidden_too() -> None:
    assert Redaction(()).hide(f"see /bot{TOKEN}/getMe") == f"see /bot{HIDDEN}/getMe"


def test_no_secrets_without_any() -> None:
    assert list_secrets(Settings(telegram_token=None)) == frozenset()


def test_a_record_keeps_its_traceback_without_the_secret() -> None:
    record = logging.makeLogRecord({"msg": "x %s", "args": (TOKEN,)})
    try:
        raise ValueError(TOKEN)
    except ValueError:
        record.exc_info = sys.exc_info()
    assert Redaction([TOKEN]).filter(record)
    assert record.getMessage() == f"x {HIDDEN}"
    assert record.exc_text is not None
    assert f"ValueError: {HIDDEN}" in record.exc_text
