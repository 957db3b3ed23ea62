"""Terms of a deal, read and rendered: budget, procurement, the discount and its last day."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers.contract.desk import Desk
from handlers.contract.reply import Text, lines
from handlers.deals.when import cut_moment, read_moment
from handlers.reading import clean_text
from storage.tables.people_and_deals import Deal

FIELDS = ("budget", "procurement", "discount")
LIMITS = {"budget": 120, "procurement": 120, "discount": 80}
_VALID = (" valid", " good", "有效期", "有效", "截止", "，", ",")


def read_discount(said: str, deal: Deal, desk: Desk) -> dict[str, Any] | None:
    """The deal's columns after `10% until Friday`; None where its last day is past."""
    if said.strip() == format_discount(deal):
        return {"discount": deal.discount, "discount_until": deal.discount_until}
    when = read_moment(said, desk)
    text = clean_text(cut_moment(said, when) if when else said, LIMITS["discount"])
    until = desk.calendar.local(when.at).date() if when else None
    if until is not None and until < desk.calendar.local(desk.now).date():
        return None
    for word in _VALID:
        text = text.removesuffix(word).rstrip()
    return {"discount": text, "discount_until": until}


def format_discount(deal: Deal) -> str:
    """The discount as it can be typed again: `10 % until 2026-11-30`."""
    if deal.discount_until is None:
        return deal.discount
    return f"{deal.discount} until {deal.discount_until.isoformat()}".strip()


def render_terms(desk: Desk, deal: Deal) -> Text:
    """The terms that are known, a line each."""
    words = desk.words
    return lines(
        words.say("selling.terms.budget", said=deal.budget) if deal.budget else (),
        words.say("selling.terms.procurement", said=deal.procurement) if deal.procurement else (),
        render_discount(desk, deal),
    )


def render_discount(desk: Desk, deal: Deal) -> Text:
    """The discount and its last day, or that it has expired."""
    words, until = desk.words, deal.discount_until
    if not deal.discount and until is None:
        return ()
    said = deal.discount or words.line("selling.terms.some_discount")
    if until is None:
        return words.say("selling.terms.discount", said=said)
    over = until < desk.calendar.local(desk.now).date()
    key = "selling.terms.discount_over" if over else "selling.terms.discount_until"
    return words.say(key, said=said, day=format_day(desk, until))


def format_day(desk: Desk, day: date) -> str:
    """A local date in the member's words: Fri 20 Nov."""
    return desk.words.day(desk.calendar.at_local(day, desk.calendar.start), desk.zone, desk.now)
