"""What follows every act on a deal, in order, and which of it follows an undo as well."""

from __future__ import annotations

from handlers.deals.followers import AFTER_AN_ACT, AFTER_ANY_CHANGE
from tests.office import Office

ATTENTION = "select attention_at, attention_kind, pool_at from deal where id = ?"
IN_HAND = "select deal_in_hand_id from member where name = 'Ann'"
QUESTIONS = "select count(*) from draft where kind = 'question'"


async def test_an_act_closes_the_open_question(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", "next acme")
    assert office.one(QUESTIONS) == 1
    await office.says("Ann", "next acme tomorrow 3pm call")
    assert office.one(QUESTIONS) == 0


async def test_an_act_takes_the_deal_in_hand_and_its_undo_leaves_another_there(
    office: Office,
) -> None:
    await office.says("Ann", "lead Acme, 10k")
    note = await office.says("Ann", "note acme wants a demo")
    await office.says("Ann", "lead Beta, 5k")
    assert office.one(IN_HAND) == office.deal("Beta")
    [undo] = [b.action for row in note.buttons for b in row if b.label == "Undo"]
    await office.taps("Ann", undo)
    assert office.one(IN_HAND) == office.deal("Beta")


async def test_an_undo_refreshes_the_dates_like_the_act_it_takes_back(office: Office) -> None:
    await office.says("Kim", "pool 5")
    await office.says("Ann", "lead Acme, 10k")
    deal = office.deal("Acme")
    before = office.rows(ATTENTION, deal)
    assert before[0][2] is not None
    await office.says("Ann", "next acme tomorrow 3pm send the offer")
    assert office.rows(ATTENTION, deal) != before
    await office.says("Ann", "undo")
    assert office.rows(ATTENTION, deal) == before


async def test_an_undo_drops_the_follow_ups_of_the_act(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.taps("Ann", f"won-paid:{office.deal('Acme')}")
    assert office.one("select count(*) from occasion where due_at is not null") == 2
    await office.says("Ann", "undo")
    assert office.one("select count(*) from occasion where due_at is not null") == 0


def test_the_answered_nudges_come_before_the_new_dates() -> None:
    """A nudge is settled as it stood; only then is the next one reckoned."""
    names = [follower.__name__ for follower in (*AFTER_AN_ACT, *AFTER_ANY_CHANGE)]
    assert len(names) == len(set(names))
    assert names.index("answer_nudges") < names.index("refresh_nudge")
