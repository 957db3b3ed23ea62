"""Groups: who is in them, and which of their messages reach the bot."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes.botapi.chats import Chat, Message
from tests.fakes.botapi.errors import Json
from tests.fakes.botapi.world import World

if TYPE_CHECKING:
    from tests.fakes.botapi.people import User


@dataclass
class Group:
    """A group or supergroup. With `privacy` the bot hears what Telegram's privacy mode lets pass:
    commands, replies to its messages, service messages.
    """

    chat: Chat
    world: World
    members: list[User] = field(default_factory=list)
    privacy: bool = True

    @property
    def id(self) -> int:
        """The chat's id, below zero."""
        return self.chat.id

    def hears(self, message: Message) -> bool:
        """Whether the bot is told of this message."""
        if self.chat.bot_removed:
            return False
        reply = message.raw.get("reply_to_message", {})
        to_bot = reply.get("from", {}).get("id") == self.world.bot_id
        return not self.privacy or to_bot or self._commands(message.text)

    def _commands(self, text: str) -> bool:
        command = re.match(r"/\w+(?:@(\w+))?", text)
        name = str(self.world.bot["username"]).lower()
        return command is not None and (command[1] or name).lower() == name

    def removes_bot(self, by: User) -> Json:
        """A member throws the bot out; it may not write any more."""
        self.chat.bot_removed = True
        return self.world.updates.add("my_chat_member", standing(by, self.chat, "kicked"))

    def adds_bot(self, by: User) -> Json:
        """A member takes the bot in."""
        self.chat.bot_removed = False
        return self.world.updates.add("my_chat_member", standing(by, self.chat, "member"))


def standing(by: User, chat: Chat, status: str) -> Json:
    """The ChatMemberUpdated that says: the bot is now `member` or `kicked` in this chat."""
    world = by.world
    before, after = ("member", "kicked") if status == "kicked" else ("kicked", "member")
    return {
        "chat": chat.json,
        "from": by.json,
        "date": world.date,
        "old_chat_member": _member(world.bot, before),
        "new_chat_member": _member(world.bot, after),
    }


def _member(bot: Json, status: str) -> Json:
    return {"user": bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})
