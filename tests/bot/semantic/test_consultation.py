"""A second opinion is waited for outside of any transaction, for so long and no longer."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

from structlog.testing import capture_logs

from bot.clock import stopwatch
from bot.semantic.advisor import FAILURES, PATIENCE
from bot.semantic.encoders import NoEncoder, load_encoder
from kb.objections.card import Card as CardFacts
from kb.objections.search import CardIndex
from tests.bot.semantic.office_with_model import (
    ENDLESS,
    LINE,
    OWN,
    SHORT,
    SILVER,
    TEXT,
    add,
    advised,
    index_of,
    read,
    ready,
    reword,
    unasked,
    until,
)
from tests.encoders import Hanging, Model, Raising
from tests.office import said


async def test_what_no_word_finds_is_found_by_meaning_and_asked_once(tmp_path: Path) -> None:
    model = Model({TEXT: OWN})
    async with ready(tmp_path, model) as office:
        assert OWN in said(await office.says("Ann", LINE))
        assert model.read == [TEXT]


async def test_until_the_cards_are_read_the_fast_answer_is_given(tmp_path: Path) -> None:
    model = Hanging(OWN)
    async with advised(tmp_path, lambda: model) as (office, advisor):
        with unasked():
            assert OWN not in said(await office.says("Ann", LINE))
            await until(model.asked.is_set)
            assert OWN not in said(await office.says("Ann", LINE))
        model.let_go.set()
        await read(office, advisor)


async def test_a_model_is_not_asked_while_the_look_up_is_sure(tmp_path: Path) -> None:
    model = Model()
    async with ready(tmp_path, model) as office:
        assert OWN in said(await office.says("Ann", f"obj {OWN}"))
        assert model.read == []


async def test_a_model_that_hangs_costs_one_wait_and_no_thread(tmp_path: Path) -> None:
    model = Hanging(TEXT)
    async with advised(tmp_path, lambda: model, SHORT) as (office, advisor):
        expected = said(await office.says("Ann", LINE))
        await read(office, advisor)
        began = stopwatch()
        assert said(await office.says("Ann", LINE)) == expected
        assert SHORT <= stopwatch() - began < ENDLESS
        threads = {thread.name for thread in threading.enumerate()}
        with unasked():
            for _ in range(4):
                assert said(await office.says("Ann", LINE)) == expected
        more = {thread.name for thread in threading.enumerate()} - threads
        assert all(name.startswith("handler") for name in more)
        model.let_go.set()


async def test_nobody_else_waits_for_a_model(tmp_path: Path) -> None:
    model = Hanging(TEXT)
    async with ready(tmp_path, model) as office:
        waiting = asyncio.create_task(office.says("Ann", LINE))
        await until(model.asked.is_set)
        assert "Acme" in said(await office.says("Bo", "lead Acme, Jane Doe, 12k"))
        with closing(sqlite3.connect(office.path, timeout=0)) as other:
            other.execute("BEGIN IMMEDIATE")
        assert not waiting.done()
        model.let_go.set()
        await waiting


async def test_a_late_opinion_is_dropped_and_the_next_one_is_heard(tmp_path: Path) -> None:
    model = Hanging(TEXT)
    model.means = {SILVER: OWN, TEXT: OWN}
    async with advised(tmp_path, lambda: model, SHORT) as (office, advisor):
        await read(office, advisor)
        assert OWN not in said(await office.says("Ann", LINE))
        assert not advisor.free
        advisor.patience = ENDLESS
        model.let_go.set()
        assert OWN in said(await office.says("Ann", f"obj {SILVER}"))


def test_nobody_waits_longer_than_people_do() -> None:
    assert PATIENCE <= 0.3


async def test_a_model_that_raises_leaves_the_fast_answer(tmp_path: Path) -> None:
    async with advised(tmp_path, lambda: Raising(TEXT)) as (office, advisor):
        expected = said(await office.says("Ann", LINE))
        await read(office, advisor)
        with capture_logs() as logs:
            assert said(await office.says("Ann", LINE)) == expected
        assert [line["event"] for line in logs] == ["second opinion failed"]
        assert TEXT not in str(logs)


async def test_without_the_extra_the_bot_says_so_and_works(tmp_path: Path) -> None:
    with capture_logs() as logs:
        async with advised(tmp_path, lambda: load_encoder(str(tmp_path))) as (office, advisor):
            assert said(await office.says("Ann", LINE))
            assert not advisor.free
    [line] = [line for line in logs if line["log_level"] == "error"]
    assert line["event"] == "no second opinion"
    assert NoEncoder.__name__ in line["reason"]


async def test_a_card_that_changed_is_read_again_and_nothing_else(tmp_path: Path) -> None:
    model = Model({TEXT: "The treasury is bare"})
    async with advised(tmp_path, lambda: model) as (office, advisor):
        await read(office, advisor)
        model.read.clear()
        reword(office, "Ann", OWN, "The treasury is bare")
        await read(office, advisor)
        assert model.read == ["The treasury is bare"]
        found = said(await office.says("Ann", LINE))
        assert "The treasury is bare" in found
        assert OWN not in found


async def test_cards_are_read_once_however_often_they_are_asked_for(tmp_path: Path) -> None:
    async with advised(tmp_path, Model) as (office, advisor):
        team_id, index = index_of(office, "Ann")

        def asked_for(cards: CardIndex) -> list[CardFacts]:
            advisor.find_vectors(team_id, cards)
            return listed(cards)

        listed = CardIndex.cards
        with patch.object(CardIndex, "cards", asked_for):
            await until(lambda: advisor.find_vectors(team_id, index))
            first = advisor.find_vectors(team_id, index)
            add(office, "Eve", "Too many cooks")
            await read(office, advisor, "Eve")
        assert advisor.find_vectors(team_id, index) is first


async def test_another_teams_cards_are_never_compared(tmp_path: Path) -> None:
    model = Model({TEXT: OWN})
    async with advised(tmp_path, lambda: model) as (office, advisor):
        await read(office, advisor)
        add(office, "Eve", "Too many cooks")
        await read(office, advisor, "Eve")
        assert OWN in said(await office.says("Ann", LINE))
        assert OWN not in said(await office.says("Eve", LINE))


async def test_a_text_that_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    model = Raising("Why? Because.")
    model.means = {TEXT: OWN}
    async with advised(tmp_path, lambda: model) as (office, advisor):
        await read(office, advisor)
        assert OWN in said(await office.says("Ann", LINE))


async def test_a_model_that_can_read_nothing_any_more_is_given_up(tmp_path: Path) -> None:
    new = [f"card {number}" for number in range(FAILURES)]
    async with advised(tmp_path, lambda: Raising(*new)) as (office, advisor):
        await read(office, advisor)
        for objection in new:
            add(office, "Ann", objection)
        with capture_logs() as logs:
            advisor.find_vectors(*index_of(office, "Ann"))
            await until(lambda: not advisor.free)
            assert said(await office.says("Ann", LINE))
        assert logs[-1]["event"] == "second opinions given up"
        assert new[0] not in str(logs)
