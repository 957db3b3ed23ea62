"""A new team starts with everything the starter packs say, in both languages."""

from datetime import UTC, datetime

from handlers.team.create_team import make_starter_cards
from kb.objections.packs import load_pack


def test_a_new_team_gets_every_line_of_every_starter_card() -> None:
    kept = make_starter_cards(1, datetime(2025, 3, 3, tzinfo=UTC))
    facts = [*load_pack("starter_en"), *load_pack("starter_zh")]
    assert [
        (card.key, card.language, card.stages, card.industries, card.ask, card.say, card.angles)
        for card in kept
    ] == [
        (
            *(fact.key, fact.language, list(fact.stages), list(fact.industries)),
            *(fact.ask, fact.say, list(fact.angles)),
        )
        for fact in facts
    ]
    assert [[wording.text for wording in card.phrasings] for card in kept] == [
        list(fact.phrasings) for fact in facts
    ]
