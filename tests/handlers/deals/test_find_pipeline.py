"""Which pipeline, stage or funnel template a text names."""

from __future__ import annotations

import pytest

from handlers.deals.find_pipeline import TEMPLATES, find_template
from tests.office import Office, said


@pytest.mark.parametrize(
    ("text", "template"),
    [("1", "odds6"), ("5", "flywheel"), ("aida5", "aida5"), ("flywheell", "flywheel")],
)
def test_a_template_is_found_by_number_key_or_name_with_slips(text: str, template: str) -> None:
    assert find_template(text) == template


@pytest.mark.parametrize("text", ["", "0", str(len(TEMPLATES) + 1), "we have no budget"])
def test_any_other_text_names_no_template(text: str) -> None:
    assert find_template(text) is None


async def test_the_end_of_a_line_names_a_pipeline_only_where_there_are_several(
    office: Office,
) -> None:
    query = "select c.name, pipeline from deal join customer c on c.id = customer_id order by 2, 1"
    await office.says("Ann", "lead Acme in Partners, 12k")
    [(_, only)] = office.rows(query)
    assert only == "main"
    await add_pipeline(office, "Partners")
    await office.says("Ann", "lead Beta, 12k in Partners")
    pipelines = dict(office.rows(query))
    assert pipelines["Beta"] not in ("main", "")


async def test_a_stage_of_any_pipeline_narrows_the_list(office: Office) -> None:
    await office.says("Ann", "lead Acme, 12k")
    await office.says("Ann", "move acme negotiation")
    assert "Acme" in said(await office.says("Ann", "deals negotation"))
    assert "Acme" not in said(await office.says("Ann", "deals qualified"))


async def add_pipeline(office: Office, name: str) -> None:
    """Adds a pipeline by the admin's own taps."""
    reply = await office.says("Kim", f"funnel new {name}")
    await office.taps("Kim", reply.buttons[0][0].action)
