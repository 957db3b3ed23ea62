"""An office whose look-ups have a model of meaning to ask, and few cards, one of them its own."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from unittest.mock import patch

from bot.semantic.advisor import Advisor
from kb.objections.search import CardIndex
from kb.objections.semantic.meaning import Encoder
from storage.tables.cards import Card
from storage.tables.people_and_deals import Team
from storage.unit_of_work import UnitOfWork
from tests.encoders import Model
from tests.office import PLATFORM, Office, opened

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
    await until(lambda: advisor.find_vectors(*index_of(office, who)))


@contextmanager
def unasked() -> Iterator[None]:
    """Nothing is asked of any advisor, and so nothing waited for."""
    with patch.object(Advisor, "ask") as asked:
        yield
    asked.assert_not_called()


def team_of(memory: UnitOfWork, who: str) -> Team:
    identity = memory.members.find_identity(PLATFORM, f"member-{who}")
    assert identity is not None
    return memory.members.get_team(identity.team_id)


def index_of(office: Office, who: str) -> tuple[int, CardIndex]:
    with office.app.database.work() as memory:
        team = team_of(memory, who)
        return team.id, office.app.card_indexes.index(memory, team, office.clock.now())


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
        cards = memory.cards.list_all(team_of(memory, who).id)
        changed = next(card for card in cards if card.objection == before)
        changed.objection = after
        memory.cards.save_change(changed)
