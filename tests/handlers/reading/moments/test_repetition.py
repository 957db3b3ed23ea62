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
        ("every mon, wed and fri 9:00 plan", "every mon, wed and fri", "mon 9:00 plan"),
        ("every 1st of the month pay", "every 1st of the month", "1st pay"),
        ("15th of every month send it", "of every month", "15th send it"),
        (
            "every last day of the month bill",
            "every last day of the month",
            "last day of the month bill",
        ),
        ("fortnightly on monday 9:00 plan", "fortnightly", "on monday 9:00 plan"),
        ("call zeta weekly", "weekly", "call zeta"),
        ("stand-up daily 9:15", "daily", "stand-up 9:15"),
        ("weekdays at 9 plan", "weekdays", "at 9 plan"),
        ("call bob twice a week", "twice a week", "call bob"),
        ("call zeta every friday until 1 march", "every friday until 1 march", "call zeta friday"),
        (
            "every friday 4pm report till end of year",
            "every friday till end of year",
            "friday 4pm report",
        ),
        ("every monday 9am call for 6 weeks", "every monday for 6 weeks", "monday 9am call"),
        ("every monday 9am call, 5 times", "every monday 5 times", "monday 9am call"),
        ("每周一三五 9点 开会", "每周一三五", "周一 9点 开会"),
        ("每周一三点开会", "每周一", "周一三点开会"),
        ("每週五 4點 發週報", "每週五", "週五 4點 發週報"),
        ("隔周五 9点 打电话", "隔周五", "周五 9点 打电话"),
        ("每周一 9点 打电话到年底", "每周一 到年底", "周一 9点 打电话"),
        ("每周一 9点 打电话，共5次", "每周一 共5次", "周一 9点 打电话"),
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
    ["call them monday", "they want every user trained", "send the weekly report",
     "weekly report to jane friday",
     "call until 1 march", "call them 5 times", "Sundays Ltd",
     "周一打电话", "每人一份"],
)  # fmt: skip
def test_what_repeats_nothing_is_left_alone(line: str) -> None:
    assert read_repetition(line) is None
