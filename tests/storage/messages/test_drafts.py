"""Drafts: what somebody began belongs to the account it was begun from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from storage.engine import Database
from storage.tables.messages import Draft
from tests.storage.world import HOUR, NOW, a_member

ZOE = ("telegram", "777")
OTHERS = [("telegram", "778"), ("slack", "777"), ("telegram", "77"), ("telegram", "")]


def keep(
    database: Database, kind: str = "form", at: datetime = NOW, account: tuple[str, str] = ZOE
) -> Draft:
    with database.work() as memory:
        return memory.drafts.save(*account, kind, {"asked": ["name"], "n": 1}, at)


def there(database: Database, draft: Draft) -> Draft | None:
    with database.work() as memory:
        return memory.drafts.get(draft.platform, draft.account_id, draft.id)


def test_a_draft_is_found_by_its_account(database: Database) -> None:
    found = there(database, keep(database))
    assert found is not None
    assert (found.kind, found.data, found.created_at) == ("form", {"asked": ["name"], "n": 1}, NOW)


@pytest.mark.parametrize("account", OTHERS)
def test_nobody_else_finds_a_draft(database: Database, account: tuple[str, str]) -> None:
    draft = keep(database)
    with database.work() as memory:
        assert memory.drafts.get(*account, draft.id) is None
        assert memory.drafts.find_latest(*account, "form") is None
        assert memory.drafts.count(*account, "form", NOW - HOUR) == 0
        memory.drafts.drop_all(*account, "form")
    assert there(database, draft) is not None


def test_a_member_s_draft_says_whose_it_is(database: Database) -> None:
    member = a_member(database)
    with database.work() as memory:
        draft = memory.drafts.save(*ZOE, "lead", {}, NOW, member.team_id, member.id)
    found = there(database, draft)
    assert found is not None
    assert (found.team_id, found.member_id) == (member.team_id, member.id)


def test_the_newest_form_is_the_one_being_asked(database: Database) -> None:
    keep(database)
    newest = keep(database)
    keep(database, "choice")
    with database.work() as memory:
        asked = memory.drafts.find_latest(*ZOE, "form")
    assert asked is not None
    assert asked.id == newest.id


def test_what_a_draft_holds_can_be_replaced(database: Database) -> None:
    draft = keep(database)
    held: dict[str, Any] = {"answers": {"name": "Acme", "stages": ["lead", None]}}
    with database.work() as memory:
        mine = memory.drafts.get(*ZOE, draft.id)
        assert mine is not None
        memory.drafts.change(mine, held)
    found = there(database, draft)
    assert found is not None
    assert found.data == held


def test_a_draft_can_be_dropped(database: Database) -> None:
    draft, other = keep(database), keep(database)
    with database.work() as memory:
        mine = memory.drafts.get(*ZOE, draft.id)
        assert mine is not None
        memory.drafts.drop(mine)
    assert (there(database, draft), there(database, other) is not None) == (None, True)


def test_dropping_forms_leaves_choices(database: Database) -> None:
    form, choice = keep(database), keep(database, "choice")
    with database.work() as memory:
        memory.drafts.drop_all(*ZOE, "form")
    assert (there(database, form), there(database, choice) is not None) == (None, True)


def test_what_a_member_began_is_forgotten_and_nothing_else(database: Database) -> None:
    ann, bo = a_member(database), a_member(database)
    with database.work() as memory:
        drafts = [
            memory.drafts.save(*ZOE, "form", {}, NOW, one.team_id, one.id) for one in (ann, bo)
        ]
        drafts.append(memory.drafts.save(*ZOE, "form", {}, NOW))
        memory.drafts.forget_member(ann.team_id, ann.id)
        memory.drafts.forget_member(ann.team_id, bo.id)
    assert [there(database, draft) is not None for draft in drafts] == [False, True, True]


def test_only_what_came_after_is_counted(database: Database) -> None:
    for minutes in (0, 1, 2):
        keep(database, "try", NOW + HOUR * minutes)
    keep(database, "form", NOW + HOUR)
    keep(database, "try", NOW + HOUR, ("telegram", "778"))
    with database.work() as memory:
        assert memory.drafts.count(*ZOE, "try", NOW) == 2


def test_old_drafts_are_forgotten_and_young_ones_stay(database: Database) -> None:
    old, young = keep(database, at=NOW), keep(database, at=NOW + HOUR)
    with database.work() as memory:
        memory.drafts.forget_before(NOW + HOUR)
    assert (there(database, old), there(database, young) is not None) == (None, True)
