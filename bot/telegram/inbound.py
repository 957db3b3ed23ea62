"""Reads an update: who did what, and where the answer goes. Makes no calls."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bot.inbound.json_fields import Raw, number, part, string
from bot.telegram.addressed_to_us import read_group_text, read_private_text
from bot.telegram.message_content import read_content
from bot.telegram.names import TEXT_CHARACTERS, read_full_name
from handlers.contract.reply import ACTION_BYTES
from handlers.contract.request import Account, Request

PLATFORM = "telegram"
QUERY_CHARACTERS = 256


@dataclass(frozen=True)
class Me:
    """The bot's own account."""

    id: int
    username: str


@dataclass(frozen=True)
class Incoming:
    """A request, and what is needed to answer it in Telegram.

    `chat_id` and `message_id` are where it was said, or the message whose button was pressed;
    `editable` says that this is a text which can be replaced. `callback_id` and `query_id` wait
    for their own answers. `file_id` is an attachment that may be fetched.
    """

    request: Request
    chat_id: int
    message_id: int = 0
    thread_id: int | None = None
    editable: bool = False
    callback_id: str = ""
    query_id: str = ""
    file_id: str = ""

    @property
    def own_chat(self) -> int:
        """The person's private chat: it has their own id."""
        return int(self.request.account.id)


@dataclass(frozen=True)
class ReachabilityChange:
    """A person started the bot, or blocked it."""

    account_id: str
    reachable: bool


def read(raw: Raw, me: Me) -> Incoming | ReachabilityChange | None:
    """What an update asks of us; None where there is nothing to answer.

    Without a person there is no identity, and so nothing to do: channel posts, anonymous admins,
    other bots. Edits are ignored: a command must not run twice.
    """
    event_id = f"{me.id}:{number(raw, 'update_id')}"
    if message := part(raw, "message"):
        return _read_message(message, event_id, me)
    if callback := part(raw, "callback_query"):
        return _read_press(callback, event_id)
    if query := part(raw, "inline_query"):
        return _read_query(query, event_id)
    return _read_reachability(part(raw, "my_chat_member"))


def find_lane(raw: Raw) -> str:
    """The lane in which an update stays in order: its person, else its chat."""
    for kind in ("message", "callback_query", "inline_query", "my_chat_member"):
        if body := part(raw, kind):
            person = number(part(body, "from"), "id")
            return str(person or number(part(body, "chat"), "id"))[:50]
    return ""


def find_person(raw: Raw) -> Account | None:
    """Who waits for the answer to an update; None where nobody does."""
    for kind in ("message", "callback_query"):
        body = part(raw, kind)
        message = body if kind == "message" else part(body, "message")
        if _is_private(message):
            return _read_account(part(body, "from"))
    return None


def _read_message(message: Raw, event_id: str, me: Me) -> Incoming | None:
    account = _read_account(part(message, "from"))
    if account is None or "sender_chat" in message:
        return None
    if number(part(message, "via_bot"), "id") == me.id:
        return None  # a card the person picked from our own inline list
    reply_to, replied = _find_reply_to(message, me), _find_replied_text(message)
    request = Request(event_id, account, reply_to=reply_to, replied_text=replied)
    if not _is_private(message):
        return _read_group_message(message, request, me)
    text = string(message, "text", TEXT_CHARACTERS) or string(message, "caption", TEXT_CHARACTERS)
    return _make_incoming(message, replace(request, text=read_private_text(text, me.username)))


def _read_group_message(message: Raw, request: Request, me: Me) -> Incoming | None:
    text = string(message, "text", TEXT_CHARACTERS) or string(message, "caption", TEXT_CHARACTERS)
    text_to_us = read_group_text(text, me.username, is_reply=bool(request.reply_to))
    if text_to_us is None or string(part(message, "chat"), "type") not in ("group", "supergroup"):
        return None
    return _make_incoming(message, replace(request, text=text_to_us, in_group=True))


def _make_incoming(message: Raw, request: Request) -> Incoming | None:
    content = read_content(message, request)
    if content is None:
        return None
    incoming = Incoming(
        content.request,
        chat_id=number(part(message, "chat"), "id"),
        message_id=number(message, "message_id"),
        file_id=content.file_id,
    )
    in_topic = message.get("is_topic_message") is True
    return (
        replace(incoming, thread_id=number(message, "message_thread_id") or None)
        if in_topic
        else incoming
    )


def _read_press(callback: Raw, event_id: str) -> Incoming | None:
    account, action = _read_account(part(callback, "from")), string(callback, "data")
    if account is None or not action or len(action.encode()) > ACTION_BYTES:
        return None
    message = part(callback, "message")
    private = _is_private(message) or not message
    return Incoming(
        Request(
            event_id,
            account,
            "button",
            action=action,
            in_group=not private,
            pressed=make_message_ref(
                number(part(message, "chat"), "id"), number(message, "message_id")
            ),
        ),
        chat_id=number(part(message, "chat"), "id") or int(account.id),
        message_id=number(message, "message_id"),
        # A message too old to be shown to bots comes with date 0, and cannot be changed.
        editable="text" in message and number(message, "date") > 0,
        callback_id=string(callback, "id"),
    )


def _read_query(query: Raw, event_id: str) -> Incoming | None:
    account = _read_account(part(query, "from"))
    if account is None:
        return None
    text = string(query, "query", QUERY_CHARACTERS)
    request = Request(event_id, account, "query", text=text)
    return Incoming(request, chat_id=int(account.id), query_id=string(query, "id"))


def _read_reachability(change: Raw) -> ReachabilityChange | None:
    if not _is_private(change):
        return None
    account = _read_account(part(change, "from"))
    status = string(part(change, "new_chat_member"), "status")
    if account is None or status not in ("member", "kicked", "left"):
        return None
    return ReachabilityChange(account.id, reachable=status == "member")


def _read_account(person: Raw) -> Account | None:
    user_id = number(person, "id")
    if user_id <= 0 or person.get("is_bot") is True:
        return None
    language = string(person, "language_code", 35)
    return Account(PLATFORM, str(user_id), read_full_name(person), language, address=str(user_id))


def _is_private(message: Raw) -> bool:
    return part(message, "chat").get("type") == "private"


def _find_reply_to(message: Raw, me: Me) -> str:
    """The message of ours that this one replies to, as `message_ref` has it."""
    replied = part(message, "reply_to_message")
    if number(part(replied, "from"), "id") != me.id:
        return ""
    return make_message_ref(number(part(replied, "chat"), "id"), number(replied, "message_id"))


def _find_replied_text(message: Raw) -> str:
    """The text of the message that this one replies to: the quoted part, or all of it."""
    replied = part(message, "reply_to_message")
    quote = string(part(message, "quote"), "text", TEXT_CHARACTERS)
    text = string(replied, "text", TEXT_CHARACTERS) or string(replied, "caption", TEXT_CHARACTERS)
    return quote or text


def make_message_ref(chat_id: Any, message_id: int) -> str:
    """The reference by which a message is stored; empty for one whose id is not known."""
    return f"{chat_id}:{message_id}" if message_id else ""
