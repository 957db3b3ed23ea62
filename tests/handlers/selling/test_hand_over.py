"""Handing over: the owner changes, the history stays, and nobody gives what is not theirs."""

from __future__ import annotations

import pytest

from bot.delivery.loop import Delivery
from handlers.contract.reply import from_json
from tests.office import Office, action, labels, said

OWNERS = """select c.name, m.name from deal
    join customer c on c.id = customer_id join member m on m.id = owner_id"""
NOTICES = """select m.name, body from outbox
    join member m on m.id = member_id where kind = 'notice' order by outbox.id"""


def owners(office: Office) -> dict[str, str]:
    return dict(office.rows(OWNERS))


def notices(office: Office) -> list[tuple[str, str]]:
    return [(who, said(from_json(body))) for who, body in office.rows(NOTICES)]


@pytest.mark.parametrize(
    "line",
    [
        "give harbour to bo",
        "Please give the Harbour deal to Bo.",
        "hand over harbour to bo",
        "hand harbour over to bo",
        "reassign harbour to bo",
        "transfer harbour to bo please",
        "assign it to bo",
        "give harbuor to bo",
        "把Harbour转给Bo",
        "Harbour转给Bo吧",
        "移交 Harbour 给 Bo",
        "把这单转给Bo",
    ],
)
async def test_one_deal_goes_at_once_however_it_is_said(office: Office, line: str) -> None:
    await office.says("Ann", "lead Harbour, 12k")
    await office.says("Ann", line)
    assert owners(office) == {"Harbour": "Bo"}


@pytest.mark.parametrize(
    "line",
    [
        "give harbour a discount",
        "give harbour 10% to close",
        "give harbour until friday to decide",
        "give harbour to think about it",
        "give my regards to bo",
        "pass the price to bo",
        "give harbour to bob",
        "give harbour to boris",
        "把Harbour给拿下",
        "把价格给Bo",
        "把Harbour转给老板",
    ],
)
async def test_what_only_looks_like_it_moves_nothing(office: Office, line: str) -> None:
    await office.says("Ann", "lead Harbour, 12k")
    await office.says("Ann", line)
    assert owners(office) == {"Harbour": "Ann"}
    assert office.one("select count(*) from event where kind = 'handed_over'") == 0


async def test_events_and_credit_stay_with_who_did_them(office: Office) -> None:
    await office.says("Ann", "lead Harbour, 12k")
    await office.says("Ann", "advance harbour")
    await office.says("Ann", "give harbour to bo")
    acts = office.rows("select kind, member_id from event order by id")
    assert acts == [(kind, office.member("Ann")) for kind in ("created", "moved", "handed_over")]


async def test_the_receiver_is_told_once_for_many_and_the_owner_too(office: Office) -> None:
    for name in ("Acme", "Beta", "Cobalt"):
        await office.says("Bo", f"lead {name}, 5k")
    listed = await office.says("Mia", "reassign all bo's deals to ann")
    assert set(owners(office).values()) == {"Bo"}
    await office.taps("Mia", action(listed, "Hand over all 3"))
    await office.taps("Mia", action(listed, "Hand over all 3"))
    assert set(owners(office).values()) == {"Ann"}
    assert [who for who, _ in notices(office)] == ["Ann", "Bo"]
    assert office.one("select count(*) from event where kind = 'handed_over'") == 3


async def test_what_changed_since_the_list_is_not_given(office: Office) -> None:
    for name in ("Acme", "Beta", "Cobalt"):
        await office.says("Bo", f"lead {name}, 5k")
    listed = await office.says("Bo", "give all my deals to ann")
    await office.says("Bo", "lost beta price")
    await office.says("Mia", "give cobalt to kim")
    await office.taps("Bo", action(listed, "Hand over all 3"))
    assert owners(office) == {"Acme": "Ann", "Beta": "Bo", "Cobalt": "Kim"}


@pytest.mark.parametrize(("who", "may"), [("Ann", False), ("Mia", True), ("Kim", True)])
async def test_a_rep_gives_their_own_a_manager_those_below_an_admin_all(
    office: Office, who: str, may: bool
) -> None:
    await office.says("Bo", "lead Acme, 5k")
    await office.says(who, "give acme to ann")
    await office.says(who, "reassign all bo's deals to ann")
    await office.taps(who, f"give:{office.deal('Acme')}:{office.member('Ann')}")
    assert owners(office) == {"Acme": "Ann" if may else "Bo"}


async def test_nothing_goes_to_another_team(office: Office) -> None:
    await office.says("Ann", "lead Acme, 5k")
    asked = await office.says("Ann", "give acme to eve")
    assert "Eve" not in labels(asked)
    await office.taps("Ann", f"give:{office.deal('Acme')}:{office.member('Eve')}")
    await office.says("Eve", "lead Zeta, 1k")
    await office.taps("Eve", f"give:{office.deal('Acme')}:{office.member('Eve')}")
    assert owners(office)["Acme"] == "Ann"


async def test_an_open_nudge_is_the_receiver_s(office: Office, delivery: Delivery) -> None:
    await office.says("Ann", "lead Acme, 5k")
    await office.says("Ann", "next acme in 1 hour call Jane")
    await delivery.pass_time(office.clock, office.wait(hours=2))
    await office.says("Ann", "give acme to bo")
    open_nudges = "select member_id from nudge where answered_at is null"
    assert office.rows(open_nudges) == [(office.member("Bo"),)]
    await office.says("Ann", "undo")
    assert office.rows(open_nudges) == [(office.member("Ann"),)]


async def test_a_hand_over_is_undone_whole_but_what_went_on_stays(office: Office) -> None:
    for name in ("Acme", "Beta"):
        await office.says("Ann", f"lead {name}, 5k")
    listed = await office.says("Ann", "give all my deals to bo")
    done = await office.taps("Ann", action(listed, "Hand over all 2"))
    await office.says("Bo", "note acme they like it")
    await office.says("Bo", "give beta to kim")
    undone = await office.taps("Ann", action(done, "Undo"))
    assert owners(office) == {"Acme": "Ann", "Beta": "Kim"}
    assert "1 has changed hands since" in said(undone)
    await office.taps("Ann", action(done, "Undo"))
    assert office.one("select count(*) from event where kind = 'undone'") == 1
    assert office.one("select count(*) from event where kind = 'noted'") == 1


async def test_nobody_else_and_nobody_late_takes_a_hand_over_back(office: Office) -> None:
    await office.says("Ann", "lead Acme, 5k")
    done = await office.says("Ann", "give acme to bo")
    await office.taps("Kim", action(done, "Undo"))
    office.wait(minutes=11)
    await office.taps("Ann", action(done, "Undo"))
    await office.says("Ann", "undo")
    assert owners(office) == {"Acme": "Bo"}
