"""What Telegram refuses for a while or for good: rates, blocks, lost connections."""

from __future__ import annotations

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.limits.retried_calls import TRIES
from bot.port import Address, DeliveryError
from bot.telegram.errors import Calls, make_delivery_error, summarize
from handlers.contract.reply import Reply, text_of
from storage.tables.messages import Outbox, OutboxState
from tests.bot.telegram.serving import NOW, Pauses, Served
from tests.fakes.botapi import User

ANN = Address("telegram", "1", "1")
HELLO = Reply(text_of("hello"))


@pytest.fixture
def ann(served: Served) -> User:
    return served.api.user(1, "Ann", wrote=True)


@pytest.mark.parametrize(
    ("error", "retryable", "retry_after", "gone"),
    [
        (RetryAfter(35), True, 35.0, False),
        (Forbidden("bot was blocked by the user"), False, None, True),
        (BadRequest("Chat not found"), False, None, True),
        (BadRequest("Message is too long"), False, None, False),
        (TimedOut(), True, None, False),
        (NetworkError("Bad Gateway"), True, None, False),
        (InvalidToken("Unauthorized"), True, None, False),
        (ChatMigrated(-100), True, None, False),
        (TelegramError("?"), False, None, False),
    ],
)
def test_each_refusal_says_what_can_be_done(
    error: TelegramError, retryable: bool, retry_after: float | None, gone: bool
) -> None:
    told = make_delivery_error(error)
    assert (told.retryable, told.retry_after, told.gone) == (retryable, retry_after, gone)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), "bot was blocked by the user"),
        (BadRequest('Bad Request: can\'t parse entities: tag "acme"'), "Can't parse entities"),
        (BadRequest("inline button URL 'https://t.me/x?start=s3cret' is bad"), "inline button URL"),
        (NetworkError("ClientConnectorError ECONNREFUSED"), "ClientConnectorError ECONNREFUSED"),
    ],
)
def test_what_is_logged_of_a_refusal_quotes_nothing_we_sent(
    error: TelegramError, told: str
) -> None:
    assert summarize(error) == f"{type(error).__name__}: {told}"
    assert str(make_delivery_error(error)) == summarize(error)


def test_of_an_error_that_is_not_telegrams_only_its_kind_is_logged() -> None:
    assert summarize(ValueError("Acme")) == "ValueError"


async def test_a_nudge_is_sent_and_gives_its_reference(served: Served, ann: User) -> None:
    sent = await served.adapter.send(ANN, HELLO)
    assert sent.message_ref == f"1:{served.api.chat(1).last.id}"


async def test_a_nudge_too_many_comes_back_with_the_time_to_wait(served: Served, ann: User) -> None:
    served.api.fail_next("sendMessage", 429, retry_after=35)
    with pytest.raises(DeliveryError) as refused:
        await served.adapter.send(ANN, HELLO)
    assert (refused.value.retryable, refused.value.retry_after) == (True, 35.0)
    assert 35 not in served.pauses.seconds


async def test_a_nudge_half_sent_is_finished_rather_than_begun_again() -> None:
    pauses, refusals = Pauses(), [RetryAfter(3)]
    calls = Calls(pauses, patient=False)

    async def refused_once() -> str:
        if refusals:
            raise refusals.pop()
        return "sent"

    async def sent() -> str:
        return "sent"

    assert await calls.make(sent) == "sent"
    assert await calls.make(refused_once) == "sent"
    assert pauses.seconds == [3.0]


async def test_a_nudge_to_who_blocked_the_bot_is_gone(served: Served, ann: User) -> None:
    served.api.block(ann)
    with pytest.raises(DeliveryError, match="blocked") as refused:
        await served.adapter.send(ANN, HELLO)
    assert refused.value.gone


async def test_a_nudge_to_no_chat_at_all_is_refused(served: Served) -> None:
    with pytest.raises(DeliveryError):
        await served.adapter.send(Address("telegram", "1", "@somebody"), HELLO)


async def test_a_nudge_to_a_group_that_moved_arrives(served: Served, ann: User) -> None:
    group = served.api.group(-7, "Sales", [ann])
    new = served.api.migrate(group)
    sent = await served.adapter.send(Address("telegram", "1", "-7"), HELLO)
    assert new.chat.texts == ["hello"]
    assert sent.message_ref.startswith(f"{new.id}:")


async def test_an_answer_waits_as_long_as_telegram_says_and_others_go_on(
    served: Served, ann: User
) -> None:
    bo = served.api.user(2, "Bo")
    served.api.fail_next("sendMessage", 429, chat=1, retry_after=35)
    ann.says("one")
    bo.says("two")
    await served.answered(2)
    assert served.api.chat(1).texts == ["heard: one"]
    assert served.api.chat(2).texts == ["heard: two"]
    assert 35.0 in served.pauses.seconds
    assert served.effects() in (["one", "two"], ["two", "one"])


async def test_an_answer_outlives_a_bad_network(served: Served, ann: User) -> None:
    served.api.fail_next("sendMessage", 502, "<html>Bad Gateway</html>", times=2)
    served.api.drop_next("sendMessage", applied=False)
    ann.says("one")
    await served.answered(1)
    assert served.api.chat(1).texts == ["heard: one"]
    assert served.effects() == ["one"]


async def test_an_answer_the_server_fails_on_for_ever_does_not_block_its_person(
    served: Served, ann: User
) -> None:
    served.api.fail_next("sendMessage", 500, times=(TRIES + 1) * 3)
    ann.says("one")
    ann.says("two")
    await served.answered(2)
    assert served.states() == ["dead", "answered"]
    assert served.api.chat(1).texts[-1] == "heard: two"


async def test_who_blocks_the_bot_is_marked_and_comes_back_with_the_next_word(
    served: Served, ann: User
) -> None:
    served.member(1)
    served.api.block(ann)
    await served.answered(1)
    assert not served.reachable(1)
    served.api.unblock(ann)
    await served.answered(2)
    assert served.reachable(1)
    assert served.states() == ["answered", "answered"]


async def test_what_was_parked_is_due_again_when_the_block_ends(served: Served, ann: User) -> None:
    served.member(1)
    park(served)
    served.api.block(ann)
    served.api.unblock(ann)
    await served.answered(2)
    assert served.rows("select state from outbox") == [("pending",)]


async def test_an_answer_to_who_has_just_blocked_the_bot_marks_them(
    served: Served, ann: User
) -> None:
    served.member(1)
    served.api.fail_next("sendMessage", 403)
    ann.says("and goodbye")
    await served.answered(1)
    assert not served.reachable(1)
    assert served.states() == ["answered"]


async def test_a_strangers_block_writes_nothing(served: Served, ann: User) -> None:
    served.api.block(ann)
    await served.answered(1)
    assert served.rows("select count(*) from identity") == [(0,)]


def park(served: Served) -> None:
    """Puts a parked nudge for the first member into the outbox."""
    with served.app.database.work() as memory:
        memory.outbox.put(
            Outbox(team_id=1, member_id=1, key="stall:1:1:1", kind="nudge", due_at=NOW)
        )
    with served.app.database.work() as memory:
        [row] = memory.claims.claim("test", NOW, NOW, 1)
        memory.outbox.finish(row.id, "test", OutboxState.PARKED)
