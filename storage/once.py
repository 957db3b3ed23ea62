"""The statements that keep a row unless its key has been there, made once for each database."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import SQLModel


def unless_there(table: str) -> Mapping[str, ReturningInsert[int]]:
    """By the dialect's name: an insert whose values are its parameters, giving the new row's id.

    It gives none where a row with that `key` has been there.
    """
    into = SQLModel.metadata.tables[table]
    return {
        "sqlite": sqlite.insert(into)
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(into.c.id),
        "postgresql": postgresql.insert(into)
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(into.c.id),
    }
