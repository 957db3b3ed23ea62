"""The fake Bot API refuses what Telegram refuses, seen through the real library."""

from __future__ import annotations

import struct
import zlib

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    MessageEntity,
    ReplyKeyboardMarkup,
)
from telegram.error import BadRequest, EndPointNotFound, Forbidden, InvalidToken, NetworkError

from tests.fakes.botapi import BotApi
from tests.fakes.botapi.limits import UPLOAD_BYTES


def keyboard(*rows: list[str], data: str = "x") -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label in row] for row in rows]
    )


def article(result_id: str, text: str = "hello") -> InlineQueryResultArticle:
    return InlineQueryResultArticle(result_id, "Title", InputTextMessageContent(text))


@pytest.mark.parametrize(
    ("text", "mode", "reason"),
    [
        ("", None, "Message text is empty"),
        (" \n\u200b", None, "Text must be non-empty"),
        ("<b></b>", "HTML", "Text must be non-empty"),
        ("x" * 4_097, None, "Message is too long"),
        ("🙂" * 2_049, "HTML", "Message is too long"),
        ("<b>" + "你" * 11_000 + "</b>", "HTML", "Text is too long"),
        ("a <b", "HTML", "Can't parse entities: unclosed start tag at byte offset 2"),
        ("*x*", "MarkdownV3", "Unsupported parse_mode"),
    ],
)
async def test_a_text_that_telegram_refuses_is_refused(
    api: BotApi, bot: Bot, text: str, mode: str | None, reason: str
) -> None:
    api.user(1, wrote=True)
    with pytest.raises(BadRequest) as refusal:
        await bot.send_message(1, text, parse_mode=mode)
    assert refusal.value.message == reason
    assert api.sent == []


@pytest.mark.parametrize("text", ["x" * 4_096, "🙂" * 2_048, "<b>" + "&lt;" * 4_096 + "</b>"])
async def test_the_longest_text_passes_after_parsing(api: BotApi, bot: Bot, text: str) -> None:
    api.user(1, wrote=True)
    await bot.send_message(1, text, parse_mode="HTML")
    assert len(api.sent) == 1


async def test_a_text_is_kept_as_telegram_keeps_it(api: BotApi, bot: Bot) -> None:
    api.user(1, wrote=True)
    sent = await bot.send_message(1, " \n a\tb\r\u202e <b>你🙂\r</b> \n", parse_mode="HTML")
    assert sent.text == "a b 你🙂"
    assert [(e.type, e.offset, e.length) for e in sent.entities] == [("bold", 4, 3)]
    assert api.chat(1).last.styled("bold") == ["你🙂"]


async def test_an_entity_outside_the_text_is_refused(api: BotApi, bot: Bot) -> None:
    api.user(1, wrote=True)
    with pytest.raises(BadRequest, match="ends after the end of the text at utf-16 offset 9"):
        await bot.send_message(1, "hello", entities=[MessageEntity("bold", 0, 9)])


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (keyboard(["x"], data="中" * 22), "Button_data_invalid"),
        (keyboard(["x"], data=""), "Text buttons are unallowed in the inline keyboard"),
        (keyboard([" "]), "Button_text_invalid"),
        (keyboard(["x"] * 9), "Reply markup is too long"),
        (keyboard(*[["x"] * 8] * 13), "Reply markup is too long"),
        (InlineKeyboardMarkup([[InlineKeyboardButton("call", url="tel:+15550100")]]), "HTTP URL"),
        (ReplyKeyboardMarkup([[""]]), "Button_text_invalid"),
    ],
)
async def test_a_keyboard_that_telegram_refuses_is_refused(
    api: BotApi, bot: Bot, markup: InlineKeyboardMarkup | ReplyKeyboardMarkup, reason: str
) -> None:
    api.user(1, wrote=True)
    with pytest.raises(BadRequest, match=f"(?i){reason}"):
        await bot.send_message(1, "choose", reply_markup=markup)


async def test_the_largest_keyboard_passes(api: BotApi, bot: Bot) -> None:
    api.user(1, wrote=True)
    rows = [["x"] * 8] * 12 + [["x"] * 4]
    await bot.send_message(1, "choose", reply_markup=keyboard(*rows, data="中" * 21))
    assert len(api.chat(1).last.buttons) == 100


async def test_a_caption_has_1024_units(api: BotApi, bot: Bot) -> None:
    api.user(1, wrote=True)
    await bot.send_document(1, b"x", caption="x" * 1_024)
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_document(1, b"x", caption="x" * 1_025)


