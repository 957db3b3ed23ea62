"""Invites, link codes and roles, where a dialog cannot follow a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.clock import SetClock
from handlers.contract.reply import plain
from handlers.contract.request import Account, Request
from tests.dialogs.world import database_with_teams, now

ZOE = Account("telegram", "777", "Zoe", "en", "777")


class Talk:
    """Somebody talking to the app from one account."""

    def __init__(self, app: App, clock: SetClock) -> None:
        self.app, self.clock, self.count = app, clock, 0

    async def says(self, account: Account, text: str, *, in_group: bool = False) -> str:
        self.count += 1
        request = Request(f"e{self.count}", account, text=text, in_group=in_group)
        return plain((await self.app.answer(request)).reply.text)

    async def taps(self, account: Account, action: str) -> str:
        self.count += 1
        request = Request(f"e{self.count}", account, kind="button", action=action)
        return plain((await self.app.answer(request)).reply.text)


def who(name: str) -> Account:
    return Account("terminal", f"member-{name}", name, "en", name)


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Talk]:
    database, clock = database_with_teams(tmp_path, "en", "terminal"), SetClock(now("en"))
    app = App(database, clock)
    yield Talk(app, clock)
    app.close()


def secret_in(text: str) -> str:
    match = re.search(r"/start (\S+)", text)
    assert match is not None, text
    return match[1]


async def test_an_invite_lets_one_person_in_with_its_role_and_no_second(talk: Talk) -> None:
    secret = secret_in(await talk.says(who("Mia"), "invite"))
    assert "Welcome to Blue Harbour, Zoe! You are a rep." in await talk.says(
        ZOE, f"/start {secret}"
    )
    assert "reports to Mia" in await talk.says(who("Kim"), "team zoe")
    late = Account("telegram", "778", "Yan", "en")
    assert "not valid any more" in await talk.says(late, f"/start {secret}")


async def test_an_invite_ends_after_seven_days_and_when_its_maker_leaves(talk: Talk) -> None:
    old = secret_in(await talk.says(who("Mia"), "invite"))
    talk.clock.move(timedelta(days=7, minutes=1))
    assert "not valid any more" in await talk.says(ZOE, f"/start {old}")
    fresh = secret_in(await talk.says(who("Mia"), "invite"))
    await talk.says(who("Kim"), "remove mia")
    with talk.app.database.work() as memory:
        members = {member.name: member.id for member in memory.members.list_active(1)}
    await talk.taps(who("Kim"), f"remove:{members['Mia']}:{members['Kim']}")
    assert "not valid any more" in await talk.says(ZOE, f"/start {fresh}")


async def test_an_invite_is_not_redeemed_in_a_group(talk: Talk) -> None:
    secret = secret_in(await talk.says(who("Mia"), "invite"))
    refused = await talk.says(ZOE, f"/start {secret}", in_group=True)
    assert "not in a group" in refused
    assert "Welcome" in await talk.says(ZOE, f"/start {secret}")


async def test_guesses_are_few_an_hour_even_when_the_sixth_is_right(talk: Talk) -> None:
    secret = secret_in(await talk.says(who("Mia"), "invite"))
    for guess in range(5):
        assert "not valid" in await talk.says(ZOE, f"/start guess{guess}")
    assert "wait an hour" in await talk.says(ZOE, f"/start {secret}")
    talk.clock.move(timedelta(hours=1, minutes=1))
    assert "Welcome" in await talk.says(ZOE, f"/start {secret}")


async def test_a_link_code_makes_a_second_account_the_same_member_once(talk: Talk) -> None:
    await talk.says(who("Ann"), "lead Acme, 12k")
    secret = secret_in(await talk.says(who("Ann"), "link"))
    assert "you are Ann of Blue Harbour" in await talk.says(ZOE, f"/start {secret}")
    assert "Acme" in await talk.says(ZOE, "deal acme")
    other = Account("telegram", "779", "Yan", "en")
    assert "not valid any more" in await talk.says(other, f"/start {secret}")


async def test_a_link_code_ends_after_a_quarter_of_an_hour(talk: Talk) -> None:
    secret = secret_in(await talk.says(who("Ann"), "link"))
    talk.clock.move(timedelta(minutes=16))
    assert "not valid any more" in await talk.says(ZOE, f"/start {secret}")


async def test_a_removed_member_may_come_back_by_a_new_invite(talk: Talk) -> None:
    with talk.app.database.work() as memory:
        members = {member.name: member.id for member in memory.members.list_active(1)}
    await talk.taps(who("Kim"), f"remove:{members['Bo']}:{members['Ann']}")
    assert "only work for teams" in await talk.says(who("Bo"), "today")
    secret = secret_in(await talk.says(who("Kim"), "invite"))
    assert "Welcome" in await talk.says(who("Bo"), f"/start {secret}")
    assert "No deals yet" in await talk.says(who("Bo"), "deals")


async def test_reporting_never_becomes_a_circle(talk: Talk) -> None:
    with talk.app.database.work() as memory:
        members = {member.name: member.id for member in memory.members.list_active(1)}
    await talk.taps(who("Kim"), f"role:{members['Ann']}:manager")
    refused = await talk.taps(who("Kim"), f"boss:{members['Mia']}:{members['Ann']}")
    assert "that would be a circle" in refused


async def test_a_secret_is_nowhere_in_memory_once_it_has_been_sent(talk: Talk) -> None:
    request = Request("invite", who("Mia"), text="invite")
    answer = await talk.app.answer(request)
    secret = secret_in(plain(answer.reply.text))
    with talk.app.database.work() as memory:
        memory.inbox.mark_answered(answer.row_id, "1:1")
    talk.app.database.close()
    folder = Path(talk.app.database.url.removeprefix("sqlite:///")).parent
    kept = b"".join(path.read_bytes() for path in folder.iterdir())
    assert b"Blue Harbour" in kept
    assert secret.encode() not in kept
    assert "answered that before" in plain((await talk.app.answer(request)).reply.text)


async def test_a_hand_over_is_not_undone_deal_by_deal(talk: Talk) -> None:
    await talk.says(who("Bo"), "lead Acme, 12k")
    with talk.app.database.work() as memory:
        members = {member.name: member.id for member in memory.members.list_active(1)}
    await talk.taps(who("Kim"), f"remove:{members['Bo']}:{members['Ann']}")
    assert "nothing of yours to undo" in await talk.says(who("Kim"), "undo")
    assert "Acme" in await talk.says(who("Ann"), "deal acme")
