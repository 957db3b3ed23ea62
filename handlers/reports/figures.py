"""Writes figures in the member's language: amounts, sums, days, durations, periods."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from babel.dates import format_date

from handlers.contract.desk import Desk
from handlers.contract.reply import Text, lines
from handlers.reports.report_data import get_today
from kb.funnel.figures.confidence import Share
from kb.funnel.figures.measures import Durations
from kb.funnel.figures.money import Amounts, Total
from kb.funnel.figures.periods import Period


def format_money(desk: Desk, amount: Decimal, currency: str = "") -> str:
    """An amount in whole units, in the team's currency where no other is given."""
    return desk.words.money(amount.quantize(Decimal(1)), currency or desk.team.currency)


def format_estimate(desk: Desk, amount: Decimal) -> str:
    """An estimate in the team's currency, rounded to three significant digits."""
    step = Decimal(10) ** max(0, amount.adjusted() - 2) if amount else Decimal(1)
    return format_money(desk, (amount / step).quantize(Decimal(1)) * step)


def format_amounts(desk: Desk, amounts: Amounts) -> str:
    """Amounts by currency side by side: they are never added up silently."""
    written = (format_money(desk, amount, code) for code, amount in sorted(amounts.items()))
    return " + ".join(written)


def format_total(desk: Desk, total: Total) -> str:
    """A sum, and beside it the amounts that have no rate."""
    apart = format_amounts(desk, total.apart)
    if apart and not total.amount:
        return apart
    written = format_money(desk, total.amount)
    return f"{written} + {apart}" if apart else written


def explain_rates(desk: Desk, totals: Sequence[Total]) -> Text:
    """Which rates the sums were made at, and which currencies are in none for want of a rate."""
    days = [total.at_rates_of for total in totals if total.at_rates_of is not None]
    codes = sorted({code for total in totals for code in total.converted})
    apart: dict[str, None] = dict.fromkeys(code for total in totals for code in total.apart)
    used = (
        desk.words.say(
            "reports.figures.at_rates", codes=", ".join(codes), day=format_day(desk, min(days))
        )
        if days
        else ()
    )
    missing = (
        desk.words.say("reports.figures.no_rate", codes=", ".join(sorted(apart)), code=min(apart))
        if apart
        else ()
    )
    return lines(used, missing)


def format_day(desk: Desk, day: date) -> str:
    """A day without its weekday: 3 Nov, 11月3日; with its year where that is not this one."""
    year = "" if day.year == get_today(desk).year else " y"
    if desk.words.language == "zh":
        return format_date(day, ("y年" if year else "") + "M月d日", locale="zh_Hans_CN")
    return format_date(day, f"d MMM{year}", locale="en")


def format_period(desk: Desk, period: Period) -> str:
    """A period: week of 16 Nov, October 2026, Q4 2026."""
    key, first = f"reports.figures.{period.kind}", period.first
    return desk.words.line(
        key,
        day=format_day(desk, first),
        month=_format_month(desk, first),
        quarter=(first.month + 2) // 3,
        year=first.year,
    )


def _format_month(desk: Desk, first: date) -> str:
    pattern, locale = ("M月", "zh_Hans_CN") if desk.words.language == "zh" else ("MMMM", "en")
    return format_date(first, pattern, locale=locale)


def format_known_total(desk: Desk, total: Total) -> str:
    """A sum, and beside it the amounts that have no rate; empty where there is no amount at all."""
    return format_total(desk, total) if total.amount or total.apart else ""


def format_share(desk: Desk, share: Share) -> str:
    """A share in percent: 42 %; of too few to mean anything as a count: 2 of 3."""
    if share.enough:
        return desk.words.line("reports.figures.percent", n=share.percent)
    return desk.words.line("reports.figures.count_of", part=share.part, whole=share.whole)


def format_stay(desk: Desk, durations: Durations) -> str:
    """How long something takes: half within 5 days, four of five within 8 days.

    Of a few only the median; empty where none is known.
    """
    if durations.median is None or durations.p80 is None:
        return ""
    median = format_days(desk, durations.median)
    late = format_days(desk, durations.p80)
    if not durations.enough:
        return desk.words.line("reports.figures.stay_few", median=median)
    if late == median:
        return desk.words.line("reports.figures.stay_alike", late=late)
    return desk.words.line("reports.figures.stay", median=median, late=late)


def format_days(desk: Desk, days: float) -> str:
    """A duration in days, or in hours where it is less than a day."""
    if days < 1:
        return desk.words.line("reports.figures.hours", n=max(1, round(days * 24)))
    return desk.words.line("reports.figures.days", n=round(days))
