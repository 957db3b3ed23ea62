"""The catalogue of commands: each word once, and a line read as the longest word it begins with."""

from __future__ import annotations

import pytest

from handlers.contract.catalog import Catalog, RegisteredTwice
from handlers.contract.desk import Desk
from handlers.contract.reply import Reply
from handlers.contract.request import Request


def handle(request: Request, desk: Desk) -> Reply:
    return Reply()


@pytest.fixture
def catalog() -> Catalog:
    return Catalog()


@pytest.mark.parametrize("again", ["move", "MOVE", "移动", "移動"])
def test_a_word_registered_twice_is_an_error_in_any_spelling(catalog: Catalog, again: str) -> None:
    catalog.command("move", "移动")(handle)
    with pytest.raises(RegisteredTwice):
        catalog.command("shift", again)(handle)


def test_a_verb_registered_twice_is_an_error(catalog: Catalog) -> None:
    catalog.action("move")(handle)
    with pytest.raises(RegisteredTwice):
        catalog.action("move")(handle)


def test_two_words_win_over_one(catalog: Catalog) -> None:
    catalog.command("card")(handle)
    catalog.command("card_lint", "card lint")(handle)
    found = catalog.parse("card lint price")
    assert found is not None
    assert (found[0].name, found[1]) == ("card_lint", "price")


def test_a_command_that_takes_nothing_is_not_the_opening_of_a_sentence(catalog: Catalog) -> None:
    catalog.command("today", takes=False)(handle)
    assert catalog.parse("today I can't") is None
    assert catalog.parse("/Today!") is not None


def test_a_command_is_found_by_each_of_its_words_and_listed_once(catalog: Catalog) -> None:
    catalog.command("deals", "list", "商机列表")(handle)
    assert catalog.find_command("商机列表") is catalog.find_command("LIST")
    assert [each.name for each in catalog.commands()] == ["deals"]


def test_its_texts_are_those_of_its_module(catalog: Catalog) -> None:
    catalog.command("try")(handle)
    found = catalog.find_command("try")
    assert found is not None
    assert found.help_key.endswith("test_catalog.help_try")
