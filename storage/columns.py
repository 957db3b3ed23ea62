"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import Dialect, Numeric, String
from sqlalchemy.types import TypeDecorator, TypeEngine


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
        """Decimal -> what the database takes."""
        if value is None or dialect.name != "sqlite":
            return value
        return format(value.quantize(Decimal("0.0001")), "f")

    def process_result_value(self, value: Any, _dialect: Dialect) -> Decimal | None:
        """What the database gives -> Decimal, without trailing zeros."""
        if value is None:
            return None
        amount = Decimal(value)
        return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount
