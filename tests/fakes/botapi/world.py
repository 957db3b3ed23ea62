"""Telegram's memory: the bot's account, chats, files, queries, and who may be written to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from tests.fakes.botapi.chats import Chat, Message
from tests.fakes.botapi.entities import Formatted
from tests.fakes.botapi.errors import ApiError, Json, bad, forbidden
from tests.fakes.botapi.files import StoredFile
from tests.fakes.botapi.record import Record, Sent
from tests.fakes.botapi.updates import UpdateQueue

SUPERGROUP_LIMIT = -1_000_000_000_000  # ids of supergroups lie below it, of basic groups above


@dataclass
class Query:
    """A callback or inline query that waits for its one answer."""

    id: str
    user_id: int
    text: str
    live: bool = True


@dataclass
class Account:
    """How the bot stands with one person."""

    wrote: bool = False
    blocked: bool = False
    deactivated: bool = False


@dataclass
class World:
    """All state of the fake. `now` is the wall clock for message dates."""

    bot: Json
    updates: UpdateQueue
    now: Callable[[], datetime]
    record: Record = field(default_factory=Record)
    chats: dict[int, Chat] = field(default_factory=dict)
    accounts: dict[int, Account] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    webhook_url: str = ""
    _numbers: count[int] = field(default_factory=lambda: count(1))
    _message_ids: dict[int, count[int]] = field(default_factory=dict)

    @property
    def bot_id(self) -> int:
        """The bot's user id."""
        return int(self.bot["id"])

    @property
    def date(self) -> int:
        """Now, in Unix seconds."""
        return int(self.now().timestamp())

    def chat(self, chat_id: int) -> Chat:
        """The chat, or AssertionError: a test asked for one that nobody opened."""
        assert chat_id in self.chats, f"there is no chat {chat_id}"
        return self.chats[chat_id]

    def reachable(self, chat_id: str) -> Chat:
        """The chat, if the bot may write there. Raises ApiError as Telegram does."""
        if not chat_id:
            raise bad("chat_id is empty")
        chat = self.chats.get(int(chat_id)) if chat_id.lstrip("-").isdigit() else None
        if chat is None:
            raise bad("chat not found")
        if chat.migrated_to is not None:
            reason = "group chat was upgraded to a supergroup chat"
            raise bad(reason, migrate_to_chat_id=chat.migrated_to)
        if chat.bot_removed:
            raise forbidden(f"bot was kicked from the {chat.kind} chat")
        if chat.id in self.accounts:
            _check_account(self.accounts[chat.id])
        return chat

    def post(
        self,
        chat: Chat,
        sender: Json,
        content: Json,
        text: Formatted = Formatted(""),  # noqa: B008 - frozen, so safely shared
        file: bytes | None = None,
    ) -> Message:
        """Put a message into the chat and give it back."""
        raw: Json = {"message_id": self._next_message_id(chat), "from": sender, "chat": chat.json}
        raw |= {"date": self.date} | content
        message = Message(raw, sender.get("id") == self.bot_id, text, file)
        message.retell()
        chat.messages.append(message)
        return message

    def keep(self, method: str, message: Message, *, silent: bool = False) -> Json:
        """Record an accepted send or edit; answers with the Message object."""
        replied = message.raw.get("reply_to_message", {}).get("message_id")
        sent = Sent(
            method=method,
            chat_id=message.chat_id,
            message_id=message.id,
            text=message.text,
            entities=message.entities,
            rows=message.rows,
            at=asyncio.get_running_loop().time(),
            filename=message.filename,
            file=message.file,
            silent=silent,
            reply_to=replied,
        )
        self.record.sent.append(sent)
        return message.raw

    def store(self, name: str, mime_type: str, content: bytes, folder: str) -> StoredFile:
        """Keep a file and give it an id."""
        number = next(self._numbers)
        suffix = name.rpartition(".")[2] if "." in name else "dat"
        path = f"{folder}/file_{number}.{suffix}" if suffix.isascii() else f"{folder}/{number}"
        file = StoredFile(
            f"BQACAgIAAxk{number:08d}", f"AgAD{number:08d}", name, mime_type, content, path
        )
        self.files[file.id] = file
        return file

    def ask(self, user_id: int, text: str) -> Query:
        """A new query of the person's, to be answered once."""
        query = Query(str(4_611_686_018_427_387_904 + next(self._numbers)), user_id, text)
        self.queries[query.id] = query
        return query

    def answer(self, query_id: str) -> Query:
        """The query, now answered. Raises ApiError when it is unknown, answered or too old."""
        query = self.queries.get(query_id)
        if query is None or not query.live:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        query.live = False
        return query

    def _next_message_id(self, chat: Chat) -> int:
        # Supergroups count their own messages; all other chats of an account share one count.
        key = chat.id if chat.id < SUPERGROUP_LIMIT else 0
        return next(self._message_ids.setdefault(key, count(1)))


def _check_account(account: Account) -> None:
    refusals: list[tuple[bool, ApiError]] = [
        (account.deactivated, forbidden("user is deactivated")),
        (account.blocked, forbidden("bot was blocked by the user")),
        (not account.wrote, forbidden("bot can't initiate conversation with a user")),
    ]
    for applies, refusal in refusals:
        if applies:
            raise refusal
