"""`rate`: what another currency is worth in the team's own, from a day on; by line or by file."""

from __future__ import annotations

import csv
from calendar import isleap
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from handlers.contract.catalog import command
from handlers.contract.desk import Desk
from handlers.contract.refusals import Said, require_role
from handlers.contract.reply import Reply, Text, bold, lines
from handlers.contract.request import Attachment, Request
from handlers.reading import read_when
from handlers.reading.money.currencies import find_currency
from handlers.reports import figures
from storage.tables.figures import Rate
from storage.tables.people_and_deals import Role

MOST = Decimal(10) ** 9
LEAST = Decimal(10) ** -9
MOST_ROWS = 5_000
BYTES = 1_000_000
COLUMNS = ("day", "currency", "rate")
_COLUMN_WORDS = {
    "day": ("day", "date", "日期"),
    "currency": ("currency", "code", "币种", "货币"),
    "rate": ("rate", "value", "汇率"),
}


@dataclass(frozen=True)
class Given:
    """A rate as somebody gave it."""

    currency: str
    value: Decimal
    day: date


@command("rate", "rates", "汇率", "设置汇率")
def rate(request: Request, desk: Desk) -> Reply:
    """Keeps a rate: `rate USD 0.92`, `rate USD 0.92 3 Nov`; alone it shows those there are."""
    said = request.text.strip()
    if not said:
        return Reply(_listed(desk))
    require_role(desk, Role.MANAGER)
    given = _given(desk, said)
    _keep(desk, given)
    return Reply(
        desk.words.say(
            "reports.exchange_rates.kept",
            currency=bold(given.currency),
            value=_written(given.value),
            own=desk.team.currency,
            day=figures.day_of(desk, given.day),
        )
    )


def is_rates(file: Attachment) -> bool:
    """Whether a file is a table of rates: its first line names a currency and a rate."""
    if file.content is None or not file.name.casefold().endswith((".csv", ".txt")):
        return False
    first = _decoded(file.content[:400]).splitlines()[:1]
    return bool(first) and _places(first[0]) is not None


def sheet_sent(file: Attachment, desk: Desk) -> Reply:
    """Keeps every rate of a file, or none of them: the first line that is wrong is named."""
    require_role(desk, Role.MANAGER)
    if file.content is None or len(file.content) > BYTES:
        raise Said("reports.exchange_rates.too_large", n=MOST_ROWS)
    found = _read(desk, _decoded(file.content))
    for given in found:
        _keep(desk, given)
    return Reply(
        lines(desk.words.say("reports.exchange_rates.imported", n=len(found)), _listed(desk))
    )


def _read(desk: Desk, text: str) -> list[Given]:
    rows = text.splitlines()
    places = _places(rows[0]) if rows else None
    if places is None or len(rows) > MOST_ROWS + 1:
        raise Said("reports.exchange_rates.too_large", n=MOST_ROWS)
    found = []
    for number, row in enumerate(csv.reader(rows[1:], delimiter=_delimiter(rows[0])), start=2):
        if any(cell.strip() for cell in row):
            given = _row(desk, row, places)
            if given is None:
                raise Said("reports.exchange_rates.broken_row", n=number, row=", ".join(row)[:80])
            found.append(given)
    return found


def _row(desk: Desk, row: list[str], places: dict[str, int]) -> Given | None:
    cells = {name: row[place].strip() if place < len(row) else "" for name, place in places.items()}
    value, currency = _value(cells["rate"]), find_currency(cells["currency"], desk.team.currency)
    day = figures.today_of(desk)
    if cells.get("day"):
        try:
            day = date.fromisoformat(cells["day"].replace("/", "-"))
        except ValueError:
            return None
    if value is None or currency is None or currency == desk.team.currency:
        return None
    return Given(currency, value, day)


def _places(header: str) -> dict[str, int] | None:
    cells = [cell.strip().casefold() for cell in header.lstrip("\ufeff").split(_delimiter(header))]
    places = {
        name: cells.index(word) for name in COLUMNS for word in _COLUMN_WORDS[name] if word in cells
    }
    return places if {"currency", "rate"} <= set(places) else None


def _delimiter(header: str) -> str:
    return ";" if ";" in header else "\t" if "\t" in header else ","


def _decoded(content: bytes) -> str:
    return content.decode("utf-8-sig", errors="replace")


def _given(desk: Desk, said: str) -> Given:
    """`USD 0.92`, `1 USD = 0.92 EUR`, `usd 0.92 3 Nov`."""
    words = [word for word in said.replace("=", " ").split() if word]
    if words and words[0] == "1":
        words = words[1:]
    own = desk.team.currency
    currency = find_currency(words[0], own) if words else None
    value = _value(words[1]) if len(words) > 1 else None
    if currency is None or value is None:
        raise Said("reports.exchange_rates.unread", own=own)
    if currency == own:
        raise Said("reports.exchange_rates.own", own=own)
    rest = " ".join(word for word in words[2:] if word.upper() != own)
    return Given(currency, value, _day(desk, rest))


def _day(desk: Desk, said: str) -> date:
    """The day that is named, the last one that is not ahead; today where none is."""
    today = figures.today_of(desk)
    if not said:
        return today
    try:
        return date.fromisoformat(said)
    except ValueError:
        when = read_when(said, desk.now, desk.zone)
    if when is None:
        raise Said("reports.exchange_rates.unread", own=desk.team.currency)
    month, day = desk.calendar.local(when.at).month, desk.calendar.local(when.at).day
    years = (today.year, today.year - 1, today.year - 2, today.year - 3, today.year - 4)
    leap = (month, day) == (2, 29)
    behind = (date(year, month, day) for year in years if not leap or isleap(year))
    return next(each for each in behind if each <= today)


def _value(said: str) -> Decimal | None:
    try:
        value = Decimal(said.replace(",", ".") if said.count(",") == 1 else said)
    except InvalidOperation:
        return None
    return value if value.is_finite() and LEAST <= value <= MOST else None


def _keep(desk: Desk, given: Given) -> None:
    desk.memory.rates.keep(
        Rate(
            team_id=desk.team.id,
            own=desk.team.currency,
            currency=given.currency,
            day=given.day,
            value=_written(given.value),
            member_id=desk.member.id,
            at=desk.now,
        )
    )


def _written(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _listed(desk: Desk) -> Text:
    """The newest rate of each currency."""
    known = figures.rates_of(desk).by_currency
    if not known:
        return desk.words.say("reports.exchange_rates.none", own=desk.team.currency)
    told = [
        desk.words.say(
            "reports.exchange_rates.one",
            currency=bold(code),
            value=_written(each.value),
            own=desk.team.currency,
            day=figures.day_of(desk, each.day),
        )
        for code, each in sorted(known.items())
    ]
    return lines(desk.words.say("reports.exchange_rates.title"), *told[:20])
