"""Losses as a picture: what each reason cost, the stage it struck at below it."""

from __future__ import annotations

from handlers.contract.desk import Desk
from handlers.contract.reply import File
from handlers.deals.deal_view import get_stage_name
from handlers.pictures import Bar, Bars
from handlers.reports import figures
from handlers.reports.chart_files import amount_of, as_file
from handlers.reports.figures import About
from kb.funnel.figures.losses import Losses, LossRow

SHOWN = 8


def picture(desk: Desk, of: About, found: Losses) -> File:
    """The most frequent reasons as bars, by what they cost or, without amounts, by their number."""
    rows = found.rows[:SHOWN]
    by_money = any(row.total.amount for row in rows) and not any(row.total.apart for row in rows)
    title = desk.words.line(
        "reports.losses.picture", period=figures.period_name(desk, found.period)
    )
    note = desk.words.line(
        "reports.losses.picture_note",
        who=figures.whose(desk, of),
        n=found.n,
        money=figures.with_apart(desk, found.total),
    )
    bars = tuple(_bar(desk, of, row, by_money=by_money) for row in rows)
    told = (f"{bar.label} ({bar.detail}): {bar.shown}" for bar in bars)
    alt = "\n".join((title, *told))
    return as_file(desk, "losses", Bars(title, note, bars), alt)


def reason_name(desk: Desk, of: About, key: str) -> str:
    """A lost reason in the member's language."""
    known = of.funnel.reason(key)
    return known.name[desk.words.language] if known is not None else key or "–"


def _bar(desk: Desk, of: About, row: LossRow, *, by_money: bool) -> Bar:
    money = figures.with_apart(desk, row.total)
    return Bar(
        reason_name(desk, of, row.reason),
        desk.words.line("reports.losses.picture_bar", n=row.n, money=money),
        amount_of(row.total.amount) if by_money else float(row.n),
        detail=get_stage_name(desk, row.stage),
        tone="bad",
    )
