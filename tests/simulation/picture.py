"""The month in one picture: when nudges came, how many, what became of them, what was promised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from tests.simulation.ledger import PROMISES, Ledger

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito's colours, which the colour-blind tell apart; the greys tell themselves.
BLUE, ORANGE, GREEN, RED, GREY, PALE = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#666666", "#E8E8E8",
)  # fmt: skip
KINDS = (
    ("step", "a booked step", BLUE),
    ("stall", "patience is over", ORANGE),
    ("unpark", "parked until today", GREEN),
)
WAITS = (  # seconds
    (0, "at once"),
    (60, "1 min"),
    (900, "15 min"),
    (3600, "1 h"),
    (43_200, "12 h"),
    (259_200, "3 days"),
)
ROOM = 1.3  # times as high as the tallest bar or line is the axis, for the legend above it
INCHES, DOTS = (15.0, 10.5), 110


def drawn(ledger: Ledger, title: str, path: Path) -> None:
    """Draws the month into a PNG file."""
    figure = Figure(figsize=INCHES, dpi=DOTS, layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(title, fontsize=17, fontweight="bold", x=0.01, ha="left")
    axes = figure.subplots(2, 3)
    _hours(axes[0, 0], ledger)
    _days(axes[0, 1], ledger)
    _answers(axes[0, 2], ledger)
    _waits(axes[1, 0], ledger)
    _deals(axes[1, 1], ledger)
    _promises(axes[1, 2], ledger)
    figure.savefig(path)


def _plain(axes: Axes, title: str, across: str = "", up: str = "") -> None:
    axes.set_title(title, loc="left", fontsize=12.5, fontweight="bold")
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(length=3)


def _hours(axes: Axes, ledger: Ledger) -> None:
    axes.axvspan(8.5, 17.5, color=PALE, zorder=0, label="working hours")
    below = [0] * 24
    for kind, label, colour in KINDS:
        hours = Counter(nudge.local.hour for nudge in ledger.nudges if nudge.kind == kind)
        counts = [hours[hour] for hour in range(24)]
        axes.bar(range(24), counts, bottom=below, color=colour, label=label, width=0.85)
        below = [low + n for low, n in zip(below, counts, strict=True)]
    axes.set_xticks(range(0, 24, 3))
    axes.set_ylim(0, max(below) * 1.12 + 1)
    axes.legend(loc="upper right", fontsize=9.5, framealpha=1, edgecolor="white")
    _plain(axes, "When nudges came", "hour of the member's day", "nudges")


def _days(axes: Axes, ledger: Ledger) -> None:
    shades = {0: GREY, 3: GREEN, 5: BLUE, 8: ORANGE}
    most = max(max(ledger.per_day.values(), default=0), 8)
    below = [0] * (most + 1)
    for budget in sorted({*ledger.budgets.values()}):
        sizes = Counter(n for day, n in ledger.per_day.items() if ledger.budgets[day] == budget)
        counts = [sizes[n] for n in range(most + 1)]
        colour = shades.get(budget, RED)
        axes.bar(range(most + 1), counts, bottom=below, color=colour, label=f"{budget}")
        below = [low + n for low, n in zip(below, counts, strict=True)]
        axes.axvline(budget + 0.5, 0, 1 / ROOM, color=colour, linestyle=":", linewidth=1.4)
    over = sum(n > ledger.budgets[day] for day, n in ledger.per_day.items())
    # Above the bars, wherever the tallest of them stands.
    axes.legend(
        frameon=False,
        title=f"wanted at most a day ({over} days over)",
        loc="upper left",
        ncols=max(1, len({*ledger.budgets.values()})),
        fontsize=9.5,
        columnspacing=1.0,
    )
    axes.set_ylim(0, ROOM * max(1, *below))
    axes.set_xlim(0.3, most + 0.7)
    axes.set_xticks(range(1, most + 1))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    _plain(
        axes,
        "Nudges on a member's day",
        "nudges that day",
        "days on which there were any",
    )


def _answers(axes: Axes, ledger: Ledger) -> None:
    parts = (("answered", BLUE), ("left", ORANGE), ("digest", PALE))
    names = {"answered": "answered", "left": "not answered", "digest": "in the digest"}
    for place, (kind, *_rest) in enumerate(KINDS):
        counts = [ledger.outcomes[kind, part] for part, _ in parts]
        total, left = sum(counts) or 1, 0.0
        for (part, colour), n in zip(parts, counts, strict=True):
            share = 100 * n / total
            axes.barh(place, share, left=left, color=colour, label=names[part] if not place else "")
            if share > 7:
                ink = "white" if colour == BLUE else "black"
                axes.text(
                    left + share / 2, place, f"{share:.0f} %", ha="center", va="center", color=ink
                )
            left += share
    totals = [sum(ledger.outcomes[kind, part] for part, _ in parts) for kind, *_ in KINDS]
    axes.set_yticks(
        range(3), [f"{label}\n{n:,}" for (_, label, _c), n in zip(KINDS, totals, strict=True)]
    )
    axes.set_ylim(2.6, -1.1)
    axes.legend(frameon=False, ncols=3, loc="upper left", fontsize=9.5, columnspacing=1.0)
    _plain(axes, "What became of them", "percent")


def _waits(axes: Axes, ledger: Ledger) -> None:
    floor = 100.0
    for kind, label, colour in KINDS[:2]:
        waits = [n.late for n in ledger.nudges if n.kind == kind and n.late is not None]
        if waits:
            seconds = sorted(max(0.0, wait.total_seconds()) for wait in waits)
            shares = [100 * (place + 1) / len(seconds) for place in range(len(seconds))]
            floor = min(floor, at_once(waits) - 3)
            axes.step(
                [0, *seconds, WAITS[-1][0]],
                [0, *shares, 100],
                where="post",
                color=colour,
                linewidth=2.2,
                label=f"{label}: {at_once(waits):.1f} % at once",
            )
    axes.set_xscale("symlog", linthresh=30)
    axes.set_xticks([s for s, _ in WAITS], [label for _, label in WAITS], rotation=25)
    axes.set_xlim(-4, WAITS[-1][0] * 1.2)
    axes.set_ylim(floor, 100.4)
    axes.minorticks_off()
    axes.grid(axis="both", color=PALE)
    axes.legend(frameon=False, loc="lower right", fontsize=9.5)
    _plain(axes, "From due to sent", "waited at most", "percent of the nudges")


def at_once(waits: Sequence[timedelta]) -> float:
    """The percent that left in the very second."""
    return 100 * sum(wait < timedelta(seconds=1) for wait in waits) / max(1, len(waits))


def _deals(axes: Axes, ledger: Ledger) -> None:
    days = sorted(ledger.waiting)
    lines = (
        (0, "live", GREY),
        (1, "without a next step", ORANGE),
        (2, "of them stalled: nudged or in digests", RED),
    )
    for column, label, colour in lines:
        counts = [ledger.waiting[day][column] for day in days]
        axes.plot(range(len(days)), counts, color=colour, linewidth=2.2, label=label)
    ticks = range(0, len(days), 7)
    axes.set_xticks(ticks, [f"{days[n]:%-d %b}" for n in ticks])
    axes.set_ylim(0, ROOM * max((live for live, *_ in ledger.waiting.values()), default=1))
    axes.legend(frameon=False, fontsize=9.5, loc="upper left")
    _plain(axes, "Deals", "", "deals in the evening")


def _promises(axes: Axes, ledger: Ledger) -> None:
    axes.axis("off")
    axes.set_title("Promises, each checked by hand", loc="left", fontsize=12.5, fontweight="bold")
    axes.text(0.70, 0.965, "checked", ha="right", color=GREY, transform=axes.transAxes)
    axes.text(0.98, 0.965, "broken", ha="right", color=GREY, transform=axes.transAxes)
    for place, promise in enumerate(PROMISES):
        height = 0.895 - place * 0.088
        broken = ledger.broken[promise]
        for x, text, side in (
            (0.0, promise, "left"),
            (0.70, f"{ledger.checked[promise]:,}", "right"),
            (0.98, f"{broken:,}", "right"),
        ):
            weight = "bold" if broken else "normal"
            axes.text(
                x,
                height,
                text,
                ha=side,
                transform=axes.transAxes,
                fontsize=10.5,
                color=RED if broken else "black",
                fontweight=weight,
            )
