"""Several workspaces in one process: each installs by a link, none sees another's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from yarl import URL

from bot.port import Address, DeliveryError
from bot.slack.token_encryption import generate_key
from handlers.contract.reply import Reply, text_of
from tests.bot.slack.serving import Served, serving, setup_of
from tests.fakes.slackapi import SlackApi, User
from tests.fakes.slackapi.payloads import event_callback

KEY = generate_key()


@pytest.fixture
async def served(api: SlackApi, tmp_path: Path) -> AsyncIterator[Served]:
    setup = setup_of(
        api,
        bot_token="",
        client_id=api.app.client_id,
        client_secret=api.app.client_secret,
        public_url="http://127.0.0.1",
        token_keys=(KEY,),
        port=0,
    )
    async with serving(api, tmp_path / "install.db", setup) as served:
        yield served


async def installs(served: Served, who: User, *, state: str = "") -> tuple[int, str]:
    """Somebody goes to the link, agrees at Slack's, and comes back; the page they then see."""
    root = f"http://127.0.0.1:{served.adapter.port}"
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        async with session.get(f"{root}/slack/install", allow_redirects=False) as away:
            assert away.status == 302
            query = URL(away.headers["Location"]).query
        back = {"code": served.api.installs(who), "state": state or query["state"]}
        async with session.get(f"{root}/slack/oauth_redirect", params=back) as page:
            return page.status, await page.text()


async def test_the_installer_is_the_admin_of_a_new_team(served: Served) -> None:
    kim = served.api.user("Kim", locale="zh-CN", tz="Asia/Shanghai")
    status, page = await installs(served, kim)
    assert status == 200
    assert "Blue Harbour" in page
    assert served.rows("select name, language, time_zone, currency, country from team") == [
        ("Blue Harbour", "zh", "Asia/Shanghai", "CNY", "CN")
    ]
    kim.says("团队")
    await served.answered(1)
    assert "管理员" in kim.seen()[-1].text


async def test_a_token_is_encrypted_at_rest(served: Served) -> None:
    await installs(served, served.api.user("Kim"))
    ((token,),) = served.rows("select token from workspace")
    assert token
    assert served.api.bot_token not in token
    for file in served.path.parent.iterdir():
        assert served.api.bot_token.encode() not in file.read_bytes()


async def test_who_did_not_set_out_from_here_installs_nothing(served: Served) -> None:
    status, _ = await installs(served, served.api.user("Kim"), state="somebody-elses")
    assert status == 400
    assert served.rows("select count(*) from workspace") == [(0,)]
    assert served.api.calls["oauth.v2.access"] == 0


async def test_no_workspace_sees_another(served: Served) -> None:
    other = served.api.workspace("T0OTHER", "Red Cliff")
    kim = served.api.user("Kim", id="U0SAME")
    lou = served.api.user("Lou", other, id="U0SAME")
    await installs(served, kim)
    await installs(served, lou)
    kim.says("lead Tenant One, 12k")
    await served.answered(1)
    lou.says("deals")
    await served.answered(2)
    assert "Tenant One" in kim.seen()[-1].text
    assert "Tenant One" not in lou.seen()[-1].text
    assert served.rows("select count(*) from team") == [(2,)]


async def test_a_whole_organisation_installs_once_and_its_people_are_one_team(
    served: Served,
) -> None:
    """https://docs.slack.dev/authentication/installing-with-oauth, organisation-wide."""
    north = served.api.workspace("T0NORTH", "North", enterprise_id="E0BIGCORP", org_wide=True)
    south = served.api.workspace("T0SOUTH", "South", enterprise_id="E0BIGCORP", org_wide=True)
    south.bot_token, south.bot_user_id = north.bot_token, north.bot_user_id
    kim = served.api.user("Kim", north, id="W0KIM")
    status, _ = await installs(served, kim)
    assert status == 200
    assert served.rows("select enterprise_id, workspace_id, name from workspace") == [
        ("E0BIGCORP", "", "North Grid")
    ]
    kim.says("team")
    await served.answered(1)
    assert "admin" in kim.seen()[-1].text
    wei = served.api.user("Wei", north, id="W0WEI")
    wei.says("lead Acme, 12k")
    await served.answered(2)
    assert served.rows("select name, role from member order by id") == [
        ("Kim", "admin"),
        ("Wei", "rep"),
    ]
    await served.adapter.send(Address("slack", "E0BIGCORP.W0WEI", wei.id), Reply(text_of("hi")))
    assert wei.seen()[-1].text == "hi"
    there = served.api.user("Wei", south, id="W0WEI")  # in another workspace, the same person
    event = {"type": "message", "channel_type": "im", "channel": wei.dm.id, "user": there.id}
    event |= {"text": "deals", "ts": "1763456100.000100", "event_ts": "1763456100.000100"}
    served.api.push(event_callback(served.api.world, south, event))
    await served.answered(3)
    assert "Acme" in wei.seen()[-1].text
    assert served.rows("select count(*) from member") == [(2,)]


async def test_a_reinstall_by_somebody_else_keeps_the_team_and_its_admin(served: Served) -> None:
    kim, bo = served.api.user("Kim"), served.api.user("Bo", is_admin=True)
    await installs(served, kim)
    served.api.uninstalls(kim.team)
    await served.api.idle()
    await served.answered()
    status, _ = await installs(served, bo)
    assert status == 200
    assert served.rows("select count(*) from team") == [(1,)]
    assert served.rows("select name, role from member order by id") == [
        ("Kim", "admin"),
        ("Bo", "rep"),
    ]
    assert served.rows("select installed_by, removed_at from workspace") == [(bo.id, None)]
    for one, told in ((kim, "admin"), (bo, "rep")):
        one.says("team")
        await served.answered()
        assert told in one.seen()[-1].text


@pytest.mark.parametrize("tokens_first", [True, False])
async def test_a_workspace_that_uninstalls_is_forgotten_at_once_and_can_return(
    served: Served, tokens_first: bool
) -> None:
    kim = served.api.user("Kim")
    await installs(served, kim)
    kim.says("lead Acme, 12k")
    await served.answered(1)
    served.api.uninstalls(kim.team, tokens_first=tokens_first)
    served.api.uninstalls(kim.team, tokens_first=not tokens_first)
    await served.api.idle()
    await served.answered()
    assert served.rows("select token from workspace") == [("",)]
    account = f"{kim.team.id}.{kim.id}"
    with pytest.raises(DeliveryError) as refused:
        await served.adapter.send(Address("slack", account, kim.id), Reply(text_of("hello")))
    assert refused.value.gone
    await installs(served, kim)
    assert served.rows("select count(*) from team") == [(1,)]
    await served.adapter.send(Address("slack", account, kim.id), Reply(text_of("hello again")))
    assert kim.seen()[-1].text == "hello again"
    kim.says("deals")
    await served.answered()
    assert "Acme" in kim.seen()[-1].text


async def test_only_a_members_own_token_revoked_changes_nothing(served: Served) -> None:
    kim = served.api.user("Kim")
    await installs(served, kim)
    event = {"type": "tokens_revoked", "tokens": {"oauth": [kim.id], "bot": []}, "event_ts": "1.1"}
    served.api.push(event_callback(served.api.world, kim.team, event))
    await served.api.idle()
    kim.says("deals")
    await served.answered()
    assert kim.seen()
