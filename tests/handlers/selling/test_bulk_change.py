"""Many deals changed at once: only one's own, only as listed, and taken back as a whole."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.office import Office, action, labels, opened

DEALS = """select c.name, d.status, d.stage, d.amount, d.parked_until, d.next_step, d.next_step_at,
    d.last_activity_at, d.attention_at, d.nudges_sent, d.pool_at
    from deal d join customer c on c.id = d.customer_id order by d.id"""
STEPS = "select deal_id, text, at, state, ring_at from step where state = 'open' order by id"
IN_HAND = "select name, deal_in_hand_id from member order by id"
LINES = (
    "park everything under 5k until january",
    "park all over 3k until in 3 weeks",
    "all stalled to next week",
    "move all overdue to in 5 days",
    "5千以下的全部搁置到一月",
    "所有停滞的改到下周",
)
BEFORE = ("", "next {} tomorrow 10am call", "next {} in 20 days send the offer", "note {} ok")


def state(office: Office) -> list[Any]:
    return [office.rows(query) for query in (DEALS, STEPS, IN_HAND)]


@given(
    acts=st.lists(st.sampled_from(BEFORE), min_size=3, max_size=3),
    days=st.sampled_from((0, 3, 40)),
    line=st.sampled_from(LINES),
)
@settings(max_examples=12, deadline=None)
@pytest.mark.slow
def test_a_bulk_change_and_its_undo_leave_the_database_as_before(
    acts: list[str], days: int, line: str
) -> None:
    async def live(office: Office) -> None:
        for name, act in zip(("Acme", "Beta", "Cobalt"), acts, strict=True):
            await office.says("Ann", f"lead {name}, {len(name) - 2}k")
            if act:
                await office.says("Ann", act.format(name))
        office.wait(days=days)
        listed = await office.says("Ann", line)
        before = state(office)
        if not any(button.startswith(("Park", "Move")) for button in labels(listed)):
            return
        await office.taps("Ann", listed.buttons[0][0].action)
        assert state(office) != before
        await office.says("Ann", "undo")
        assert state(office) == before

    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as office:
        asyncio.run(live(office))


async def test_what_changed_since_the_list_and_what_is_not_ones_own_stays(office: Office) -> None:
    for name in ("Acme", "Beta"):
        await office.says("Ann", f"lead {name}, 4k")
    await office.says("Bo", "lead Cobalt, 4k")
    listed = await office.says("Ann", "park everything under 5k until january")
    await office.says("Ann", "next beta tomorrow 10am call")
    await office.taps("Ann", action(listed, "Park all 2"))
    await office.taps("Ann", action(listed, "Park all 2"))
    statuses = [(row[0], row[1]) for row in office.rows(DEALS)]
    assert statuses == [("Acme", "parked"), ("Beta", "live"), ("Cobalt", "live")]
    assert office.one("select count(*) from event where kind = 'parked'") == 1


async def test_a_list_alone_writes_nothing(office: Office) -> None:
    await office.says("Ann", "lead Acme, 4k")
    before = state(office)
    await office.says("Ann", "park everything under 5k until january")
    assert state(office) == before


async def test_the_act_before_an_undone_bulk_change_can_still_be_undone(office: Office) -> None:
    # Their parking and its undo write more events than were once looked at.
    names = "Acme Beta Cobalt Dune Ember Falcon Granite Harbour Indigo Juniper Kestrel".split()
    for name in names:
        await office.says("Ann", f"lead {name}, 4k")
    await office.says("Ann", "note dune they called")
    listed = await office.says("Ann", "park everything under 5k until january")
    await office.taps("Ann", action(listed, "Park all 11"))
    await office.says("Ann", "undo")
    await office.says("Ann", "undo")
    undone = "select b.kind from event a join event b on b.id = a.undoes_id order by a.id"
    assert office.rows(undone) == [("parked",)] * 11 + [("noted",)]
