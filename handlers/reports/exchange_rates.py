"""`rate`: exchange rates into the team's currency, each from a day on; by line or by file."""

from __future__ import annotations

import csv
from calendar import isleap
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from handlers.contract.act_log import log_change
from handlers.contract.catalog import command
from handlers.contract.desk import Desk
from handlers.contract.refusals import TextRefusal, require_role
from handlers.contract.reply import Reply, Text, bold, lines
from handlers.contract.request import Attachment, Request
from handlers.reading import read_when
from handlers.reading.money.currencies import find_currency
from handlers.reports.figures import format_day
from handlers.reports.report_data import get_today, load_rates
from storage.tables.figures import Rate
from storage.tables.people_and_deals import Role

MAX_RATE = Decimal(10) ** 9
MIN_RATE = Decimal(10) ** -9
MAX_ROWS = 5_000
MAX_BYTES = 1_000_000
MAX_LISTED = 20
COLUMNS = ("day", "currency", "rate")
_COLUMN_WORDS = {
    "day": ("day", "date", "日期"),
    "currency": ("currency", "code", "币种", "货币"),
    "rate": ("rate", "value", "汇率"),
}


@dataclass(frozen=True)
class GivenRate:
    """What one unit of a currency is worth in the team's own, from a day on, as given."""

    currency: str
    value: Decimal
    day: date


@command("rate", "rates", "汇率", "设置汇率")
def rate(request: Request, desk: Desk) -> Reply:
    """Saves a rate: `rate USD 0.92`, `rate USD 0.92 3 Nov`; alone it lists the newest rates."""
    text = request.text.strip()
    if not text:
        return Reply(_list_rates(desk))
    require_role(desk, Role.MANAGER)
    given = _read_line(desk, text)
    _save_rate(desk, given)
    log_change(desk, "rates")
    return Reply(
        desk.words.say(
            "reports.exchange_rates.kept",
            currency=bold(given.currency),
            value=_format_rate(given.value),
            own=desk.team.currency,
            day=format_day(desk, given.day),
        )
    )


def is_rate_file(file: Attachment) -> bool:
    """Whether a file is a table of rates: its first line names a currency and a rate."""
    if file.content is None or not file.name.casefold().endswith((".csv", ".txt")):
        return False
    first = _decode(file.content[:400]).splitlines()[:1]
    return bool(first) and _find_columns(first[0]) is not None


def import_rates(file: Attachment, desk: Desk) -> Reply:
    """Saves every rate of a file, or none: the first row that is wrong is named."""
    require_role(desk, Role.MANAGER)
    if file.content is None or len(file.content) > MAX_BYTES:
        raise TextRefusal("reports.exchange_rates.too_large", n=MAX_ROWS)
    rates = _read_file(desk, _decode(file.content))
    for given in rates:
        _save_rate(desk, given)
    log_change(desk, "rates")
    return Reply(
        lines(desk.words.say("reports.exchange_rates.imported", n=len(rates)), _list_rates(desk))
    )


def _read_file(desk: Desk, text: str) -> list[GivenRate]:
    rows = text.splitlines()
    columns = _find_columns(rows[0]) if rows else None
    if columns is None or len(rows) > MAX_ROWS + 1:
        raise TextRefusal("reports.exchange_rates.too_large", n=MAX_ROWS)
    rates = []
    for number, row in enumerate(csv.reader(rows[1:], delimiter=_find_delimiter(rows[0])), start=2):
        if any(cell.strip() for cell in row):
            given = _read_row(desk, row, columns)
            if given is None:
                raise TextRefusal(
                    "reports.exchange_rates.broken_row", n=number, row=", ".join(row)[:80]
                )
            rates.append(given)
    return rates


def _read_row(desk: Desk, row: list[str], columns: dict[str, int]) -> GivenRate | None:
    cells = {name: row[at].strip() if at < len(row) else "" for name, at in columns.items()}
    value, currency = (
        _parse_rate(cells["rate"]),
        find_currency(cells["currency"], desk.team.currency),
    )
    day = get_today(desk)
    if cells.get("day"):
        try:
            day = date.fromisoformat(cells["day"].replace("/", "-"))
        except ValueError:
            return None
    if value is None or currency is None or currency == desk.team.currency:
        return None
    return GivenRate(currency, value, day)


def _find_columns(header: str) -> dict[str, int] | None:
    cells = [
        cell.strip().casefold() for cell in header.lstrip("\ufeff").split(_find_delimiter(header))
    ]
    columns = {
        name: cells.index(word) for name in COLUMNS for word in _COLUMN_WORDS[name] if word in cells
    }
    return columns if {"currency", "rate"} <= set(columns) else None


def _find_delimiter(header: str) -> str:
    return ";" if ";" in header else "\t" if "\t" in header else ","


def _decode(content: bytes) -> str:
    return content.decode("utf-8-sig", errors="replace")


def _read_line(desk: Desk, text: str) -> GivenRate:
    """`USD 0.92`, `1 USD = 0.92 EUR`, `usd 0.92 3 Nov`."""
    words = [word for word in text.replace("=", " ").split() if word]
    if words and words[0] == "1":
        words = words[1:]
    own = desk.team.currency
    currency = find_currency(words[0], own) if words else None
    value = _parse_rate(words[1]) if len(words) > 1 else None
    if currency is None or value is None:
        raise TextRefusal("reports.exchange_rates.unread", own=own)
    if currency == own:
        raise TextRefusal("reports.exchange_rates.own", own=own)
    rest = " ".join(word for word in words[2:] if word.upper() != own)
    return GivenRate(currency, value, _read_day(desk, rest))


def _read_day(desk: Desk, text: str) -> date:
    """The day that is named, the newest one not ahead of today; today where none is named."""
    today = get_today(desk)
    if not text:
        return today
    try:
        return date.fromisoformat(text)
    except ValueError:
        when = read_when(text, desk.now, desk.zone)
    if when is None:
        raise TextRefusal("reports.exchange_rates.unread", own=desk.team.currency)
    month, day = desk.calendar.local(when.at).month, desk.calendar.local(when.at).day
    years = (today.year, today.year - 1, today.year - 2, today.year - 3, today.year - 4)
    leap = (month, day) == (2, 29)
    behind = (date(year, month, day) for year in years if not leap or isleap(year))
    return next(each for each in behind if each <= today)


def _parse_rate(text: str) -> Decimal | None:
    try:
        value = Decimal(text.replace(",", ".") if text.count(",") == 1 else text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and MIN_RATE <= value <= MAX_RATE else None


def _save_rate(desk: Desk, given: GivenRate) -> None:
    desk.memory.rates.save(
        Rate(
            team_id=desk.team.id,
            own=desk.team.currency,
            currency=given.currency,
            day=given.day,
            value=_format_rate(given.value),
            member_id=desk.member.id,
            at=desk.now,
        )
    )


def _format_rate(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _list_rates(desk: Desk) -> Text:
    """The newest rate of each currency."""
    known = load_rates(desk).by_currency
    if not known:
        return desk.words.say("reports.exchange_rates.none", own=desk.team.currency)
    listed = [
        desk.words.say(
            "reports.exchange_rates.one",
            currency=bold(code),
            value=_format_rate(each.value),
            own=desk.team.currency,
            day=format_day(desk, each.day),
        )
        for code, each in sorted(known.items())
    ]
    return lines(desk.words.say("reports.exchange_rates.title"), *listed[:MAX_LISTED])
