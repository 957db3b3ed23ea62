"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Dialect, Enum, Numeric, String
from sqlalchemy.types import TypeDecorator, TypeEngine

_PLACES = Decimal("0.0001")
_TOO_LARGE = Decimal(10) ** 20


def exact(amount: Decimal) -> Decimal:
    """The amount as `Exact` keeps it: to four decimals, half to even, without trailing zeros.

    Raises ValueError for an amount of more than 20 digits before the point, and for no number.
    """
    if not amount.is_finite() or abs(amount) >= _TOO_LARGE:
        raise ValueError("an amount has at most 20 digits before the point")
    plain = amount.quantize(_PLACES).normalize() + 0  # the sum turns -0 into 0
    return plain.quantize(Decimal(1)) if plain == plain.to_integral_value() else plain


class Exact(TypeDecorator[Decimal]):
    """A Decimal kept exactly: NUMERIC where the database has it, its text in SQLite."""

    impl = Numeric(24, 4)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column type of this database."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(30))
        return dialect.type_descriptor(Numeric(24, 4))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Decimal -> what the database takes; ValueError where it cannot be kept."""
        if value is None:
            return None
        return format(exact(value), "f") if dialect.name == "sqlite" else exact(value)

    def process_result_value(self, value: Any, _dialect: Dialect) -> Decimal | None:
        """What the database gives -> Decimal, without trailing zeros."""
        return None if value is None else exact(Decimal(value))


def state_of(states: type[StrEnum]) -> Any:
    """The type of a text column that holds the value of one of these states, and gives the state.

    A stored word that is none of them raises LookupError. It is never from a later version, for
    a database of one is not opened (storage/migrate.py), so a guess at it could only do harm.
    """
    return Enum(
        states,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,  # a text column as it has always been, so that a new state is no DDL
        create_constraint=False,
        validate_strings=True,
        length=20,
    )
