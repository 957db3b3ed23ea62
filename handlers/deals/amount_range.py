"""An amount that was said as a range is asked back, never guessed."""

from __future__ import annotations

from typing import Any

from handlers.contract.desk import Desk
from handlers.contract.reply import Button, Text
from handlers.reading import Money
from storage.tables.people_and_deals import Deal


def is_range(money: Money | None) -> bool:
    """Whether two amounts were said."""
    return money is not None and money.high is not None


def to_columns(money: Money | None) -> dict[str, Any]:
    """The deal's columns for an amount that was said as one; nothing for a range."""
    if money is None or is_range(money):
        return {}
    return {"amount": money.amount, "currency": money.currency}


def ask_which(desk: Desk, money: Money | None) -> Text:
    """The line that asks which of the two it is."""
    return desk.words.say("selling.lead.which_amount") if is_range(money) else ()


def offer_amounts(desk: Desk, money: Money | None, deal: Deal) -> tuple[Button, ...]:
    """Both amounts, a tap each."""
    if money is None or money.high is None:
        return ()
    return tuple(
        Button(
            desk.words.money(amount, money.currency),
            f"amount:{deal.id}:{int(amount)}:{money.currency}",
        )
        for amount in (money.amount, money.high)
    )
