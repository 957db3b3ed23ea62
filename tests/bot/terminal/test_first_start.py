"""The terminal's first start: a team of one, or the sample team, and what is kept of it."""

from __future__ import annotations

from pathlib import Path

from tests.bot.terminal.session import Session


async def test_whoever_starts_on_an_empty_database_is_the_admin_of_a_team_of_one(
    tmp_path: Path,
) -> None:
    session = Session(tmp_path, fresh=True)
    await session.types(now="2026-11-18T17:00+08:00")
    assert "Ann, admin of Ann's team" in session.greeting
    found = session.rows("select name, role, time_zone, language from member")
    assert found == [("Ann", "admin", "Asia/Shanghai", "en")]


async def test_the_terminal_speaks_chinese_when_told_to(tmp_path: Path) -> None:
    session = Session(tmp_path, fresh=True)
    shown = await session.types(
        "线索 华为 王芳 13800138000 3万", ":help", language="zh", name="安娜"
    )
    assert "安娜的团队的管理员安娜" in session.greeting
    assert "华为" in shown[0]
    assert "换成另一位成员" in shown[1]
    assert session.rows("select language, currency from team") == [("zh", "CNY")]


async def test_a_sample_fills_an_empty_database_once_and_the_file_is_kept(tmp_path: Path) -> None:
    session = Session(tmp_path, fresh=True)
    await session.types("note acme hello", sample=True, name="")
    people = session.rows("select role from member order by id")
    assert people == [("admin",), ("manager",), ("rep",), ("rep",)]
    counted = "select (select count(*) from deal), (select count(*) from team)"
    before = session.rows(counted)
    assert before[0][0] >= 12
    await session.types("deals", sample=True, name="")
    assert session.rows(counted) == before
    assert len(session.rows("select distinct stage from deal where status = 'live'")) == 6
