"""Several commands in one message: each is carried out in order, and none is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers.plain_language.pasted_lines import MOST, split_commands
from tests.office import Office, action, desk_of, labels, opened, said

LEADS = "lead Acme, Jane Doe, 12k\nlead Birch, Tom Low, 5k\nlead Corvo, ines@corvo.com, 8k"


def customers(office: Office) -> list[str]:
    return [name for (name,) in office.rows("select name from customer order by id")]


async def test_pasted_leads_are_each_logged_and_answered_in_one_reply(office: Office) -> None:
    reply = await office.says("Ann", LEADS)
    assert customers(office) == ["Acme", "Birch", "Corvo"]
    for line in ("1. ✓ Lead: Acme", "2. ✓ Lead: Birch", "3. ✓ Lead: Corvo"):
        assert line in said(reply)
    assert "next step" not in said(reply)
    assert labels(reply) == ["1 · Undo", "2 · Undo", "3 · Undo"]
    await office.taps("Ann", action(reply, "2 · Undo"))
    assert office.rows("select status from deal order by id") == [
        ("live",), ("withdrawn",), ("live",),
    ]  # fmt: skip


async def test_pasted_leads_leave_an_open_form_and_fill_none_of_its_fields(office: Office) -> None:
    await office.says("Ann", "lead")
    await office.says("Ann", "Move Ltd")
    reply = await office.says("Ann", LEADS)
    assert customers(office) == ["Acme", "Birch", "Corvo"]
    assert "Move Ltd" in said(reply)
    assert "(2/6)" in said(await office.says("Ann", "continue"))


async def test_a_line_without_a_command_belongs_to_the_lead_above_it(office: Office) -> None:
    await office.says("Ann", "lead Acme, Jane Doe\n+49 30 901820\nlead Birch, 5k")
    assert customers(office) == ["Acme", "Birch"]
    assert office.rows("select name, phone from contact") == [("Jane Doe", "+4930901820")]


async def test_a_line_that_is_refused_is_said_and_the_others_are_done(office: Office) -> None:
    await office.says("Ann", "lead Acme, Jane Doe, 12k")
    reply = await office.says("Ann", "note zanzibar they wait\nnote acme all well")
    assert "zanzibar they wait" in said(reply)
    assert "2. ✓ Noted on Acme: all well" in said(reply)
    assert office.rows("select note from event where kind = 'noted'") == [("all well",)]


@pytest.mark.parametrize(
    "text",
    [
        "note acme we met\ncall centre wants the demo",
        "note acme minutes:\noffer was too high\nthey think about it",
        "they said:\nnote acme is expensive",
        "lead Acme, Jane",
    ],
)
async def test_a_note_of_several_lines_stays_one(office: Office, text: str) -> None:
    await office.says("Ann", "lead Acme, Jane Doe, 12k")
    with desk_of(office, "Ann") as desk:
        assert split_commands(text, desk) == ()


async def test_what_is_too_much_for_one_message_is_given_back(office: Office) -> None:
    firms = [f"{chr(97 + at % 26) * 3}{chr(97 + at // 26) * 4}" for at in range(MOST + 1)]
    names = [f"lead {firm}, {at + 1}k" for at, firm in enumerate(firms)]
    reply = await office.says("Ann", "\n".join(names))
    assert f"send these again:\n{names[-1]}" in said(reply)
    assert firms[-1] not in customers(office)
    assert len(customers(office)) > 10


async def test_chinese_lines_are_split_as_well(tmp_path: Path) -> None:
    with opened(tmp_path, "zh") as office:
        reply = await office.says(
            "Ann", "线索 华为，王芳，12万\n线索 小米，李雷，5万\n备注 华为 要样品"
        )
        assert customers(office) == ["华为", "小米"]
        assert "1. ✓ 线索：华为" in said(reply)
        assert office.rows("select note from event where kind = 'noted'") == [("要样品",)]
