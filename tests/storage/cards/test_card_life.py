"""A card's life in memory: its history, who is to look after it, what nobody uses any more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from kb.states import CardState
from storage.cards.cards import Keeper, get_content, restore_content
from storage.engine import Database
from storage.tables.cards import Card, LookUp
from storage.tables.people_and_deals import Member
from storage.unit_of_work import UnitOfWork
from tests.storage.cards.test_cards import card
from tests.storage.world import NOW, a_member, add_member

DAY = timedelta(days=1)


@pytest.fixture
def ann(database: Database) -> Member:
    return a_member(database)


@pytest.fixture
def memory(database: Database, ann: Member) -> Iterator[UnitOfWork]:
    """One transaction, begun once Ann is there: she is kept in one of her own."""
    assert ann.id
    with database.work() as memory:
        yield memory


def kept(memory: UnitOfWork, team_id: int, key: str = "price", **columns: Any) -> Card:
    made = card(team_id, key, "too dear", **columns)
    memory.cards.add([made])
    return made


def test_every_change_is_in_the_history_newest_first_with_who_when_and_what(
    memory: UnitOfWork, ann: Member
) -> None:
    made = kept(memory, ann.team_id)
    made.say, made.changed_at = "Wait?", NOW + DAY
    memory.cards.save_change(made, ["costly"], kind="edited", by=ann.id)
    newest, first = memory.cards.list_changes(ann.team_id, made.id)
    assert (first.kind, first.member_id, first.at) == ("made", None, NOW)
    assert (newest.kind, newest.member_id, newest.at) == ("edited", ann.id, NOW + DAY)
    assert (first.content["phrasings"], newest.content["phrasings"]) == (["too dear"], ["costly"])


def test_a_card_put_back_is_as_it_was_then(memory: UnitOfWork, ann: Member) -> None:
    made = kept(memory, ann.team_id, angles=["b"], proof_on=NOW.date(), internal=["say"])
    then = get_content(made)
    made.objection, made.angles, made.proof_on, made.state = "Other", [], None, CardState.RETIRED
    made.internal, made.owner_id = [], ann.id
    memory.cards.save_change(made, ["x"])
    assert get_content(made) != then
    memory.cards.save_change(made, restore_content(made, then), kind="reverted")
    assert get_content(made) == then


def test_news_are_the_cards_changed_since_a_version_in_whatever_state(
    memory: UnitOfWork, ann: Member
) -> None:
    old, new = kept(memory, ann.team_id), kept(memory, ann.team_id, "time")
    version = new.version
    assert memory.cards.list_changed_since(ann.team_id, version) == []
    old.state = CardState.RETIRED
    memory.cards.save_change(old, kind="retired")
    assert [each.id for each in memory.cards.list_changed_since(ann.team_id, version)] == [old.id]
    memory.cards.bump_version(new)
    assert {each.id for each in memory.cards.list_changed_since(ann.team_id, version)} == {
        old.id,
        new.id,
    }


def test_a_card_touched_has_no_new_history(memory: UnitOfWork, ann: Member) -> None:
    made = kept(memory, ann.team_id)
    memory.cards.bump_version(made)
    assert len(memory.cards.list_changes(ann.team_id, made.id)) == 1


def test_cards_are_counted_and_listed_by_state_and_category(
    memory: UnitOfWork, ann: Member
) -> None:
    first = kept(memory, ann.team_id, category="price")
    kept(memory, ann.team_id, "time", category="timing")
    draft = kept(memory, ann.team_id, "new", state="draft", made_by_id=ann.id)
    assert memory.cards.count_by_state(ann.team_id) == {"approved": 2, "draft": 1}
    assert memory.cards.list_categories(ann.team_id) == ["price", "timing"]
    assert memory.cards.list_ids(ann.team_id, CardState.APPROVED, "price") == [first.id]
    assert memory.cards.list_ids(ann.team_id, CardState.DRAFT) == [draft.id]
    chinese = kept(memory, ann.team_id, "new", state="draft", language="zh")
    assert memory.cards.list_ids(ann.team_id, CardState.DRAFT, first="en") == [draft.id, chinese.id]
    assert memory.cards.list_ids(ann.team_id, CardState.DRAFT, first="zh") == [chinese.id, draft.id]
    assert memory.cards.list_draft_ids_of(ann.team_id, ann.id) == [draft.id]
    assert memory.cards.list_draft_ids_of(ann.team_id, ann.id + 1) == []


def test_due_are_approved_cards_whose_review_has_come(memory: UnitOfWork, ann: Member) -> None:
    later = kept(memory, ann.team_id, "a", review_at=NOW)
    sooner = kept(memory, ann.team_id, "b", review_at=NOW - DAY)
    kept(memory, ann.team_id, "c", review_at=NOW + DAY)
    kept(memory, ann.team_id, "d", review_at=NOW - DAY, state="retired")
    kept(memory, ann.team_id, "e")
    assert memory.cards.list_ids_to_review(ann.team_id, NOW) == [sooner.id, later.id]


def test_an_owner_looks_after_their_own_and_a_manager_after_nobodys(
    memory: UnitOfWork, ann: Member
) -> None:
    bo = add_member(memory, memory.members.get_team(ann.team_id), "Bo")
    gone = add_member(memory, memory.members.get_team(ann.team_id), "Cy", removed_at=NOW)
    due = {
        key: kept(memory, ann.team_id, key, review_at=NOW, owner_id=owner).id
        for key, owner in (("ann", ann.id), ("bo", bo.id), ("cy", gone.id), ("none", None))
    }
    kept(memory, ann.team_id, "none", review_at=NOW, language="zh")
    own = memory.cards.list_ids_to_review(ann.team_id, NOW, Keeper(ann.id))
    present = frozenset({ann.id, bo.id})
    manages = Keeper(bo.id, keeps_unowned=True, present=present, language="en")
    assert own == [due["ann"]]
    assert memory.cards.list_ids_to_review(ann.team_id, NOW, manages) == [
        due["bo"],
        due["cy"],
        due["none"],
    ]


def look_up(memory: UnitOfWork, member: Member, **columns: Any) -> None:
    memory.lookups.add(LookUp(team_id=member.team_id, member_id=member.id, query="x", **columns))


def test_unused_is_what_was_neither_found_nor_changed_nor_verified_for_long(
    memory: UnitOfWork, ann: Member
) -> None:
    long_ago, since = NOW - 200 * DAY, NOW - 120 * DAY
    columns_of: dict[str, dict[str, Any]] = {
        "idle": {},
        "checked long ago": {"verified_at": long_ago},
        "checked": {"verified_at": NOW},
        "new": {"changed_at": NOW},
        "shown": {},
        "used": {},
        "shown long ago": {},
        "retired": {"state": "retired"},
    }
    cards = {
        key: kept(memory, ann.team_id, key, **{"changed_at": long_ago, **columns})
        for key, columns in columns_of.items()
    }
    kept(memory, ann.team_id, "shown", language="zh", changed_at=long_ago)
    look_up(memory, ann, top_card_id=cards["shown"].id, at=NOW)
    look_up(memory, ann, top_card_id=cards["idle"].id, used_card_id=cards["used"].id, at=NOW)
    look_up(memory, ann, top_card_id=cards["shown long ago"].id, at=since - DAY)
    unused = {cards[key].id for key in ("idle", "checked long ago", "shown long ago")}
    assert set(memory.cards.list_unused_ids(ann.team_id, since)) == unused
