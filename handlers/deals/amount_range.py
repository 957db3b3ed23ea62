"""An amount given as a range, such as 10-12k: Repmate asks which of the two, and never guesses."""

from __future__ import annotations

from typing import Any

from handlers.contract.desk import Desk
from handlers.contract.reply import Button, Text
from handlers.reading import Money
from storage.tables.people_and_deals import Deal


def is_range(money: Money | None) -> bool:
    """Whether the amount is a range."""
    return money is not None and money.high is not None


def to_columns(money: Money | None) -> dict[str, Any]:
    """The deal's columns for a single amount; none for a range or for no amount."""
    if money is None or is_range(money):
        return {}
    return {"amount": money.amount, "currency": money.currency}


def ask_which(desk: Desk, money: Money | None) -> Text:
    """The question which of the two amounts it is; empty where there is no range."""
    return desk.words.say("selling.lead.which_amount") if is_range(money) else ()


def offer_amounts(desk: Desk, money: Money | None, deal: Deal) -> tuple[Button, ...]:
    """A button for each of the two amounts; none where there is no range."""
    if money is None or money.high is None:
        return ()
    return tuple(
        Button(
            desk.words.money(amount, money.currency),
            f"amount:{deal.id}:{int(amount)}:{money.currency}",
        )
        for amount in (money.amount, money.high)
    )
