"""Values that come back from both databases as they went in: amounts, instants, days, JSON."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from kb.states import DealStatus, EventKind
from storage.deals.event_values import pack, unpack
from storage.engine import Database
from storage.tables.messages import Outbox
from storage.tables.people_and_deals import Deal, Event
from tests.storage.world import NOW, a_deal, examples_on_a_database

amounts = st.decimals(
    min_value=Decimal(-(10**16)), max_value=Decimal(10**16), places=4, allow_nan=False
) | st.integers(-(10**20) + 1, 10**20 - 1).map(Decimal)
instants = st.datetimes(
    min_value=datetime(1971, 1, 1),  # noqa: DTZ001 the zone comes with `timezones`
    max_value=datetime(2199, 1, 1),  # noqa: DTZ001 the zone comes with `timezones`
    timezones=st.timezones() | st.just(UTC),
)


def kept(database: Database, deal: Deal, **columns: Any) -> Deal:
    """The deal as it stands in the database after its columns were changed."""
    with database.work() as memory:
        mine = memory.deals.list_of_owner(deal.team_id, deal.owner_id)[0]
        memory.deals.change(mine, columns, kind=EventKind.EDITED, by=None, at=NOW)
        return memory.deals.lock(mine)


@pytest.fixture
def deal(database: Database) -> Deal:
    return a_deal(database)


@examples_on_a_database
@given(amount=amounts | st.none())
def test_an_amount_comes_back_exactly(
    database: Database, deal: Deal, amount: Decimal | None
) -> None:
    assert kept(database, deal, amount=amount).amount == amount


@pytest.mark.parametrize(
    ("given_amount", "shown"),
    [("12.50", "12.5"), ("12", "12"), ("1200", "1200"), ("0.0001", "0.0001"), ("0", "0")],
)
def test_an_amount_comes_back_without_trailing_zeros(
    database: Database, deal: Deal, given_amount: str, shown: str
) -> None:
    assert str(kept(database, deal, amount=Decimal(given_amount)).amount) == shown


@pytest.mark.parametrize(
    ("given_amount", "rounded"),
    [("0.00005", "0"), ("0.00015", "0.0002"), ("-2.00025", "-2.0002"), ("1.99999", "2")],
)
def test_more_decimals_than_are_kept_are_rounded_alike(
    database: Database, deal: Deal, given_amount: str, rounded: str
) -> None:
    assert kept(database, deal, amount=Decimal(given_amount)).amount == Decimal(rounded)


@pytest.mark.parametrize("amount", ["1e20", "123456789012345678901", "NaN", "Infinity"])
def test_an_amount_that_cannot_be_kept_is_refused(
    database: Database, deal: Deal, amount: str
) -> None:
    with pytest.raises(ValueError, match="20 digits"):
        kept(database, deal, amount=Decimal(amount))


@examples_on_a_database
@given(at=instants)
def test_an_instant_comes_back_aware_and_in_utc(
    database: Database, deal: Deal, at: datetime
) -> None:
    found = kept(database, deal, next_step_at=at).next_step_at
    assert found is not None
    assert (found, found.utcoffset()) == (at.astimezone(UTC), timedelta(0))


def test_a_naive_instant_is_refused(database: Database, deal: Deal) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(StatementError, match="timezone"), database.work() as memory:
        memory.outbox.put(Outbox(team_id=1, member_id=1, key="k", kind="nudge", due_at=naive))


def test_a_naive_instant_never_gets_into_the_history(database: Database, deal: Deal) -> None:
    with pytest.raises(ValueError, match="naive"):
        kept(database, deal, next_step_at=NOW.replace(tzinfo=None))


def test_a_day_comes_back_as_it_was(database: Database, deal: Deal) -> None:
    assert kept(database, deal, parked_until=date(2028, 2, 29)).parked_until == date(2028, 2, 29)


def test_text_comes_back_as_it_was(database: Database, deal: Deal) -> None:
    line = "报价 “%_\\' 👩‍💼 \u202eabc\u0301"
    assert kept(database, deal, next_step=line).next_step == line


@pytest.mark.parametrize("status", DealStatus)
def test_a_state_is_kept_as_its_word_and_comes_back_as_a_state(
    database: Database, deal: Deal, status: DealStatus
) -> None:
    found = kept(database, deal, status=status).status
    assert (found, type(found)) == (status, DealStatus)
    assert words_kept(database, deal) == status.value


def test_a_state_that_is_taken_back_is_a_state_again(database: Database, deal: Deal) -> None:
    kept(database, deal, status=DealStatus.PARKED)
    with database.work() as memory:
        event = memory.events.list_last(deal.team_id, deal.id)[0]
        assert memory.deals.undo(event, by=deal.owner_id, at=NOW, platform="")
        status = memory.deals.list_of_owner(deal.team_id, deal.owner_id)[0].status
    assert type(status) is DealStatus


def test_a_word_that_is_no_state_is_an_error_when_read_and_stays_as_it_is(
    database: Database, deal: Deal
) -> None:
    with database.engine.begin() as connection:
        connection.execute(
            text("UPDATE deal SET status = 'frozen' WHERE id = :id"), {"id": deal.id}
        )
    with pytest.raises(LookupError, match="frozen"), database.work() as memory:
        memory.deals.list_of_owner(deal.team_id, deal.owner_id)
    assert words_kept(database, deal) == "frozen"


def test_a_word_that_is_no_state_is_not_kept(database: Database, deal: Deal) -> None:
    with pytest.raises(StatementError, match="frozen"):
        kept(database, deal, status="frozen")


def words_kept(database: Database, deal: Deal) -> str:
    """The deal's status as the database itself has it."""
    with database.engine.connect() as connection:
        query = text("SELECT status FROM deal WHERE id = :id")
        return str(connection.execute(query, {"id": deal.id}).scalar_one())


values = st.dictionaries(
    st.text(max_size=10),
    amounts | instants | st.dates() | st.text(max_size=20) | st.integers() | st.none(),
    max_size=5,
)


@given(values=values)
def test_what_an_event_remembers_comes_back_as_it_was(values: dict[str, Any]) -> None:
    assert unpack(pack(values)) == values


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (NOW, NOW.astimezone(ZoneInfo("Asia/Shanghai"))),
        (NOW, NOW.astimezone(timezone(timedelta(hours=-7)))),
        (Decimal("12.5"), Decimal("12.5000")),
        (Decimal(1200), Decimal("1.2E+3")),
        (Decimal("0.0002"), Decimal("0.00015")),
        (Decimal(0), Decimal("-0.00")),
    ],
)
def test_equal_values_are_remembered_alike(one: Any, other: Any) -> None:
    assert pack({"value": one}) == pack({"value": other})


def test_an_event_comes_back_with_what_it_remembers(database: Database, deal: Deal) -> None:
    after = {"next_step_at": NOW, "amount": Decimal("12.5"), "parked_until": date(2026, 4, 1)}
    kept(database, deal, **after)
    with database.work() as memory:
        event: Event = memory.events.list_last(deal.team_id, deal.id)[0]
    assert unpack(event.after) == after
    assert unpack(event.before) == dict.fromkeys(after)
