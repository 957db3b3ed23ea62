"""A time that no clock has is known, and so is a report of what was said or done."""

from __future__ import annotations

import pytest

from handlers.reading import is_report, is_untimed

UNTIMED = (
    "asap", "ASAP!", "soon", "later on", "back", "back asap", "after easter", "after the holidays",
    "once the budget is in", "when he is back", "as soon as possible", "next time i'm in town",
    "sometime next quarter", "every monday", "weekly", "before the summit", "until they answer",
    "about the offer asap", "尽快", "尽早联系", "节后", "年后", "改天", "有空", "等他回来再",
    "回头", "春节之后", "每周一", "下次",
)  # fmt: skip
REPORTS = (
    "asked for the offer again", "wants the papers asap", "he wants a demo", "no answer",
    "she said yes", "they agreed",
    "not interested", "又要了一次报价", "他说下周定", "没接", "聊了合同", "对方很满意",
)  # fmt: skip


@pytest.mark.parametrize("remark", UNTIMED)
def test_a_time_without_a_clock_is_known(remark: str) -> None:
    assert is_untimed(remark)


@pytest.mark.parametrize("remark", REPORTS)
def test_a_report_is_known_and_names_no_such_time(remark: str) -> None:
    assert is_report(remark)
    assert not is_untimed(remark)


@pytest.mark.parametrize("remark", ["about the price", "jane", "need the contract", "关于合同", ""])
def test_what_tells_nothing_is_no_report(remark: str) -> None:
    assert not is_report(remark)
    assert not is_untimed(remark)
