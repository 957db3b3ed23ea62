"""Chinese words for times of day."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.moments.pieces import Clock, TimeFields, find_pieces
from handlers.reading.moments.times_zh import TIME_RULES
from tests.handlers.reading.moments.expressions import find_widest, read_widest
from tests.handlers.reading.phrases import local, read


def state_clock(hour: int, minute: int = 0) -> TimeFields:
    return TimeFields(clock=Clock(hour, minute))


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("3点", state_clock(3)),
        ("两点半", state_clock(2, 30)),
        ("七点一刻", state_clock(7, 15)),
        ("七点三刻", state_clock(7, 45)),
        ("3点45分", state_clock(3, 45)),
        ("三点过五分", state_clock(3, 5)),
        ("十二点整", state_clock(12)),
        ("差一刻三点", state_clock(2, 45)),
        ("一点差五分", state_clock(12, 55)),
        ("10点到12点", state_clock(10)),
        ("25点", TimeFields(impossible=True)),
        ("3点75分", TimeFields(impossible=True)),
    ],
)
def test_chinese_words_state_a_time_on_the_clock(text: str, fields: TimeFields) -> None:
    assert read_widest(find_pieces(TIME_RULES, text)) == fields


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("凌晨", "dawn"),
        ("一大早", "early"),
        ("上午", "morning"),
        ("中午", "noon"),
        ("午饭后", "afternoon"),
        ("下班前", "eod"),
        ("傍晚", "dusk"),
        ("晚上", "evening"),
        ("半夜", "night"),
    ],
)
def test_chinese_words_state_a_part_of_the_day(text: str, part: str) -> None:
    found = read_widest(find_pieces(TIME_RULES, text))
    assert found is not None
    assert found.part == part


@pytest.mark.parametrize(
    "text", ["早点", "晚些", "有一点意见", "第三点", "两点建议", "晚饭", "早安", "上午好"]
)
def test_words_that_only_look_like_times_state_nothing(text: str) -> None:
    assert find_widest(find_pieces(TIME_RULES, text)) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("明天下午3点", "2026-11-19 15:00"),
        ("明天上午十点半", "2026-11-19 10:30"),
        ("明晚八点", "2026-11-19 20:00"),
        ("明天中午十二点", "2026-11-19 12:00"),
        ("明天凌晨两点", "2026-11-19 02:00"),
    ],
)
def test_the_part_of_the_day_tells_which_hour_is_meant(text: str, moment: str) -> None:
    assert local(read(text)) == moment


@given(st.integers(0, 24), st.integers(1, 59))
def test_an_hour_and_its_minutes_are_read_as_written(hour: int, minute: int) -> None:
    found = read_widest(find_pieces(TIME_RULES, f"{hour}点{minute:02}分"))
    assert found is not None
    assert found.clock == Clock(hour, minute, sure=hour == 0)
