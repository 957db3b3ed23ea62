"""Editing stages by a line: where a stage goes, which one is meant, and what is asked."""

from __future__ import annotations

import json

import pytest

from tests.office import Office, action, labels, said


def stages(office: Office) -> list[str]:
    """The English names of the main funnel's stages, as saved."""
    saved = json.loads(office.one("select pipelines from team where id = 1"))
    return [stage["name"]["en"] for stage in saved["main"]["stage"]]


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("funnel add Pilot after demo", 3),
        ("funnel add Pilot before demo", 2),
        ("添加阶段 Pilot 在 演示 之后", 3),
        ("添加阶段 Pilot 放在 演示 之前", 2),
    ],
)
async def test_a_stage_is_added_where_the_line_says(office: Office, line: str, place: int) -> None:
    await office.says("Kim", line)
    assert stages(office)[place] == "Pilot"


async def test_a_line_without_a_place_asks_for_it_in_a_form(office: Office) -> None:
    reply = await office.says("Kim", "funnel add Pilot", draws_forms=True)
    assert reply.form is not None
    assert reply.form.action == "fadd:main"
    values = {"name": "Pilot", "after": "demo"}
    assert "New stage: Pilot" in said(await office.fills("Kim", "fadd:main", values))
    assert stages(office)[3] == "Pilot"


async def test_a_form_that_names_no_stage_adds_before_the_payment(office: Office) -> None:
    await office.fills("Kim", "fadd:main", {"name": "Pilot", "after": "nowhere"})
    assert stages(office)[-1] == "Pilot"


@pytest.mark.parametrize(
    "line",
    [
        "funnel rename demo to Workshop",
        "funnel rename demo Workshop",
        "阶段改名 演示 改成 Workshop",
    ],
)
async def test_a_renamed_stage_keeps_its_place(office: Office, line: str) -> None:
    await office.says("Kim", line)
    assert stages(office)[2] == "Workshop"


async def test_a_stage_is_put_before_or_after_another(office: Office) -> None:
    await office.says("Kim", "funnel order demo before qualified")
    assert stages(office)[1:3] == ["Demo, support won", "Qualified"]
    await office.says("Kim", "funnel order demo after qualified")
    assert stages(office)[1:3] == ["Qualified", "Demo, support won"]


async def test_removing_a_stage_first_asks_where_its_deals_go(office: Office) -> None:
    await office.says("Ann", "lead Acme")
    await office.says("Ann", "move acme demo")
    asked = await office.says("Kim", "funnel remove demo")
    assert "Where do the deals of Demo, support won go (1 open)?" in said(asked)
    await office.taps("Kim", action(asked, "Qualified"))
    assert "Demo, support won" not in stages(office)
    assert office.one("select stage from deal") == "qualified"


@pytest.mark.parametrize(
    "line", ["funnel rename zzz to X", "funnel remove zzz", "funnel order zzz before demo"]
)
async def test_an_unknown_stage_changes_nothing_and_shows_the_way(
    office: Office, line: str
) -> None:
    reply = await office.says("Kim", line)
    assert "Which stage do you mean?" in said(reply)
    assert "Edit the stages" in labels(reply)
    assert office.one("select pipelines from team where id = 1") == ""
