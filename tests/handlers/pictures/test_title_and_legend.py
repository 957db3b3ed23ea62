"""Title and legend: every entry of a legend has its place, in rows as wide as the canvas."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handlers.pictures.canvas import Canvas
from handlers.pictures.chart_data import Legend
from handlers.pictures.title_and_legend import (
    LEGEND_ROW,
    ROOM,
    SWATCH,
    SWATCH_GAP,
    TITLE_HEIGHT,
    draw_legend,
    draw_title,
    measure_legend,
    wrap_legend,
)
from tests.handlers.pictures.frames import NAMES, find_faults

LEGENDS = st.lists(st.tuples(st.just("plain"), st.sampled_from(NAMES)), max_size=8).map(tuple)


@given(LEGENDS)
def test_no_entry_of_a_legend_is_left_out_and_no_row_is_wider_than_the_canvas(
    legend: Legend,
) -> None:
    rows = wrap_legend(legend)
    assert [(tone, name) for row in rows for tone, name, _ in row] == list(legend)
    for row in rows:
        assert sum(SWATCH + SWATCH_GAP + room for _, _, room in row) <= ROOM
    assert measure_legend(legend) == LEGEND_ROW * len(rows)


def test_entries_that_fit_share_a_row_and_others_begin_a_new_one() -> None:
    legend: Legend = (("plain", "won"), ("second", "all"), ("bad", "W" * 60))
    assert [len(row) for row in wrap_legend(legend)] == [2, 1]


def test_title_note_and_legend_stand_one_below_the_other() -> None:
    canvas = Canvas(TITLE_HEIGHT + 2 * LEGEND_ROW, "dark")
    draw_title(canvas, "November 2026", "everybody")
    draw_legend(canvas, (("plain", "won"),), TITLE_HEIGHT)
    tops = {text.get_text(): frame.top for text, frame in canvas.words}
    assert list(tops) == ["November 2026", "everybody", "won"]
    assert tops["November 2026"] < tops["everybody"] < TITLE_HEIGHT <= tops["won"]
    assert find_faults(canvas) == []
