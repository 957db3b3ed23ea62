"""The methods that put no message into a chat: answers, actions, files, commands, the account."""

from __future__ import annotations

import json

from tests.fakes.botapi.calls import Call
from tests.fakes.botapi.entities import utf16
from tests.fakes.botapi.errors import Json, bad
from tests.fakes.botapi.limits import (
    CALLBACK_ANSWER_UNITS,
    DOWNLOAD_BYTES,
    commands,
    inline_results,
    language,
)
from tests.fakes.botapi.record import CallbackAnswer, InlineAnswer
from tests.fakes.botapi.world import World

_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
_SCOPES = frozenset(
    [
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    ]
)


def get_me(world: World, _: Call) -> Json:
    """https://core.telegram.org/bots/api#getme"""
    return world.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
    }


def get_chat(world: World, call: Call) -> Json:
    """https://core.telegram.org/bots/api#getchat"""
    chat_id = call.text("chat_id")
    known = chat_id.lstrip("-").isdigit() and int(chat_id) in world.chats
    if not known:
        raise bad("chat not found" if chat_id else "chat_id is empty")
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
    accepted = dict.fromkeys((*gifts, "gifts_from_channels"), False)
    full = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": accepted}
    return world.chats[int(chat_id)].json | full


def send_chat_action(world: World, call: Call) -> bool:
    """https://core.telegram.org/bots/api#sendchataction"""
    if call.text("action") not in _ACTIONS:
        raise bad("wrong parameter action in request")
    chat = world.reachable(call.text("chat_id"))
    world.record.actions.append((chat.id, call.text("action")))
    return True


def answer_callback_query(world: World, call: Call) -> bool:
    """https://core.telegram.org/bots/api#answercallbackquery"""
    text = call.text("text")
    if utf16(text) > CALLBACK_ANSWER_UNITS:
        raise bad("MESSAGE_TOO_LONG")
    query = world.answer(call.text("callback_query_id"))
    answer = CallbackAnswer(query.id, query.user_id, text, call.flag("show_alert"))
    world.record.callback_answers.append(answer)
    return True


def answer_inline_query(world: World, call: Call) -> bool:
    """https://core.telegram.org/bots/api#answerinlinequery"""
    results = inline_results(call.text("results"))
    if len(call.text("next_offset").encode()) > 64:
        raise bad("NEXT_OFFSET_INVALID")
    query = world.answer(call.text("inline_query_id"))
    answer = InlineAnswer(
        query.id,
        query.user_id,
        query.text,
        results,
        call.number("cache_time", 300),
        call.flag("is_personal"),
        call.text("next_offset"),
    )
    world.record.inline_answers.append(answer)
    return True


def get_file(world: World, call: Call) -> Json:
    """https://core.telegram.org/bots/api#getfile"""
    file = world.files.get(call.text("file_id"))
    if file is None:
        raise bad("invalid file_id")
    if len(file.content) > DOWNLOAD_BYTES:
        raise bad("file is too big")
    described: Json = {"file_id": file.id, "file_unique_id": file.unique_id}
    return described | {"file_size": len(file.content), "file_path": file.path}


def set_my_commands(world: World, call: Call) -> bool:
    """https://core.telegram.org/bots/api#setmycommands"""
    world.commands[_command_key(world, call)] = commands(call.text("commands"))
    return True


def get_my_commands(world: World, call: Call) -> list[Json]:
    """https://core.telegram.org/bots/api#getmycommands"""
    return world.commands.get(_command_key(world, call), [])


def delete_my_commands(world: World, call: Call) -> bool:
    """https://core.telegram.org/bots/api#deletemycommands"""
    world.commands.pop(_command_key(world, call), None)
    return True


def delete_webhook(world: World, call: Call) -> bool:
    """https://core.telegram.org/bots/api#deletewebhook"""
    world.webhook_url = ""
    if call.flag("drop_pending_updates"):
        world.updates.clear()
    return True


def get_webhook_info(world: World, _: Call) -> Json:
    """https://core.telegram.org/bots/api#getwebhookinfo"""
    pending = len(world.updates.waiting)
    info: Json = {"url": world.webhook_url, "has_custom_certificate": False}
    return info | {"pending_update_count": pending}


def scope_key(scope: Json) -> str:
    """A command scope as a key: equal for equal scopes, however they were written."""
    return json.dumps({"type": "default"} | scope, sort_keys=True)


def _command_key(world: World, call: Call) -> tuple[str, str]:
    scope = call.fields("scope")
    if scope.get("type", "default") not in _SCOPES:
        raise bad("can't parse BotCommandScope: Unsupported type specified")
    if "chat_id" in scope and int(scope["chat_id"]) not in world.chats:
        raise bad("chat not found")
    return scope_key(scope), language(call.text("language_code"))
