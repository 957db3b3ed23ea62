"""A forecast as a picture: the amount expected and its range, beside each way of weighing."""

from __future__ import annotations

from decimal import Decimal

from handlers.contract.desk import Desk
from handlers.contract.reply import File
from handlers.pictures import Legend, Reach, Spread, Tone
from handlers.reports import figures
from handlers.reports.chart_files import amount_of, as_file
from handlers.reports.figures import About
from kb.funnel.odds.forecast import Forecast


def picture(desk: Desk, of: About, found: Forecast) -> File:
    """The period's range, and all open deals weighed by each kind of odds."""
    words = desk.words
    reaches = [
        Reach(
            words.line("reports.forecast.picture_in_time"),
            figures.rough(desk, found.in_time),
            amount_of(found.low),
            amount_of(found.in_time),
            amount_of(found.high),
            words.line(
                "reports.forecast.picture_range",
                low=figures.rough(desk, found.low),
                high=figures.rough(desk, found.high),
            ),
        ),
        _won(desk, found),
        *_weighings(desk, found),
    ]
    title = words.line("reports.forecast.picture", period=figures.period_name(desk, found.period))
    legend: Legend = (("plain", words.line("reports.forecast.picture_cases")),)
    day = figures.day_of(desk, figures.today_of(desk))
    drawn = Spread(
        title,
        f"{figures.whose(desk, of)} · {day}",
        tuple(reaches),
        legend,
        lambda value: figures.rough(desk, Decimal(round(value))),
    )
    told = (f"{reach.label}: {reach.shown}" for reach in reaches)
    return as_file(desk, "forecast", drawn, "\n".join((title, *told)))


def _won(desk: Desk, found: Forecast) -> Reach:
    """What is in already, to the last unit."""
    until = amount_of(found.won.amount)
    label, shown = (
        desk.words.line("reports.forecast.picture_won"),
        figures.with_apart(desk, found.won),
    )
    return Reach(label, shown, 0.0, until, until, tone="good")


def _weighings(desk: Desk, found: Forecast) -> list[Reach]:
    """What all open deals are worth, whenever they come."""
    ways = [_point(desk, "by_stage", found.fixed, "second")]
    if found.is_learned:
        ways.insert(0, _point(desk, "by_learned", found.learned, "second"))
    if any(chance.own is not None for chance in found.chances):
        ways.append(_point(desk, "by_own", found.own, "second"))
    return ways


def _point(desk: Desk, name: str, amount: Decimal, tone: Tone) -> Reach:
    """One amount, drawn from nothing up to it."""
    until = amount_of(amount)
    label = desk.words.line(f"reports.forecast.picture_{name}")
    return Reach(label, figures.rough(desk, amount), 0.0, until, until, tone=tone)
