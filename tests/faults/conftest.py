"""Gives each fault test its report, and prints them all at the end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.fakes.botapi import BotApi
from tests.faults.process import warm
from tests.faults.report import Report

PROPERTY = "storm"


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Iterator[Report]:
    """The test's report; what it claims is checked when the test is over."""
    told = Report(request.node.name)
    yield told
    request.node.user_properties.append((PROPERTY, "\n".join(told.lines())))
    told.close()


@pytest.fixture(scope="session", autouse=True)
def _warm() -> None:
    warm()


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    """Telegram."""
    async with BotApi() as api:
        yield api


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints every storm's report."""
    told = [
        text
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "teardown"
        for name, text in report.user_properties
        if name == PROPERTY
    ]
    if told:
        terminalreporter.section("faults")
        for text in told:
            terminalreporter.write_line(text)
