"""Who comes into a team on Slack, and who does not."""

from __future__ import annotations

import pytest

from tests.bot.slack.serving import Served
from tests.fakes.slackapi import User


async def test_a_full_member_joins_at_their_first_word_with_name_zone_and_language(
    served: Served,
) -> None:
    served.member(served.api.user("Ann"))
    wei = served.api.user("王伟", locale="zh-CN", tz="Asia/Shanghai")
    wei.says("今天")
    await served.answered(1)
    assert wei.seen()[0].text == "王伟，欢迎！您已加入Blue Harbour，身份是销售。"
    assert served.rows("select role, language, time_zone, country from member where id = 2") == [
        ("rep", "zh", "Asia/Shanghai", "CN")
    ]
    wei.says("今天")
    await served.answered(2)
    assert served.api.calls["users.info"] == 1


async def test_guests_and_people_from_elsewhere_do_not_join(served: Served) -> None:
    served.member(served.api.user("Ann"))
    guests = [
        served.api.user("Gus", guest="single"),
        served.api.user("Gil", guest="multi"),
        served.api.user("Eve", home_team_id="T0ELSEWHERE"),
    ]
    for kept, guest in enumerate(guests, start=1):
        guest.says("deals")
        await served.answered(kept)
        assert guest.seen()[-1].text.startswith("Repmate answers full members")
    assert served.rows("select count(*) from member") == [(1,)]


async def test_a_closed_workspace_lets_nobody_in(served: Served) -> None:
    served.member(served.api.user("Ann"))
    with served.app.database.work() as memory:
        row = memory.workspaces.find("slack", "", served.api.team.id)
        assert row is not None
        row.members_join = False
    bo = served.api.user("Bo")
    bo.says("deals")
    await served.answered(1)
    assert bo.labels() == ["Make a team", "I have an invite"]


async def test_an_admin_shuts_the_workspaces_door_and_opens_it_again(served: Served) -> None:
    kim = served.api.user("Kim")
    served.member(kim)
    kim.says("settings")
    await served.answered(1)
    assert len(kim.seen()[-1].labels) <= 5
    kim.presses("Team")
    await served.answered(2)
    assert kim.seen()[-1].labels == [
        "Name, currency",
        "Edit the stages",
        "Only by invite",
        "Lead pool",
    ]
    kim.presses("Only by invite")
    await served.answered(3)
    assert kim.seen()[-1].text == "Members of Blue Harbour need an invite."
    assert served.rows("select members_join from workspace") == [(0,)]
    kim.says("settings")
    await served.answered(4)
    kim.presses("Team")
    await served.answered(5)
    kim.presses("Let them join")
    await served.answered(6)
    assert served.rows("select members_join from workspace") == [(1,)]


async def test_a_member_known_elsewhere_is_linked_at_first_contact_and_made_no_double(
    served: Served,
) -> None:
    ann = served.api.user("Ann")
    served.member(ann)
    ann.says("link")
    await served.answered(1)
    code = next(word for word in ann.seen()[-1].text.split() if len(word) > 20)
    other = served.api.user("Ann's second account")
    other.commands("/start", code)
    await served.answered(2)
    assert served.rows("select count(*) from member") == [(1,)]
    assert served.rows("select count(*) from identity") == [(2,)]


async def test_who_was_removed_does_not_come_back_by_writing(served: Served) -> None:
    served.member(served.api.user("Ann"))
    bo = served.api.user("Bo")
    member = served.member(bo)
    with served.app.database.work() as memory:
        found = memory.members.get(member.team_id, member.id)
        assert found is not None
        memory.members.remove(found, served.clock.now())
    bo.says("deals")
    await served.answered(1)
    assert "1 deal" not in bo.seen()[-1].text
    assert served.rows("select count(*) from member where removed_at is null") == [(1,)]


async def makes_a_team(served: Served, kim: User) -> None:
    """Taps through what a stranger is offered."""
    kept = len(served.states())
    kim.says("hi")
    await served.answered(kept + 1)
    kim.presses("Make a team")
    await served.answered(kept + 2)
    values = {"name": "Harbour", "language": "English", "zone": "Berlin", "currency": "EUR"}
    kim.submits({f"f-{name}": value for name, value in values.items()})
    await served.answered(kept + 3)
    assert "Harbour" in kim.seen()[-1].text


async def test_an_admin_of_the_workspace_makes_its_team_and_the_others_join_it(
    served: Served,
) -> None:
    kim = served.api.user("Kim", is_admin=True)
    await makes_a_team(served, kim)
    bo = served.api.user("Bo")
    bo.says("deals")
    await served.answered(4)
    roles = served.rows("select name, role from member order by id")
    assert roles == [("Kim", "admin"), ("Bo", "rep")]


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en-US", "Repmate has no team in Blue Harbour yet; an admin or owner of the workspace"),
        ("zh-CN", "Repmate 在Blue Harbour还没有团队，要由工作区的管理员或所有者来创建。"),
    ],
)
async def test_who_writes_first_and_is_no_admin_of_the_workspace_is_told_who_makes_its_team(
    served: Served, locale: str, said: str
) -> None:
    bo = served.api.user("Bo", locale=locale)
    bo.says("hi")
    await served.answered(1)
    assert bo.seen()[-1].text.startswith(said)
    assert len(bo.labels()) == 1  # the invite, and no team to be made
    bo.opens_home()
    await served.answered(2)
    bo.presses("Make a team", bo.home)
    await served.answered(3)
    assert bo.modals == []
    assert served.rows("select count(*) from team") == [(0,)]
    await makes_a_team(served, served.api.user("Kim", is_admin=True))
    bo.says("deals")
    await served.answered(7)
    assert served.rows("select name, role from member where role != 'admin'") == [("Bo", "rep")]


async def test_a_team_that_was_made_before_a_crash_gets_its_workspace_with_the_next_word(
    served: Served,
) -> None:
    kim = served.api.user("Kim", is_admin=True)
    await makes_a_team(served, kim)
    with served.app.database.work() as memory:
        row = memory.workspaces.find("slack", "", served.api.team.id)
        assert row is not None
        row.team_id = None
    kim.says("deals")
    await served.answered(4)
    assert served.rows("select team_id from workspace") == [(1,)]


async def test_a_teams_admin_from_elsewhere_who_does_not_run_the_workspace_is_not_given_it(
    served: Served,
) -> None:
    ann = served.api.user("Ann")
    served.member(ann)
    with served.app.database.work() as memory:
        row = memory.workspaces.find("slack", "", served.api.team.id)
        assert row is not None
        row.team_id = None
    ann.says("deals")
    await served.answered(1)
    assert served.rows("select team_id from workspace") == [(None,)]


async def test_the_same_user_id_in_two_workspaces_is_two_people(served: Served) -> None:
    ann = served.api.user("Ann", id="U0SAME")
    served.member(ann)
    ann.says("lead Acme, 12k")
    await served.answered(1)
    other = served.api.workspace("T0OTHER", "Other")
    double = served.api.user("Ann", other, id="U0SAME")
    double.says("deals")
    await served.api.idle()
    assert double.seen() == []
    assert len(served.states()) == 1
