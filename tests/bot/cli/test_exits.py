"""What is wrong with the settings or the database is one line on stderr and status 2."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.config import Settings
from tests.office import opened

HOUSE = Path(__file__).resolve().parents[3]
TOKEN = "123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
# Imports first: the interpreter may lie where nobody else can read.
AS_NOBODY = """
import os, bot.delivery.scheduler, bot.telegram.adapter
from bot.__main__ import cli
if os.getuid() == 0:
    os.setgid(65534), os.setuid(65534)
cli()
"""
COMMANDS = (("run",), ("terminal",), ("cards", "lint"))
SERVED = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_BASE_URL": "http://127.0.0.1:9/bot"}


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.__main__.set_up_logs", lambda *_, **__: None)
    return tmp_path


@pytest.fixture
def filled(folder: Path) -> Path:
    """A database with a team in it, closed."""
    with opened(folder) as office:
        path = office.path
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def ends_with(arguments: tuple[str, ...], **variables: str) -> str:
    """The one line that a command with these settings ends with."""
    done = CliRunner().invoke(cli, list(arguments), env=variables)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    [line] = done.stderr.splitlines()
    assert "Traceback" not in line
    return line


def ends_everywhere(url: str) -> set[str]:
    """The lines that all commands end with on this database."""
    lines = {ends_with(command, DATABASE_URL=url) for command in COMMANDS}
    return lines | {ends_with(("run",), DATABASE_URL=url, **SERVED)}


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("LOG_LEVEL", "LOUD", "should be 'DEBUG', 'INFO', 'WARNING', 'ERROR' or 'CRITICAL'"),
        ("SLACK_PORT", "seven", "should be a valid integer"),
        ("SLACK_PORT", "70000", "should be less than or equal to 65535"),
        ("SLACK_PORT", "-1", "should be greater than or equal to 0"),
        ("TELEGRAM_MESSAGES_A_SECOND", "many", "should be a valid number"),
        ("TELEGRAM_MESSAGES_A_SECOND", "nan", "should be a finite number"),
        ("TELEGRAM_MESSAGES_A_SECOND", "-3", "should be greater than or equal to 0"),
        ("SLACK_KEEPS_RATES", "perhaps", "should be a valid boolean"),
        ("TELEGRAM_BASE_URL", "api.telegram.org/bot", "should begin with https://"),
        ("SLACK_BASE_URL", "ftp://slack.com", "should begin with https://"),
    ],
)
def test_a_wrong_setting_is_named_without_its_value(name: str, value: str, reason: str) -> None:
    for command in (*COMMANDS, ("slack", "manifest", "--out", "-")):
        line = ends_with(command, **{name: value})
        assert line.startswith(f"Not started: {name}: {reason}")
        assert value not in line.removeprefix(f"Not started: {name}")


@pytest.mark.parametrize("level", ["debug", " Info ", "WARNING"])
def test_a_log_level_is_read_in_any_case(monkeypatch: pytest.MonkeyPatch, level: str) -> None:
    monkeypatch.setenv("LOG_LEVEL", level)
    assert Settings().log_level == level.strip().upper()


@pytest.mark.parametrize(
    "url",
    [
        "mysql://ann:sesame@here/db",
        "oracle://ann:sesame@here/db",
        "postgresql+psycopg2://ann:sesame@here/db",
        "sqlite+aiosqlite:///a.db",
        "postgresql://ann:sesame@here:port/db",
        "postgresql://ann:sesame@[::1/db",
        "nonsense",
    ],
)
def test_an_address_of_no_database_is_said_without_its_password(url: str) -> None:
    [line] = ends_everywhere(url)
    assert line.startswith("Not started: DATABASE_URL: this is not the address of")
    assert "sesame" not in line


def test_a_server_that_does_not_answer_is_said_in_one_line() -> None:
    [line] = ends_everywhere("postgresql://ann:sesame@127.0.0.1:1/db")
    assert "does not open: connection failed" in line
    assert "sesame" not in line


@pytest.fixture
def refusing_port() -> Iterator[int]:
    """A PostgreSQL server, as far as its refusal of a password."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_refuse, args=(server,), daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


