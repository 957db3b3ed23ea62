"""The methods that put messages into chats, and change them."""

from __future__ import annotations

from tests.fakes.botapi.calls import Call
from tests.fakes.botapi.chats import Chat, Message
from tests.fakes.botapi.entities import Formatted
from tests.fakes.botapi.errors import ApiError, Json, bad
from tests.fakes.botapi.files import StoredFile, document_json, photo_json
from tests.fakes.botapi.limits import UPLOAD_BYTES, formatted, reply_markup
from tests.fakes.botapi.world import World

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def send_message(world: World, call: Call) -> Json:
    """https://core.telegram.org/bots/api#sendmessage"""
    text = _text(call)
    markup = reply_markup(call.text("reply_markup"))
    chat = world.reachable(call.text("chat_id"))
    return _send(world, call, chat, {}, text, markup=markup)


def send_document(world: World, call: Call) -> Json:
    """https://core.telegram.org/bots/api#senddocument"""
    caption = _text(call, "caption")
    markup = reply_markup(call.text("reply_markup"))
    chat = world.reachable(call.text("chat_id"))
    file = _file(world, call, "document")
    return _send(
        world, call, chat, {"document": document_json(file)}, caption, markup=markup, file=file
    )


def send_photo(world: World, call: Call) -> Json:
    """https://core.telegram.org/bots/api#sendphoto"""
    caption = _text(call, "caption")
    markup = reply_markup(call.text("reply_markup"))
    chat = world.reachable(call.text("chat_id"))
    file = _file(world, call, "photo")
    return _send(world, call, chat, {"photo": photo_json(file)}, caption, markup=markup, file=file)


def edit_message_text(world: World, call: Call) -> Json:
    """https://core.telegram.org/bots/api#editmessagetext"""
    text = _text(call)
    markup = reply_markup(call.text("reply_markup"))
    message = _editable(world, call)
    if "text" not in message.raw:
        raise bad("there is no text in the message to edit")
    return _edit(world, call, message, text, markup)


def edit_message_caption(world: World, call: Call) -> Json:
    """https://core.telegram.org/bots/api#editmessagecaption"""
    caption = _text(call, "caption")
    markup = reply_markup(call.text("reply_markup"))
    message = _editable(world, call)
    if "text" in message.raw:
        raise bad("there is no caption in the message to edit")
    return _edit(world, call, message, caption, markup)


def edit_message_reply_markup(world: World, call: Call) -> Json:
    """https://core.telegram.org/bots/api#editmessagereplymarkup"""
    markup = reply_markup(call.text("reply_markup"))
    message = _editable(world, call)
    return _edit(world, call, message, message.formatted, markup)


def delete_message(world: World, call: Call) -> bool:
    """https://core.telegram.org/bots/api#deletemessage"""
    chat = world.reachable(call.text("chat_id"))
    message = chat.message(call.number("message_id"))
    if message is None:
        raise bad("message to delete not found")
    chat.messages.remove(message)
    return True


def _text(call: Call, name: str = "text") -> Formatted:
    entities = call.items("caption_entities" if name == "caption" else "entities")
    mode = call.text("parse_mode")
    return formatted(call.text(name), mode, entities, caption=name == "caption")


def _file(world: World, call: Call, name: str) -> StoredFile:
    upload = call.upload(name)
    if upload is None:
        known = world.files.get(call.text(name))
        if known is None:
            reason = f"there is no {name} in the request"
            raise bad("wrong file identifier/HTTP URL specified" if call.text(name) else reason)
        return known
    if len(upload.content) > UPLOAD_BYTES:
        raise ApiError(413, "Request Entity Too Large")
    if not upload.content:
        raise bad("file must be non-empty")
    return world.store(upload.name, upload.mime_type, upload.content, f"{name}s")


def _send(
    world: World,
    call: Call,
    chat: Chat,
    content: Json,
    text: Formatted,
    *,
    markup: Json | None,
    file: StoredFile | None = None,
) -> Json:
    content = content | _reply(chat, call)
    if markup and "inline_keyboard" in markup:
        content["reply_markup"] = markup
    message = world.post(chat, world.bot, content, text, file.content if file else None)
    if markup and "inline_keyboard" not in markup:
        chat.show_keyboard(markup)
    return world.keep(call.method, message, silent=call.flag("disable_notification"))


def _reply(chat: Chat, call: Call) -> Json:
    parameters = call.fields("reply_parameters")
    if not parameters and call.number("reply_to_message_id"):
        parameters = {"message_id": call.number("reply_to_message_id")}
        parameters["allow_sending_without_reply"] = call.flag("allow_sending_without_reply")
    if not parameters:
        return {}
    if "message_id" not in parameters:
        raise bad('can\'t find field "message_id"')
    message = chat.message(int(parameters["message_id"]))
    if message is not None:
        return {"reply_to_message": message.quoted}
    if parameters.get("allow_sending_without_reply"):
        return {}
    raise bad("message to be replied not found")


def _editable(world: World, call: Call) -> Message:
    if not call.text("chat_id") and not call.text("inline_message_id"):
        raise bad("message identifier is not specified")
    message = world.reachable(call.text("chat_id")).message(call.number("message_id"))
    if message is None:
        raise bad("message to edit not found")
    if not message.by_bot:
        raise bad("message can't be edited")
    return message


def _edit(world: World, call: Call, message: Message, text: Formatted, markup: Json | None) -> Json:
    if markup and "inline_keyboard" not in markup:
        raise bad("object expected as reply markup")
    same_markup = message.raw.get("reply_markup") == markup
    if message.formatted == text and same_markup:
        raise bad(_NOT_MODIFIED)
    message.raw.pop("reply_markup", None)
    if markup:
        message.raw["reply_markup"] = markup
    message.formatted = text
    message.edits += 1
    message.raw["edit_date"] = world.date
    message.retell()
    return world.keep(call.method, message)
