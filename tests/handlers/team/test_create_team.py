"""A new team has an admin, and everything the starter packs say in both languages."""

from datetime import UTC, datetime

from handlers.team.create_team import TeamFacts, create_team
from kb.objections.packs import load_pack
from storage.cards.cards import get_content
from tests.office import Office

FACTS = TeamFacts("Red Lantern", "zh", "Asia/Shanghai", "CNY", "CN", "crm6")
FRIDAY_EVENING = datetime(2026, 11, 20, 12, tzinfo=UTC)  # in Shanghai


def test_its_founder_is_its_admin_and_works_in_its_language_and_zone(office: Office) -> None:
    with office.app.database.work() as memory:
        founder = create_team(memory, FACTS, "Zoe", FRIDAY_EVENING)
        assert founder.digest_due_at == datetime(2026, 11, 23, 0, tzinfo=UTC)  # Monday, 8:00
    assert office.rows(
        "select t.name, t.funnel, m.role, m.language, m.time_zone, m.country, m.manager_id"
        " from member m join team t on t.id = m.team_id where m.name = 'Zoe'"
    ) == [("Red Lantern", "crm6", "admin", "zh", "Asia/Shanghai", "CN", None)]
    assert office.one("select kind from audit where team_id = 3") == "team made"
    cards = len(load_pack("starter_en")) + len(load_pack("starter_zh"))
    assert office.one("select count(*) from card where team_id = 3") == cards


def test_a_new_team_gets_every_line_of_every_starter_card(office: Office) -> None:
    with office.app.database.work() as memory:
        team_id = create_team(memory, FACTS, "Zoe", FRIDAY_EVENING).team_id
    facts = [*load_pack("starter_en"), *load_pack("starter_zh")]
    with office.app.database.work() as memory:
        cards = memory.cards.list_all(team_id)
        assert [
            (card.key, card.language, card.stages, card.industries, card.ask, card.say, card.angles)
            for card in cards
        ] == [
            (
                *(fact.key, fact.language, list(fact.stages), list(fact.industries)),
                *(fact.ask, fact.say, list(fact.angles)),
            )
            for fact in facts
        ]
        assert [[wording.text for wording in card.phrasings] for card in cards] == [
            list(fact.phrasings) for fact in facts
        ]


def test_a_starter_card_can_be_brought_back_as_it_was_made(office: Office) -> None:
    with office.app.database.work() as memory:
        team_id = create_team(memory, FACTS, "Zoe", FRIDAY_EVENING).team_id
    with office.app.database.work() as memory:
        for card in memory.cards.list_all(team_id)[:5]:
            [change] = memory.cards.list_changes(team_id, card.id)
            assert (change.kind, change.member_id) == ("made", None)
            assert change.content == get_content(card)
