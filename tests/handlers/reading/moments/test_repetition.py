"""Words of a repetition are read whole, and the line without them reads for a single time."""

from __future__ import annotations

import pytest

from handlers.reading import read_repetition


@pytest.mark.parametrize(
    ("line", "words", "once"),
    [
        ("every monday 9am call zeta", "every monday", "monday 9am call zeta"),
        ("call zeta every other friday", "every other friday", "call zeta friday"),
        ("mondays at 9 standup", "mondays", "monday at 9 standup"),
        ("each 15th send the report", "each 15th", "15th send the report"),
        ("every 2 weeks call", "every 2 weeks", "call"),
        ("every working day 8:30 plan", "every working day", "8:30 plan"),
        ("every day 5pm log", "every day", "5pm log"),
        ("每周一 9点 打电话", "每周一", "周一 9点 打电话"),
        ("每月15号发账单", "每月15号", "月15号发账单".removeprefix("月")),
        ("每个工作日 8点 看邮件", "每个工作日", "8点 看邮件"),
        ("每两周 打电话", "每两周", "打电话"),
        ("每天下午 4点 发日报", "每天下午", "下午 4点 发日报"),
    ],
)
def test_a_repetition_is_taken_out(line: str, words: str, once: str) -> None:
    found = read_repetition(line)
    assert found is not None
    assert (found.words, found.once) == (words, once)


@pytest.mark.parametrize(
    "line",
    ["call them monday", "they want every user trained", "send the weekly report", "Sundays Ltd",
     "周一打电话", "每人一份"],
)  # fmt: skip
def test_what_repeats_nothing_is_left_alone(line: str) -> None:
    assert read_repetition(line) is None
