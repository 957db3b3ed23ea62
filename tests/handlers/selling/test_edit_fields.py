"""The fields of `edit`: what a typed answer changes, and what is no answer to a field."""

from __future__ import annotations

import pytest

from tests.office import Office

STORED = (
    "select d.source, d.close_date, c.industry from deal d join customer c on c.id = d.customer_id"
)


@pytest.mark.parametrize(
    ("line", "stored"),
    [
        ("edit source Referral", ("referral", None, "")),
        ("edit industry retail", ("", None, "retail")),
        ("edit source the moon", ("", None, "")),
        ("edit close date 1 jan 2020", ("", None, "")),
    ],
)
async def test_an_answer_that_fits_its_field_is_stored_and_no_other(
    office: Office, line: str, stored: tuple[str | None, ...]
) -> None:
    await office.says("Ann", "lead Acme, 5k")
    await office.says("Ann", line)
    assert office.rows(STORED) == [stored]
