"""Card forms: what is too long comes back as typed, and a card speaks its objection's language."""

from __future__ import annotations

from tests.handlers.cards.own_card import LINES, added, card
from tests.office import Office


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


async def test_chinese_words_make_a_chinese_card_whoever_writes_it(office: Office) -> None:
    made = await added(office, objection="你们的机房在火星上", say="机房在本地。")
    assert card(office, made, "language") == "zh"
