"""Chinese words for days, weeks and months."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.moments.dates_zh import find_chinese_pieces
from handlers.reading.moments.pieces import TimeFields
from tests.handlers.reading.moments.expressions import find_widest, read_widest

WEEKDAYS = "一二三四五六日"


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("今天", TimeFields(days=0)),
        ("大后天", TimeFields(days=3)),
        ("后儿个", TimeFields(days=2)),
        ("下周三", TimeFields(weekday=2, weeks=1)),
        ("下下星期三", TimeFields(weekday=2, weeks=2)),
        ("这周末", TimeFields(weekend=True, weeks=0)),
        ("周五之前", TimeFields(weekday=4)),
        ("下个月", TimeFields(months=1)),
        ("下个月初", TimeFields(months=1, edge="start")),
        ("月底", TimeFields(edge="end")),
        ("年底前", TimeFields(month=12, edge="end")),
        ("本季度末", TimeFields(quarters=0, edge="end")),
        ("明年", TimeFields(years=1)),
        ("12月3日", TimeFields(month=12, day=3)),
        ("十二月三号", TimeFields(month=12, day=3)),
        ("2027年3月", TimeFields(year=2027, month=3)),
        ("二〇二七年三月五日", TimeFields(year=2027, month=3, day=5)),
        ("25号", TimeFields(day=25)),
    ],
)
def test_chinese_words_state_a_day_a_week_or_a_month(text: str, fields: TimeFields) -> None:
    assert read_widest(find_chinese_pieces(text)) == fields


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("三天后", TimeFields(days=3)),
        ("几天以后", TimeFields(days=3)),
        ("半小时后", TimeFields(minutes=30)),
        ("一个半小时后", TimeFields(minutes=90)),
        ("两小时30分钟后", TimeFields(minutes=150)),
        ("两周之内", TimeFields(days=14)),
        ("过两个星期", TimeFields(days=14)),
        ("3个工作日后", TimeFields(workdays=3)),
        ("半个月后", TimeFields(days=15)),
        ("半月后", TimeFields(days=15)),
        ("一个半月后", TimeFields(days=45)),
        ("1个半月后", TimeFields(days=45)),
        ("两个半月后", TimeFields(days=75)),
        ("再过两个半月", TimeFields(days=75)),
        ("一个半月之内", TimeFields(days=45)),
        ("一个月半后", TimeFields(days=45)),
        ("个半月后", TimeFields(days=45)),
        ("个半小时后", TimeFields(minutes=90)),
        ("一个半季度后", TimeFields(days=135)),
        ("一年半后", TimeFields(ahead_months=18)),
        ("三个半星期后", TimeFields(days=24)),
        ("两年后", TimeFields(ahead_months=24)),
    ],
)
def test_chinese_words_state_a_time_from_now(text: str, fields: TimeFields) -> None:
    assert read_widest(find_chinese_pieces(text)) == fields


@pytest.mark.parametrize("text", ["两个月零三天后", "一年零两周后", "上半月内", "下半月后"])
def test_what_is_said_in_two_parts_or_of_half_a_month_is_not_read_in_half(text: str) -> None:
    """Nothing read is asked for; a part read would be another day."""
    assert find_widest(find_chinese_pieces(text)) is None


@pytest.mark.parametrize("text", ["昨天", "上周五", "三天前", "去年", "刚才", "上个月"])
def test_what_has_been_is_stated_as_past(text: str) -> None:
    assert read_widest(find_chinese_pieces(text)) == TimeFields(past=True)


@pytest.mark.parametrize("text", ["13月1日", "2月32日", "32号"])
def test_no_month_has_a_32nd_and_no_year_a_13th_month(text: str) -> None:
    assert read_widest(find_chinese_pieces(text)) == TimeFields(impossible=True)


def test_a_length_alone_is_a_time_from_now_only_where_nothing_else_is_said() -> None:
    piece = find_widest(find_chinese_pieces("三天"))
    assert piece is not None
    assert piece.place == "alone"
    assert find_widest(find_chinese_pieces("用了三天了")) is None


@pytest.mark.parametrize("text", ["3号线", "月中国文", "年中考", "第二十号文件"])
def test_words_that_only_look_like_days_state_nothing(text: str) -> None:
    assert find_widest(find_chinese_pieces(text)) is None


@given(st.dates(date(2026, 1, 1), date(2035, 12, 31)))
def test_a_date_written_out_is_that_date(day: date) -> None:
    stated = TimeFields(year=day.year, month=day.month, day=day.day)
    assert read_widest(find_chinese_pieces(f"{day.year}年{day.month}月{day.day}日")) == stated


@given(st.integers(0, 6), st.integers(1, 3), st.sampled_from(["周", "星期", "礼拜"]))
def test_each_next_is_a_week_more(weekday: int, weeks: int, word: str) -> None:
    text = "下" * weeks + word + WEEKDAYS[weekday]
    assert read_widest(find_chinese_pieces(text)) == TimeFields(weekday=weekday, weeks=weeks)
