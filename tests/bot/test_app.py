"""The app: each event has one effect, an error never reaches a person, a busy database waits."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from structlog.testing import capture_logs

from bot.app import BUSY_TRIES, TRIES
from handlers.contract.refusals import TextRefusal
from handlers.contract.reply import Reply, lines, plain
from tests.office import Office, action, said

KEPT_BY_THE_APP = ("inbox", "identity", "draft")


def state(office: Office, leaving_out: tuple[str, ...] = ()) -> dict[str, list[Any]]:
    """Every row of every table but those left out."""
    tables = [name for (name,) in office.rows("select name from sqlite_master where type='table'")]
    return {
        name: office.rows(f'select * from "{name}" order by 1')  # noqa: S608 our own tables' names
        for name in tables
        if name not in leaving_out
    }


def broken(_desk: object, *_rest: object, **_more: object) -> None:
    raise RuntimeError("customer Jane Doe, card 4711")


@contextmanager
def locked(office: Office) -> Iterator[sqlite3.Connection]:
    """Another program holds the database's write lock until it rolls back."""
    with closing(sqlite3.connect(office.path, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


@contextmanager
def waiting(after: int = 0, then: Callable[[], object] = list) -> Iterator[list[float]]:
    """Waits of the app that take no time; after so many of them `then` is called."""
    waits: list[float] = []
    real = asyncio.sleep

    async def no_time(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == after:
            then()
        await real(0)

    with patch("bot.app.asyncio.sleep", no_time):
        yield waits


def counting(notices: list[Reply]) -> Callable[[Reply], Awaitable[None]]:
    async def notice(reply: Reply) -> None:
        notices.append(reply)

    return notice


async def test_an_event_that_comes_twice_has_one_effect_and_the_same_answer(office: Office) -> None:
    request = office.request("Ann", text="lead Acme, 12k")
    first = await office.answer(request)
    before = state(office)
    office.wait(hours=3)
    again = await office.answer(request)
    assert again == first
    assert office.one("select count(*) from deal") == 1
    assert {name for name, rows in state(office).items() if rows != before[name]} <= {"identity"}


async def test_an_event_that_comes_many_times_at_once_has_one_effect(office: Office) -> None:
    request = office.request("Ann", text="lead Acme, 12k")
    answers = await asyncio.gather(*(office.answer(request) for _time in range(8)))
    assert len(set(map(str, answers))) == 1
    assert "Acme" in said(answers[0].reply)
    assert office.one("select count(*) from deal") == 1
    assert office.one("select count(*) from event") == 1


async def test_many_people_at_once_are_each_answered(office: Office) -> None:
    requests = [
        office.request(who, text=f"lead {who}s {n}") for who in ("Ann", "Bo") for n in "xyz"
    ]
    answers = await asyncio.gather(*map(office.answer, requests))
    for request, answer in zip(requests, answers, strict=True):
        assert request.text.removeprefix("lead ") in said(answer.reply)
    assert office.one("select count(*) from deal") == len(requests)


async def test_the_same_event_id_on_another_platform_is_another_event(office: Office) -> None:
    request = office.request("Ann", text="lead Acme")
    await office.answer(request)
    elsewhere = request.__class__(request.event_id, request.account.__class__("telegram", "1"))
    assert "only work for teams" in said((await office.answer(elsewhere)).reply)


async def test_a_refusal_keeps_nothing_of_what_its_handler_had_begun(office: Office) -> None:
    await office.says("Ann", "lead Acme")
    await office.says("Ann", "lead Beta")
    before = state(office, ("inbox", "identity"))
    with patch(
        "handlers.selling.note.add_next_step_question", side_effect=TextRefusal("undo.nothing")
    ):
        reply = await office.says("Ann", "note acme called, wants a demo")
    assert state(office, ("inbox", "identity")) == before
    assert "You wrote: note acme called, wants a demo" in said(reply).replace("`", "")


async def test_a_refusal_keeps_the_draft_that_goes_on_where_the_person_stopped(
    office: Office,
) -> None:
    await office.says("Ann", "lead Acme North")
    await office.says("Ann", "lead Acme South")
    before = state(office, KEPT_BY_THE_APP)
    reply = await office.says("Ann", "move acme negotiation")
    assert state(office, KEPT_BY_THE_APP) == before
    await office.taps("Ann", action(reply, "Acme South"))
    assert office.rows("select stage from deal") == [("opportunity",), ("negotiation",)]


async def test_an_unknown_error_gives_the_person_a_reference_and_the_log_its_traceback(
    office: Office,
) -> None:
    await office.says("Ann", "lead Acme")
    before = state(office, KEPT_BY_THE_APP)
    with patch("handlers.selling.note.record", broken), capture_logs() as log:
        answer = await office.answer(office.request("Ann", text="note acme called"))
    told = said(answer.reply)
    found = re.search(r"reference (\S+)\)", told)
    assert found is not None, told
    assert "4711" not in told
    assert "RuntimeError" not in told
    assert "note acme called" in told
    assert [each["reference"] == found[1] for each in log] == [False] * (TRIES - 1) + [True]
    assert all(each["event"] == "request failed" and each["exc_info"] for each in log)
    assert state(office, KEPT_BY_THE_APP) == before


async def test_a_log_line_about_an_error_holds_nothing_the_person_typed(office: Office) -> None:
    await office.says("Ann", "lead Acme")
    with patch("handlers.selling.note.record", broken), capture_logs() as log:
        await office.says("Ann", "note acme the code is 12345")
    assert all("12345" not in str(value) for each in log for value in each.values())


async def test_what_always_fails_is_put_aside_and_the_next_is_answered(office: Office) -> None:
    await office.says("Ann", "lead Acme")
    request = office.request("Ann", text="note acme called")
    with patch("handlers.selling.note.record", side_effect=broken) as tried, capture_logs():
        first = await office.answer(request)
    assert tried.call_count == TRIES
    assert office.rows("select state from inbox order by id desc limit 1") == [("dead",)]
    await office.says("Ann", "note acme called again")
    again = await office.answer(request)
    assert plain(again.reply.text) == plain(first.reply.text)
    assert office.one("select count(*) from event where kind = 'noted'") == 1


async def test_an_error_that_passes_is_never_seen(office: Office) -> None:
    with patch("bot.app.routes.answer") as handled, capture_logs():
        handled.side_effect = [RuntimeError("once"), Reply(lines("fine"))]
        assert said(await office.says("Ann", "anything")) == "fine"


async def test_a_busy_database_is_waited_for_told_once_and_nothing_is_lost(office: Office) -> None:
    notices: list[Reply] = []
    with locked(office) as other, waiting(3, other.rollback):
        request = office.request("Ann", text="lead Acme, 12k")
        answer = await office.app.answer(request, notice=counting(notices))
    assert "Acme" in said(answer.reply)
    assert not answer.busy
    assert [said(notice).split(".")[0] for notice in notices] == [
        "My notebook is busy for a moment"
    ]
    assert office.one("select count(*) from deal") == 1


async def test_a_database_that_stays_locked_is_said_so_and_the_text_comes_back(
    office: Office,
) -> None:
    request = office.request("Ann", text="lead Acme, 12k")
    with locked(office), waiting() as waits:
        answer = await office.answer(request)
    assert answer.busy
    assert answer.row_id == 0
    assert len(waits) == BUSY_TRIES - 1  # none after the last
    assert "nothing was kept" in said(answer.reply)
    assert "lead Acme, 12k" in said(answer.reply)
    assert office.one("select count(*) from inbox") == 0
    assert "Acme" in said((await office.answer(request)).reply)


async def test_one_person_waiting_for_the_database_is_not_told_of_another(office: Office) -> None:
    """Each request has its own notice: nobody else's message is spoken of."""
    told: dict[str, list[Reply]] = {"Ann": [], "Bo": []}
    with locked(office) as other, waiting(4, other.rollback):
        await asyncio.gather(
            *(
                office.app.answer(office.request(who, text="deals"), notice=counting(notices))
                for who, notices in told.items()
            )
        )
    assert [len(notices) for notices in told.values()] == [1, 1]


async def test_a_removed_member_is_a_stranger_at_once(office: Office) -> None:
    await office.says("Bo", "lead Acme, 12k")
    bo, ann = office.member("Bo"), office.member("Ann")
    await office.taps("Kim", f"remove:{bo}:{ann}")
    for text in ("today", "deal acme", "deals", "note acme hi"):
        assert "only work for teams" in said(await office.says("Bo", text))
    assert "Acme" in said(await office.says("Ann", "deal acme"))


async def test_an_account_in_no_team_is_answered_in_its_platforms_language(office: Office) -> None:
    request = office.request("Zoe", text="today")
    there = request.account.__class__("telegram", "5", "Yan", "zh-hans")
    reply = (await office.answer(request.__class__("e", there, text="今天"))).reply
    assert "我只为团队成员服务" in said(reply)


async def test_whoever_writes_can_be_reached_again_at_their_new_address(office: Office) -> None:
    ann = office.member("Ann")
    with office.app.database.work() as memory:
        [identity] = memory.members.list_identities(1, ann)
        identity.reachable = False
        identity.address = "old"
    await office.says("Ann", "today")
    found = office.rows("select reachable, address from identity where member_id = ?", ann)
    assert found == [(1, "Ann")]


@pytest.mark.parametrize("kind", ["text", "button", "form", "file", "contact", "query"])
async def test_every_kind_of_request_is_answered_to_members_and_strangers(
    office: Office, kind: str
) -> None:
    for who in ("Ann", "Zoe"):
        answer = await office.answer(office.request(who, kind=kind))
        assert answer.row_id
        assert isinstance(answer.reply, Reply)
        assert "reference" not in said(answer.reply)
