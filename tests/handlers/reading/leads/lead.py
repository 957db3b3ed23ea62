"""Leads read as a team of the line's own language would read them."""

from __future__ import annotations

from handlers.reading import LeadLine, read_lead
from kb.objections.normalise import has_hanzi


def read(line: str) -> LeadLine:
    """The lead of a line, in China where it has hanzi, else in Great Britain."""
    return read_lead(line, "CN" if has_hanzi(line) else "GB", "EUR")
