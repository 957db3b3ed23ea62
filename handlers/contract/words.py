"""Texts in English and Chinese, and how money, days and numbers are written.

Each module has its file of words under `texts/`, which mirrors the rooms; a text stands there in
both languages, one under the other, so that one cannot be changed and the other forgotten.
Templates know `**bold**`, `` `code` `` and `{name}`; what is filled in is never read as markup.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, get_timezone_name
from babel.numbers import format_currency, format_decimal

from handlers.contract.reply import Span, Style, Text, plain, text_of

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
LANGUAGE_NAMES: Mapping[Language, str] = {"en": "English", "zh": "中文"}
HANDLERS = Path(__file__).parent.parent
TEXTS = HANDLERS / "texts"  # mirrors the rooms: texts/selling/move.toml
SHARED = "contract.common"  # words that many modules say
PLATFORMS = "platforms"  # words that only one platform says
_LOCALES = {"en": Locale("en"), "zh": Locale("zh", "CN", "Hans")}
_DAY = {"en": "EEE d MMM", "zh": "M月d日 EEE"}
_DAY_OF_OTHER_YEAR = {"en": "EEE d MMM y", "zh": "y年M月d日 EEE"}
_TOKEN = re.compile(r"(\*\*|`|\{[a-z_]+\})")

Template = Mapping[str, str]  # by plural form: "other", and "one" where the language has it


class BrokenText(Exception):
    """A text is missing in a language, or its placeholders differ between languages."""


@dataclass(frozen=True)
class Words:
    """The words of one language."""

    language: Language

    def say(self, key: str, **values: object) -> Text:
        """The text `room.module.key`, filled with strings, numbers, spans or texts."""
        return _fill(self._template(key, values), values)

    def line(self, key: str, **values: object) -> str:
        """The same as one plain string, for a button's label or a hint."""
        return plain(self.say(key, **values))

    def money(self, amount: Decimal | None, currency: str) -> str:
        """12000 EUR as a person writes it: €12,000; without decimals where there are none."""
        if amount is None:
            return self.line("contract.common.no_amount")
        whole = amount == amount.to_integral_value()
        pattern = "¤#,##0" if whole else "¤#,##0.00"
        locale = _LOCALES[self.language]
        return format_currency(amount, currency, pattern, locale=locale, currency_digits=False)

    def number(self, value: int) -> str:
        """A whole number with its thousands marked."""
        return format_decimal(value, locale=_LOCALES[self.language])

    def day(self, at: datetime, zone: str, now: datetime) -> str:
        """The local day, always with its weekday; today and tomorrow are said so as well."""
        local, today = at.astimezone(ZoneInfo(zone)).date(), now.astimezone(ZoneInfo(zone)).date()
        pattern = (_DAY if local.year == today.year else _DAY_OF_OTHER_YEAR)[self.language]
        written = format_date(local, pattern, locale=_LOCALES[self.language])
        near = {
            0: "contract.common.today",
            1: "contract.common.tomorrow",
            -1: "contract.common.yesterday",
        }
        key = near.get((local - today).days)
        return (
            self.line("contract.common.day_said", day=self.line(key), date=written)
            if key
            else written
        )

    def clock(self, at: datetime, zone: str) -> str:
        """The local time of day: 15:00."""
        local = at.astimezone(ZoneInfo(zone))
        return format_time(local, "HH:mm", tzinfo=local.tzinfo, locale=_LOCALES[self.language])

    def moment(self, at: datetime, zone: str, now: datetime) -> str:
        """The local day and time of day."""
        day = self.day(at, zone, now)
        key = (
            "contract.common.near_moment" if day.endswith(("）", ")")) else "contract.common.moment"
        )
        return self.line(key, day=day, clock=self.clock(at, zone))

    def zone(self, zone: str, now: datetime) -> str:
        """A time zone's name with its clock now, so that a person can see that it is theirs."""
        local = now.astimezone(ZoneInfo(zone))
        name = get_timezone_name(local, locale=_LOCALES[self.language], width="long")
        return f"{zone} ({name}, {format_datetime(local, 'HH:mm', locale='en')})"

    def _template(self, key: str, values: Mapping[str, object]) -> str:
        forms = _load_texts()[key][self.language]
        count = values.get("n")
        if len(forms) == 1 or not isinstance(count, int):
            return forms["other"]
        form = _LOCALES[self.language].plural_form(count)
        return forms.get(form, forms["other"])


def choose_language(hint: str) -> Language:
    """The language to speak to somebody whose platform gives this hint: `zh-hans` -> zh."""
    return "zh" if hint.casefold().startswith("zh") else "en"


def choose_words(hint: str) -> Words:
    """The words to speak to somebody whose platform gives this hint, or whose setting it is."""
    return Words(choose_language(hint))


def list_text_keys() -> frozenset[str]:
    """Every key there is."""
    return frozenset(_load_texts())


@cache
def _load_texts() -> Mapping[str, Mapping[str, Template]]:
    found: dict[str, Mapping[str, Template]] = {}
    for path in sorted(TEXTS.rglob("*.toml")):
        module = _find_module(path)
        for name, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
            found[f"{module}.{name}"] = _check_entry(f"{module}.{name}", entry)
    return found


def _find_module(path: Path) -> str:
    """The module that a file of texts belongs to, by room and name: `selling.move`."""
    relative = path.relative_to(TEXTS).with_suffix("")
    module = ".".join(relative.parts)
    shared = module == SHARED or relative.parts[0] == PLATFORMS
    if not shared and not (HANDLERS / relative).with_suffix(".py").is_file():
        raise BrokenText(f"{path.name} stands for no module: there is no handlers/{relative}.py")
    return module


def _check_entry(key: str, entry: Mapping[str, str | Template]) -> Mapping[str, Template]:
    forms: dict[str, Template] = {}
    for language in LANGUAGES:
        if language not in entry:
            raise BrokenText(f"{key} has no text in {language}")
        template = entry[language]
        forms[language] = {"other": template} if isinstance(template, str) else template
    names = {language: _find_placeholders(forms[language]["other"]) for language in LANGUAGES}
    if names["en"] != names["zh"]:
        raise BrokenText(f"{key} fills {names['en']} in English and {names['zh']} in Chinese")
    return forms


def _find_placeholders(template: str) -> set[str]:
    return {token for token in _TOKEN.findall(template) if token.startswith("{")}


def _fill(template: str, values: Mapping[str, object]) -> Text:
    spans: list[str | Span | Text] = []
    style: Style = "plain"
    marks: Mapping[str, Style] = {"**": "bold", "`": "code"}
    for token in _TOKEN.split(template):
        if token in marks:
            style = "plain" if style == marks[token] else marks[token]
        elif token.startswith("{") and token.endswith("}"):
            spans.append(_make_span(values[token[1:-1]], style))
        else:
            spans.append(Span(token, style))
    return text_of(*spans)


def _make_span(value: object, style: Style) -> Span | Text:
    if isinstance(value, Span):
        return value
    if isinstance(value, tuple):
        return value
    return Span(str(value), style)
