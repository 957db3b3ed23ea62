"""Making a team and joining one by form: what is stored, and what a stranger can't do."""

from __future__ import annotations

import pytest

from handlers.contract.drafts import save_draft
from handlers.team.onboarding import TRIES_AN_HOUR
from tests.office import Office, desk_of, lobby_of, said

ANSWERS = {
    "name": "  Red\nLantern ",
    "language": "zh",
    "zone": "berlin",
    "currency": "usd",
    "funnel": "crm6",
}
TEAM = "select name, language, time_zone, currency, country, funnel from team where id = 3"


async def test_whoever_answers_the_form_is_the_admin_of_a_new_team(office: Office) -> None:
    reply = await office.fills("Zoe", "found", ANSWERS)
    assert "Red Lantern" in said(reply)
    assert office.rows(TEAM) == [("Red Lantern", "zh", "Europe/Berlin", "USD", "DE", "crm6")]
    assert office.rows("select team_id, role, language from member where name = 'Zoe'") == [
        (3, "admin", "zh")
    ]
    assert office.one("select member_id from identity where account_id = 'member-Zoe'") == (
        office.member("Zoe")
    )


async def test_a_forged_funnel_and_language_become_the_defaults(office: Office) -> None:
    await office.fills("Zoe", "found", {**ANSWERS, "funnel": "../odds6", "language": "xx"})
    assert office.rows(TEAM) == [("Red Lantern", "en", "Europe/Berlin", "USD", "DE", "odds6")]


@pytest.mark.parametrize(
    ("field", "answer", "error"),
    [
        ("zone", "Atlantis", "I don't know a time zone “Atlantis”."),
        ("currency", "shells", "“shells” is not a currency code."),
    ],
)
async def test_only_the_wrong_answer_is_asked_again_and_no_team_is_made(
    office: Office, field: str, answer: str, error: str
) -> None:
    reply = await office.fills("Zoe", "found", {**ANSWERS, field: answer})
    assert reply.form is not None
    assert list(reply.form.errors) == [field]
    assert error in reply.form.errors[field]
    values = {each.name: each.value for each in reply.form.fields}
    assert values[field] == ""
    assert values["funnel"] == "crm6"
    assert office.one("select count(*) from team") == 2


async def test_no_team_is_made_in_a_group(office: Office) -> None:
    request = office.request("Zoe", kind="form", action="found", values=ANSWERS, in_group=True)
    assert "not in a group" in said((await office.answer(request)).reply)
    assert office.one("select count(*) from team") == 2


@pytest.mark.parametrize("pasted", ["{}", "/start {}", "https://t.me/repmate?start={}"])
async def test_an_invite_is_pasted_as_link_line_or_secret(office: Office, pasted: str) -> None:
    secret = said(await office.says("Mia", "invite")).partition("/start ")[2].split()[0]
    await office.fills("Zoe", "redeem", {"invite": pasted.format(secret)})
    assert office.rows("select team_id, role, manager_id from member where name = 'Zoe'") == [
        (1, "rep", office.member("Mia"))
    ]


async def test_wrong_secrets_of_the_form_count_as_tries(office: Office) -> None:
    with lobby_of(office, "Zoe") as lobby:
        for _try in range(TRIES_AN_HOUR - 1):
            save_draft(lobby, "try", {})
    assert "not valid" in said(await office.fills("Zoe", "redeem", {"invite": "guess"}))
    assert "wait an hour" in said(await office.fills("Zoe", "redeem", {"invite": "guess"}))


async def test_a_greeting_with_an_objection_behind_it_is_looked_up(office: Office) -> None:
    assert "Hello Ann" in said(await office.says("Ann", "hi"))
    assert "Hello Ann" not in said(await office.says("Ann", "hi, it's too expensive"))
    assert office.one("select count(*) from look_up") == 1


async def test_a_member_is_not_let_into_a_second_team(office: Office) -> None:
    secret = said(await office.says("Mia", "invite")).partition("/start ")[2].split()[0]
    await office.says("Eve", f"/start {secret}")
    await office.fills("Eve", "found", ANSWERS)
    with desk_of(office, "Eve") as desk:
        assert desk.team.name == "Other Ltd"
    assert office.one("select count(*) from team") == 2
    assert office.one("select count(*) from member where name = 'Eve'") == 1
