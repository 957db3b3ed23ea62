"""A step in one line, with its customer, or by itself where it belongs to no deal."""

from __future__ import annotations

from tests.office import Office, labels, said


async def test_a_step_names_its_customer_and_a_reminder_of_ones_own_has_none(
    office: Office,
) -> None:
    await office.says("Ann", "lead Acme")
    await office.says("Ann", "next acme today 15:00 call Jane")
    await office.says("Ann", "remind me to buy milk at 17:00")
    assert said(await office.taps("Ann", "step-see:1")) == (
        "Acme · call Jane · today, Wed 18 Nov 15:00"
    )
    assert said(await office.taps("Ann", "step-see:2")) == "🔔 buy milk · today, Wed 18 Nov 17:00"


async def test_nobody_sees_or_settles_a_colleagues_reminder(office: Office) -> None:
    await office.says("Ann", "remind me to buy milk at 17:00")
    for verb in ("see", "done", "drop", "move", "anyway", "working", "open"):
        await office.taps("Mia", f"step-{verb}:1")
    assert office.rows("select state, anyway from step") == [("open", 0)]


async def test_a_time_outside_work_offers_both_ways(office: Office) -> None:
    asked = await office.says("Ann", "remind me to buy milk saturday 10am")
    assert labels(asked) == ["Ring anyway", "Next working time", "Undo"]
    await office.taps("Ann", "step-working:1")
    assert office.one("select at from step").startswith("2026-11-23 08:00")
