"""A card's life: who may do what to it, who is reminded, and that nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.contract.reply import Reply
from tests.handlers.letters import sent, to
from tests.office import Office, action, labels, said

LINES = {"objection": "We only buy qwrtz keyboards", "say": "Ours ships in every layout."}


async def added(office: Office, who: str = "Mia", **lines: str) -> int:
    """A new card; a rep's is a draft."""
    await office.fills(who, "card-add", LINES | lines)
    return int(office.one("select max(id) from card"))


def card(office: Office, card_id: int, column: str) -> Any:
    return office.one(f"select {column} from card where id = ?", card_id)  # noqa: S608 a test's own column


async def finds(office: Office, text: str = "qwrtz keyboards", who: str = "Bo") -> Reply:
    return await office.says(who, f"obj {text}")


async def test_a_draft_is_found_by_no_look_up_of_any_kind(office: Office) -> None:
    await added(office, "Ann")
    assert "Ours ships" not in said(await finds(office))
    typed = office.request("Bo", kind="query", text="qwrtz keyboards")
    assert all("qwrtz" not in each.title for each in (await office.answer(typed)).reply.choices)
    assert all("qwrtz" not in label for label in labels(await office.says("Bo", "obj")))
    assert "no such card" in said(await office.says("Bo", "card show qwrtz keyboards"))
    assert "Ours ships" in said(await office.says("Ann", "card show qwrtz keyboards"))


@pytest.mark.parametrize(
    "verb",
    ["approve", "drop", "retire", "restore", "history", "details", "owner", "phrasings", "say"],
)
async def test_what_a_manager_decides_a_rep_cannot(office: Office, verb: str) -> None:
    made = await added(office, "Ann")
    before = office.rows("select * from card")
    assert "Only a manager" in said(await office.taps("Ann", f"card-{verb}:{made}"))
    assert office.rows("select * from card") == before


async def test_its_owner_may_change_a_card_and_find_it_right_and_no_other_rep(
    office: Office,
) -> None:
    made = await added(office)
    await office.taps("Mia", f"card-owner:{made}:{office.member('Bo')}")
    refused = await office.fills("Ann", f"card-edit:{made}", LINES | {"say": "No."})
    assert "Only a manager" in said(refused)
    assert "Only a manager" in said(await office.taps("Ann", f"card-verify:{made}"))
    await office.fills("Bo", f"card-edit:{made}", LINES | {"say": "In forty layouts."})
    assert card(office, made, "say") == "In forty layouts."
    office.wait(days=5)
    assert "Still right" in said(await office.taps("Bo", f"card-verify:{made}"))
    assert card(office, made, "verified_at").startswith("2026-11-23")


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


async def morning(office: Office, who: str) -> list[str]:
    """What somebody's digest says the next time it comes."""
    with office.app.database.work() as memory:
        member = memory.members.get(1, office.member(who))
        assert member is not None
        member.digest_due_at = office.clock.now()
    return [each.said for each in to(office, who) if each.kind == "digest"]


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
        for other in memory.cards.all(1):
            other.review_at = None if other.id != made else other.review_at
    [digest] = await morning(office, "Mia")
    assert "⏳ 1 card of yours needs a look." in digest


async def test_what_nobody_used_is_proposed_for_retirement_on_a_monday(office: Office) -> None:
    await added(office)
    office.wait(days=103)  # a Monday, 1 March
    assert all("🗂" not in each for each in await morning(office, "Mia"))
    await finds(office)
    office.wait(days=21)
    [digest] = await morning(office, "Mia")
    assert "🗂 Nobody used" in digest
    reply = await office.says("Mia", "cards unused")
    assert "We only buy qwrtz" not in said(reply)
    first = labels(reply)[0]
    gone = await office.taps("Mia", action(reply, first))
    assert f"✓ Retired: {first.removeprefix('✕ ').removesuffix('…')}" in said(gone)
    assert first not in labels(gone)
    assert len(labels(gone)) == 5
    await office.taps("Mia", action(gone, "Bring back"))
    assert office.one("select count(*) from card where state = 'retired'") == 0


async def test_every_version_of_a_card_can_be_brought_back_its_phrasings_too(
    office: Office,
) -> None:
    made = await added(office, phrasings="qwrtz only; no qwrtz no deal")
    await office.fills("Mia", f"card-say:{made}", {"phrasings": "azerty"})
    await office.taps("Mia", f"card-retire:{made}")
    history = await office.says("Mia", "card history qwrtz keyboards")
    assert "3. today" in said(history)
    assert "edited (ways to say it)" in said(history)
    back = await office.taps("Mia", action(history, "↺ Bring back 1"))
    assert "in use" in said(back)
    texts = [row[0] for row in office.rows("select text from phrasing where card_id = ?", made)]
    assert texts == ["qwrtz only", "no qwrtz no deal"]
    kinds = office.rows("select kind from card_change where card_id = ? order by id", made)
    assert [kind for (kind,) in kinds] == ["made", "edited", "retired", "reverted"]


async def test_a_proposal_decided_on_before_it_is_sent_is_not_sent(office: Office) -> None:
    office.wait(hours=12)
    made = await added(office, "Ann")
    await office.taps("Kim", f"card-approve:{made}")
    office.wait(hours=12)
    assert [each.to for each in sent(office)] == ["Ann"]


async def test_a_draft_is_decided_on_once(office: Office) -> None:
    made = await added(office, "Ann")
    await office.taps("Mia", f"card-approve:{made}")
    assert "no draft any more" in said(await office.taps("Kim", f"card-drop:{made}"))
    assert card(office, made, "state") == "approved"


async def test_a_team_that_looks_nothing_up_is_not_told_to_retire_everything(
    office: Office,
) -> None:
    office.wait(days=124)  # a Monday
    assert all("🗂" not in each for each in await morning(office, "Mia"))
