"""Cards as they are written: forms, details, a message made a card, ways to say it."""

from __future__ import annotations

from tests.handlers.cards.test_state import LINES, added, card, finds
from tests.handlers.letters import sent
from tests.office import Office, action, labels, said


async def test_a_card_too_long_for_a_phone_comes_back_with_all_that_was_typed(
    office: Office,
) -> None:
    long = "word " * 80
    asked = office.request(
        "Mia", kind="form", action="card-add", values=LINES | {"say": long}, draws_forms=True
    )
    form = (await office.answer(asked)).reply.form
    assert form is not None
    assert {field.name: field.value for field in form.fields}["say"] == long.strip()
    assert form.errors == {"say": "399 characters; a phone shows 320 at a look."}


async def test_details_are_read_in_words(office: Office) -> None:
    made = await added(office)
    values = {
        "category": "Price", "owner": "bo", "review": "30 days", "angles": "One. | Two.",
        "internal": "proof, say", "proof_on": "2026/3/1", "stages": "demo, negotiation",
        "industries": "Retail",
    }  # fmt: skip
    assert "owner: Bo" in said(await office.fills("Mia", f"card-details:{made}", values))
    row = "category, review_days, angles, internal, proof_on, stages, industries"
    [kept] = office.rows(f"select {row} from card where id = ?", made)  # noqa: S608 a test's own columns
    assert kept[:2] == ("price", 30)
    assert kept[2:5] == ('["One.", "Two."]', '["proof", "say"]', "2026-03-01")
    assert kept[5:] == ('["demo", "negotiation"]', '["retail"]')
    assert card(office, made, "review_at").startswith("2026-12-18")


async def test_details_nobody_can_read_are_said_so_one_by_one(office: Office) -> None:
    made = await added(office)
    values = {
        "category": "Price", "owner": "Zaphod", "review": "often", "internal": "everything",
        "proof_on": "2031-01-01", "stages": "the moon", "angles": "x" * 400, "industries": "",
    }  # fmt: skip
    asked = office.request(
        "Mia", kind="form", action=f"card-details:{made}", values=values, draws_forms=True
    )
    form = (await office.answer(asked)).reply.form
    assert form is not None
    wrong = {"owner", "review", "internal", "proof_on", "stages", "angles"}
    assert set(form.errors) == wrong
    typed = {field.name: field.value for field in form.fields}
    assert {name: typed[name] for name in values} == values
    assert card(office, made, "category") == "own"


async def test_a_message_of_a_customer_is_made_a_card_by_a_reply_to_it(office: Office) -> None:
    mail = "We looked at it again.\nFrankly we only buy keyboards that ship in qwrtz, " * 3
    asked = office.request("Ann", text="card", replied_text=mail, draws_forms=True)
    form = (await office.answer(asked)).reply.form
    assert form is not None
    assert [field.name for field in form.fields] == ["say"]
    reply = await office.fills("Ann", form.action, {"say": "Ours ships in every layout."})
    assert "📝 Proposed." in said(reply)
    made = office.one("select max(id) from card")
    assert card(office, made, "objection").startswith("We looked at it again. Frankly we only")
    assert card(office, made, "objection").endswith("…")
    assert card(office, made, "state") == "draft"
    [letter] = sent(office)
    assert letter.to == "Mia"
    assert letter.said.startswith("📝 Ann proposes a card:")


async def test_chinese_words_make_a_chinese_card_whoever_writes_it(office: Office) -> None:
    made = await added(office, objection="你们的机房在火星上", say="机房在本地。")
    assert card(office, made, "language") == "zh"


async def test_learned_wordings_are_listed_and_can_be_dropped_for_good(office: Office) -> None:
    made = await added(office)
    reply = await finds(office, "qwrtz keyboards for all")
    await office.taps("Bo", action(reply, "It landed"))
    listed = await office.says("Mia", "card phrasings qwrtz keyboards")
    assert "• qwrtz keyboards for all (learned, 1 use)" in said(listed)
    dropped = await office.taps("Mia", action(listed, "✕ qwrtz keyboards for all"))
    assert "learned" not in said(dropped)
    await office.taps("Bo", action(await finds(office, "qwrtz keyboards for all"), "It landed"))
    assert "learned" not in said(await office.taps("Mia", f"card-phrasings:{made}"))


async def test_what_a_rep_looked_up_in_vain_can_be_proposed_at_once(office: Office) -> None:
    reply = await office.says("Ann", "obj qwrtzpsdfg xkcd")
    assert labels(reply) == ["Propose a card"]
    propose = action(reply, "Propose a card")
    form = (
        await office.answer(office.request("Ann", kind="button", action=propose, draws_forms=True))
    ).reply.form
    assert form is not None
    assert form.fields[0].value == "qwrtzpsdfg xkcd"
    await office.fills("Ann", form.action, {"objection": "qwrtzpsdfg xkcd", "say": "Yes."})
    await office.says("Bo", "obj qwrtzpsdfg xkcd")
    [letter] = sent(office)  # the proposal, and not the gap as well
    approved = await office.taps("Mia", action(letter.reply, "Approve"))
    assert "in use" in said(approved)
    assert office.one("select state from gap") == "filled"


async def test_a_rep_s_line_that_begins_with_card_is_a_customer_s_words(office: Office) -> None:
    reply = await office.says("Ann", "card payments: it's too expensive")
    assert "It landed" in labels(reply)


async def test_of_a_message_of_ours_the_customer_s_words_are_taken(office: Office) -> None:
    shown = said(await office.says("Ann", "obj qwrtzpsdfg xkcd"))
    asked = office.request("Ann", text="card", reply_to="any", replied_text=shown, draws_forms=True)
    reply = (await office.answer(asked)).reply
    assert said(reply) == "A card for “qwrtzpsdfg xkcd”."


async def test_an_empty_list_says_what_there_is_none_of(office: Office) -> None:
    assert said(await office.says("Mia", "card due")) == "✓ No card needs a look."
    assert said(await office.says("Mia", "card drafts")) == "No draft waits."
    assert said(await office.says("Mia", "card restore")) == "No card is retired."
    nonsense = said(await office.says("Mia", "card list nonsense"))
    assert nonsense.startswith("There is no card like that. Categories: authority, budget")
