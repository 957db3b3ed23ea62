"""People of a workspace who change: guests, deactivated, back again; and removed members."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.bot.slack.serving import Served
from tests.fakes.slackapi import User

MEMBERS_ONLY = "Repmate answers full members"


@pytest.fixture
def kim(served: Served) -> User:
    """The admin."""
    kim = served.api.user("Kim")
    served.member(kim)
    return kim


@pytest.fixture
async def bo(served: Served, kim: User) -> User:
    """A full member who came in with their first word, has a deal and has looked at their Home."""
    bo = served.api.user("Bo")
    bo.says("lead Northwind, 12k")
    await served.answered(1)
    bo.opens_home()
    await served.answered(2)
    assert "Northwind" in shown_at_home(bo)
    return bo


def shown_at_home(user: User) -> str:
    assert user.home is not None
    return json.dumps(user.home.raw)


def standing(served: Served, user: User) -> tuple[bool, bool]:
    """Whether the account is suspended, and whether it can be reached."""
    query = f"select suspended, reachable from identity where address = '{user.id}'"  # noqa: S608 a fake id
    [(suspended, reachable)] = served.rows(query)
    return bool(suspended), bool(reachable)


@pytest.mark.parametrize("guest", ["single", "multi"])
async def test_a_member_who_becomes_a_guest_is_a_stranger_at_once(
    served: Served, bo: User, guest: str
) -> None:
    bo.becomes(guest=guest)
    await served.answered(3)
    assert "Northwind" not in shown_at_home(bo)
    assert standing(served, bo) == (True, False)
    bo.says("deals")
    await served.answered(4)
    assert bo.seen()[-1].text.startswith(MEMBERS_ONLY)
    bo.opens_home()
    await served.answered(5)
    assert "Northwind" not in shown_at_home(bo)
    assert served.rows("select owner_id from deal") == [(2,)]  # the deal stays where it is


async def test_a_deactivated_member_gets_nothing_more_and_all_again_when_back(
    served: Served, bo: User
) -> None:
    bo.becomes(deleted=True)
    await served.answered(3)
    assert standing(served, bo) == (True, False)
    bo.becomes()
    await served.answered(4)
    assert standing(served, bo) == (False, True)
    assert "Northwind" in shown_at_home(bo)
    bo.says("deals")
    await served.answered(5)
    assert "Northwind" in bo.seen()[-1].text


async def test_a_change_that_was_missed_is_seen_at_the_next_act_a_day_later(
    served: Served, bo: User
) -> None:
    bo.becomes(guest="single", told=False)
    served.clock.move_to(served.clock.now() + timedelta(hours=23))
    bo.says("deals")
    await served.answered(3)
    assert "Northwind" in bo.seen()[-1].text
    served.clock.move_to(served.clock.now() + timedelta(hours=2))
    bo.says("deals")
    await served.answered(4)
    assert bo.seen()[-1].text.startswith(MEMBERS_ONLY)
    bo.becomes(told=False)
    bo.says("deals")
    await served.answered(5)
    assert "Northwind" in bo.seen()[-1].text


async def test_slack_is_asked_about_somebody_once_a_day(served: Served, bo: User) -> None:
    asked = served.api.calls["users.info"]
    for number in range(3):
        bo.says("deals")
        await served.answered(3 + number)
    assert served.api.calls["users.info"] == asked
    served.clock.move_to(served.clock.now() + timedelta(days=1, minutes=1))
    for number in range(3):
        bo.says("deals")
        await served.answered(6 + number)
    assert served.api.calls["users.info"] == asked + 1


async def test_where_slack_does_not_answer_nobody_is_shut_out(served: Served, bo: User) -> None:
    served.clock.move_to(served.clock.now() + timedelta(days=2))
    served.api.fail_next("users.info", status=500)
    bo.says("deals")
    await served.answered(3)
    assert "Northwind" in bo.seen()[-1].text
    assert standing(served, bo) == (False, True)


async def test_a_guest_who_was_invited_stays(served: Served, bo: User) -> None:
    with served.app.database.work() as memory:
        memory.members.add_audit(1, 2, "joined", served.clock.now(), invite=1)
    bo.becomes(guest="multi")
    await served.answered(3)
    bo.says("deals")
    await served.answered(4)
    assert "Northwind" in bo.seen()[-1].text


async def test_an_invite_brings_a_guest_back(served: Served, bo: User, kim: User) -> None:
    bo.becomes(guest="multi")
    await served.answered(3)
    kim.says("invite")
    await served.answered(4)
    secret = next(word for word in kim.seen()[-1].text.split() if len(word) > 20)
    bo.says(f"/start {secret}")
    await served.answered(5)
    assert standing(served, bo) == (False, True)
    bo.says("deals")
    await served.answered(6)
    assert not bo.seen()[-1].text.startswith(MEMBERS_ONLY)
    assert "Northwind" not in bo.seen()[-1].text  # they are a new member, by the invite


async def test_changes_that_concern_nobody_are_not_kept(served: Served, bo: User) -> None:
    bo.changes_status()
    served.api.user("Eve").becomes(guest="single")
    bo.says("deals")
    await served.answered(3)
    assert len(served.states()) == 3


async def test_a_removed_members_home_is_cleared_at_once(
    served: Served, bo: User, kim: User
) -> None:
    kim.says("remove bo")
    await served.answered(3)
    kim.presses("Kim")
    await served.answered(4)
    assert served.rows("select count(*) from member where removed_at is not null") == [(1,)]
    await served.api.wait_for(lambda: "Northwind" not in shown_at_home(bo))