def _refuse(server: socket.socket) -> None:
    words = b"SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user\0\0"
    while True:
        try:
            caller, _ = server.accept()
        except OSError:
            return
        with caller:
            while (asked := caller.recv(1024))[4:8] in (b"\x04\xd2\x16\x2f", b"\x04\xd2\x16\x30"):
                caller.sendall(b"N")  # no encryption
            if asked:
                caller.sendall(b"E" + (4 + len(words)).to_bytes(4, "big") + words)


def test_a_wrong_password_is_said_and_not_repeated(refusing_port: int) -> None:
    [line] = ends_everywhere(f"postgresql://ann:sesame@127.0.0.1:{refusing_port}/db")
    assert "password authentication failed" in line
    assert "sesame" not in line


def as_text(path: Path) -> None:
    path.write_bytes(b"Dear diary, this is no database at all. " * 200)


def as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def as_truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 // 4096 * 4096)


def with_revision(revision: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
            connection.commit()

    return change


def as_foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE deal (id)")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (as_text, "is no SQLite database"),
        (as_folder, "does not open: unable to open database file"),
        (as_truncated, "is damaged (database disk image is malformed)"),
        (with_revision("9999"), "was made by a newer Repmate"),
        (with_revision("ae1027a6acf"), "or by another program"),
        (as_foreign, "table deal already exists"),
    ],
)
def test_a_file_that_cannot_be_used_is_said_and_left_as_it_is(
    filled: Path, change: Callable[[Path], None], reason: str
) -> None:
    change(filled)
    before = filled.read_bytes() if filled.is_file() else b""
    [line] = ends_everywhere(f"sqlite:///{filled}")
    assert reason in line
    assert before == (filled.read_bytes() if filled.is_file() else b"")


def test_a_folder_that_is_not_there_is_said() -> None:
    for line in ends_everywhere("sqlite:///no/such/folder/day.db"):
        assert "does not open" in line


def test_a_time_zone_that_does_not_exist_is_said() -> None:
    line = ends_with(("terminal", "--db", "new.db"), TZ="Mars/Phobos")
    assert line == "Not started: TZ: there is no time zone Mars/Phobos"


@pytest.mark.parametrize("command", [*COMMANDS, ("slack", "manifest")])
def test_a_dotenv_file_that_is_no_text_is_said(
    monkeypatch: pytest.MonkeyPatch, folder: Path, command: tuple[str, ...]
) -> None:
    (folder / ".env").write_bytes(b"LOG_LEVEL=\xff\xfe")
    monkeypatch.setitem(Settings.model_config, "env_file", ".env")
    assert ends_with(command) == "Not started: .env cannot be read: it is no UTF-8 text"


def unreadable(path: Path) -> None:
    path.chmod(0)


def read_only(path: Path) -> None:
    path.chmod(0o444)
    path.parent.chmod(0o777)


def in_a_read_only_folder(path: Path) -> None:
    path.chmod(0o444)
    path.parent.chmod(0o555)


def new_in_a_read_only_folder(path: Path) -> None:
    path.unlink()
    path.parent.chmod(0o555)


@pytest.mark.slow
@pytest.mark.parametrize("served", [{}, SERVED])
@pytest.mark.parametrize(
    "forbid", [unreadable, read_only, in_a_read_only_folder, new_in_a_read_only_folder]
)
def test_a_file_that_may_not_be_used_is_said(
    filled: Path, forbid: Callable[[Path], None], served: dict[str, str]
) -> None:
    place = Path("/tmp") / f"repmate-{os.getpid()}"  # noqa: S108 pytest's own is closed to others
    place.mkdir()
    path = place / "day.db"
    try:
        shutil.copy(filled, path)
        forbid(path)
        done = run_as_nobody(f"sqlite:///{path}", served)
    finally:
        place.chmod(0o755)
        shutil.rmtree(place)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done
    assert "DATABASE_URL: the database does not open" in done.stderr


def run_as_nobody(url: str, served: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Runs the bot as somebody to whom permissions apply: they do not to root."""
    return subprocess.run(  # noqa: S603 our own script
        [sys.executable, "-c", AS_NOBODY, "run"],
        cwd=HOUSE,
        env={"DATABASE_URL": url, "PATH": os.environ["PATH"], "HOME": "/"} | served,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )
