"""Proposals: a rep's draft goes to those who decide, and only while it waits."""

from __future__ import annotations

from tests.handlers.cards.own_card import added, card
from tests.handlers.letters import sent
from tests.office import Office, action, labels, said


async def test_a_proposal_decided_on_before_it_is_sent_is_not_sent(office: Office) -> None:
    office.wait(hours=12)
    made = await added(office, "Ann")
    await office.taps("Kim", f"card-approve:{made}")
    office.wait(hours=12)
    assert [each.to for each in sent(office)] == ["Ann"]


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
