"""What the bot did, kept for a test to look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.fakes.botapi.chats import Button
from tests.fakes.botapi.entities import Entity
from tests.fakes.botapi.errors import Json


@dataclass(frozen=True)
class Sent:
    """One accepted send or edit, as it was at that moment. `at`: seconds, the loop's clock."""

    method: str
    chat_id: int
    message_id: int
    text: str
    entities: tuple[Entity, ...]
    rows: list[list[Button]]
    at: float
    filename: str | None = None
    file: bytes | None = None
    silent: bool = False
    reply_to: int | None = None

    @property
    def buttons(self) -> list[Button]:
        """The buttons under the message, in reading order."""
        return [button for row in self.rows for button in row]


@dataclass(frozen=True)
class Refusal:
    """One call that the server refused."""

    method: str
    chat_id: int | None
    code: int
    description: str


@dataclass(frozen=True)
class CallbackAnswer:
    """An accepted answerCallbackQuery: the toast over the chat, or an alert."""

    query_id: str
    user_id: int
    text: str
    alert: bool


@dataclass(frozen=True)
class InlineAnswer:
    """An accepted answerInlineQuery; `results` as InlineQueryResult objects."""

    query_id: str
    user_id: int
    query: str
    results: list[Json]
    cache_time: int
    personal: bool
    next_offset: str

    @property
    def titles(self) -> list[str]:
        """What the person sees in the list."""
        return [str(result.get("title", "")) for result in self.results]

    def texts(self) -> list[str]:
        """What each result would post, without markup."""
        return [result["formatted"].text for result in self.results if "formatted" in result]


@dataclass
class Record:
    """Everything in the order in which it happened. `calls` counts every method called."""

    sent: list[Sent] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    callback_answers: list[CallbackAnswer] = field(default_factory=list)
    inline_answers: list[InlineAnswer] = field(default_factory=list)
    actions: list[tuple[int, str]] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
