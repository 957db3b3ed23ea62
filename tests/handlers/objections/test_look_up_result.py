"""The answer to a look-up: guesses where it is unsure, and a second objection a tap away."""

from __future__ import annotations

from tests.handlers.objections.look_ups import (
    looked_up,
    unsure,
)
from tests.office import Office, action, labels, said

MAIL = """Hi Ann,

thanks for the demo last week, the team liked it a lot and we had a good discussion afterwards.
To be honest it's too expensive for what we need at the moment.
We are also happy with our current supplier and see no reason to change.

Kind regards, Tom"""


async def test_an_unsure_answer_shows_the_best_and_two_others_and_asks_nothing(
    office: Office,
) -> None:
    reply = await unsure(office)
    assert "Not sure" in said(reply)
    assert labels(reply)[2:] == ["Copy", "It landed", "None fits"]
    assert len(labels(reply)) == 5
    other = labels(reply)[0]
    picked = await office.taps("Ann", action(reply, other))
    assert said(picked).startswith(other)
    assert picked.edit
    assert "More" in labels(picked)
    assert office.one("select tier from look_up order by id desc limit 1") == "picked"


async def test_both_objections_of_a_pasted_mail_are_a_tap_away(office: Office) -> None:
    reply = await looked_up(office, MAIL)
    assert len(labels(reply)) <= 5
    (other,) = [each for each in labels(reply) if "supplier" in each]
    assert "It's too expensive" in said(reply)
    picked = await office.taps("Ann", action(reply, other))
    assert said(picked).startswith(other)
