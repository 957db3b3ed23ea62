"""Reads the fields of one table of a funnel template; errors name the table and the field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

LANGUAGES = ("en", "zh")
Texts = Mapping[str, str]

_KEY = re.compile(r"[a-z][a-z0-9_]{0,19}")  # buttons carry it, and hold 64 bytes in all


class BrokenTemplate(Exception):
    """A funnel's template is malformed or contradicts itself."""


@dataclass(frozen=True)
class Table:
    """A table of a template; each method reads a field, or raises BrokenTemplate if it is wrong.

    `where` names the table in errors.
    """

    where: str
    data: Mapping[str, Any]

    def only(self, *fields: str) -> None:
        """Refuses fields that nobody reads, such as a misspelt one."""
        strange = sorted(set(self.data) - set(fields))
        if strange:
            raise self.wrong(f"nobody knows {strange[0]!r}")

    def has(self, field: str) -> bool:
        """Whether the table has this field."""
        return field in self.data

    def tables(self, field: str) -> tuple[Table, ...]:
        """The tables of a list, named by their keys."""
        listed = self.data.get(field)
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            raise self.wrong(f"{field} is no list of tables")
        if not listed:
            raise self.wrong(f"there is no {field}")
        return tuple(Table(f"{self.where}, {field} {one.get('key')!r}", one) for one in listed)

    def key(self) -> str:
        """The table's key: lower case, as the database and buttons hold it."""
        key = self.data.get("key")
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            raise self.wrong("a key is a-z, 0-9 and _, and 20 characters at most")
        return key

    def number(self, field: str, low: int, high: int) -> int:
        """A whole number from `low` to `high`."""
        value = self.data.get(field)
        if type(value) is not int or not low <= value <= high:
            raise self.wrong(f"{field} is a whole number from {low} to {high}, not {value!r}")
        return value

    def percent(self, field: str, most: int) -> Decimal:
        """A number of percent from 0 to `most`, with at most two decimals."""
        value = self.data.get(field)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or value is None or not 0 <= value <= most:
            raise self.wrong(f"{field} is a number from 0 to {most}, not {value!r}")
        return Decimal(str(value)).quantize(Decimal("0.01")).normalize() + 0

    def flag(self, field: str) -> bool:
        """A field that is true or false; false where it is missing."""
        value = self.data.get(field, False)
        if type(value) is not bool:
            raise self.wrong(f"{field} is true or false, not {value!r}")
        return value

    def word(self, field: str) -> str:
        """A word; empty where it is missing."""
        value = self.data.get(field, "")
        if not isinstance(value, str):
            raise self.wrong(f"{field} is no word")
        return value

    def inner(self, field: str) -> Table:
        """The table inside this one."""
        value = self.data.get(field)
        if not isinstance(value, dict):
            raise self.wrong(f"{field} is no table")
        return Table(f"{self.where}, {field}", value)

    def texts(self, field: str) -> Texts:
        """A text in every language and in no other."""
        texts = self._by_language(field)
        if not all(isinstance(text, str) and text.strip() for text in texts.values()):
            raise self.wrong(f"{field} is empty in a language")
        return MappingProxyType(texts)

    def lists(self, field: str, low: int, high: int) -> Mapping[str, tuple[str, ...]]:
        """From `low` to `high` texts in every language, as many in one as in the other."""
        lists = self._by_language(field)
        found = {language: self._words(field, listed) for language, listed in lists.items()}
        counts = {len(listed) for listed in found.values()}
        if len(counts) != 1 or not low <= counts.pop() <= high:
            raise self.wrong(f"{field} has {low} to {high} texts, the same number in each language")
        return MappingProxyType(found)

    def words(self, field: str) -> tuple[str, ...]:
        """A list of words, which may be missing."""
        return self._words(field, self.data.get(field, []))

    def wrong(self, what: str) -> BrokenTemplate:
        """The error to raise, with what is wrong."""
        return BrokenTemplate(f"{self.where}: {what}")

    def _by_language(self, field: str) -> dict[str, Any]:
        texts = self.data.get(field)
        if not isinstance(texts, dict) or set(texts) != set(LANGUAGES):
            raise self.wrong(f"{field} is there in {' and '.join(LANGUAGES)}, and in no other")
        return texts

    def _words(self, field: str, listed: object) -> tuple[str, ...]:
        if not isinstance(listed, list):
            raise self.wrong(f"{field} is no list")
        if not all(isinstance(word, str) and word.strip() for word in listed):
            raise self.wrong(f"{field} holds something that is no word")
        return tuple(listed)
