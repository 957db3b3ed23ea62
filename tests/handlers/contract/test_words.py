"""What Repmate says: texts filled safely, money and days as a person writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from handlers.contract.reply import Span, plain
from handlers.contract.words import Words, choose_language

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("hostile", ["**bold** `code` {name} {0.__class__} %s", "<b>_*[]()~`>#"])
def test_what_fills_a_text_is_never_read_as_markup_or_as_a_template(hostile: str) -> None:
    said = Words("en").say("contract.refusals.unknown_deal", name=hostile)
    assert Span(hostile) in said
    assert plain(Words("en").say("contract.refusals.your_text", text=hostile)).count(hostile) == 1


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        (Decimal(12000), "EUR", "€12,000"),
        (Decimal("4500.5"), "EUR", "€4,500.50"),
        (Decimal(50000), "CNY", "CN¥50,000"),
        (Decimal(0), "USD", "$0"),
        (None, "EUR", "no amount yet"),
    ],
)
def test_money_is_written_as_a_person_writes_it(
    amount: Decimal | None, currency: str, written: str
) -> None:
    assert Words("en").money(amount, currency) == written


def test_yuan_are_the_chinese_readers_own() -> None:
    assert Words("zh").money(Decimal(50000), "CNY") == "¥50,000"


def test_a_day_is_said_with_its_weekday_in_the_members_zone() -> None:
    late = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    assert Words("en").moment(late, "Europe/Berlin", NOW) == "tomorrow, Thu 19 Nov 00:30"
    assert Words("zh").day(late, "Asia/Shanghai", NOW) == "明天（11月19日 周四）"
    assert Words("en").day(datetime(2027, 1, 4, 9, tzinfo=UTC), "UTC", NOW) == "Mon 4 Jan 2027"


@pytest.mark.parametrize(
    ("hint", "language"),
    [("zh-hans", "zh"), ("ZH", "zh"), ("en-GB", "en"), ("", "en"), ("de", "en")],
)
def test_the_platforms_hint_chooses_the_language(hint: str, language: str) -> None:
    assert choose_language(hint) == language
