"""A canvas as wide as a phone: places in pixels from the top left, every text in its frame."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Literal

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Polygon
from matplotlib.text import Text

from handlers.pictures.chart_data import Theme
from handlers.pictures.fonts import font, shorten_to_width, width
from handlers.pictures.themes import THEMES, Colours

WIDTH = 900  # pixels; a phone shows it in half of that or less
EDGE = 44
TITLE, WORDS, SMALL = 40, 29, 24  # pixels: the smallest is 9 points on a phone
DOTS = 100  # per inch, for matplotlib
SCRIPT = "zh-hans"  # else the machine's language would choose among a letter's forms
POINT = 72 / DOTS
Side = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Frame:
    """The place a text was given: left, top, width and height in pixels."""

    left: float
    top: float
    width: float
    height: float


class Canvas:
    """One picture while it is drawn; `words` are its texts, each with the frame it must stay in."""

    def __init__(self, height: float, theme: Theme) -> None:
        self.colours: Colours = THEMES[theme]
        self.height = height
        self.words: list[tuple[Text, Frame]] = []
        self._figure = Figure((WIDTH / DOTS, height / DOTS), DOTS, facecolor=self.colours.paper)
        self._canvas = FigureCanvasAgg(self._figure)

    def write(
        self,
        text: str,
        left: float,
        top: float,
        room: float,
        size: float = WORDS,
        side: Side = "left",
        colour: str = "",
    ) -> float:
        """Writes one line into a frame `room` wide, cut where it is longer; returns its width."""
        shown = shorten_to_width(text, size, room)
        if not shown:
            return 0.0
        at = left + room * {"left": 0.0, "center": 0.5, "right": 1.0}[side]
        drawn = self._figure.text(
            at / WIDTH,
            1 - (top + size * 1.12) / self.height,
            shown,
            fontproperties=font(shown),
            fontsize=size * POINT,
            color=colour or self.colours.ink,
            ha=side,
            va="baseline",
            parse_math=False,
            language=SCRIPT,
        )
        self.words.append((drawn, Frame(left, top, room, size * 1.5)))
        return width(shown, size)

    def bar(self, left: float, top: float, wide: float, high: float, colour: str) -> None:
        """Draws a bar with round corners; nothing for one without width or height."""
        if wide <= 0 or high <= 0:
            return
        round_by = min(6.0, wide / 2, high / 2) / self.height
        self._figure.add_artist(
            FancyBboxPatch(
                (left / WIDTH, 1 - (top + high) / self.height),
                wide / WIDTH,
                high / self.height,
                boxstyle=f"round,pad=0,rounding_size={round_by}",
                mutation_aspect=WIDTH / self.height,
                facecolor=colour,
                linewidth=0,
                transform=self._figure.transFigure,
            )
        )

    def line(
        self,
        places: list[tuple[float, float]],
        colour: str,
        wide: float = 2.0,
        dashes: tuple[float, float] | None = None,
    ) -> None:
        """Draws a line through places (left, top)."""
        drawn = Line2D(
            [left / WIDTH for left, _ in places],
            [1 - top / self.height for _, top in places],
            color=colour,
            linewidth=wide * POINT,
            solid_capstyle="round",
            transform=self._figure.transFigure,
        )
        if dashes is not None:
            drawn.set_dashes(dashes)
        self._figure.add_artist(drawn)

    def diamond(self, left: float, top: float, reach: float, colour: str) -> None:
        """Draws a diamond around a place, `reach` from its middle to each corner."""
        corners = [(0.0, -reach), (reach, 0.0), (0.0, reach), (-reach, 0.0)]
        places = [((left + x) / WIDTH, 1 - (top + y) / self.height) for x, y in corners]
        self._figure.add_artist(
            Polygon(places, facecolor=colour, linewidth=0, transform=self._figure.transFigure)
        )

    def frame_of(self, text: Text) -> Frame:
        """The frame that the ink of a text really takes."""
        words, how = text.get_text(), text.get_fontproperties()
        renderer = self._canvas.get_renderer()  # type: ignore[no-untyped-call]  # ships no types
        wide, high, below = renderer.get_text_width_height_descent(words, how, ismath=False)
        left, baseline = text.get_position()
        shift = {"left": 0.0, "center": wide / 2, "right": wide}[text.get_horizontalalignment()]
        top = (1 - baseline) * self.height - (high - below)
        return Frame(float(left * WIDTH - shift), float(top), float(wide), float(high))

    def png(self) -> bytes:
        """The canvas as a PNG."""
        out = io.BytesIO()
        self._figure.savefig(out, format="png", pil_kwargs={"compress_level": 4})
        return out.getvalue()
