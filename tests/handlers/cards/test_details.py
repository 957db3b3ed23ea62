"""A card's details: read in words, refused one by one."""

from __future__ import annotations

from tests.handlers.cards.own_card import added, card
from tests.office import Office, said


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
