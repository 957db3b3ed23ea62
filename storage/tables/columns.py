"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Dialect, Numeric, String
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


class _StatesByWord(dict[str | None, StrEnum | None]):
    """Each state by the word that is stored for it; no word is no state."""

    def __init__(self, states: type[StrEnum]) -> None:
        super().__init__({state.value: state for state in states})
        self[None] = None
        self._name = states.__name__

    def __missing__(self, word: str | None) -> StrEnum:
        raise LookupError(f"{word!r} is no {self._name}")


class State(TypeDecorator[StrEnum]):
    """One of some states, kept as its word: a text column, so that a new state is no change of it.

    A stored word that is none of them raises LookupError, for a guess at it could only do harm.
    A later version's states do not get here: they come with a migration, be it an empty one, and
    a database migrated by a later version is not opened.
    SQLAlchemy's own Enum does the same with a Python call for every row that is read.
    """

    impl = String(20)
    cache_ok = True

    def __init__(self, states: type[StrEnum]) -> None:
        super().__init__(20)
        self.states = states
        self._by_word = _StatesByWord(states)

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """A state or its word -> the word; LookupError for any other."""
        state = self._by_word[value]
        return None if state is None else state.value

    def result_processor(self, _dialect: Dialect, _coltype: object) -> Any:
        """What turns a stored word into its state; a plain look-up, for it runs with each row."""
        return self._by_word.__getitem__


def state_of(states: type[StrEnum]) -> Any:
    """The type of a column that holds one of these states, as `Field(sa_type=...)` takes it."""
    return State(states)
