"""Line charts: a scale with a round top, the goal on it, and as many labels as fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.pictures.chart_data import Lines, Series
from handlers.pictures.line_chart import draw_lines, round_up
from tests.handlers.pictures.frames import find_faults


def make_lines(
    values: tuple[float | None, ...], goal: tuple[float, str] | None = None, label: str = "{} Nov"
) -> Lines:
    labels = tuple(label.format(day) for day in range(1, len(values) + 1))
    return Lines("Goal", "Ann", labels, (Series("won", values),), goal=goal)


def texts(picture: Lines) -> list[str]:
    canvas = draw_lines(picture, "light")
    assert find_faults(canvas) == []
    return [text.get_text() for text, _ in canvas.words]


@pytest.mark.parametrize(
    ("value", "top"), [(0, 1), (0.3, 1), (1, 1), (11, 12), (161, 200), (99_000, 100_000)]
)
def test_a_scale_ends_at_a_round_number(value: float, top: float) -> None:
    assert round_up(value) == top


@given(st.floats(0.001, 1e12))
def test_a_scale_ends_at_or_above_its_value_and_wastes_less_than_half(value: float) -> None:
    assert value <= round_up(value) * (1 + 1e-9)
    assert round_up(value) <= max(1.0, 2 * value)


def test_the_scale_reaches_the_goal_though_less_is_won() -> None:
    shown = texts(make_lines((10.0, 20.0), goal=(450.0, "goal 450")))
    assert {"500", "250", "goal 450"} <= set(shown)


def test_only_labels_that_fit_are_written_and_the_first_is_one_of_them() -> None:
    shown = texts(make_lines((1.0,) * 31, label="a long day {}"))
    labels = [text for text in shown if text.startswith("a long day")]
    assert labels[0] == "a long day 1"
    assert 2 <= len(labels) < 31


def test_days_to_come_leave_the_picture_without_a_line_and_without_a_fault() -> None:
    assert texts(make_lines((None, None))) == texts(make_lines((0.0, None)))
