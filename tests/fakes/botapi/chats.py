"""Chats as the person sees them: messages with edits applied, and the buttons to press."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.botapi.entities import Entity, Formatted
from tests.fakes.botapi.errors import Json


@dataclass(frozen=True)
class Button:
    """A button under a message (`data` or `url`), or of the keyboard below the chat (neither)."""

    label: str
    data: str | None = None
    url: str | None = None
    message_id: int | None = None
    asks_contact: bool = False


@dataclass
class Message:
    """One message. `raw` is what Telegram would say of it; the rest is read from there."""

    raw: Json
    by_bot: bool
    formatted: Formatted
    file: bytes | None = None
    edits: int = 0

    @property
    def id(self) -> int:
        """message_id, unique in its chat."""
        return int(self.raw["message_id"])

    @property
    def chat_id(self) -> int:
        """The chat it stands in."""
        return int(self.raw["chat"]["id"])

    @property
    def text(self) -> str:
        """The text or caption without markup."""
        return self.formatted.text

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The styled stretches of `text`."""
        return self.formatted.entities

    @property
    def rows(self) -> list[list[Button]]:
        """The buttons under the message, row by row."""
        markup = self.raw.get("reply_markup", {})
        return [[self._button(b) for b in row] for row in markup.get("inline_keyboard", [])]

    @property
    def buttons(self) -> list[Button]:
        """The buttons under the message, in reading order."""
        return [button for row in self.rows for button in row]

    @property
    def labels(self) -> list[str]:
        """What the buttons under the message say."""
        return [button.label for button in self.buttons]

    @property
    def filename(self) -> str | None:
        """The document's name, if it has one."""
        name = self.raw.get("document", {}).get("file_name")
        return None if name is None else str(name)

    @property
    def quoted(self) -> Json:
        """The message as `reply_to_message` shows it: without the one it replied to itself."""
        return {key: value for key, value in self.raw.items() if key != "reply_to_message"}

    def retell(self) -> None:
        """Write the text and its entities into `raw`."""
        key, entities = "text", "entities"
        if "document" in self.raw or "photo" in self.raw:
            key, entities = "caption", "caption_entities"
        for name in (key, entities):
            self.raw.pop(name, None)
        if self.text:
            self.raw[key] = self.text
        if self.entities:
            self.raw[entities] = [entity.json() for entity in self.entities]

    def styled(self, kind: str) -> list[str]:
        """The stretches of text with an entity of this type: bold, code, text_link …"""
        units = self.text.encode("utf-16-le")
        found = [entity for entity in self.entities if entity.type == kind]
        return [units[2 * e.offset : 2 * e.end].decode("utf-16-le") for e in found]

    def _button(self, raw: Json) -> Button:
        data, url = raw.get("callback_data"), raw.get("url")
        return Button(str(raw["text"]), data, url, self.id)


@dataclass
class Chat:
    """One chat. `title` for a group, `person` (a User's public fields) for a private chat."""

    id: int
    kind: str
    title: str = ""
    person: Json = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    keyboard: list[list[Button]] = field(default_factory=list)
    migrated_to: int | None = None
    bot_removed: bool = False

    @property
    def json(self) -> Json:
        """The chat as a Chat object."""
        return {"id": self.id, "type": self.kind} | (self.person or {"title": self.title})

    @property
    def from_bot(self) -> list[Message]:
        """The bot's messages, oldest first."""
        return [message for message in self.messages if message.by_bot]

    @property
    def last(self) -> Message:
        """The bot's newest message. Raises AssertionError when it has said nothing."""
        said = self.from_bot
        assert said, f"the bot has said nothing in chat {self.id}"
        return said[-1]

    @property
    def texts(self) -> list[str]:
        """What the bot's messages say now."""
        return [message.text for message in self.from_bot]

    def message(self, message_id: int) -> Message | None:
        """The message with this id."""
        return next((m for m in self.messages if m.id == message_id), None)

    def find_button(self, label: str) -> Button:
        """The newest button with this label, under a message or on the keyboard.

        Raises AssertionError that names the labels there are.
        """
        under = [b for m in reversed(self.messages) for b in m.buttons]
        choices = [*under, *(b for row in self.keyboard for b in row)]
        for button in choices:
            if button.label == label:
                return button
        raise AssertionError(f"no button {label!r}; there are {[b.label for b in choices]}")

    def show_keyboard(self, markup: Json) -> None:
        """Apply a reply keyboard, or its removal, to the chat."""
        if markup.get("remove_keyboard"):
            self.keyboard = []
        elif "keyboard" in markup:
            self.keyboard = [[_keyboard_button(b) for b in row] for row in markup["keyboard"]]


def _keyboard_button(raw: Any) -> Button:
    if isinstance(raw, str):
        return Button(raw)
    return Button(str(raw["text"]), asks_contact=bool(raw.get("request_contact")))
