"""A card's review: who is reminded of it, and who may say that the card is still right."""

from __future__ import annotations

from tests.handlers.cards.own_card import added, card, finds, morning
from tests.office import Office, action, labels, said


async def test_a_card_past_its_review_says_so_to_all_and_offers_the_tap_to_those_who_may(
    office: Office,
) -> None:
    made = await added(office)
    assert "⏳" not in said(await finds(office))
    office.wait(days=90)
    assert "⏳ Last checked Wed 18 Nov 2026" in said(await finds(office))
    assert "Still right" not in labels(await finds(office))
    reply = await finds(office, who="Mia")
    assert len(labels(reply)) <= 5
    verified = await office.taps("Mia", action(reply, "Still right"))
    assert "Next look in 90 days" in said(verified)
    assert "⏳" not in said(await finds(office))
    assert card(office, made, "review_at").startswith("2027-05-17")


async def test_an_owner_is_reminded_in_the_morning_though_nothing_else_is_to_be_said(
    office: Office,
) -> None:
    made = await added(office)
    await office.taps("Mia", f"card-owner:{made}:{office.member('Bo')}")
    office.wait(days=89)
    assert await morning(office, "Bo") == []
    office.wait(days=1)
    [digest] = await morning(office, "Bo")
    assert digest.startswith("Good morning, Bo")
    assert "⏳ 1 card of yours needs a look." in digest
    assert await morning(office, "Ann") == []
    shown = await office.taps("Bo", "card-review")
    assert "We only buy qwrtz keyboards" in said(shown)
    assert labels(shown) == ["Still right", "Edit"]


async def test_what_nobody_owns_is_shown_to_managers_in_their_own_language_and_next_in_turn(
    office: Office,
) -> None:
    await office.taps("Mia", "language:zh")
    office.wait(days=90)
    count = office.one(
        "select count(*) from card where team_id = 1 and language = 'zh' and state = 'approved'"
    )
    [digest] = await morning(office, "Mia")
    assert f"有 {count} 张异议卡等您复核" in digest
    first = await office.taps("Mia", "card-review")
    await office.taps("Mia", action(first, "仍然正确"))
    following = await office.taps("Mia", "card-review")
    assert f"还剩 {count - 1} 张" in said(following)
    assert said(following) != said(first)


async def test_the_owner_who_left_owns_nothing(office: Office) -> None:
    made = await added(office)
    await office.taps("Mia", f"card-owner:{made}:{office.member('Bo')}")
    await office.taps("Kim", f"remove:{office.member('Bo')}:{office.member('Ann')}")
    assert "owner" not in said(await office.says("Mia", "card show qwrtz keyboards"))
    office.wait(days=90)
    with office.app.database.work() as memory:
        for other in memory.cards.list_all(1):
            other.review_at = None if other.id != made else other.review_at
    [digest] = await morning(office, "Mia")
    assert "⏳ 1 card of yours needs a look." in digest
