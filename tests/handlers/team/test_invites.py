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
from storage.tables.people_and_deals import Role
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


def members(talk: Talk) -> dict[str, int]:
    with talk.app.database.work() as memory:
        return {member.name: member.id for member in memory.members.list_active(1)}


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
    await talk.taps(who("Kim"), f"remove:{members(talk)['Mia']}:{members(talk)['Kim']}")
    assert "not valid any more" in await talk.says(ZOE, f"/start {fresh}")


@pytest.mark.parametrize(("maker", "word"), [("Mia", "invite 9"), ("Ann", "link")])
async def test_a_code_used_in_a_group_is_spent_and_said_to_be(
    talk: Talk, maker: str, word: str
) -> None:
    secret = secret_in(await talk.says(who(maker), word))
    told = await talk.says(ZOE, f"/start {secret}", in_group=True)
    assert "void now" in told
    assert secret not in told
    assert "not valid any more" in await talk.says(ZOE, f"/start {secret}")
    assert "not in a group" in await talk.says(ZOE, f"/start {secret}", in_group=True)


async def test_a_code_that_a_member_shows_in_a_group_is_spent_as_well(talk: Talk) -> None:
    secret = secret_in(await talk.says(who("Mia"), "invite"))
    assert "void now" in await talk.says(who("Bo"), f"/start {secret}", in_group=True)
    assert "not valid any more" in await talk.says(ZOE, f"/start {secret}")


async def test_wrong_guesses_are_few_an_hour_and_never_hold_up_the_right_one(talk: Talk) -> None:
    secret = secret_in(await talk.says(who("Mia"), "invite"))
    for guess in range(5):
        assert "not valid" in await talk.says(ZOE, f"/start guess{guess}")
    assert "wait an hour" in await talk.says(ZOE, "/start guess6")
    assert "Welcome" in await talk.says(ZOE, f"/start {secret}")


@pytest.mark.parametrize("typed", ["{}", "my code is {}", "https://t.me/bot?start={}", "_{}_"])
async def test_no_refusal_repeats_a_live_secret(talk: Talk, typed: str) -> None:
    secret = secret_in(await talk.says(who("Mia"), "invite"))
    for in_group in (False, True):
        told = await talk.says(ZOE, typed.format(secret), in_group=in_group)
        assert "You wrote" in told
        assert secret not in told
    assert secret not in await talk.says(who("Ann"), f"note {typed.format(secret)}")
    assert "Welcome" in await talk.says(ZOE, f"/start {secret}")


async def test_a_demoted_admins_invites_make_no_admins_any_more(talk: Talk) -> None:
    await talk.taps(who("Kim"), f"role:{members(talk)['Mia']}:admin")
    secrets = {
        role: secret_in(await talk.says(who("Mia"), f"invite {role}"))
        for role in ("admin 100", "manager", "rep")
    }
    told = await talk.taps(who("Kim"), f"role:{members(talk)['Mia']}:manager")
    assert "An open invite of Mia's is void now." in told
    assert "not valid any more" in await talk.says(ZOE, f"/start {secrets['admin 100']}")
    assert "You are a manager" in await talk.says(ZOE, f"/start {secrets['manager']}")
    assert "void now" not in await talk.taps(who("Kim"), f"role:{members(talk)['Mia']}:manager")
    told = await talk.taps(who("Kim"), f"role:{members(talk)['Mia']}:rep")
    assert "An open invite of Mia's is void now." in told
    late = Account("telegram", "778", "Yan", "en")
    assert "not valid any more" in await talk.says(late, f"/start {secrets['rep']}")


async def test_an_invite_counts_for_no_more_than_its_makers_rank_when_it_is_redeemed(
    talk: Talk,
) -> None:
    """Even where the change of role revoked nothing, as before this was so."""
    secret = secret_in(await talk.says(who("Kim"), "invite admin 100"))
    with talk.app.database.work() as memory:
        memory.members.change_role(memory.members.list_active(1)[1], Role.ADMIN)
        kim = next(each for each in memory.members.list_active(1) if each.name == "Kim")
        assert memory.members.change_role(kim, Role.MANAGER)
    assert "not valid any more" in await talk.says(ZOE, f"/start {secret}")
    assert "Zoe" not in members(talk)


async def test_a_manager_ends_neither_an_admins_invite_nor_anybodys_link_code(talk: Talk) -> None:
    by_kim = secret_in(await talk.says(who("Kim"), "invite"))
    linked = secret_in(await talk.says(who("Ann"), "link"))
    own = secret_in(await talk.says(who("Mia"), "invite"))
    open_ones = await talk.app.answer(Request("list", who("Mia"), text="invite list"))
    assert [b.action for row in open_ones.reply.buttons for b in row] == ["revoke:3"]
    for number in (1, 2, 3, 4):
        await talk.taps(who("Mia"), f"revoke:{number}")
    for number in (1, 2, 3):
        await talk.taps(who("Ann"), f"revoke:{number}")  # a rep ends none
    assert "not valid any more" in await talk.says(ZOE, f"/start {own}")
    assert "you are Ann" in await talk.says(ZOE, f"/start {linked}")
    late = Account("telegram", "778", "Yan", "en")
    assert "Welcome" in await talk.says(late, f"/start {by_kim}")


async def test_an_admin_ends_any_invite_but_no_link_code(talk: Talk) -> None:
    secret = secret_in(await talk.says(who("Mia"), "invite"))
    linked = secret_in(await talk.says(who("Ann"), "link"))
    for number in (1, 2):
        await talk.taps(who("Kim"), f"revoke:{number}")
    assert "you are Ann" in await talk.says(ZOE, f"/start {linked}")
    late = Account("telegram", "778", "Yan", "en")
    assert "not valid any more" in await talk.says(late, f"/start {secret}")


async def test_a_removed_members_invites_end_with_them(talk: Talk) -> None:
    await talk.says(who("Mia"), "invite 5")
    told = await talk.taps(who("Kim"), f"remove:{members(talk)['Mia']}:{members(talk)['Kim']}")
    assert "An open invite of Mia's is void now." in told
    assert "no open invites" in await talk.says(who("Kim"), "invite list")


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
    await talk.taps(who("Kim"), f"remove:{members(talk)['Bo']}:{members(talk)['Ann']}")
    assert "only work for teams" in await talk.says(who("Bo"), "today")
    secret = secret_in(await talk.says(who("Kim"), "invite"))
    assert "Welcome" in await talk.says(who("Bo"), f"/start {secret}")
    assert "No deals yet" in await talk.says(who("Bo"), "deals")


async def test_reporting_never_becomes_a_circle(talk: Talk) -> None:
    await talk.taps(who("Kim"), f"role:{members(talk)['Ann']}:manager")
    refused = await talk.taps(who("Kim"), f"boss:{members(talk)['Mia']}:{members(talk)['Ann']}")
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
    await talk.taps(who("Kim"), f"remove:{members(talk)['Bo']}:{members(talk)['Ann']}")
    assert "removing Bo, can't be undone here" in await talk.says(who("Kim"), "undo")
    assert "Acme" in await talk.says(who("Ann"), "deal acme")
