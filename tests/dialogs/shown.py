"""What somebody sees of a dialog, and the files that they send in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FILES = Path(__file__).parent / "files"


@dataclass(frozen=True)
class Shown:
    """A message as a person sees it."""

    text: str
    buttons: tuple[str, ...]


def spaced(text: str) -> str:
    """The text with ordinary spaces: a dialog need not know where a line must not break."""
    return text.replace("\u00a0", " ")
