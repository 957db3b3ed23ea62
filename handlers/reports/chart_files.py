"""Renders charts as picture files for a reply, in the theme that the member chose."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from handlers.contract.desk import Desk
from handlers.contract.reply import File
from handlers.pictures import Picture, Theme, render_png
from kb.funnel.figures.money import Total


def render_chart(desk: Desk, name: str, picture: Picture, alt: str) -> File:
    """The picture as `<name>.png`, with the text that stands in for it."""
    theme: Theme = "dark" if desk.member.pictures == "dark" else "light"
    return File(f"{name}.png", render_png(picture, theme), alt)


def to_length(amount: Decimal) -> float:
    """An amount as a length of at least 0; rounding to a float loses less than a dot."""
    return max(0.0, float(amount))


def can_compare_amounts(totals: Iterable[Total]) -> bool:
    """Whether bars may be as long as these sums: there are any, and all are in one currency.

    An amount without a rate has no length beside the others; bars then count deals.
    """
    every = tuple(totals)
    return any(total.amount for total in every) and not any(total.apart for total in every)
