"""Acts beside deals are known to `undo`, in their order among the events of deals."""

from __future__ import annotations

from handlers.contract.act_log import UNDOERS, ActKind
from tests.office import Office, said


async def test_what_cannot_be_undone_is_named_and_nothing_older_is_taken_back(
    office: Office,
) -> None:
    await office.says("Kim", "lead Acme, 10k")
    await office.taps("Kim", f"remove:{office.member('Bo')}:{office.member('Ann')}")
    for _ in range(2):
        answer = said(await office.says("Kim", "undo"))
        assert "removing Bo, can't be undone here" in answer
    assert office.one("select status from deal") == "live"
    assert office.one("select removed_at from member where name = 'Bo'") is not None


async def test_an_act_on_a_deal_after_it_is_what_undo_takes_back(office: Office) -> None:
    await office.taps("Kim", f"remove:{office.member('Bo')}:{office.member('Ann')}")
    await office.says("Kim", "lead Acme, 10k")
    assert "no longer a lead" in said(await office.says("Kim", "undo"))
    assert "removing Bo" in said(await office.says("Kim", "undo"))


async def test_a_role_is_given_back_with_the_reps_it_had_brought(office: Office) -> None:
    mia, bo = office.member("Mia"), office.member("Bo")
    await office.taps("Kim", f"role:{mia}:rep")
    await office.taps("Kim", f"role:{bo}:manager")
    await office.says("Kim", "undo")
    assert office.one("select role from member where name = 'Bo'") == "rep"
    assert office.one("select manager_id from member where name = 'Mia'") is None
    await office.says("Kim", "undo")
    assert office.one("select role from member where name = 'Mia'") == "manager"


async def test_nobody_undoes_their_own_fall_from_admin(office: Office) -> None:
    await office.taps("Kim", f"role:{office.member('Mia')}:admin")
    await office.taps("Kim", f"role:{office.member('Kim')}:rep")
    await office.says("Kim", "undo")
    assert office.one("select role from member where name = 'Kim'") == "rep"


async def test_the_pool_s_days_are_what_they_were(office: Office) -> None:
    await office.says("Kim", "pool 3")
    await office.says("Kim", "pool 5")
    for days in (3, 0):
        await office.says("Kim", "undo")
        assert office.one("select pool_days from team where id = 1") == days


async def test_settings_are_what_they_were_before_the_form(office: Office) -> None:
    query = "select time_zone, work_start, work_end, work_days, digest_hour, country from member"
    before = office.rows(f"{query} where name = 'Ann'")
    await office.says("Ann", "lead Acme, 10k")
    new = {"zone": "Asia/Tokyo", "hours": "8-16", "days": "012345", "digest": "7"}
    await office.fills("Ann", "settings", new)
    assert office.one("select time_zone from member where name = 'Ann'") == "Asia/Tokyo"
    await office.says("Ann", "undo")
    assert office.rows(f"{query} where name = 'Ann'") == before
    assert office.one("select status from deal") == "live"


async def test_the_team_s_name_and_currency_are_what_they_were(office: Office) -> None:
    query = "select name, currency from team where id = 1"
    before = office.rows(query)
    await office.fills("Kim", "team-settings", {"name": "Green Bay", "currency": "USD"})
    assert office.rows(query) == [("Green Bay", "USD")]
    await office.says("Kim", "undo")
    assert office.rows(query) == before


def test_every_undoer_is_of_a_kind_that_is_logged() -> None:
    assert UNDOERS.keys() <= set(ActKind)
