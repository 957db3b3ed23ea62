"""Forms asked field by field: one question at a time, and nothing lost on the way."""

from __future__ import annotations

from typing import Any

import pytest

from bot.app import App
from handlers.contract.reply import Reply
from storage.engine import Database
from storage.tables.people_and_deals import Identity
from tests.office import Office, account, action, labels, said

LEAD = {
    "customer": "Acme",
    "person": "Jane Doe",
    "phone": "+49 30 901820",
    "email": "jane@acme.com",
    "amount": "12k",
    "source": "event",
}


def made(office: Office) -> list[Any]:
    """What a lead leaves behind, without its ids and times."""
    deals = "select c.name, d.amount, d.currency, d.source, d.status from deal d join customer c"
    return [
        office.rows(f"{deals} on c.id = d.customer_id"),
        office.rows("select name, phone, email from contact"),
        office.rows("select kind, note from event"),
    ]


def forms(office: Office) -> int:
    return int(office.one("select count(*) from draft where kind = 'form'"))


async def asked(office: Office, *lines: str, who: str = "Ann") -> Reply:
    """The answer to the last of these lines."""
    for line in lines[:-1]:
        await office.says(who, line)
    return await office.says(who, lines[-1])


async def test_answers_given_one_by_one_do_what_the_same_form_filled_whole_does(
    office: Office,
) -> None:
    await office.fills("Ann", "lead", LEAD)
    whole = made(office)
    await office.says("Ann", "undo")
    with office.app.database.work() as memory:
        [(customer, _name, _key)] = memory.customers.list_name_keys(1)
        found = memory.customers.get(1, customer)
        assert found is not None
        found.name = found.name_key = "gone"
        [contact] = memory.customers.list_contacts(1, customer)
        contact.phone = contact.email = ""
    await asked(office, "lead", *LEAD.values())
    assert [rows[-1] for rows in made(office)] == [rows[0] for rows in whole]
    assert forms(office) == 0


async def test_each_question_says_how_far_one_is_and_what_it_asks(office: Office) -> None:
    reply = await asked(office, "lead", "Acme", "Jane Doe")
    assert "(3/6) Phone" in said(reply)
    assert labels(reply) == ["Skip", "Cancel"]


async def test_a_restart_between_two_questions_loses_nothing(office: Office) -> None:
    await asked(office, "lead", "Acme", "Jane Doe")
    office.app.close()
    office.app = App(Database(f"sqlite:///{office.path}"), office.clock)
    reply = await asked(office, "skip", "jane@acme.com", "12k", "event")
    assert "Jane Doe" in said(reply)
    assert "jane@acme.com" in said(reply)


@pytest.mark.parametrize("word", ["cancel", "/cancel", "Stop", "取消", "算了"])
async def test_a_form_that_is_called_off_changes_nothing_and_gives_the_answers_back(
    office: Office, word: str
) -> None:
    reply = await asked(office, "lead", "Acme", "Jane Doe", word)
    assert "nothing was changed" in said(reply)
    assert "Acme, Jane Doe" in said(reply)
    assert labels(reply) == ["Continue"]
    assert forms(office) == office.one("select count(*) from deal") == 0


@pytest.mark.parametrize("word", ["skip", "/skip", "-", "跳过"])
async def test_what_need_not_be_answered_is_skipped_and_what_must_be_is_not(
    office: Office, word: str
) -> None:
    assert "(1/6)" in said(await asked(office, "lead", word))
    assert "(3/6)" in said(await asked(office, "Acme", word))


async def test_an_option_is_taken_by_its_button_its_label_or_its_value(office: Office) -> None:
    for name, way in (("Acme", "partner"), ("Birch", "Partner"), ("Cedar", "tap")):
        reply = await asked(office, "lead", name, "skip", "skip", "skip", "skip")
        if way == "tap":
            await office.taps("Ann", action(reply, "partner"))
        else:
            await office.says("Ann", way)
    assert office.rows("select source from deal") == [("partner",)] * 3


async def test_a_line_that_is_none_of_the_options_is_asked_again(office: Office) -> None:
    await asked(office, "lead", "Acme", "skip", "skip", "skip", "skip")
    reply = await office.says("Ann", "from my uncle")
    assert "choose one of these" in said(reply)
    assert "(6/6)" in said(reply)
    assert forms(office) == 1


async def test_a_button_of_a_question_that_was_answered_does_nothing_more(office: Office) -> None:
    first = await office.says("Ann", "lead")
    second = await asked(office, "Acme")
    assert "already answered" in said(await office.taps("Ann", action(first, "Cancel")))
    await office.taps("Ann", action(second, "Skip"))
    assert "already answered" in said(await office.taps("Ann", action(second, "Skip")))
    assert forms(office) == 1


async def test_a_wrong_answer_is_asked_again_at_its_field(office: Office) -> None:
    form = await office.says("Ann", "settings")
    await office.taps("Ann", action(form, "Change"))
    reply = await asked(office, "Atlantis/Nowhere")
    assert "(1/4)" in said(reply)
    assert "Atlantis/Nowhere" in said(reply)
    assert "(2/4)" in said(await asked(office, "Asia/Tokyo"))
    assert "(2/4)" in said(await asked(office, "all day long"))
    # What was found wrong on the way has changed nothing yet.
    assert office.one("select time_zone from member where name = 'Ann'") == "Europe/Berlin"
    kept = await asked(office, "9-18", "Mon Tue Wed Thu Fri", "8")
    assert "Asia/Tokyo" in said(kept)
    assert office.one("select time_zone from member where name = 'Ann'") == "Asia/Tokyo"


