"""Makes pictures into files of a reply, in the colours the member chose."""

from __future__ import annotations

from decimal import Decimal

from handlers.contract.desk import Desk
from handlers.contract.reply import File
from handlers.pictures import Picture, Theme, png


def as_file(desk: Desk, name: str, picture: Picture, alt: str) -> File:
    """The picture as `<name>.png`, with the words that stand in for it."""
    return File(f"{name}.png", png(picture, theme_of(desk)), alt)


def theme_of(desk: Desk) -> Theme:
    """The colours that the member chose."""
    return "dark" if desk.member.pictures == "dark" else "light"


def amount_of(amount: Decimal) -> float:
    """An amount as a length: where it is drawn, cents are less than a dot."""
    return max(0.0, float(amount))
