"""A database that has the newest schema opens without the library that migrates."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from alembic.script import ScriptDirectory

from storage.engine import Database, NoDatabase
from storage.migrate import configuration, get_newest_revision, schema_transaction, upgrade


def test_the_newest_revision_is_the_one_alembic_finds() -> None:
    scripts = ScriptDirectory.from_config(configuration(None))
    assert scripts.get_heads() == [get_newest_revision()]


def test_an_up_to_date_database_is_left_alone(database: Database) -> None:
    with patch("alembic.command.upgrade") as migrate:
        upgrade(database)
    migrate.assert_not_called()


def test_a_database_at_another_revision_is_migrated(database: Database) -> None:
    with schema_transaction(database) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    with patch("alembic.command.upgrade") as migrate:
        upgrade(database)
    migrate.assert_called_once()


def test_an_empty_database_is_migrated(empty: Database) -> None:
    with patch("alembic.command.upgrade") as migrate:
        upgrade(empty)
    migrate.assert_called_once()


def test_a_database_of_a_later_version_is_not_opened(database: Database) -> None:
    with schema_transaction(database) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NoDatabase, match=r"newer Repmate.*9999"):
        upgrade(database)
