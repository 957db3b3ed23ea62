"""A customer's industry is one slug, in whatever language it was named."""

from __future__ import annotations

import pytest

from handlers.contract.words import LANGUAGES, Language, Words
from handlers.deals.industries import INDUSTRIES, find_industry, get_industry_name
from tests.office import Office


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_in_every_language_finds_its_slug(language: Language) -> None:
    names = {slug: get_industry_name(Words(language), slug) for slug in INDUSTRIES}
    assert {slug: find_industry(name) for slug, name in names.items()} == {s: s for s in names}


def test_another_industry_is_kept_as_it_was_typed_and_bounded() -> None:
    assert find_industry("  Wind Power ") == "wind power"
    assert len(find_industry("x" * 500)) == 40


async def test_an_industry_of_the_form_is_stored_as_its_slug(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.fills("Ann", f"edit:{office.deal('Acme')}", {"industry": "零售"})
    assert office.one("select industry from customer") == "retail"
