"""Bar and range charts: a row for each value, the longest as wide as the chart."""

from __future__ import annotations

from handlers.pictures.bar_charts import MAX_ROWS, draw_bars, draw_spread
from handlers.pictures.canvas import Canvas
from handlers.pictures.chart_data import Bar, Bars, Reach, Spread
from tests.handlers.pictures.frames import find_faults


def make_bars(count: int, detail: str = "") -> Bars:
    bars = (Bar(f"stage {at}", f"{at} deals", float(at), detail=detail) for at in range(count))
    return Bars("Funnel", "everybody", tuple(bars))


def texts(canvas: Canvas) -> list[str]:
    assert find_faults(canvas) == []
    return [text.get_text() for text, _ in canvas.words]


def test_each_bar_has_its_label_and_its_value_in_the_order_given() -> None:
    shown = texts(draw_bars(make_bars(3), "light"))
    assert shown[2:] == ["stage 0", "0 deals", "stage 1", "1 deals", "stage 2", "2 deals"]


def test_no_more_rows_are_drawn_than_a_phone_shows() -> None:
    most = draw_bars(make_bars(MAX_ROWS), "light")
    more = draw_bars(make_bars(MAX_ROWS + 5), "light")
    assert texts(more) == texts(most)
    assert more.height == most.height


def test_a_detail_makes_its_row_higher() -> None:
    assert (
        draw_bars(make_bars(2, "5 days"), "light").height > draw_bars(make_bars(2), "light").height
    )


def test_a_value_keeps_its_room_and_the_label_is_cut_for_it() -> None:
    chart = Bars("t", "n", (Bar("W" * 100, "€1,234,567", 1.0),))
    label, value = texts(draw_bars(chart, "light"))[2:]
    assert label.endswith("…")
    assert value == "€1,234,567"


def test_ranges_lie_on_one_scale_that_begins_at_nothing_and_passes_the_highest() -> None:
    reaches = (Reach("expected", "142", 90.0, 142.0, 188.0), Reach("won", "40", 0.0, 40.0, 40.0))
    shown = texts(draw_spread(Spread("Forecast", "everybody", reaches), "dark"))
    assert shown[-2:] == ["0", "192"]


def test_charts_of_nothing_are_drawn_without_a_fault() -> None:
    assert texts(draw_bars(Bars("Funnel", "nobody", ()), "light")) == ["Funnel", "nobody"]
    assert texts(draw_spread(Spread("Forecast", "nobody", ()), "light"))[:2] == [
        "Forecast",
        "nobody",
    ]
