"""One process serves an SQLite file; whoever comes second is told, and a closed one lets go."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.engine import Database, NoDatabase
from storage.serving_lock import AlreadyServed, serve_alone


def test_an_sqlite_file_is_served_once_at_a_time_by_whatever_path(tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    (tmp_path / "one.db").touch()
    link.symlink_to(tmp_path / "one.db")
    one, other = (Database(f"sqlite:///{path}") for path in (tmp_path / "one.db", link))
    with serve_alone(one), pytest.raises(AlreadyServed, match=r"one\.db"), serve_alone(other):
        pass
    with serve_alone(other):
        pass


def test_two_files_are_two_databases(tmp_path: Path) -> None:
    one, other = (Database(f"sqlite:///{tmp_path}/{name}.db") for name in ("one", "other"))
    with serve_alone(one), serve_alone(other):
        pass


def test_a_file_where_there_is_no_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(NoDatabase), serve_alone(Database(f"sqlite:///{tmp_path}/no/one.db")):
        pass


def test_postgres_is_served_by_as_many_as_there_are() -> None:
    database = Database("postgresql://nobody@/nowhere")
    with serve_alone(database), serve_alone(database):
        pass
