"""The schema: reached from nothing and from an old file, with nothing lost on the way."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Connection, MetaData, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from storage.cards.cards import get_content
from storage.engine import Database
from storage.migrate import configuration, get_newest_revision, schema_transaction, upgrade
from storage.tables.columns import State
from storage.tables.people_and_deals import Deal, Member
from tests.databases import Databases
from tests.storage.conftest import Open
from tests.storage.world import NOW, a_deal, add_customer, add_deal, add_member, add_team, at_once

FIRST = "0001"
REVISIONS = [f"{number:04}" for number in range(1, int(get_newest_revision()))]
DROPPED = {"gap": {"raised_at"}}  # nothing ever read it
LATER = Path(__file__).parent / "later_versions"


def tables_of(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


def revision_of(database: Database) -> str | None:
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def test_an_empty_database_gets_every_table(empty: Database) -> None:
    upgrade(empty)
    assert tables_of(empty) == {*SQLModel.metadata.tables, "alembic_version"}
    assert revision_of(empty) == get_newest_revision()


def test_the_migrations_make_what_the_models_say(empty: Database) -> None:
    upgrade(empty)
    with empty.engine.connect() as connection:
        options = {"compare_type": True, "render_as_batch": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, SQLModel.metadata) == []


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    deal = a_deal(database)
    upgrade(database)
    upgrade(database)
    with database.work() as memory:
        assert [d.id for d in memory.deals.list_of_owner(deal.team_id, deal.owner_id)] == [deal.id]


def test_two_processes_may_start_on_an_empty_database_at_once(
    databases: Databases, opened: Open
) -> None:
    url = databases.empty()
    first, second, third = (opened(url) for _ in range(3))
    at_once([lambda: upgrade(first), lambda: upgrade(second), lambda: upgrade(third)])
    assert revision_of(first) == get_newest_revision()


def test_the_first_schema_can_be_taken_back(database: Database) -> None:
    with schema_transaction(database) as connection:
        command.downgrade(configuration(connection), "base")
    assert tables_of(database) == {"alembic_version"}


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_old_file_keeps_its_rows(empty: Database, revision: str) -> None:
    upgrade(empty, revision)
    before = fill(empty)
    upgrade(empty)
    with empty.engine.connect() as connection:
        for table, row in before.items():
            kept = {name: row[name] for name in row if name not in DROPPED.get(table, ())}
            assert kept.items() <= only_row(connection, table).items()


def test_a_card_of_an_old_file_has_a_history_to_come_back_to(empty: Database) -> None:
    upgrade(empty, FIRST)
    fill(empty)
    upgrade(empty)
    with empty.work() as memory:
        [card] = memory.cards.list_all(1)
        [change] = memory.cards.list_changes(1, card.id)
        assert (change.kind, change.at, change.content) == ("made", NOW, get_content(card))
        assert card.review_at == NOW + timedelta(days=90)


def test_a_column_dropped_from_gaps_takes_no_index_along_and_comes_back_empty(
    empty: Database,
) -> None:
    upgrade(empty, "0009")
    gap = fill(empty)["gap"]
    indexes = inspect(empty.engine).get_indexes("gap")
    upgrade(empty, "0010")
    assert inspect(empty.engine).get_indexes("gap") == indexes
    with schema_transaction(empty) as connection:
        command.downgrade(configuration(connection), "0009")
        assert only_row(connection, "gap") == {**gap, "raised_at": None}


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_each_deals_next_step_becomes_a_step_that_rings_at_its_time(
    empty: Database, revision: str
) -> None:
    upgrade(empty, revision)
    deal = fill(empty)["deal"]
    with empty.engine.begin() as connection:
        connection.execute(text("UPDATE nudge SET kind = 'step', answered_at = NULL"))
    upgrade(empty)
    with empty.work() as memory:
        [step] = memory.steps.list_of_deal(1, deal["id"])
        assert (step.text, step.at, step.ring_at) == (deal["next_step"], NOW, NOW)
        assert (step.member_id, step.rang_for) == (deal["owner_id"], None)
        nudge = memory.nudges.get(1, 1)
        assert nudge is not None
        assert nudge.step_id == step.id


def test_a_step_that_rang_before_the_upgrade_does_not_ring_again(empty: Database) -> None:
    upgrade(empty, "0012")
    fill(empty)
    with empty.engine.begin() as connection:
        connection.execute(
            text("UPDATE deal SET attention_at = :later"),
            {"later": f"{NOW + timedelta(days=2):%Y-%m-%d %H:%M:%S.%f}"},
        )
    upgrade(empty)
    with empty.work() as memory:
        [step] = memory.steps.list_of_deal(1, 1)
        assert (step.ring_at, step.rang_for) == (None, NOW)


def test_the_steps_can_be_taken_back_and_the_deals_keep_their_nearest(database: Database) -> None:
    deal = a_deal(database, next_step="call", next_step_at=NOW)
    with schema_transaction(database) as connection:
        command.downgrade(configuration(connection), "0012")
        kept = connection.execute(text("SELECT next_step FROM deal")).scalar_one()
    assert kept == deal.next_step


def fill(database: Database) -> dict[str, dict[str, Any]]:
    """Puts a row into every table of the database, as it is now; the rows as they stand there."""
    there = MetaData()
    with database.engine.begin() as connection:
        there.reflect(connection)
        tables = [table for table in there.sorted_tables if table.name != "alembic_version"]
        for table in tables:
            connection.execute(table.insert().values({c.name: value_for(c) for c in table.c}))
        return {table.name: only_row(connection, table.name) for table in tables}


def value_for(column: Column[Any]) -> Any:
    if column.foreign_keys or column.primary_key:
        return 1
    states = states_of(column)
    if states:
        return states[0]
    samples: dict[type, Any] = {int: 3, bool: True, dict: {"a": [1]}, str: "x", datetime: NOW}
    samples |= {date: NOW.date(), Decimal: Decimal(5), float: 0.5}
    return samples.get(column.type.python_type)


def states_of(column: Column[Any]) -> list[str]:
    """The words that a column holds today, where no other may stand there."""
    today = SQLModel.metadata.tables[column.table.name].c.get(column.name)
    if today is None or not isinstance(today.type, State):
        return []
    return [state.value for state in today.type.states]


def only_row(connection: Connection, table: str) -> dict[str, Any]:
    found = connection.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608 our own table's name
    return dict(found.mappings().one())


@pytest.fixture
def with_later(database: Database) -> tuple[Database, Deal, Member]:
    """A database with a deal, after a later migration has built its tables anew."""
    with database.work() as memory:
        team = add_team(memory)
        boss = add_member(memory, team, role="manager")
        rep = add_member(memory, team, "Bo", manager_id=boss.id)
        deal = add_deal(memory, rep, add_customer(memory, team))
    with schema_transaction(database) as connection:
        config = configuration(connection)
        here = config.get_main_option("script_location")
        config.set_main_option("version_locations", f"{here}/versions:{LATER}")
        command.upgrade(config, "heads")
    return database, deal, rep


def test_a_later_migration_may_build_a_table_anew_under_the_rows_that_name_it(
    with_later: tuple[Database, Deal, Member],
) -> None:
    database, deal, rep = with_later
    with database.engine.connect() as connection:
        team = connection.execute(text("SELECT motto FROM team")).scalar_one()
        boss = connection.execute(text(f"SELECT manager_id FROM member WHERE id = {rep.id}"))  # noqa: S608 a number
        assert (team, boss.scalar_one()) == ("onward", rep.manager_id)
    with database.work() as memory:
        assert [d.id for d in memory.deals.list_of_owner(rep.team_id, rep.id)] == [deal.id]


def test_foreign_keys_are_enforced_again_after_a_migration(
    with_later: tuple[Database, Deal, Member],
) -> None:
    database, _, rep = with_later
    with pytest.raises(IntegrityError), database.work() as memory:
        memory.members.add_member(Member(team_id=rep.team_id + 9, name="Cy", created_at=NOW))


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_migration_that_loses_what_rows_name_is_undone(database: Database) -> None:
    deal = a_deal(database)
    with pytest.raises(ValueError, match=r"in: deal$"), schema_transaction(database) as changed:
        changed.execute(text("DELETE FROM customer"))
    with database.work() as memory:
        assert memory.customers.get(deal.team_id, deal.customer_id) is not None
