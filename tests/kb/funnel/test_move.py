"""Moves: what is allowed, what is not and why, and what may be done instead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.funnel.move import (
    Allowed,
    Decision,
    Illegal,
    LegalMove,
    Position,
    Why,
    advance,
    list_legal_moves,
    lose,
    move,
    move_back,
    park,
    reopen,
    win,
)
from kb.funnel.stages.funnel_templates import load_funnel
from kb.states import DealStatus

FUNNEL = load_funnel("odds6")
KEYS = [stage.key for stage in FUNNEL.stages]
TODAY = date(2026, 11, 3)
CLOSED = (DealStatus.WON, DealStatus.LOST, DealStatus.WITHDRAWN)


def live(stage: str) -> Position:
    return Position(stage, DealStatus.LIVE)


def parked(stage: str) -> Position:
    return Position(stage, DealStatus.PARKED)


def test_a_move_forward_says_which_stages_it_leaps_over() -> None:
    assert move(live("opportunity"), "qualified", FUNNEL) == Allowed("qualified", DealStatus.LIVE)
    leap = move(live("opportunity"), "negotiation", FUNNEL)
    assert leap == Allowed("negotiation", DealStatus.LIVE, skipped=("qualified", "demo", "decider"))


def test_a_move_back_leaps_over_nothing() -> None:
    assert move(live("signed"), "demo", FUNNEL) == Allowed("demo", DealStatus.LIVE)


def test_a_deal_does_not_move_to_where_it_is() -> None:
    refused = move(live("demo"), "demo", FUNNEL)
    legal = (LegalMove("move", "decider"), LegalMove("move", "qualified"), LegalMove("lost"))
    assert refused == Illegal(Why.SAME_STAGE, legal)


def test_a_deal_does_not_move_out_of_the_funnel() -> None:
    refused = move(live("demo"), "shipping", FUNNEL)
    assert isinstance(refused, Illegal)
    assert refused.why is Why.UNKNOWN_STAGE


def test_a_parked_deal_wakes_by_any_move_even_to_its_own_stage() -> None:
    assert move(parked("demo"), "demo", FUNNEL) == Allowed("demo", DealStatus.LIVE)
    assert move(parked("demo"), "negotiation", FUNNEL) == Allowed(
        "negotiation", DealStatus.LIVE, skipped=("decider",)
    )
    assert advance(parked("demo"), FUNNEL) == Allowed("decider", DealStatus.LIVE)


def test_one_stage_on_and_one_stage_back() -> None:
    assert advance(live("demo"), FUNNEL) == Allowed("decider", DealStatus.LIVE)
    assert move_back(live("demo"), FUNNEL) == Allowed("qualified", DealStatus.LIVE)


def test_after_the_last_stage_a_deal_is_won_or_lost() -> None:
    assert advance(live("signed"), FUNNEL) == Illegal(
        Why.LAST_STAGE, (LegalMove("won"), LegalMove("lost"))
    )


def test_before_the_first_stage_there_is_nothing() -> None:
    refused = move_back(live("opportunity"), FUNNEL)
    assert refused == Illegal(Why.FIRST_STAGE, (LegalMove("move", "qualified"), LegalMove("lost")))


def test_a_signed_deal_is_won() -> None:
    assert win(live("signed"), FUNNEL) == Allowed("signed", DealStatus.WON)


def test_an_unsigned_deal_is_not_won_before_somebody_says_signed_and_paid() -> None:
    refused = win(live("decider"), FUNNEL)
    assert refused == Illegal(Why.NOT_SIGNED, (LegalMove("move", "signed"), LegalMove("won-paid")))
    confirmed = win(live("decider"), FUNNEL, money_in=True)
    assert confirmed == Allowed("signed", DealStatus.WON, skipped=("negotiation",))


def test_a_deal_is_lost_where_it_stands_and_for_a_reason_of_the_funnel() -> None:
    lost = lose(live("demo"), "price", FUNNEL)
    assert lost == Allowed("demo", DealStatus.LOST, lost_reason="price")
    assert lose(parked("demo"), "price", FUNNEL) == lost


@pytest.mark.parametrize(
    ("reason", "why"),
    [(None, Why.REASON_NEEDED), ("", Why.REASON_NEEDED), ("weather", Why.UNKNOWN_REASON)],
)
def test_no_deal_is_lost_without_a_reason(reason: str | None, why: Why) -> None:
    assert lose(live("demo"), reason, FUNNEL) == Illegal(why, (LegalMove("lost"),))


def test_a_deal_sleeps_until_a_later_day() -> None:
    until = date(2026, 12, 1)
    asleep = Allowed("demo", DealStatus.PARKED, parked_until=until)
    assert park(live("demo"), until, TODAY) == asleep
    assert park(parked("demo"), until, TODAY) == asleep


@pytest.mark.parametrize("until", [TODAY, date(2026, 11, 2)])
def test_a_deal_does_not_sleep_until_today_or_a_day_past(until: date) -> None:
    assert park(live("demo"), until, TODAY) == Illegal(Why.DATE_PAST, (LegalMove("park"),))


@pytest.mark.parametrize("status", [*CLOSED, DealStatus.PARKED])
def test_whatever_is_not_live_is_reopened_where_it_was(status: DealStatus) -> None:
    assert reopen(Position("decider", status), FUNNEL) == Allowed("decider", DealStatus.LIVE)


def test_a_live_deal_is_not_reopened() -> None:
    refused = reopen(live("signed"), FUNNEL)
    legal = (LegalMove("move", "negotiation"), LegalMove("won"), LegalMove("lost"))
    assert refused == Illegal(Why.ALREADY_LIVE, legal)


@pytest.mark.parametrize("status", CLOSED)
def test_a_closed_deal_can_only_be_reopened(status: DealStatus) -> None:
    position = Position("demo", status)
    decisions = (
        move(position, "decider", FUNNEL),
        move(position, "shipping", FUNNEL),
        advance(position, FUNNEL),
        move_back(position, FUNNEL),
        win(position, FUNNEL, money_in=True),
        lose(position, "price", FUNNEL),
        park(position, date(2027, 1, 1), TODAY),
    )
    assert set(decisions) == {Illegal(Why.CLOSED, (LegalMove("reopen"),))}
    assert list_legal_moves(position, FUNNEL) == (LegalMove("reopen"),)


def test_a_parked_deal_is_first_of_all_reopened() -> None:
    assert list_legal_moves(parked("demo"), FUNNEL)[0] == LegalMove("reopen")


positions = st.builds(Position, st.sampled_from(KEYS), st.sampled_from(["live", "parked", *CLOSED]))
reasons = st.none() | st.sampled_from([reason.key for reason in FUNNEL.lost_reasons]) | st.text()


@st.composite
def decisions(draw: st.DrawFn, position: Position) -> Decision:
    """Anything a person may ask for, sensible or not."""
    asked: st.SearchStrategy[Decision] = st.one_of(
        st.builds(move, st.just(position), st.sampled_from(KEYS) | st.text(), st.just(FUNNEL)),
        st.builds(advance, st.just(position), st.just(FUNNEL)),
        st.builds(move_back, st.just(position), st.just(FUNNEL)),
        st.builds(win, st.just(position), st.just(FUNNEL), st.booleans()),
        st.builds(lose, st.just(position), reasons, st.just(FUNNEL)),
        st.builds(park, st.just(position), st.dates(), st.just(TODAY)),
        st.builds(reopen, st.just(position), st.just(FUNNEL)),
    )
    return draw(asked)


@given(data=st.data(), position=positions)
def test_no_run_of_moves_leaves_the_funnel(data: st.DataObject, position: Position) -> None:
    for _ in range(data.draw(st.integers(1, 5))):
        decision = data.draw(decisions(position))
        if isinstance(decision, Illegal):
            continue
        assert decision.stage in KEYS
        assert (decision.status == "lost") == (decision.lost_reason is not None)
        assert (decision.status == "parked") == (decision.parked_until is not None)
        assert decision.status != "won" or decision.stage == KEYS[-1]
        assert list(decision.skipped) == leapt(position.stage, decision.stage)
        position = Position(decision.stage, decision.status)


@given(data=st.data(), position=positions)
def test_whatever_is_offered_instead_is_allowed(data: st.DataObject, position: Position) -> None:
    decision = data.draw(decisions(position))
    if isinstance(decision, Illegal):
        assert decision.legal
        assert all(isinstance(carried_out(position, one), Allowed) for one in decision.legal)


def leapt(here: str, there: str) -> list[str]:
    return KEYS[KEYS.index(here) + 1 : KEYS.index(there)]


def carried_out(position: Position, legal: LegalMove) -> Decision:
    acts: dict[str, Callable[[], Decision]] = {
        "move": lambda: move(position, legal.stage or "", FUNNEL),
        "won": lambda: win(position, FUNNEL),
        "won-paid": lambda: win(position, FUNNEL, money_in=True),
        "lost": lambda: lose(position, "price", FUNNEL),
        "park": lambda: park(position, date(2027, 1, 1), TODAY),
        "reopen": lambda: reopen(position, FUNNEL),
    }
    return acts[legal.act]()
