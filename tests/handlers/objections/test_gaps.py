"""A gap's life: counted, raised to whoever can fill it, replied to, filled, its asker told."""

from __future__ import annotations

from handlers.cards.gap_notices import NOTICES_A_DAY
from storage.tables.cards import GapState
from tests.handlers.letters import sent, to
from tests.office import Office, action, labels, said

NOBODY_KNOWS = ("qwrtzpsdfg xkcd", "plumbus fleeb", "zzyzx borf", "flurbo snarg", "wibble wobble")


async def asked(office: Office, *people: str, text: str = NOBODY_KNOWS[0]) -> None:
    for who in people:
        assert "I have nothing on" in said(await office.says(who, f"obj {text}"))


async def test_asked_once_it_waits_a_day_asked_twice_it_is_told_at_once(office: Office) -> None:
    await asked(office, "Ann")
    assert sent(office) == []
    await asked(office, "Bo")
    [letter] = sent(office)
    assert (letter.to, letter.kind) == ("Mia", "gap")
    assert letter.said.startswith("2 people asked: “qwrtzpsdfg xkcd”. Nothing fits.")
    assert labels(letter.reply) == ["Write it", "Add to a card", "Ignore"]
    await asked(office, "Bo")
    assert sent(office) == []
    await asked(office, "Ann", text=NOBODY_KNOWS[1])
    office.wait(hours=23)
    assert sent(office) == []
    office.wait(hours=1)
    assert [each.to for each in sent(office)] == ["Mia"]


async def test_one_person_who_asks_twice_is_said_to_have_done_so(office: Office) -> None:
    await asked(office, "Ann", "Ann")
    [letter] = sent(office)
    assert letter.said.startswith("Asked 2 times: “qwrtzpsdfg xkcd”. Nothing fits.")


async def test_a_few_a_day_are_told_the_rest_wait_in_the_list(office: Office) -> None:
    for text in NOBODY_KNOWS:
        await asked(office, "Ann", "Bo", text=text)
    assert len(to(office, "Mia")) == NOTICES_A_DAY
    office.wait(days=1)
    assert sent(office) == []
    reply = await office.says("Mia", "gaps")
    assert "5 gaps, most asked first:" in said(reply)
    assert len(labels(reply)) == 5
    assert labels(reply)[-1] == "More"
    following = await office.taps("Mia", action(reply, "More"))
    assert len(labels(following)) == 2
    assert following.edit


async def test_it_is_told_in_working_hours_only(office: Office) -> None:
    office.wait(hours=12)
    await asked(office, "Ann", "Bo")
    assert sent(office) == []
    office.wait(hours=11)
    assert [each.to for each in sent(office)] == ["Mia"]


async def test_what_was_filled_or_ignored_meanwhile_is_not_told(office: Office) -> None:
    office.wait(hours=12)
    await asked(office, "Ann", "Bo")
    assert sent(office) == []
    await office.taps("Mia", "gap-ignore:1")
    office.wait(hours=12)
    assert sent(office) == []


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


async def test_a_look_up_counts_once_whatever_becomes_of_it(office: Office) -> None:
    await asked(office, "Ann")
    await office.taps("Ann", "obj-none:1")
    await office.taps("Ann", "obj-none:1")
    assert office.one("select count from gap") == 1


async def test_a_line_that_did_not_land_goes_to_the_owner_of_its_card(office: Office) -> None:
    price = office.one(
        "select id from card where key = 'price-too-expensive' and language = 'en' and team_id = 1"
    )
    await office.taps("Mia", f"card-owner:{price}:{office.member('Bo')}")
    for who in ("Ann", "Ann"):
        reply = await office.says(who, "obj it's too expensive")
        await office.taps(who, action(reply, "It didn't"))
    [letter] = sent(office)
    assert letter.to == "Bo"
    assert "It's too expensive did not land 2 times" in letter.said
    assert labels(letter.reply) == ["Edit the card", "Write it", "Ignore"]
    form = (await office.taps("Bo", action(letter.reply, "Edit the card"))).text
    assert form
    values = {"objection": "It's too expensive", "say": "Compared with what?"}
    edited = await office.fills("Bo", f"card-edit:{price}", values)
    assert "Told: Ann, who asked first." in said(edited)
    assert office.one("select state from gap") == "filled"


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


async def test_dropped_the_draft_leaves_the_gap_open(office: Office) -> None:
    await asked(office, "Ann", "Bo")
    [letter] = sent(office)
    drafted = await office.says("Mia", "We can do that.", reply_to=letter.ref)
    assert "📝" in said(await office.says("Mia", "gaps"))
    await office.taps("Mia", action(drafted, "Drop"))
    assert "📝" not in said(await office.says("Mia", "gaps"))
    assert "2× “qwrtzpsdfg xkcd”" in said(await office.says("Mia", "gaps"))


async def test_added_to_a_card_its_wordings_go_there_but_no_customer_s_name(
    office: Office,
) -> None:
    await office.says("Ann", "lead Acme, 12k")
    await asked(office, "Ann", text="acme qwrtzpsdfg xkcd")
    await asked(office, "Bo", text="xkcd, qwrtzpsdfg?")
    price = office.one("select min(id) from card where team_id = 1 and language = 'en'")
    await office.taps("Mia", f"gap-add:1:{price}")
    added = {row[0] for row in office.rows("select text from phrasing where card_id = ?", price)}
    assert {text for text in added if "xkcd" in text} == {"qwrtzpsdfg xkcd", "xkcd, qwrtzpsdfg?"}
    assert office.one("select state from gap") == "filled"


async def test_filled_and_asked_again_in_other_words_that_find_nothing_it_is_a_new_gap(
    office: Office,
) -> None:
    await asked(office, "Ann")
    with office.app.database.work() as memory:
        gap = memory.gaps.get(1, 1)
        assert gap is not None
        gap.state, gap.filled_at = GapState.FILLED, office.clock.now()
        memory.gaps.changed(gap)
    await asked(office, "Ann")
    assert office.one("select count(*) from gap") == 2


async def test_the_median_is_that_of_the_gaps_filled(office: Office) -> None:
    for hours, text in ((1, NOBODY_KNOWS[0]), (2, NOBODY_KNOWS[1]), (70, NOBODY_KNOWS[2])):
        await asked(office, "Ann", text=text)
        gap = office.one("select max(id) from gap")
        office.wait(hours=hours)
        values = {"objection": text, "say": "We can do that."}
        assert "Card added" in said(await office.fills("Mia", f"gap-write:{gap}", values))
    assert "Median time to fill: 2 hours (3 filled)." in said(await office.says("Mia", "gaps"))


async def test_the_members_of_another_team_are_told_nothing(office: Office) -> None:
    await asked(office, "Ann", "Bo")
    assert {each.to for each in sent(office)} == {"Mia"}
    assert "No gaps" in said(await office.says("Eve", "gaps"))
