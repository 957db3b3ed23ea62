"""The wall between teams: no query asked for one team ever answers with another's rows."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import pytest
from sqlmodel import Session, SQLModel

from storage.engine import Database
from storage.unit_of_work import UnitOfWork
from tests.storage.twin_teams import Ids, add_twin
from tests.storage.twins import OF_A_ROW, OF_A_TEAM, OF_NO_TEAM, WITHOUT_ANSWER
from tests.storage.world import not_kept

ASKED = OF_A_ROW | OF_A_TEAM


@pytest.fixture
def twins(database: Database) -> tuple[Ids, Ids]:
    with database.work() as memory:
        return add_twin(memory), add_twin(memory)


def plain(answer: Any) -> Any:
    """An answer as values that can be compared after its transaction has ended."""
    if isinstance(answer, SQLModel):
        return answer.model_dump(mode="json")
    if isinstance(answer, Sequence) and not isinstance(answer, str):
        return [plain(each) for each in answer]
    return answer


def answers(database: Database, team_id: int, ids: Ids) -> dict[str, Any]:
    """What each query answers for a team, each in a transaction of its own that is not kept."""
    found = {}
    for name, ask in ASKED.items():
        with not_kept(database) as memory:
            found[name] = plain(ask(memory, team_id, ids))
    return found


def rows_of(database: Database, team_id: int) -> dict[str, list[Any]]:
    """Every row of a team, by table."""
    with database.engine.connect() as connection:
        return {
            name: list(connection.execute(table.select().where(table.c.team_id == team_id)))
            for name, table in SQLModel.metadata.tables.items()
            if "team_id" in table.c
        }


def test_every_query_is_asked_for_a_team_or_has_a_reason_not_to_be() -> None:
    with Session() as session:
        rooms = vars(UnitOfWork(session))
    public = {
        f"{room}.{name}"
        for room, queries in rooms.items()
        if not room.startswith("_")
        for name, _ in inspect.getmembers(queries, inspect.ismethod)
        if not name.startswith("_")
    }
    excused = [name for names in OF_NO_TEAM.values() for name in names.split()]
    listed = [*ASKED, *WITHOUT_ANSWER, *excused]
    assert set(listed) ^ public == set(), "tests/storage/twins.py lists every query once"
    assert len(listed) == len(public)


def test_every_query_finds_what_is_its_own_team_s(
    database: Database, twins: tuple[Ids, Ids]
) -> None:
    for ids in twins:
        found = answers(database, ids.team, ids)
        assert [name for name, answer in found.items() if not answer] == []


def test_no_query_answers_differently_because_there_is_another_team(database: Database) -> None:
    with database.work() as memory:
        ours = add_twin(memory)
    alone = answers(database, ours.team, ours)
    with database.work() as memory:
        add_twin(memory)
    assert answers(database, ours.team, ours) == alone


def test_no_query_finds_another_team_s_row(database: Database, twins: tuple[Ids, Ids]) -> None:
    for ours, theirs in (twins, twins[::-1]):
        found = answers(database, ours.team, theirs)
        assert {name: found[name] for name in OF_A_ROW if found[name]} == {}


def test_every_row_in_an_answer_says_the_team_it_was_asked_for(
    database: Database, twins: tuple[Ids, Ids]
) -> None:
    for ids in twins:
        found = answers(database, ids.team, ids)
        rows = [each for answer in found.values() for each in as_rows(answer)]
        assert len(rows) > len(OF_A_ROW)
        assert {row["team_id"] for row in rows if "team_id" in row} == {ids.team}


def as_rows(answer: Any) -> list[dict[str, Any]]:
    every = answer if isinstance(answer, list) else [answer]
    return [each for each in every if isinstance(each, dict)]


@pytest.mark.parametrize("mixed", [False, True], ids=["their own ids", "the others' ids"])
def test_no_query_changes_another_team_s_rows(
    database: Database, twins: tuple[Ids, Ids], mixed: bool
) -> None:
    ours, theirs = twins
    before = rows_of(database, theirs.team)
    with database.work() as memory:
        for ask in (ASKED | WITHOUT_ANSWER).values():
            ask(memory, ours.team, theirs if mixed else ours)
    assert rows_of(database, theirs.team) == before


def test_cancelling_and_the_like_do_change_one_s_own_rows(
    database: Database, twins: tuple[Ids, Ids]
) -> None:
    before = rows_of(database, twins[0].team)
    with database.work() as memory:
        for ask in (ASKED | WITHOUT_ANSWER).values():
            ask(memory, twins[0].team, twins[0])
    after = rows_of(database, twins[0].team)
    assert {name for name in after if after[name] != before[name]} == {
        "deal",
        "draft",
        "event",
        "invite",
        "mutedrule",
        "nudge",
        "occasion",
        "outbox",
    }
