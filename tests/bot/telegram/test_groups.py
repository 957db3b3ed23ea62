"""In a group nothing private is shown, and the bot speaks when spoken to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers import routes
from handlers.contract.reply import Button, Reply, text_of
from handlers.contract.request import Request
from storage.tables.people_and_deals import Invite, Role
from storage.team.invites import hash_secret
from tests.bot.telegram.serving import NOW, Room, Served, heard
from tests.fakes.botapi import BotApi, Group, User

ROUTES = routes.answer  # before a test's stand-in takes its place


@pytest.fixture
def ann(served: Served) -> User:
    return served.api.user(1, "Ann", wrote=True)


@pytest.fixture
def group(served: Served, ann: User) -> Group:
    group = served.api.group(-1_000_000_000_500, "Sales", [ann])
    group.privacy = False
    return group


def invite(served: Served, secret: str) -> None:
    """Makes an invite of the first team's first member."""
    with served.app.database.work() as memory:
        memory.invites.add(
            Invite(
                team_id=1,
                made_by_id=1,
                role=Role.REP,
                secret_hash=hash_secret(secret),
                uses_left=1,
                expires_at=NOW + timedelta(days=7),
                created_at=NOW,
            )
        )


def public(request: Request, room: Room) -> Reply:
    return Reply(text_of("for all: ", request.text or request.action), private=False)


async def test_a_private_answer_goes_to_the_persons_own_chat(
    served: Served, ann: User, group: Group
) -> None:
    ann.says("/deal@RepmateBot Acme", group)
    await served.answered(1)
    assert served.api.chat(1).texts == ["heard: /deal Acme"]
    [pointer] = group.chat.from_bot
    assert pointer.text == "I've answered in our own chat."
    assert [button.url for button in pointer.buttons] == ["https://t.me/RepmateBot?start=hello"]
    assert pointer.raw["reply_to_message"]["text"] == "/deal@RepmateBot Acme"
    assert served.skills.asked[0].in_group


async def test_what_is_for_everybody_is_said_in_the_group(
    served: Served, ann: User, group: Group
) -> None:
    served.skills.answer = public
    ann.says("@repmatebot too expensive", group)
    await served.answered(1)
    assert group.chat.texts == ["for all: too expensive"]
    assert served.api.chat(1).texts == []


async def test_who_never_opened_the_bot_is_asked_to(served: Served, group: Group) -> None:
    cho = served.api.user(2, "Cho", "zh-hans")
    group.members.append(cho)
    served.member(2)
    cho.says("/today@RepmateBot", group)
    await served.answered(1)
    [pointer] = group.chat.from_bot
    assert "私聊" in pointer.text
    assert pointer.buttons[0].url == "https://t.me/RepmateBot?start=hello"
    assert served.states() == ["answered"]
    assert not served.reachable(2)


@pytest.mark.parametrize(
    "said",
    ["too expensive", "/deal@OtherBot Acme", "/weather", "see repmatebot", "me@RepmateBots.com"],
)
async def test_talk_between_people_and_other_bots_commands_are_not_even_kept(
    served: Served, ann: User, group: Group, said: str
) -> None:
    ann.says(said, group)
    ann.says("private")
    await served.answered(1)
    assert [request.text for request in served.skills.asked] == ["private"]
    assert group.chat.texts == []


async def test_a_reply_to_the_bot_is_for_the_bot(served: Served, ann: User, group: Group) -> None:
    served.skills.answer = public
    ann.says("@RepmateBot first", group)
    await served.answered(1)
    ann.says("and more", group, reply_to=group.chat.last)
    await served.answered(2)
    assert group.chat.texts == ["for all: first", "for all: and more"]
    assert served.skills.asked[1].reply_to == f"{group.id}:{group.chat.from_bot[0].id}"


async def test_the_bots_bare_name_asks_for_help(served: Served, ann: User, group: Group) -> None:
    ann.says("@RepmateBot", group)
    await served.answered(1)
    assert served.skills.asked[0].text == "/help"


