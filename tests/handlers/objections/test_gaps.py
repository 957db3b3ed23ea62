"""Gaps: what counts as one, and how long one stays open."""

from __future__ import annotations

from storage.tables.cards import GapState
from tests.handlers.objections.look_ups import (
    NOBODY_KNOWS,
    asked,
)
from tests.office import Office, said


async def test_a_look_up_counts_once_whatever_becomes_of_it(office: Office) -> None:
    await asked(office, "Ann")
    await office.taps("Ann", "obj-none:1")
    await office.taps("Ann", "obj-none:1")
    assert office.one("select count from gap") == 1


async def test_filled_and_asked_again_in_other_words_that_find_nothing_it_is_a_new_gap(
    office: Office,
) -> None:
    await asked(office, "Ann")
    with office.app.database.work() as memory:
        gap = memory.gaps.get(1, 1)
        assert gap is not None
        gap.state, gap.filled_at = GapState.FILLED, office.clock.now()
        memory.gaps.save_change(gap)
    await asked(office, "Ann")
    assert office.one("select count(*) from gap") == 2


async def test_the_median_is_that_of_the_gaps_filled(office: Office) -> None:
    for hours, text in ((1, NOBODY_KNOWS[0]), (2, NOBODY_KNOWS[1]), (70, NOBODY_KNOWS[2])):
        await asked(office, "Ann", text=text)
        gap = office.one("select max(id) from gap")
        office.wait(hours=hours)
        values = {"objection": text, "say": "We can do that."}
        assert "Card added" in said(await office.fills("Mia", f"gap-write:{gap}", values))
    assert "Median time to fill: 2 hours (3 filled)." in said(await office.says("Mia", "gaps"))
