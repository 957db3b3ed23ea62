"""Every update has one effect: repeated, out of order, over a restart, beside a broken one."""

from __future__ import annotations

import itertools
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from bot.inbound import worker
from bot.telegram import handling, inbound
from handlers.contract.reply import Reply
from handlers.contract.request import Request
from storage.engine import Busy
from tests.bot.telegram.serving import Room, Served, heard, message


@pytest.mark.parametrize("order", list(itertools.permutations([0, 1, 2])))
async def test_an_update_delivered_thrice_in_any_order_has_one_effect(
    served: Served, order: tuple[int, ...]
) -> None:
    updates = [message(500 + number, f"line {number}") for number in range(3)]
    for _round in range(3):
        for number in order:
            served.api.push(updates[number])
        await served.api.idle(quiet=0.01)
    await served.answered(3)
    assert sorted(served.effects()) == ["line 0", "line 1", "line 2"]
    assert sorted(served.api.chat(1).texts) == [f"heard: line {n}" for n in range(3)]


async def test_a_lower_update_id_after_a_quiet_week_is_still_handled(served: Served) -> None:
    ann = served.api.user(1)
    ann.says("before")
    await served.answered(1)
    served.api.updates.renumber(1000)
    ann.says("after the week")
    ann.says("and on")
    await served.answered(3)
    assert served.effects() == ["before", "after the week", "and on"]
    # Confirmed by its own number: by the week's before it would be sent again and again.
    await served.api.wait_for(lambda: served.api.updates._offset == 1002)


async def test_one_persons_messages_are_answered_in_their_order(served: Served) -> None:
    people = [served.api.user(number) for number in range(1, 6)]
    for number in range(40):
        people[number % 5].says(f"{number}")
    await served.answered(40)
    for person in people:
        said = [int(text.removeprefix("heard: ")) for text in served.api.chat(person.id).texts]
        assert said == sorted(said)
        assert len(said) == 8


async def test_a_slow_person_holds_up_nobody_else(served: Served) -> None:
    ann, bo = served.api.user(1), served.api.user(2)
    served.api.hang_next("sendMessage", chat=1)
    ann.says("first")
    ann.says("second")
    bo.says("quick")
    await served.api.wait_for(lambda: served.api.chat(2).texts == ["heard: quick"])
    assert served.api.chat(1).texts == []


async def test_an_update_that_always_fails_is_put_aside_and_the_next_is_answered(
    served: Served,
) -> None:
    def poisoned(request: Request, room: Room) -> Reply:
        reply = heard(request, room)
        if request.text == "poison":
            raise RuntimeError("always")
        return reply

    served.skills.answer = poisoned
    ann = served.api.user(1)
    ann.says("poison")
    ann.says("and then")
    await served.answered(2)
    assert served.effects() == ["and then"]
    assert served.states() == ["dead", "answered"]
    sorry, then = served.api.chat(1).texts
    [(reference,)] = served.rows("select reference from inbox where state = 'dead'")
    assert reference in sorry
    assert "always" not in sorry
    assert then == "heard: and then"


async def test_an_update_that_can_never_be_read_is_put_aside_counted_and_answered_for(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = inbound.read

    def broken(raw: Any, me: Any) -> Any:
        if raw.get("message", {}).get("text") == "poison":
            raise ValueError("unreadable")
        return real(raw, me)

    monkeypatch.setattr(handling, "read", broken)
    monkeypatch.setattr("bot.telegram.poller.read", broken)
    ann = served.api.user(1)
    ann.says("poison")
    ann.says("and then")
    await served.answered(2)
    [(state, attempts, reference)] = served.rows(
        "select state, attempts, reference from inbox where id = 1"
    )
    assert (state, attempts) == ("dead", worker.TRIES)
    assert reference in served.api.chat(1).texts[0]
    assert served.api.chat(1).texts[1:] == ["heard: and then"]


async def test_a_reply_telegram_always_refuses_is_put_aside_and_the_next_is_answered(
    served: Served,
) -> None:
    ann = served.api.user(1)
    served.api.fail_next("sendMessage", 400, times=worker.TRIES)
    ann.says("one")
    ann.says("two")
    await served.answered(2)
    assert served.effects() == ["one", "two"]
    assert served.states() == ["dead", "answered"]
    assert served.api.chat(1).texts[-1] == "heard: two"


async def test_while_the_database_is_locked_nothing_is_lost_and_it_is_said_once(
    served: Served,
) -> None:
    ann = served.api.user(1)
    ann.says("one")
    await served.answered(1)
    with closing(sqlite3.connect(served.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        ann.says("two")
        ann.says("three")
        await served.api.wait_for(2)
        await served.pauses.until(5)
        assert len(served.api.updates.waiting) == 2  # not confirmed, so Telegram keeps them
        other.execute("ROLLBACK")
    ann.says("four")
    await served.answered(4)
    assert served.effects() == ["one", "two", "three", "four"]
    first, busy, *answers = served.api.chat(1).texts
    assert first == "heard: one"
    assert "safe" in busy
    assert answers == ["heard: two", "heard: three", "heard: four"]


async def test_a_lock_that_outlasts_the_apps_own_patience_is_waited_out(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.BUSY_TRIES", 1)

    def busy(request: Request, room: Room) -> Reply:
        reply = heard(request, room)
        if len(served.skills.asked) % 4:
            raise Busy
        return reply

    served.skills.answer = busy
    ann = served.api.user(1)
    for updates, said in enumerate(("one", "two"), start=1):
        ann.says(said)
        await served.answered(updates)
    assert served.effects() == ["one", "two"]
    notice, answer, again, another = served.api.chat(1).texts
    assert (answer, another) == ("heard: one", "heard: two")
    assert "safe" in notice
    assert "safe" in again


async def test_updates_nobody_asked_us_are_not_kept(served: Served) -> None:
    post = {"message_id": 1, "chat": {"id": -5, "type": "channel"}, "date": 1, "text": "news"}
    served.api.push({"channel_post": post})
    edited = message(900, "edited")
    served.api.push({"update_id": 900, "edited_message": edited["message"]})
    bot = message(901, "from a bot")
    bot["message"]["from"]["is_bot"] = True
    served.api.push(bot)
    nobody = message(902, "from nobody")
    del nobody["message"]["from"]
    served.api.push(nobody)
    served.api.user(1).says("hi")
    await served.answered(1)
    assert served.states() == ["answered"]


async def test_words_no_database_can_keep_are_kept_all_the_same(served: Served) -> None:
    served.api.push(message(700, "a\ud800b\0c"))
    await served.answered(1)
    assert served.effects() == ["a\ufffdbc"]
