"""Charts as files: in the member's theme, and never comparing what has no common currency."""

from __future__ import annotations

from decimal import Decimal

from handlers.pictures import Bar, Bars, render_png
from handlers.reports.chart_files import can_compare_amounts, render_chart, to_length
from kb.funnel.figures.money import Total
from tests.office import Office, desk_of

CHART = Bars("Funnel", "everybody", (Bar("Demo", "3", 3.0),))
SOME, NONE = Total(Decimal(5), "EUR"), Total(Decimal(0), "EUR")
APART = Total(Decimal(5), "EUR", {"USD": Decimal(9)})


def test_a_chart_is_a_png_in_the_theme_that_the_member_chose(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        for theme in ("dark", "light"):
            desk.member.pictures = theme
            file = render_chart(desk, "funnel", CHART, "Demo: 3")
            assert (file.name, file.alt) == ("funnel.png", "Demo: 3")
            assert file.content == render_png(CHART, "dark" if theme == "dark" else "light")


def test_sums_are_compared_only_where_all_are_in_one_currency() -> None:
    assert can_compare_amounts([SOME, NONE])
    assert not can_compare_amounts([SOME, APART])
    assert not can_compare_amounts([NONE, NONE])
    assert not can_compare_amounts([])


def test_a_length_is_never_negative() -> None:
    assert to_length(Decimal(-3)) == 0.0
    assert to_length(Decimal("2.5")) == 2.5
