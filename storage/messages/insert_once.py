"""Inserts that happen once: a row whose unique key is there already is left out, no error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import SQLModel


def insert_once(
    table: str, unique: Sequence[str] = ("key",), returning: Sequence[str] = ("id",)
) -> Mapping[str, ReturningInsert[*tuple[Any, ...]]]:
    """By the dialect's name: an insert that gives these columns of each row it really made.

    Make it once, at import, for it runs with every message. The values are its parameters, and it
    goes into the table, not the class: so it is compiled once for batches of every size.
    """
    into = SQLModel.metadata.tables[table]
    columns = [into.c[name] for name in returning]
    return {
        dialect: insert(into).on_conflict_do_nothing(index_elements=unique).returning(*columns)
        for dialect, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
    }
