"""Gap notices: who is told of a gap, when, and how often a day."""

from __future__ import annotations

from handlers.cards.gap_notices import NOTICES_A_DAY
from tests.handlers.letters import sent, to
from tests.handlers.objections.look_ups import (
    NOBODY_KNOWS,
    asked,
)
from tests.office import Office, action, labels, said


async def test_asked_once_it_waits_a_day_asked_twice_it_is_told_at_once(office: Office) -> None:
    await asked(office, "Ann")
    assert sent(office) == []
    await asked(office, "Bo")
    [letter] = sent(office)
    assert (letter.to, letter.kind) == ("Mia", "gap")
    assert letter.said.startswith("2 people asked: “qwrtzpsdfg xkcd”. Nothing fits.")
    assert labels(letter.reply) == ["Write it", "Add to a card", "Ignore"]
    await asked(office, "Bo")
    assert sent(office) == []
    await asked(office, "Ann", text=NOBODY_KNOWS[1])
    office.wait(hours=23)
    assert sent(office) == []
    office.wait(hours=1)
    assert [each.to for each in sent(office)] == ["Mia"]


async def test_one_person_who_asks_twice_is_said_to_have_done_so(office: Office) -> None:
    await asked(office, "Ann", "Ann")
    [letter] = sent(office)
    assert letter.said.startswith("Asked 2 times: “qwrtzpsdfg xkcd”. Nothing fits.")


async def test_a_few_a_day_are_told_the_rest_wait_in_the_list(office: Office) -> None:
    for text in NOBODY_KNOWS:
        await asked(office, "Ann", "Bo", text=text)
    assert len(to(office, "Mia")) == NOTICES_A_DAY
    office.wait(days=1)
    assert sent(office) == []
    reply = await office.says("Mia", "gaps")
    assert "5 gaps, most asked first:" in said(reply)
    assert len(labels(reply)) == 5
    assert labels(reply)[-1] == "More"
    following = await office.taps("Mia", action(reply, "More"))
    assert len(labels(following)) == 2
    assert following.edit


async def test_it_is_told_in_working_hours_only(office: Office) -> None:
    office.wait(hours=12)
    await asked(office, "Ann", "Bo")
    assert sent(office) == []
    office.wait(hours=11)
    assert [each.to for each in sent(office)] == ["Mia"]


async def test_what_was_filled_or_ignored_meanwhile_is_not_told(office: Office) -> None:
    office.wait(hours=12)
    await asked(office, "Ann", "Bo")
    assert sent(office) == []
    await office.taps("Mia", "gap-ignore:1")
    office.wait(hours=12)
    assert sent(office) == []


async def test_the_members_of_another_team_are_told_nothing(office: Office) -> None:
    await asked(office, "Ann", "Bo")
    assert {each.to for each in sent(office)} == {"Mia"}
    assert "No gaps" in said(await office.says("Eve", "gaps"))