async def test_a_leads_wrong_phone_e_mail_and_amount_are_each_asked_again(office: Office) -> None:
    await asked(office, "lead", "Acme", "Jane Doe")
    for wrong, right, at in (
        ("ring me", "+49 30 901820", "(3/6)"),
        ("jane@", "jane@acme.com", "(4/6)"),
        ("plenty", "12k", "(5/6)"),
    ):
        assert at in said(await asked(office, wrong))
        await asked(office, right)
    assert office.rows("select id from customer") == []
    await asked(office, "event")
    assert office.rows("select phone, email from contact") == [("+4930901820", "jane@acme.com")]
    assert office.one("select amount from deal") == "12000"


async def test_trying_an_answer_leaves_nothing_behind(office: Office) -> None:
    await asked(office, "lead", "Acme", "Jane Doe", "skip", "skip", "12k")
    assert office.rows("select id from deal") == office.rows("select id from event") == []


async def test_a_form_left_for_half_an_hour_no_longer_takes_what_is_typed(office: Office) -> None:
    await asked(office, "lead", "Acme")
    office.wait(minutes=31)
    await office.says("Ann", "lead Beta, 5k")
    assert office.rows("select name from customer") == [("Beta",)]


async def test_a_new_form_takes_the_place_of_the_one_before(office: Office) -> None:
    await asked(office, "lead", "Acme")
    form = await office.says("Ann", "/settings")
    assert "(1/4)" in said(await office.taps("Ann", action(form, "Change")))
    assert forms(office) == 1


async def test_a_form_that_was_left_goes_on_where_it_stood(office: Office) -> None:
    reply = await asked(office, "lead", "Acme", "Jane Doe", "deals")
    assert "waits with what you answered: Acme, Jane Doe" in said(reply)
    assert "(3/6)" in said(await office.taps("Ann", action(reply, "Continue")))
    await asked(office, "skip", "skip", "12k", "event")
    assert office.rows("select name from customer") == [("Acme",)]
    assert "No form" in said(await office.says("Ann", "continue"))


async def test_of_several_forms_left_the_last_goes_on_first(office: Office) -> None:
    await asked(office, "lead", "Acme", "/lead", "Birch", "cancel")
    assert "(2/6)" in said(await office.says("Ann", "continue"))
    for _each in range(5):
        await office.says("Ann", "skip")
    assert office.rows("select name from customer") == [("Birch",)]
    await asked(office, "continue", *["skip"] * 5)
    assert office.rows("select name from customer") == [("Birch",), ("Acme",)]


async def test_a_form_gone_stale_goes_on_for_a_day_and_no_longer(office: Office) -> None:
    await asked(office, "lead", "Acme")
    office.wait(hours=23)
    assert "(2/6)" in said(await office.says("Ann", "continue"))
    office.wait(hours=25)
    assert "No form" in said(await office.says("Ann", "continue"))


async def test_nobody_goes_on_with_somebody_elses_form(office: Office) -> None:
    await asked(office, "lead", "Acme", "deals")
    assert "No form" in said(await office.says("Bo", "continue"))


async def test_a_strangers_form_is_left_and_gone_on_with_too(office: Office) -> None:
    start = await office.says("Zoe", "/start")
    await office.taps("Zoe", action(start, "Make a team"))
    await asked(office, "Zoe & Co", "hello", who="Zoe")
    assert "(2/5)" in said(await office.says("Zoe", "continue"))


async def test_nobody_else_can_press_a_questions_buttons(office: Office) -> None:
    form = await office.says("Ann", "lead")
    assert "already answered" in said(await office.taps("Bo", action(form, "Cancel")))
    assert "already answered" in said(await office.taps("Zoe", action(form, "Cancel")))
    assert forms(office) == 1


async def test_a_form_is_not_asked_of_an_account_that_has_become_somebody_elses(
    office: Office,
) -> None:
    await office.says("Ann", "lead Acme, Jane Doe, +49 30 901820")
    form = await office.taps("Ann", "edit:1:source")
    with office.app.database.work() as memory:
        bo, ann = office.member("Bo"), account("Ann")
        moved = Identity(
            team_id=1,
            member_id=bo,
            platform=ann.platform,
            account_id=ann.id,
            last_active_at=office.clock.now(),
        )
        memory.members.save_identity(moved)
    assert "Acme" not in said(await office.says("Ann", "no source at all"))
    assert "already answered" in said(await office.taps("Ann", action(form, "Cancel")))


async def test_a_platform_that_draws_forms_gets_them_whole(office: Office) -> None:
    reply = (await office.answer(office.request("Ann", text="lead", draws_forms=True))).reply
    assert reply.form is not None
    assert [field.name for field in reply.form.fields] == list(LEAD)
    assert forms(office) == 0


async def test_an_answer_is_cut_at_its_fields_limit(office: Office) -> None:
    await asked(office, "lead", "A" * 5000, "skip", "skip", "skip", "skip", "skip")
    assert len(office.one("select name from customer")) == 200


async def test_a_stranger_makes_a_team_in_five_answers(office: Office) -> None:
    start = await office.says("Zoe", "/start")
    form = await office.taps("Zoe", action(start, "Make a team"))
    assert "(1/5)" in said(form)
    answers = ("Zoe & Co", "English", "Europe/London", "GBP", "Flywheel")
    reply = await asked(office, *answers, who="Zoe")
    assert "Zoe & Co" in said(reply)
    found = office.rows("select name, time_zone, currency, language, funnel from team where id > 2")
    assert found == [("Zoe & Co", "Europe/London", "GBP", "en", "flywheel")]
