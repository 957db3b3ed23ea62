"""How long a picture takes its thread: each kind, in English and Chinese, first and ever after."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.pictures import Bar, Bars, Lines, Picture, Reach, Series, Spread, render_png
from tests.bench.tables import Size, Table, percentile, timed

COLUMNS = ("picture", "p50 ms", "p99 ms", "first ms", "kB")
STAGES = (
    *("Opportunity", "Target identified", "Demo, support won", "Decision maker met"),
    *("Negotiation, plan agreed", "Signed"),
)
CHINESE = ("销售机会", "目标识别", "演示并获得支持", "对接关键人", "谈判确认方案", "签约赢单 😀")
DAYS = tuple(f"{day} Nov" for day in range(1, 31))


def measured(size: Size) -> Table:
    """The milliseconds of a picture in each theme in turn, and the size of its file."""
    rows = [(name, *_figures(picture, size.queries // 4 or 4)) for name, picture in KINDS.items()]
    return Table(
        COLUMNS,
        tuple(rows),
        ("On a thread of its own, one at a time; the first one of all also reads the fonts.",),
    )


def _figures(picture: Picture, times: int) -> tuple[float, float, float, float]:
    took, content = [], b""
    for at in range(times):
        with timed() as watch:
            content = render_png(picture, "dark" if at % 2 else "light")
        took.append(1000 * watch.seconds)
    return percentile(took, 0.5), percentile(took, 0.99), took[0], len(content) / 1000


def _bars(names: tuple[str, ...]) -> Bars:
    bars = tuple(
        Bar(name, f"{9 - at} · €{90_000 - at * 9_000:,}", 90.0 - at, 40.0, "5 days, 80 % within 9")
        for at, name in enumerate(names)
    )
    return Bars(names[0], f"{names[1]} · {names[2]}", bars, (("second", "all"), ("plain", "part")))


KINDS: Mapping[str, Picture] = {
    "funnel, English": _bars(STAGES),
    "funnel, Chinese": _bars(CHINESE),
    "forecast": Spread(
        "Forecast",
        "everybody",
        tuple(
            Reach(name, "€171,000", 90.0, 142.0, 188.0, "in 4 of 5 cases") for name in STAGES[:4]
        ),
    ),
    "goal": Lines(
        "Goal",
        "€31,200 of €50,000",
        DAYS,
        (Series("won", tuple(map(float, range(30)))), Series("pace", (30.0,) * 30, "quiet")),
        goal=(30.0, "goal €50,000"),
    ),
}
