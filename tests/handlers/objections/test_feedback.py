"""The buttons under a card: next angle, did it land, none fits."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from tests.handlers.objections.look_ups import (
    WHOLE,
    looked_up,
    rewrite,
    unsure,
)
from tests.office import Office, action, labels, said


async def test_next_angle_shows_each_line_once_and_comes_round(office: Office) -> None:
    rewrite(office, say="First.", angles=["Second.", "Third."])
    reply = await looked_up(office)
    assert labels(reply) == WHOLE
    seen = [said(reply)]
    shown = json.loads(office.one("select shown from look_up"))
    for _ in range(3):
        reply = await office.taps("Ann", action(reply, "Next angle"))
        seen.append(said(reply))
    assert ["First." in seen[0], "Second." in seen[1], "Third." in seen[2]] == [True] * 3
    assert ("It's too expensive" in seen[3]) == (len(shown) == 1)
    assert reply.edit


async def test_none_of_the_guesses_keeps_the_query_as_a_gap(office: Office) -> None:
    reply = await office.taps("Ann", action(await unsure(office), "None fits"))
    assert "I keep it for your manager" in said(reply)
    assert office.one("select count(*) from gap where state = 'open'") == 1


async def test_what_did_not_land_is_followed_by_the_next_line_at_once(office: Office) -> None:
    rewrite(office, angles=["Another way to see it."])
    reply = await office.taps("Ann", action(await looked_up(office), "It didn't"))
    assert "Kept. Try this one:" in said(reply)
    assert "Another way to see it." in said(reply)


@pytest.mark.parametrize("verb", ["obj-next", "obj-copy", "obj-yes", "obj-no", "obj-more"])
async def test_a_button_of_a_card_that_was_retired_meanwhile_says_so_kindly(
    office: Office, verb: str
) -> None:
    await looked_up(office, "zzz it's too expensive")
    lookup = office.one("select max(id) from look_up")
    for card_id in json.loads(office.one("select shown from look_up where id = ?", lookup)):
        with closing(sqlite3.connect(office.path)) as connection, connection:
            connection.execute("update card set state = 'retired' where id = ?", (card_id,))
    reply = await office.taps("Ann", f"{verb}:{lookup}")
    assert reply.text
    assert "went wrong" not in said(reply)
