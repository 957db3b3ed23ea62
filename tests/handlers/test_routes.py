"""The routes: every kind of request reaches its handler, and a refusal undoes what it had begun."""

from __future__ import annotations

import pytest

from handlers.contract.reply import plain
from tests.office import Office, action, labels, said


async def test_a_word_a_button_and_a_form_reach_the_same_command(office: Office) -> None:
    await office.says("Ann", "lead Acme, Jane, 12k")
    deal = office.deal("Acme")
    assert "Acme" in said(await office.says("Ann", "deal acme"))
    assert "Acme" in said(await office.taps("Ann", f"open:{deal}"))
    assert "Noted" in said(await office.fills("Ann", f"note:{deal}", {"note": "all well"}))


async def test_a_button_may_stand_for_a_typed_line(office: Office) -> None:
    assert said(await office.taps("Ann", "say:deals")) == said(await office.says("Ann", "deals"))


@pytest.mark.parametrize("verb", ["nonsense", "", "say", "retype:1"])
async def test_a_forged_verb_is_answered_and_changes_nothing(office: Office, verb: str) -> None:
    assert said(await office.taps("Ann", verb))
    assert office.one("select count(*) from event") == 0


async def test_a_role_guards_words_and_buttons_alike(office: Office) -> None:
    ann = office.member("Ann")
    assert "Only an admin" in said(await office.says("Mia", "remove ann"))
    assert "Only an admin" in said(await office.taps("Mia", f"remove:{ann}:{office.member('Bo')}"))
    assert office.one("select removed_at from member where name = 'Ann'") is None


async def test_a_stranger_reaches_only_the_lobby(office: Office) -> None:
    assert labels(await office.says("Zoe", "deals")) == ["Make a team", "I have an invite"]
    assert "I am Repmate" in said(await office.says("Zoe", "/start"))


async def test_what_fits_as_one_types_depends_on_what_the_menu_asks_for(office: Office) -> None:
    await office.says("Ann", "lead Acme, Jane, 12k")
    deals = (
        await office.answer(office.request("Ann", kind="query", text="ac", action="deal"))
    ).reply
    cards = (await office.answer(office.request("Ann", kind="query", text="too expensive"))).reply
    assert [choice.id for choice in deals.choices] == [str(office.deal("Acme"))]
    assert any("expensive" in choice.title for choice in cards.choices)


async def test_a_customers_words_that_begin_like_a_command_are_looked_up(office: Office) -> None:
    await office.says("Ann", "lead Acme, Jane, 12k")
    found = await office.says("Ann", "call me next quarter")
    assert "Call us next quarter" in said(found)
    assert office.one("select count(*) from event where kind = 'called'") == 0
    # With a slash it is a command, and is told that there is no such deal.
    assert "no deal called" in said(await office.says("Ann", "/call me next quarter"))


async def test_a_form_is_asked_field_by_field_where_it_cannot_be_drawn(office: Office) -> None:
    asked = await office.says("Ann", "lead")
    assert asked.form is None
    assert "(1/6)" in said(asked)
    drawn = (await office.answer(office.request("Bo", text="lead", draws_forms=True))).reply
    assert drawn.form is not None


async def test_a_forwarded_message_is_offered_and_not_obeyed(office: Office) -> None:
    await office.says("Ann", "lead Acme, Jane, 12k")
    offered = await office.says("Ann", "acme lost", forwarded_from="Jane")
    assert office.one("select status from deal") == "live"
    assert plain(offered.text)
    keep = next(label for label in labels(offered) if "Acme" in label)
    await office.taps("Ann", action(offered, keep))
    assert office.one("select count(*) from event where note like '%acme lost%'") == 1
