"""Telegram's floods: one chat's is that chat's, several at once are the whole bot's."""

from __future__ import annotations

import pytest
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.limits.rate_limiter import RateLimited
from bot.telegram.errors import make_delivery_error, make_held_error
from bot.telegram.rate_limits import ALL, FLOOD_CHATS, FLOOD_SECONDS, FloodDetector, make_chat_key


def test_a_flood_in_one_chat_is_that_chat_s_however_often_it_comes() -> None:
    floods = FloodDetector()
    assert {floods.find_key(7, second) for second in range(9)} == {make_chat_key(7)}


def test_floods_in_several_chats_at_once_are_the_whole_bot_s() -> None:
    floods = FloodDetector()
    keys = [floods.find_key(chat, 0.1 * chat) for chat in range(1, FLOOD_CHATS + 1)]
    assert keys == [*map(make_chat_key, range(1, FLOOD_CHATS)), ALL]


def test_floods_far_apart_have_nothing_to_do_with_each_other() -> None:
    floods = FloodDetector()
    keys = [floods.find_key(chat, FLOOD_SECONDS * chat) for chat in range(1, 9)]
    assert keys == [*map(make_chat_key, range(1, 9))]


def test_whoever_waits_for_the_whole_bot_says_so() -> None:
    whole_bot, narrow = (make_held_error(RateLimited(key, 60.0)) for key in (ALL, make_chat_key(7)))
    assert (whole_bot.whole_bot, narrow.whole_bot) == (True, False)
    assert (whole_bot.retryable, whole_bot.retry_after) == (True, 60.0)


@pytest.mark.parametrize(
    ("error", "unsure"),
    [
        (TimedOut("no answer in time, so it may have been sent"), True),
        (NetworkError("ServerDisconnectedError"), True),
        (NetworkError("Bad Gateway"), False),
        (TimedOut("no connection in time, so nothing was sent"), False),
        (NetworkError("ClientConnectorError ECONNREFUSED"), False),
        (NetworkError("the connection to Telegram is closed"), False),
        (BadRequest("chat not found"), False),
        (RetryAfter(5), False),
    ],
)
def test_only_a_lost_answer_leaves_us_unsure(error: TelegramError, unsure: bool) -> None:
    assert make_delivery_error(error).unsure is unsure
