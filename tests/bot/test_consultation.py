"""A second opinion is waited for outside of any transaction, for so long and no longer."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from unittest.mock import patch

from structlog.testing import capture_logs

from bot.advisor import FAILURES, PATIENCE, Advisor
from bot.clock import stopwatch
from bot.encoders import NoEncoder, load_encoder
from kb.objections.card import Card as CardFacts
from kb.objections.meaning import Encoder
from kb.objections.search import CardIndex
from storage.tables import Team
from storage.tables_cards import Card
from storage.unit_of_work import UnitOfWork
from tests.encoders import Hanging, Model, Raising
from tests.office import PLATFORM, Office, opened, said

TEXT = "no gold in our coffers"
LINE = f"obj {TEXT}"
SILVER = "our chest holds no silver"
OWN = "We are short of doubloons"
ENDLESS, SHORT = 60.0, 0.1  # seconds of patience
FEW = 12  # cards: reading all the starter cards would take each test a second


@asynccontextmanager
async def advised(
    folder: Path, load: Callable[[], Encoder], patience: float = ENDLESS
) -> AsyncIterator[tuple[Office, Advisor]]:
    """An office with a model and few cards, one of them Ann's team's own."""
    advisor = Advisor(load, patience)
    with opened(folder, advisor=advisor) as office:
        with closing(sqlite3.connect(office.path)) as database:
            database.execute("update card set state = 'retired' where id > ?", (FEW,))
            database.commit()
        add(office, "Ann", OWN)
        yield office, advisor


@asynccontextmanager
async def ready(folder: Path, model: Model) -> AsyncIterator[Office]:
    """An office whose model has read the cards."""
    async with advised(folder, lambda: model) as (office, advisor):
        await read(office, advisor)
        model.read.clear()
        yield office


async def until(true: Callable[[], object]) -> None:
    """Waits for what another thread brings about."""
    async with asyncio.timeout(60):
        while not true():  # noqa: ASYNC110 what is waited for has no event to tell of it
            await asyncio.sleep(0.002)


async def read(office: Office, advisor: Advisor, who: str = "Ann") -> None:
    """Waits until the advisor knows the cards of this person's team."""
    await until(lambda: advisor.vectors(*index_of(office, who)))


@contextmanager
def unasked() -> Iterator[None]:
    """Nothing is asked of any advisor, and so nothing waited for."""
    with patch.object(Advisor, "ask") as asked:
        yield
    asked.assert_not_called()


def team_of(memory: UnitOfWork, who: str) -> Team:
    identity = memory.members.identity(PLATFORM, f"member-{who}")
    assert identity is not None
    return memory.members.team(identity.team_id)


def index_of(office: Office, who: str) -> tuple[int, CardIndex]:
    with office.app.database.work() as memory:
        team = team_of(memory, who)
        return team.id, office.app.shelf.index(memory, team, office.clock.now())


def add(office: Office, who: str, objection: str) -> None:
    now = office.clock.now()
    with office.app.database.work() as memory:
        team_id = team_of(memory, who).id
        card = Card(
            team_id=team_id,
            language="en",
            key=objection,
            objection=objection,
            ask="Why?",
            say="Because.",
            changed_at=now,
        )
        memory.cards.add([card])


def reword(office: Office, who: str, before: str, after: str) -> None:
    with office.app.database.work() as memory:
        cards = memory.cards.all(team_of(memory, who).id)
        changed = next(card for card in cards if card.objection == before)
        changed.objection = after
        memory.cards.changed(changed)


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
            advisor.vectors(team_id, cards)
            return listed(cards)

        listed = CardIndex.cards
        with patch.object(CardIndex, "cards", asked_for):
            await until(lambda: advisor.vectors(team_id, index))
            first = advisor.vectors(team_id, index)
            add(office, "Eve", "Too many cooks")
            await read(office, advisor, "Eve")
        assert advisor.vectors(team_id, index) is first


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
            advisor.vectors(*index_of(office, "Ann"))
            await until(lambda: not advisor.free)
            assert said(await office.says("Ann", LINE))
        assert logs[-1]["event"] == "second opinions given up"
        assert new[0] not in str(logs)
