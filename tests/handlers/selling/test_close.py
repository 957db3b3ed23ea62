"""Winning, losing, parking and reopening a deal, and what each asks before it does so."""

from __future__ import annotations

import pytest

from tests.office import Office, labels, said

STORED = "select status, lost_reason, parked_until, next_step from deal"
NOTE = "select note from event order by id desc limit 1"


@pytest.fixture
async def acme(office: Office) -> Office:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", "move acme negotiation")
    return office


async def test_a_deal_is_won_only_once_it_is_signed_and_paid(acme: Office) -> None:
    reply = await acme.says("Ann", "won acme 14k")
    assert labels(reply) == ["Signed, not paid yet", "Signed and paid"]
    assert acme.rows(STORED)[0][0] == "live"
    await acme.taps("Ann", reply.buttons[0][1].action)
    assert acme.rows("select status, amount from deal") == [("won", "14000")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("lost acme price", "price"),
        ("lost acme they went with a competitor", "competitor"),
        ("输单 acme 价格", "price"),
        ("lost acme compettitor", "competitor"),
    ],
)
async def test_a_reason_is_found_in_the_line_slips_allowed(
    acme: Office, line: str, reason: str
) -> None:
    await acme.says("Ann", line)
    assert acme.rows(STORED) == [("lost", reason, None, "")]


async def test_a_loss_without_a_reason_asks_and_saves_the_remark_with_the_tap(
    acme: Office,
) -> None:
    reply = await acme.says("Ann", "lost acme the plant is closing")
    assert "Why was Acme lost?" in said(reply)
    assert acme.rows(STORED)[0][0] == "live"
    await acme.taps("Ann", f"lost:{acme.deal('Acme')}:need")
    assert acme.rows(STORED)[0][:2] == ("lost", "need")
    assert acme.one(NOTE) == "the plant is closing"


async def test_a_remark_that_is_only_the_reason_is_no_note(acme: Office) -> None:
    await acme.says("Ann", "lost acme price")
    assert acme.one(NOTE) == ""


@pytest.mark.parametrize("line", ["park acme until 1 March", "搁置 acme 到3月1日"])
async def test_a_parked_deal_has_its_day_and_no_step(acme: Office, line: str) -> None:
    await acme.says("Ann", "next acme tomorrow 3pm call")
    await acme.says("Ann", line)
    assert acme.rows(STORED) == [("parked", "", "2027-03-01", "")]


async def test_parking_asks_for_the_day_and_quotes_what_it_could_not_read(acme: Office) -> None:
    reply = await acme.says("Ann", "park acme whenever they like")
    assert labels(reply) == ["14 days", "30 days", "90 days"]
    assert "whenever they like" in said(reply)
    await acme.taps("Ann", f"park:{acme.deal('Acme')}:14")
    assert acme.rows(STORED)[0][:3] == ("parked", "", "2026-12-02")


async def test_a_past_day_and_a_forged_span_park_nothing(acme: Office) -> None:
    await acme.says("Ann", "park acme until 1 March 2020")
    await acme.taps("Ann", f"park:{acme.deal('Acme')}:99999")
    assert acme.rows(STORED)[0][0] == "live"


async def test_a_reopened_deal_is_live_in_the_stage_where_it_was(acme: Office) -> None:
    await acme.says("Ann", "lost acme price")
    await acme.says("Ann", "reopen acme")
    assert acme.rows("select status, stage, lost_reason from deal") == [("live", "negotiation", "")]
