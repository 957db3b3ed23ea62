"""The sections of a report: which lines each has, and whose deals they count."""

from __future__ import annotations

import pytest

from handlers.reports.report_sections import SECTIONS
from tests.office import Office, action, said

PLACE = "report:month:{}:0:main:{}"


async def section(office: Office, who: str, name: str) -> str:
    first = office.clock.now().date().replace(day=1).toordinal()
    return said(await office.taps(who, PLACE.format(first, name)))


async def test_stages_tell_who_came_and_who_went_on(office: Office) -> None:
    await office.says("Ann", "lead Acme, 5k")
    await office.says("Ann", "lead Beta, 5k")
    await office.says("Ann", "move acme demo")
    stages = await section(office, "Ann", "stages")
    assert "Opportunity: 2 came worth €10,000, 1 went on, 1 open" in stages
    assert "Demo, support won: 1 came worth €5,000, 0 went on" in stages


async def test_sources_tell_how_many_deals_each_brought(office: Office) -> None:
    await office.says("Ann", "lead Acme, 5k, inbound")
    await office.says("Ann", "lead Beta, 5k, referral")
    await office.says("Ann", "lost beta price")
    sources = await section(office, "Ann", "sources")
    assert "inbound: 1 new\n" in sources
    assert "referral: 1 new, 1 lost" in sources


async def test_whoever_did_most_comes_first_and_a_rep_sees_nobody_else(office: Office) -> None:
    await office.says("Bo", "lead Beta")
    await office.says("Ann", "lead Acme")
    await office.says("Ann", "move acme demo")
    people = await section(office, "Mia", "people")
    assert people.index("Ann:") < people.index("Bo:")
    assert "Ann" not in await section(office, "Bo", "people")


@pytest.mark.parametrize("name", SECTIONS)
async def test_a_section_of_nothing_says_so_and_leads_back(office: Office, name: str) -> None:
    first = office.clock.now().date().replace(day=1).toordinal()
    reply = await office.taps("Ann", PLACE.format(first, name))
    assert "November 2026" in said(reply)
    assert action(reply, "Back") == f"report:month:{first}:0:main"
    assert len(said(reply).splitlines()) == 2


async def test_a_section_there_is_not_is_refused(office: Office) -> None:
    assert "November 2026" not in await section(office, "Ann", "secrets")
