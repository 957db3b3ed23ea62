"""How figures are written: rounded as far as they are known, currencies never mixed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from handlers.contract.reply import plain
from handlers.reports.figures import (
    explain_rates,
    format_day,
    format_days,
    format_estimate,
    format_period,
    format_share,
    format_stay,
    format_total,
)
from kb.funnel.figures.confidence import Share
from kb.funnel.figures.measures import Durations
from kb.funnel.figures.money import Total
from kb.funnel.figures.periods import Kind, find_period
from tests.office import Office, desk_of

NONE = Decimal(0)


@pytest.mark.parametrize(
    ("amount", "written"),
    [("123456", "€123,000"), ("98.7", "€99"), ("0", "€0"), ("1005", "€1,000")],
)
def test_an_estimate_pretends_no_more_than_three_digits(
    office: Office, amount: str, written: str
) -> None:
    with desk_of(office, "Ann") as desk:
        assert format_estimate(desk, Decimal(amount)) == written


def test_amounts_without_a_rate_stand_beside_the_sum(office: Office) -> None:
    apart = {"USD": Decimal(9000), "CNY": Decimal(70)}
    with desk_of(office, "Ann") as desk:
        both = format_total(desk, Total(Decimal(500), "EUR", apart))
        assert both.replace("CN¥", "¥") == "€500 + ¥70 + $9,000"
        assert format_total(desk, Total(NONE, "EUR", {"USD": Decimal(9)})) == "$9"
        assert format_total(desk, Total(NONE, "EUR")) == "€0"


def test_the_oldest_rate_used_and_the_missing_ones_are_told(office: Office) -> None:
    used = Total(Decimal(1), "EUR", {}, date(2026, 11, 3), ("USD",))
    lacking = Total(NONE, "EUR", {"GBP": Decimal(1)})
    with desk_of(office, "Ann") as desk:
        text = plain(explain_rates(desk, [used, lacking]))
        assert "USD" in text
        assert "3 Nov" in text
        assert "No rate for GBP" in text
        assert explain_rates(desk, [Total(NONE, "EUR")]) == ()


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("week", "week of 16 Nov"),
        ("month", "November 2026"),
        ("quarter", "Q4 2026"),
        ("year", "2026"),
    ],
)
def test_a_period_has_its_name(office: Office, kind: Kind, written: str) -> None:
    with desk_of(office, "Ann") as desk:
        name = format_period(desk, find_period(kind, date(2026, 11, 18)))
        assert name.replace("\u00a0", " ").casefold() == written.casefold()


def test_a_day_of_another_year_names_it(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        assert format_day(desk, date(2026, 11, 3)) == "3 Nov"
        assert format_day(desk, date(2025, 11, 3)) == "3 Nov 2025"


def test_less_than_a_day_is_told_in_hours(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        assert format_days(desk, 0.5).replace("\u00a0", " ") == "12 h"
        assert format_days(desk, 2.4).replace("\u00a0", " ") == "2 days"


@pytest.mark.parametrize(
    ("durations", "written"),
    [
        (Durations(0, None, None), ""),
        (Durations(4, 2.4, 9.0), "about 2 days there"),
        (Durations(5, 2.4, 9.0), "half within 2 days, four of five within 9 days"),
        (Durations(5, 2.4, 2.4), "four of five within 2 days"),
    ],
)
def test_how_long_a_few_took_is_no_share_and_what_is_not_known_is_left_out(
    office: Office, durations: Durations, written: str
) -> None:
    with desk_of(office, "Ann") as desk:
        assert format_stay(desk, durations).replace("\u00a0", " ") == written


def test_a_share_of_fewer_than_five_is_a_count(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        assert format_share(desk, Share(3, 4)) == "3 of 4"
        assert format_share(desk, Share(3, 5)).replace("\u00a0", " ") == "60 %"
