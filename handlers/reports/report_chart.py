"""A report as a picture: how many deals came to each stage, and how many went on from it."""

from __future__ import annotations

from handlers.contract.desk import Desk
from handlers.contract.reply import File
from handlers.deals.deal_view import get_stage_name
from handlers.pictures import Bar, Bars, Legend
from handlers.reports import figures
from handlers.reports.chart_files import as_file
from handlers.reports.figures import About
from kb.funnel.figures.measures import Flow
from kb.funnel.figures.report import Report


def picture(desk: Desk, of: About, found: Report) -> File | None:
    """The report's stages as bars; None where nothing came to any."""
    flows = [flow for flow in found.now.flows if flow.entered]
    if not flows:
        return None
    words = desk.words
    title = figures.period_name(desk, found.period)
    won = words.line("reports.report.picture_won", n=found.now.won.n, lost=found.now.lost.n)
    note = f"{figures.whose(desk, of)} · {won} · {figures.with_apart(desk, found.won)}"
    drawn = Bars(
        title,
        note,
        tuple(_bar(desk, found, flow) for flow in flows),
        _legend(desk, found),
    )
    alt = (words.line("reports.report.picture_alt", stage=get_stage_name(desk, flow.stage),
                      entered=flow.entered, on=flow.went_on) for flow in flows)  # fmt: skip
    return as_file(desk, "report", drawn, "\n".join((title, *alt)))


def _legend(desk: Desk, found: Report) -> Legend:
    meant: Legend = (
        ("second", desk.words.line("reports.report.picture_entered")),
        ("plain", desk.words.line("reports.report.picture_on")),
    )
    costs: Legend = (("bad", desk.words.line("reports.report.picture_costs")),)
    return (*meant, *costs) if found.bottleneck.loss is not None else meant


def _bar(desk: Desk, found: Report, flow: Flow) -> Bar:
    loss = found.bottleneck.loss
    costs = loss is not None and loss.stage == flow.stage
    detail = desk.words.line(
        "reports.report.picture_stage",
        days=figures.in_days(desk, flow.days),
        late=figures.in_days(desk, flow.days, "p80"),
        lost=flow.lost,
        open=flow.open,
    )
    return Bar(
        get_stage_name(desk, flow.stage),
        desk.words.line(
            "reports.report.picture_bar", n=flow.entered, percent=flow.conversion.percent
        ),
        float(flow.entered),
        float(flow.went_on),
        detail,
        tone="bad" if costs else "plain",
    )
