"""The manager's week: at their own hour, once a week, and only when there is something to say."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.delivery.loop import Delivery
from tests.bot.delivery.recorder import Recorder
from tests.office import Office

BERLIN = ZoneInfo("Europe/Berlin")
TITLE = "How your people's deals stand"


def on(day: int, hour: int) -> datetime:
    """A local moment of that November; the 18th is the Wednesday on which every test begins."""
    return datetime(2026, 11, day, hour, tzinfo=BERLIN)


async def begin(office: Office, *names: str) -> None:
    """Gives these people their digest, which the other tests do without."""
    for name in names:
        await office.fills(
            name,
            "settings",
            {"zone": "Berlin", "hours": "9-18", "days": "01234", "digest": "7"},
        )


def weeks(post: Recorder) -> list[tuple[str, datetime]]:
    """To whom the week came, and when."""
    return [
        (each.address.chat, each.at.astimezone(BERLIN))
        for each, text in zip(post.received, post.texts, strict=True)
        if text.startswith(TITLE)
    ]


async def test_it_comes_on_monday_at_the_manager_s_own_hour_and_to_nobody_else(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await begin(office, "Kim", "Mia", "Ann")
    await delivery.pass_time(office.clock, on(20, 23))  # this week's has nothing to say yet
    await office.says("Ann", "lead Acme, 12k")
    await delivery.pass_time(office.clock, on(29, 23))
    assert weeks(post) == []  # on Monday the lead was fresh
    await delivery.pass_time(office.clock, datetime(2026, 12, 4, 23, tzinfo=BERLIN))
    assert weeks(post) == [("Mia", datetime(2026, 11, 30, 7, tzinfo=BERLIN))]


async def test_it_is_skipped_when_nothing_slips(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await begin(office, "Mia")
    await office.says("Ann", "lead Acme, 12k")
    await office.says("Ann", "next acme in 5 weeks call")
    await delivery.pass_time(office.clock, datetime(2026, 12, 11, 23, tzinfo=BERLIN))
    assert weeks(post) == []


@pytest.mark.parametrize(("day", "comes"), [("2", 25), ("4", 27), ("never", 0)])
async def test_it_comes_on_the_day_of_one_s_choice(
    office: Office, post: Recorder, delivery: Delivery, day: str, comes: int
) -> None:
    await begin(office, "Mia")
    await office.taps("Mia", f"week-day:{day}")
    await delivery.pass_time(office.clock, on(21, 12))
    await office.says("Ann", "lead Acme, 12k")
    await delivery.pass_time(office.clock, on(29, 23))
    assert [at.day for _, at in weeks(post)] == ([comes] if comes else [])


async def test_an_admin_gets_it_where_there_is_no_manager(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    with closing(sqlite3.connect(office.path)) as connection:
        connection.execute("update member set role = 'rep' where name = 'Mia'")
        connection.commit()
    await begin(office, "Kim")
    await office.says("Ann", "lead Acme, 12k")
    await delivery.pass_time(office.clock, on(29, 23))
    assert {who for who, _ in weeks(post)} == {"Kim"}


async def test_a_manager_hears_of_nobody_else_s_people(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    with closing(sqlite3.connect(office.path)) as connection:
        connection.execute("update member set manager_id = null where name = 'Bo'")
        connection.commit()
    await begin(office, "Mia")
    for who in ("Ann", "Bo"):
        await office.says(who, f"lead {who}Customer, 12k")
    await delivery.pass_time(office.clock, on(29, 23))
    told = "\n".join(text for text in post.texts if text.startswith(TITLE))
    assert "• Ann: 1 stalled" in told
    assert "Bo" not in told
