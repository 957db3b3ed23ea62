"""A change to a deal is written with its event: who, when, from where, before and after."""

from __future__ import annotations

import json
from datetime import timedelta

from handlers.deals.record import UNDO_WINDOW
from tests.office import Office, said

EVENT = "select kind, member_id, platform, note, before, after from event order by id desc limit 1"


async def test_the_event_holds_what_stood_there_before_and_after(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", "edit acme 12k")
    kind, member, platform, note, before, after = office.rows(EVENT)[0]
    assert (kind, member, platform, note) == ("edited", office.member("Ann"), "terminal", "")
    assert "10000" in json.dumps(json.loads(before)["amount"])
    assert "12000" in json.dumps(json.loads(after)["amount"])


async def test_every_act_is_activity_and_its_row_of_nudges_begins_anew(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    with office.app.database.work() as memory:
        [deal] = memory.deals.list_of_customer(1, 1)
        deal.nudges_sent = 2
    later = office.wait(days=2)
    await office.says("Ann", "note acme wants a demo")
    stored = "select nudges_sent, last_activity_at from deal"
    assert office.rows(stored) == [(0, f"{later:%Y-%m-%d %H:%M:%S}.000000")]


async def test_the_undo_button_works_until_the_window_closes(office: Office) -> None:
    reply = await office.says("Ann", "lead Acme, 10k")
    [undo] = [b.action for row in reply.buttons for b in row if b.action.startswith("undo:")]
    office.wait(seconds=UNDO_WINDOW.total_seconds())
    await office.taps("Ann", undo)
    assert office.one("select status from deal") == "withdrawn"
    reply = await office.says("Ann", "lead Beta, 10k")
    [undo] = [b.action for row in reply.buttons for b in row if b.action.startswith("undo:")]
    office.wait(seconds=(UNDO_WINDOW + timedelta(seconds=1)).total_seconds())
    assert "that was longer ago" in said(await office.taps("Ann", undo))
    assert office.one("select status from deal where id = ?", office.deal("Beta")) == "live"
