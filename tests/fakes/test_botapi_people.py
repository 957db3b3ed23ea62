"""What people do in the fake reaches the bot as the updates that Telegram would send."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from telegram import (
    Bot,
    KeyboardButton,
    Message,
    MessageOriginHiddenUser,
    MessageOriginUser,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.error import Forbidden

from tests.fakes.botapi import BotApi
from tests.fakes.keyboards import keyboard


async def updates(bot: Bot) -> tuple[Update, ...]:
    return await bot.get_updates(timeout=0)


async def only_message(bot: Bot) -> Message:
    [update] = await updates(bot)
    assert update.effective_message is not None
    return update.effective_message


async def test_what_a_person_says_reaches_the_bot(api: BotApi, bot: Bot) -> None:
    ann = api.user(1, "Ann", "zh", last_name="Li", username="annli")
    ann.says("/deal Acme 🙂")
    message = await only_message(bot)
    assert message.from_user is not None
    assert (message.from_user.id, message.from_user.language_code) == (1, "zh")
    assert (message.chat.type, message.chat.full_name) == ("private", "Ann Li")
    assert message.parse_entities(["bot_command"]) == {message.entities[0]: "/deal"}


async def test_dates_come_from_the_clock_it_was_given() -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    async with BotApi(now=lambda: noon) as api:
        assert api.user(1).says("hi")["message"]["date"] == noon.timestamp()


async def test_a_person_edits_replies_and_forwards(api: BotApi, bot: Bot) -> None:
    ann, bob = api.user(1), api.user(2, "Bob")
    sent = ann.says("acme 50k")
    ann.edits(sent, "acme 60k")
    ann.says("this one", reply_to=api.chat(1).messages[0])
    ann.forwards("call me back", from_name="Hidden Buyer")
    ann.forwards("see below", from_user=bob)
    said, edited, replied, hidden, known = await updates(bot)
    assert said.message is not None
    assert said.message.text == "acme 50k"
    assert edited.edited_message is not None
    assert edited.edited_message.text == "acme 60k"
    assert replied.message is not None
    assert replied.message.reply_to_message is not None
    assert replied.message.reply_to_message.text == "acme 60k"
    assert hidden.message is not None
    assert isinstance(hidden.message.forward_origin, MessageOriginHiddenUser)
    assert hidden.message.forward_origin.sender_user_name == "Hidden Buyer"
    assert known.message is not None
    assert isinstance(known.message.forward_origin, MessageOriginUser)


async def test_a_contact_card_is_a_customers_unless_it_is_ones_own(api: BotApi, bot: Bot) -> None:
    ann = api.user(1)
    ann.shares_contact("+8613800000000", "王", "芳")
    ann.shares_contact("+15550100", "Ann", own=True)
    customer, own = (update.message for update in await updates(bot))
    assert customer is not None
    assert customer.contact is not None
    assert (customer.contact.phone_number, customer.contact.last_name) == ("+8613800000000", "芳")
    assert customer.contact.user_id is None
    assert own is not None
    assert own.contact is not None
    assert own.contact.user_id == 1


async def test_a_document_can_be_downloaded(api: BotApi, bot: Bot) -> None:
    api.user(1).sends_document("客户.csv", b"name\nAcme", "text/csv", caption="import")
    message = await only_message(bot)
    assert message.document is not None
    assert (message.document.file_name, message.caption) == ("客户.csv", "import")
    file = await bot.get_file(message.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"name\nAcme"


async def test_pressing_a_button_asks_the_bot_once(api: BotApi, bot: Bot) -> None:
    ann = api.user(1, wrote=True)
    sent = await bot.send_message(1, "Acme", reply_markup=keyboard("Won"))
    button = api.chat(1).find_button("Won")
    await bot.edit_message_text("Acme is won", 1, sent.message_id)
    ann.presses(button)
    [update] = await updates(bot)
    query = update.callback_query
    assert query is not None
    assert (query.data, query.from_user.id) == ("Won", 1)
    assert isinstance(query.message, Message)
    assert query.message.text == "Acme is won"
    await query.answer("Well done", show_alert=True)
    [answer] = api.callback_answers
    assert (answer.user_id, answer.text, answer.alert) == (1, "Well done", True)
    with pytest.raises(AssertionError, match="no button 'Won'; there are \\[\\]"):
        ann.presses("Won")


async def test_the_keyboard_below_the_chat_types_for_the_person(api: BotApi, bot: Bot) -> None:
    ann = api.user(1, wrote=True)
    rows = [[KeyboardButton("Today"), KeyboardButton("Share", request_contact=True)]]
    await bot.send_message(1, "menu", reply_markup=ReplyKeyboardMarkup(rows))
    ann.presses("Today")
    ann.presses("Share")
    typed, shared = (update.message for update in await updates(bot))
    assert typed is not None
    assert typed.text == "Today"
    assert shared is not None
    assert shared.contact is not None
    await bot.send_message(1, "gone", reply_markup=ReplyKeyboardRemove())
    assert api.chat(1).keyboard == []


async def test_a_group_passes_on_what_privacy_mode_lets_through(api: BotApi, bot: Bot) -> None:
    ann = api.user(1)
    group = api.group(-1_000_000_000_099, "Sales", [ann])
    sent = await bot.send_message(group.id, "who takes Acme?")
    assert ann.says("me", group) == {}
    assert ann.says("/today@OtherBot", group) == {}
    ann.says("/today@repmateBOT", group)
    ann.says("me", group, reply_to=api.chat(group.id).message(sent.message_id))
    group.privacy = False
    ann.says("anything", group)
    texts = [update.message.text for update in await updates(bot) if update.message]
    assert texts == ["/today@repmateBOT", "me", "anything"]
    with pytest.raises(Forbidden):  # writing in a group opens no private chat
        await bot.send_message(1, "hello")


async def test_a_blocked_or_removed_bot_may_not_write(api: BotApi, bot: Bot) -> None:
    ann = api.user(1, wrote=True)
    group = api.group(-99, members=[ann])
    api.block(ann)
    group.removes_bot(ann)
    for chat_id, reason in ((1, "bot was blocked by the user"), (-99, "bot was kicked from the")):
        with pytest.raises(Forbidden, match=reason):
            await bot.send_message(chat_id, "hello")
    api.unblock(ann)
    group.adds_bot(ann)
    for chat_id in (1, -99):
        await bot.send_message(chat_id, "hello again")
    told = [update.my_chat_member for update in await updates(bot)]
    assert [one.new_chat_member.status for one in told if one] == ["kicked"] * 2 + ["member"] * 2
