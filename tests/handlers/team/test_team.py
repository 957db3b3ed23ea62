"""An admin's changes to the team: roles, who reports to whom, and who leaves."""

from __future__ import annotations

import json

import pytest

from handlers.contract.drafts import save_draft
from handlers.contract.reply import from_json
from tests.office import Office, desk_of, labels, said

AUDIT = "select member_id, kind, data from audit where kind in ('role changed', 'removed')"


def manager_of(office: Office, name: str) -> object:
    return office.one("select manager_id from member where name = ?", name)


async def remove(office: Office, leaving: str, heir: str) -> str:
    action = f"remove:{office.member(leaving)}:{office.member(heir)}"
    return said(await office.taps("Kim", action))


async def test_the_deals_of_who_leaves_go_to_the_heir_who_is_told(office: Office) -> None:
    await office.says("Bo", "lead Acme, 12k")
    await office.says("Ann", "lead Beta, 5k")
    assert "Ann has taken over 1 deal." in await remove(office, "Bo", "Ann")
    assert {owner for (owner,) in office.rows("select owner_id from deal")} == {
        office.member("Ann")
    }
    body = office.one("select body from outbox where member_id = ?", office.member("Ann"))
    assert "You have taken over 1 deal from Bo." in said(from_json(body))
    assert office.one("select removed_at from member where name = 'Bo'") is not None


async def test_who_reported_to_the_leaver_reports_to_their_manager(office: Office) -> None:
    kim, mia = office.member("Kim"), office.member("Mia")
    await office.taps("Kim", f"boss:{mia}:{kim}")
    await remove(office, "Mia", "Kim")
    assert manager_of(office, "Ann") == manager_of(office, "Bo") == kim


async def test_what_the_leaver_had_begun_is_forgotten(office: Office) -> None:
    for who in ("Bo", "Ann"):
        with desk_of(office, who) as desk:
            save_draft(desk, "step", {})
    await remove(office, "Bo", "Ann")
    assert office.rows("select account_id from draft where kind = 'step'") == [("member-Ann",)]


async def test_nobody_inherits_from_themselves(office: Office) -> None:
    assert "no longer here" in await remove(office, "Bo", "Bo")
    assert office.one("select removed_at from member where name = 'Bo'") is None


async def test_the_last_admin_keeps_role_and_place(office: Office) -> None:
    kim = office.member("Kim")
    assert "only admin" in said(await office.taps("Kim", f"role:{kim}:rep"))
    assert "only admin" in await remove(office, "Kim", "Ann")
    assert office.rows("select role, removed_at from member where name = 'Kim'") == [
        ("admin", None)
    ]


async def test_changes_are_in_the_audit_with_who_made_them(office: Office) -> None:
    bo, kim = office.member("Bo"), office.member("Kim")
    await office.taps("Kim", f"role:{bo}:manager")
    await remove(office, "Bo", "Ann")
    role, removal = office.rows(AUDIT)
    assert role[:2] == (kim, "role changed")
    assert json.loads(role[2]).items() >= {"member": bo, "role": "manager", "was": "rep"}.items()
    assert removal[:2] == (kim, "removed")
    gone = {"member": bo, "heir": office.member("Ann"), "deals": 0}
    assert json.loads(removal[2]).items() >= gone.items()


async def test_the_only_manager_leads_the_reps_who_had_nobody(office: Office) -> None:
    mia, ann = office.member("Mia"), office.member("Ann")
    await office.taps("Kim", f"role:{mia}:rep")
    assert manager_of(office, "Mia") is None
    await office.taps("Kim", f"role:{ann}:manager")
    assert manager_of(office, "Mia") == ann
    assert manager_of(office, "Bo") == mia


@pytest.mark.parametrize("verb", ["member:{eve}", "role:{eve}:rep", "remove:{eve}:{ann}"])
async def test_an_admin_reaches_nobody_of_another_team(office: Office, verb: str) -> None:
    action = verb.format(eve=office.member("Eve"), ann=office.member("Ann"))
    assert "no longer here" in said(await office.taps("Kim", action))
    assert office.rows("select role, removed_at from member where name = 'Eve'") == [
        ("admin", None)
    ]


async def test_only_who_leads_others_is_offered_as_manager(office: Office) -> None:
    assert labels(await office.taps("Kim", f"boss:{office.member('Bo')}")) == ["Kim", "Mia"]
