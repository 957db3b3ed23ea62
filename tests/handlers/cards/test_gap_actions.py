"""What is done about a gap: ignored, reopened, answered by a reply."""

from __future__ import annotations

from tests.handlers.letters import sent
from tests.handlers.objections.look_ups import (
    asked,
)
from tests.office import Office, action, labels, said


async def test_ignored_it_stays_so_however_often_it_is_asked_until_it_is_taken_up_again(
    office: Office,
) -> None:
    await asked(office, "Ann")
    ignored = await office.taps("Mia", "gap-ignore:1")
    await asked(office, "Ann", "Bo")
    assert sent(office) == []
    assert "No gaps" in said(await office.says("Mia", "gaps"))
    await office.taps("Mia", action(ignored, "Take it up again"))
    assert "3× “qwrtzpsdfg xkcd”" in said(await office.says("Mia", "gaps"))


async def test_a_reply_to_the_message_is_the_line_and_needs_a_yes(office: Office) -> None:
    await asked(office, "Ann", "Bo")
    [letter] = sent(office)
    line = "offer them a trial"  # it begins like a command, and is none
    drafted = await office.says("Mia", line, reply_to=letter.ref)
    assert f"💬 {line}" in said(drafted)
    assert "Approve" in labels(drafted)
    await asked(office, "Ann")
    approved = await office.taps("Mia", action(drafted, "Approve"))
    assert "Told: Ann, who asked first." in said(approved)
    [told] = sent(office)
    assert told.to == "Ann"
    assert told.said.startswith("💡 Your “qwrtzpsdfg xkcd” has an answer now:")
    assert line in told.said
    assert line in said(await office.says("Bo", "obj qwrtzpsdfg xkcd"))


async def test_a_second_reply_says_that_it_is_filled_and_gives_the_line_back(
    office: Office,
) -> None:
    await asked(office, "Ann", "Bo")
    [letter] = sent(office)
    drafted = await office.says("Mia", "We can do that.", reply_to=letter.ref)
    await office.taps("Mia", action(drafted, "Approve"))
    again = said(await office.says("Mia", "No, like this.", reply_to=letter.ref))
    assert "has its card already" in again
    assert "You wrote: No, like this." in again


async def test_a_reply_too_long_for_a_phone_comes_back_in_the_form_with_what_was_typed(
    office: Office,
) -> None:
    await asked(office, "Ann", "Bo")
    [letter] = sent(office)
    line = "We can do that, and much more of it. " * 10
    request = office.request("Mia", text=line, reply_to=letter.ref, draws_forms=True)
    form = (await office.answer(request)).reply.form
    assert form is not None
    [say] = [field for field in form.fields if field.name == "say"]
    assert say.value == line.strip()
    assert "a phone shows 320" in form.errors["say"]


async def test_nobody_else_s_reply_to_it_is_taken_for_the_line(office: Office) -> None:
    await asked(office, "Ann", "Bo")
    [letter] = sent(office)
    await office.says("Ann", "We can do that.", reply_to=letter.ref)
    assert office.one("select count(*) from card where state = 'draft'") == 0
