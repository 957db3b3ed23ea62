"""A bench's figures are printed as they were measured."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from tests.bench.tables import Table, median_of, percentile, show, timed, times, written


@pytest.mark.parametrize(
    ("figure", "shown"),
    [(1234.4, "1,234"), (99.94, "99.9"), (0.894, "0.89"), ("0.5x", "0.5x"), (None, "–")],
)
def test_a_figure_is_written_with_the_digits_that_count(figure: float | None, shown: str) -> None:
    assert written(figure) == shown


def test_a_ratio_says_how_often_one_goes_into_the_other() -> None:
    assert times(10.0, 4.0) == "2.50x"
    assert times(1.0, 0.0) == "–"


def test_the_median_is_taken_of_each_column_by_itself() -> None:
    assert median_of([(1.0, 9.0), (2.0, 8.0), (9.0, 1.0)]) == (2.0, 8.0)


def test_a_percentile_leaves_that_share_of_the_values_below_it() -> None:
    values = [float(n) for n in range(1000, 0, -1)]
    assert (percentile(values, 0.5), percentile(values, 0.99)) == (501.0, 991.0)
    assert percentile([7.0], 0.99) == 7.0


def test_time_is_measured_also_when_what_was_timed_fails() -> None:
    with pytest.raises(KeyError), timed() as watch:
        raise KeyError
    assert watch.seconds > 0


def test_a_table_shows_every_row_on_one_line_of_its_own() -> None:
    out = io.StringIO()
    rows = (("one thing", 1234.0, 0.5), ("another", 2.0, None))
    show(Table(("WHAT", "a/s", "ms"), rows, ("How it was done.",)), Console(file=out, width=80))
    lines = [line.split() for line in out.getvalue().splitlines() if line.strip()]
    assert ["one", "thing", "1,234", "0.50"] in lines
    assert ["another", "2.00", "–"] in lines
    assert ["How", "it", "was", "done."] in lines
