"""Texts and pictures of figures over random small teams: nothing is said of what is not known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import App
from bot.clock import SetClock
from handlers.contract.reply import Reply
from handlers.pictures import Bars, Lines, Picture, Spread
from storage.engine import Database
from storage.tables.people_and_deals import Identity
from tests.databases import without_waiting_for_the_disk
from tests.office import PLATFORM, Office, account, empty, said
from tests.worlds.making import END, Plan, make

LINES = {
    "en": (
        "report month", "report quarter", "report year", "report last month", "forecast",
        "forecast month", "goal quarter 60k", "goal", "compare quarter", "losses", "losses year",
        "hygiene", "what if demo +5%", "what if leads +10%", "funnel", "slipping",
    ),
    "zh": (
        "报表 本月", "报表 本季度", "报表 今年", "报表 上月", "预测", "预测 本月",
        "目标 本季度 60万", "目标", "对比 本季度", "丢单分析", "丢单分析 今年", "商机体检",
        "如果 演示 +5%", "如果 线索 +10%", "漏斗", "谁在下滑",
    ),
}  # fmt: skip
SECTIONS = ("stages", "sources", "people", "objections", "deals")
DASH = re.compile(r"(?<!\d)–|–(?!\d)")
MONEY = re.compile(r"(?:CN¥|[€$¥])[\d,]+")
NO_MONEY = re.compile(r"(?:CN¥|[€$¥])0(?![\d.,])")
PERCENT = re.compile(r"\d+ ?%")
# What stands before a share, and how many it is a share of.
WHOLES = (
    re.compile(r"(?P<n>\d+) came(?: worth [^a-z]+)?, \d+ went on \(\d+ ?%"),
    re.compile(r"进入 (?P<n>\d+)(?:（[^）]+）)?、推进 \d+（\d+%"),
    re.compile(r"(?P<n>\d+) · \d+ ?% went on|(?P<m>\d+) 个 · 推进 \d+%"),
    re.compile(r"\(of (?P<n>\d+)\)|%（(?P<m>\d+) 个商机）"),
)
# The won and the lost before a win rate in percent.
RATES = (
    re.compile(r"(?:won in (\d+) deals?|(\d+) won)?(?:, )?(?:(\d+) lost)? \(\d+ ?%"),
    re.compile(r"(?:赢 (\d+)(?:（[^）%]*）)?)?、?(?:输 (\d+))?（\d+%"),
)
ONCE = ("forecast", "预测", "goal", "目标", "funnel", "漏斗")


@contextmanager
def small_world(seed: int, deals: int, language: str) -> Iterator[Office]:
    """A team whose few deals have lived for two months; its manager Mia can talk to it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "world.db"
        path.write_bytes(empty())
        database = Database(f"sqlite:///{path}")
        without_waiting_for_the_disk(database)
        team = make(database, Plan(seed, deals, reps=2, days=60, language=language))
        with database.work() as memory:
            for member in memory.members.list_active(team.id):
                known = Identity(
                    team_id=team.id,
                    member_id=member.id,
                    platform=PLATFORM,
                    account_id=account(member.name).id,
                    address=member.name,
                    last_active_at=END,
                )
                memory.members.save_identity(known)
        app = App(database, SetClock(END))
        try:
            yield Office(app, SetClock(END), path)
        finally:
            app.close()


@pytest.mark.slow  # draws some hundred pictures
@settings(max_examples=14)
@given(st.integers(1, 10_000), st.integers(0, 12), st.sampled_from(["en", "zh"]))
async def test_no_text_and_no_picture_says_nothing(seed: int, deals: int, language: str) -> None:
    with small_world(seed, deals, language) as office:
        for line in LINES[language]:
            with patch("handlers.reports.chart_files.render_png", return_value=b"") as drawn:
                reply = await office.says("Mia", line)
                check_text(line, said(reply))
                for taken in _list_sections(reply):
                    check_text(line, said(await office.taps("Mia", taken)))
            for call in drawn.call_args_list:
                check_picture(line, call.args[0])
            if reply.picture is not None:
                check_text(line, reply.picture.alt.replace("\u00a0", " "))


def _list_sections(reply: Reply) -> list[str]:
    actions = [button.action for row in reply.buttons for button in row]
    return [each for each in actions if each.rpartition(":")[2] in SECTIONS]


def check_text(line: str, text: str) -> None:
    """No dash for what is not known, no sum of nothing, no share of few, no number twice."""
    where = f"{line}: {text}"
    assert not DASH.search(text), where
    assert not NO_MONEY.search(text), where
    assert not re.search(r"\b(?:None|nan)\b|\b0/0\b|0 of 0", text), where
    for pattern in WHOLES:
        for found in pattern.finditer(text):
            assert int(next(filter(None, found.groups()))) >= 5, where
    check_counts(line, text)
    if line.partition(" ")[0] in ONCE:
        amounts = MONEY.findall(text)
        assert len(amounts) == len(set(amounts)), where


def check_counts(line: str, text: str) -> None:
    """A win rate, or a reason's share, stands in percent only beside five deals or more."""
    for row in text.splitlines() if line.startswith(("compare", "对比")) else ():
        for pattern in RATES:
            for found in pattern.finditer(row):
                assert sum(int(n) for n in found.groups() if n) >= 5, row
    if line.startswith(("losses", "丢单")):
        [lost] = re.findall(r"(\d+) deals? lost|输单 (\d+) 个", text)[:1] or [("0", "")]
        assert int(lost[0] or lost[1]) >= 5 or not PERCENT.search(text), text
    if line.startswith(("report", "报表")) and PERCENT.search(text.partition("win rate ")[2][:4]):
        ended = re.findall(r"won in (\d+)|(\d+) deals? won|lost (\d+)", text)
        assert sum(int(n) for each in ended for n in each if n) >= 5, text


def check_picture(line: str, picture: Picture) -> None:
    """A picture shows something, and each of its numbers once."""
    if isinstance(picture, Bars):
        assert max(bar.value for bar in picture.bars) > 0, (line, picture)
        words = [part for bar in picture.bars for part in (bar.value_text, bar.detail)]
        words += [picture.note]
    elif isinstance(picture, Spread):
        assert max(reach.high for reach in picture.reaches) > 0, (line, picture)
        assert len(picture.reaches) > 1 or picture.reaches[0].detail, (line, picture)
        values = [reach.value_text for reach in picture.reaches]
        assert len(values) == len(set(values)), (line, picture)
        words = [part for reach in picture.reaches for part in (reach.value_text, reach.detail)]
    else:
        assert isinstance(picture, Lines)
        words = [picture.note]
    for each in words:
        check_text("", each.replace("\u00a0", " "))
