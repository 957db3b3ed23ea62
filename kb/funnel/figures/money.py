"""Sums over several currencies, made only at exchange rates that the team gave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

Amounts = Mapping[str, Decimal]  # by ISO 4217 currency


@dataclass(frozen=True)
class Rate:
    """What one unit of `currency` is worth in the team's own, from a local day on."""

    currency: str
    value: Decimal
    day: date


@dataclass(frozen=True)
class Rates:
    """The team's own currency, and the newest rate of each other currency that it gave."""

    own: str
    by_currency: Mapping[str, Rate] = field(default_factory=dict)

    def of(self, currency: str) -> Decimal | None:
        """The worth of one unit in the team's own currency; None where there is no rate."""
        if currency == self.own:
            return Decimal(1)
        rate = self.by_currency.get(currency)
        return rate.value if rate is not None else None

    def total(self, amounts: Amounts) -> Total:
        """The sum of the amounts that have a rate; the others stay apart."""
        converted = {code: rate for code in amounts if (rate := self.of(code)) is not None}
        days = [self.by_currency[code].day for code in converted if code != self.own]
        return Total(
            sum((amounts[code] * rate for code, rate in converted.items()), Decimal(0)),
            self.own,
            MappingProxyType({c: amount for c, amount in amounts.items() if c not in converted}),
            min(days, default=None),
            tuple(sorted(code for code in converted if code != self.own)),
        )


@dataclass(frozen=True)
class Total:
    """A sum in the team's own currency.

    `apart` is what has no rate, by currency. `at_rates_of` is the day of the oldest rate that was
    used, and `converted` the currencies it was used for.
    """

    amount: Decimal
    currency: str
    apart: Amounts = field(default_factory=dict)
    at_rates_of: date | None = None
    converted: tuple[str, ...] = ()


def newest_rates(rates: Iterable[Rate], own: str, by: date) -> Rates:
    """The newest rate of each currency up to that day."""
    found: dict[str, Rate] = {}
    for rate in rates:
        known = found.get(rate.currency)
        if rate.day <= by and (known is None or rate.day >= known.day):
            found[rate.currency] = rate
    return Rates(own, MappingProxyType(found))


def sum_amounts(amounts: Iterable[tuple[Decimal | None, str]]) -> dict[str, Decimal]:
    """The sums of the amounts by currency; unknown amounts are left out."""
    found: dict[str, Decimal] = {}
    for amount, currency in amounts:
        if amount is not None:
            found[currency] = found.get(currency, Decimal(0)) + amount
    return found
