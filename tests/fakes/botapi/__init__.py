"""A stand-in for Telegram's Bot API, strict about everything that Telegram refuses."""

from tests.fakes.botapi.chats import Button, Chat, Message
from tests.fakes.botapi.entities import Entity, Formatted
from tests.fakes.botapi.groups import Group
from tests.fakes.botapi.people import User
from tests.fakes.botapi.record import CallbackAnswer, InlineAnswer, Refusal, Sent
from tests.fakes.botapi.server import BotApi

__all__ = [
    "BotApi",
    "Button",
    "CallbackAnswer",
    "Chat",
    "Entity",
    "Formatted",
    "Group",
    "InlineAnswer",
    "Message",
    "Refusal",
    "Sent",
    "User",
]