async def test_a_private_answer_to_a_button_in_a_group_is_pointed_to_by_a_toast(
    served: Served, ann: User, group: Group
) -> None:
    def skill(request: Request, room: Room) -> Reply:
        if request.kind == "button":
            return heard(request, room)
        return Reply(text_of("help"), ((Button("Mine", "mine"),),), private=False)

    served.skills.answer = skill
    ann.says("/help@RepmateBot", group)
    await served.api.wait_for(1)
    ann.presses("Mine", group)
    await served.answered(2)
    assert served.api.chat(1).texts == ["heard: mine"]
    assert group.chat.texts == ["help"]
    assert [one.text for one in served.api.callback_answers] == ["I've answered in our own chat."]


async def test_a_public_answer_to_a_button_replaces_the_groups_message(
    served: Served, ann: User, group: Group
) -> None:
    served.skills.answer = lambda request, room: Reply(
        text_of("page ", request.action), ((Button("Next", "next"),),), private=False, edit=True
    )
    ann.says("/help@RepmateBot", group)
    await served.api.wait_for(1)
    ann.presses("Next", group)
    await served.answered(2)
    assert group.chat.texts == ["page next"]


async def test_a_group_that_moved_gets_the_answer_under_its_new_id(
    served: Served, ann: User
) -> None:
    served.skills.answer = public
    small = served.api.group(-500, "Sales", [ann])
    ann.says("/help@RepmateBot", small)
    new = served.api.migrate(small)
    await served.answered(1)
    assert new.chat.texts == ["for all: /help"]
    assert served.states() == ["answered"]


async def test_what_may_not_be_said_in_the_group_is_said_to_the_person(
    served: Served, ann: User, group: Group
) -> None:
    served.member(1)
    served.skills.answer = public
    ann.says("/help@RepmateBot", group)
    group.removes_bot(ann)
    await served.answered(1)
    assert served.api.chat(1).texts == ["for all: /help"]
    assert served.reachable(1)


async def test_a_button_in_a_group_is_let_go_though_its_answer_reaches_nobody(
    served: Served, group: Group
) -> None:
    cho = served.api.user(2, "Cho")
    group.members.append(cho)
    served.skills.answer = lambda request, room: Reply(
        text_of("help"), ((Button("Mine", "mine"),),), private=request.kind == "button"
    )
    cho.says("/help@RepmateBot", group)
    await served.api.wait_for(1)
    cho.presses("Mine", group)
    await served.answered(2)
    assert [one.text for one in served.api.callback_answers] == [""]
    assert "open our own chat" in group.chat.texts[-1]


async def test_a_group_that_threw_the_bot_out_costs_nobody_their_answer(
    served: Served, ann: User, group: Group
) -> None:
    ann.says("/deal@RepmateBot Acme", group)
    group.removes_bot(ann)
    await served.answered(1)
    assert served.api.chat(1).texts == ["heard: /deal Acme"]
    assert served.states() == ["answered"]
    assert group.chat.texts == []


async def test_an_invite_used_in_a_group_is_spent(served: Served, group: Group) -> None:
    served.skills.answer = ROUTES
    served.member(1)
    invite(served, "s3cret-of-the-invite")
    cho = served.api.user(2, "Cho", wrote=True)
    group.members.append(cho)
    cho.says("/start@RepmateBot s3cret-of-the-invite", group)
    await served.answered(1)
    assert served.rows("select account_id from identity") == [("1",)]
    assert served.rows("select count(*) from invite where revoked_at is not null") == [(1,)]
    assert "s3cret" not in "".join(group.chat.texts)
    cho.says("/start s3cret-of-the-invite")
    await served.answered(2)
    assert served.rows("select account_id from identity") == [("1",)]


async def test_an_anonymous_admin_is_nobody(served: Served, api: BotApi, group: Group) -> None:
    ghost = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    content = {"message_id": 5, "from": ghost, "chat": group.chat.json, "date": 1}
    content |= {"text": "/deal@RepmateBot", "sender_chat": group.chat.json}
    api.push({"message": content})
    await api.idle()
    assert served.states() == []
