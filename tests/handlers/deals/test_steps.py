"""A deal shows the nearest of its open steps, whatever was booked, moved, done or undone."""

from __future__ import annotations

from tests.office import Office

STEPS = "select text, state from step order by id"
SHOWN = "select next_step from deal"


async def two(office: Office) -> None:
    await office.says("Ann", "lead Acme")
    await office.says("Ann", "next acme today 16:00 send it")
    await office.says("Ann", "next acme today 15:00 call Jane")


async def test_the_nearest_open_step_is_the_deals_next_one(office: Office) -> None:
    await two(office)
    assert office.rows(STEPS) == [("send it", "open"), ("call Jane", "open")]
    assert office.one(SHOWN) == "call Jane"
    await office.says("Ann", "done acme jane")
    assert office.one(SHOWN) == "send it"
    await office.says("Ann", "undo")
    assert office.one(SHOWN) == "call Jane"
    await office.says("Ann", "undo")  # the booking
    assert office.rows(STEPS) == [("send it", "open"), ("call Jane", "dropped")]


async def test_a_move_is_taken_back_though_another_step_was_booked_since(office: Office) -> None:
    await two(office)
    moved = await office.says("Ann", "next acme today 17:00 call Jane")
    await office.says("Ann", "next acme friday 9am ask Tom")
    [undo] = [b.action for row in moved.buttons for b in row if b.label == "Undo"]
    await office.taps("Ann", undo)
    assert office.one("select at from step where text = 'call Jane'").startswith("2026-11-18 14:00")
    assert office.one(SHOWN) == "call Jane"


async def test_a_lost_deal_has_no_open_step_and_undo_brings_them_all_back(office: Office) -> None:
    await two(office)
    await office.says("Ann", "lost acme price")
    assert {state for _, state in office.rows(STEPS)} == {"dropped"}
    assert office.one("select count(*) from step where ring_at is not null") == 0
    await office.says("Ann", "undo")
    assert {state for _, state in office.rows(STEPS)} == {"open"}
    assert office.one("select count(*) from step where ring_at is not null") == 2


async def test_steps_go_with_their_deal_to_its_new_owner(office: Office) -> None:
    await office.says("Bo", "lead Acme")
    await office.says("Bo", "next acme tomorrow 10am call")
    await office.taps("Kim", f"remove:{office.member('Bo')}:{office.member('Ann')}")
    assert office.one("select member_id from step") == office.member("Ann")


async def test_news_replaces_no_step(office: Office) -> None:
    await two(office)
    for line in ("note acme call me friday 10am", "advance acme", "offer acme 12k"):
        await office.says("Ann", line)
    assert office.rows(STEPS) == [("send it", "open"), ("call Jane", "open")]
