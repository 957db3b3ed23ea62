"""Chart data: plain values, so that the same data is the same picture."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from handlers.pictures import Bar, Bars, Lines, Reach, Series, Spread, render_png


def make_bars() -> Bars:
    return Bars("Funnel", "everybody", (Bar("Demo", "3 deals", 3.0, 1.0, "5 days"),))


def test_the_same_data_is_drawn_as_the_same_picture() -> None:
    assert make_bars() == make_bars()
    assert render_png(make_bars()) == render_png(make_bars())


def test_a_chart_cannot_be_changed_after_it_is_made() -> None:
    with pytest.raises(FrozenInstanceError):
        make_bars().title = "Else"  # type: ignore[misc]  # that is what must not work


def test_values_are_written_whole_with_thousands_apart_where_nothing_else_is_asked() -> None:
    lines = Lines("Goal", "", ("1 Nov",), (Series("won", (1.0,)),))
    spread = Spread("Forecast", "", (Reach("all", "1", 0.0, 1.0, 2.0),))
    assert lines.format_value(1234567.8) == spread.format_value(1234567.8) == "1,234,568"