async def test_files_have_their_limits(api: BotApi, bot: Bot) -> None:
    user = api.user(1, wrote=True)
    with pytest.raises(NetworkError, match="Request Entity Too Large"):
        await bot.send_document(1, bytes(UPLOAD_BYTES + 1))
    update = user.sends_document("big.bin", bytes(20 * 1024 * 1024 + 1))
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(update["message"]["document"]["file_id"])
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_photo(1, b"not a picture")
    with pytest.raises(BadRequest, match="Photo_invalid_dimensions"):
        await bot.send_photo(1, png(9_999, 9_999))


def png(width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n\0\0\0\r" + header + struct.pack(">I", zlib.crc32(header))


async def test_a_command_list_has_its_limits(api: BotApi, bot: Bot) -> None:
    for commands, reason in (
        ([BotCommand("Start", "x")], "Bot_command_invalid"),
        ([BotCommand("a-b", "x")], "Bot_command_invalid"),
        ([BotCommand("a" * 33, "x")], "Bot_command_invalid"),
        ([BotCommand("a", "")], "Bot_command_description_invalid"),
        ([BotCommand("a", "x" * 257)], "Bot_command_description_invalid"),
        ([BotCommand("a", "x")] * 101, "Bot_commands_too_much"),
    ):
        with pytest.raises(BadRequest, match=reason):
            await bot.set_my_commands(commands)
    with pytest.raises(BadRequest, match="Invalid language code"):
        await bot.set_my_commands([BotCommand("a", "x")], language_code="zh-CN")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.set_my_commands([BotCommand("a", "x")], scope=BotCommandScopeChat(404))


async def test_inline_results_have_their_limits(api: BotApi, bot: Bot) -> None:
    user = api.user(1)
    for results, reason in (
        ([article(str(number)) for number in range(51)], "Results_too_much"),
        ([article("a"), article("a")], "Result_id_duplicate"),
        ([article("中" * 22)], "Result_id_invalid"),
        ([article("a", text="x" * 4_097)], "Message is too long"),
    ):
        query = user.inline("x")["inline_query"]["id"]
        with pytest.raises(BadRequest, match=reason):
            await bot.answer_inline_query(query, results)


async def test_a_query_is_answered_once_in_time_and_briefly(api: BotApi, bot: Bot) -> None:
    user = api.user(1, wrote=True)
    await bot.send_message(1, "choose", reply_markup=keyboard(["Won"]))
    first, second = (user.presses("Won")["callback_query"]["id"] for _ in range(2))
    with pytest.raises(BadRequest, match="Message_too_long"):
        await bot.answer_callback_query(first, "x" * 201)
    await bot.answer_callback_query(first, "x" * 200)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(first)
    api.expire_queries()
    for stale in (second, "no such query"):
        with pytest.raises(BadRequest, match="Query is too old"):
            await bot.answer_callback_query(stale)


async def test_an_edit_must_change_something_that_is_there(api: BotApi, bot: Bot) -> None:
    user = api.user(1, wrote=True)
    sent = await bot.send_message(1, "<b>a</b>", parse_mode="HTML", reply_markup=keyboard(["x"]))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text(
            "<b>a</b> ", 1, sent.message_id, parse_mode="HTML", reply_markup=keyboard(["x"])
        )
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("b", 1, 404)
    theirs = user.says("mine")["message"]["message_id"]
    with pytest.raises(BadRequest, match="can't be edited"):
        await bot.edit_message_text("b", 1, theirs)
    picture = await bot.send_photo(1, png(10, 10))
    with pytest.raises(BadRequest, match="There is no text"):
        await bot.edit_message_text("b", 1, picture.message_id)


async def test_only_those_who_wrote_to_the_bot_can_be_written_to(api: BotApi, bot: Bot) -> None:
    stranger = api.user(1)
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(1, "hello")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(404, "hello")
    stranger.starts()
    await bot.send_message(1, "hello")
    stranger.account.deactivated = True
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(1, "hello")


async def test_a_reply_needs_the_message_unless_told_otherwise(api: BotApi, bot: Bot) -> None:
    api.user(1, wrote=True)
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(1, "x", reply_to_message_id=404)
    await bot.send_message(1, "x", reply_to_message_id=404, allow_sending_without_reply=True)


async def test_unknown_methods_and_tokens_are_refused_as_by_telegram(api: BotApi, bot: Bot) -> None:
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendTelepathy")
    for token in ("1:x", api.token[:-1] + "y"):
        with pytest.raises(InvalidToken):
            await Bot(token, base_url=api.base_url, request=bot.request).get_me()
