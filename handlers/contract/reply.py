"""The reply: an answer as data, returned by a handler and drawn by each platform.

Limits here are those of the strictest platform, so that a reply which exists can be sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal

from pydantic import ConfigDict, TypeAdapter

Style = Literal["plain", "bold", "italic", "code", "link"]

ACTION_BYTES = 64  # Telegram's callback_data
LABEL_CHARACTERS = 40  # what a phone shows of a button
BUTTONS_SHOWN = 12  # a list of choices; an ordinary message keeps to five


@dataclass(frozen=True)
class Span:
    """A run of text in one style. User text is only ever a span's text, never markup."""

    text: str
    style: Style = "plain"
    url: str | None = None


Text = tuple[Span, ...]


def text_of(*parts: str | Span | Text) -> Text:
    """Strings, spans and texts joined into one text."""
    spans: list[Span] = []
    for part in parts:
        if isinstance(part, str):
            spans.append(Span(part))
        elif isinstance(part, Span):
            spans.append(part)
        else:
            spans.extend(part)
    return tuple(span for span in spans if span.text)


def lines(*parts: str | Span | Text) -> Text:
    """The parts one below the other; empty ones leave no empty line."""
    rows = [row for part in parts if (row := text_of(part))]
    joined: list[str | Span | Text] = []
    for position, row in enumerate(rows):
        joined.extend(["\n", row] if position else [row])
    return text_of(*joined)


def bold(text: str) -> Span:
    """The text as a bold span."""
    return Span(text, "bold")


def shorten(text: str, limit: int) -> str:
    """The text in at most `limit` characters, with an ellipsis where it is cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def plain(text: Text) -> str:
    """The text without its styles."""
    return "".join(span.text for span in text)


@dataclass(frozen=True)
class Button:
    """A button: its label, and the action that comes back when it is pressed.

    Raises ValueError for an action of more than 64 bytes: no platform could carry it.
    `url` makes it a link instead (an invite, a phone number); it then has no action.
    """

    label: str
    action: str = ""
    url: str | None = None

    def __post_init__(self) -> None:
        if len(self.action.encode()) > ACTION_BYTES:
            raise ValueError(f"a button's action is at most {ACTION_BYTES} bytes")
        if bool(self.action) == bool(self.url):
            raise ValueError("a button has an action or a url")
        if not self.label.strip():
            raise ValueError("a button has a label")
        if len(self.label) > LABEL_CHARACTERS:
            object.__setattr__(self, "label", shorten(self.label, LABEL_CHARACTERS))


@dataclass(frozen=True)
class Option:
    """One answer a field offers: what comes back, and what is shown."""

    value: str
    label: str


@dataclass(frozen=True)
class Field:
    """One question of a form."""

    name: str
    label: str
    hint: str = ""
    value: str = ""  # what stands there already
    options: tuple[Option, ...] = ()  # the answers it offers
    free: bool = False  # whether something other than the options may be typed
    required: bool = True
    limit: int = 500  # characters
    finds: str = ""  # what a platform may offer as somebody types (deal, card); its id is the value


@dataclass(frozen=True)
class Form:
    """Questions asked together. The answers come back as kind `form` with this action.

    `errors` names a field and what was wrong with it; the form is then shown again.
    """

    action: str
    title: str
    fields: tuple[Field, ...]
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class File:
    """A picture or document, with the words that stand in for it."""

    __pydantic_config__: ClassVar = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    name: str
    content: bytes
    alt: str


@dataclass(frozen=True)
class Choice:
    """One result of an as-typed query: shown as title and detail, sent as text."""

    id: str
    title: str
    detail: str
    text: Text


@dataclass(frozen=True)
class Reply:
    """An answer.

    Raises ValueError for more than BUTTONS_SHOWN buttons.
    """

    text: Text = ()
    buttons: tuple[tuple[Button, ...], ...] = ()  # in rows
    form: Form | None = None
    picture: File | None = None
    document: File | None = None
    choices: tuple[Choice, ...] = ()
    private: bool = True  # in a group the person gets it in their own chat
    edit: bool = False  # replaces the message whose button was pressed
    toast: str = ""  # the short word shown over a pressed button
    about: int | None = None  # the deal it speaks of: a typed reply to it is about that deal
    fleeting: bool = False  # holds a secret, and is not kept once it is sent
    replaces: str = ""  # a message of ours whose place it takes; not shown where that is gone

    def __post_init__(self) -> None:
        if sum(len(row) for row in self.buttons) > BUTTONS_SHOWN:
            raise ValueError(f"a reply has at most {BUTTONS_SHOWN} buttons")

    def in_place(self) -> Reply:
        """The same reply, put in the place of the message whose button was pressed."""
        return replace(self, edit=True)


def rows(buttons: Iterable[Button], wide: int = 2) -> tuple[tuple[Button, ...], ...]:
    """The buttons in rows of `wide`, in order."""
    listed = list(buttons)
    return tuple(tuple(listed[at : at + wide]) for at in range(0, len(listed), wide))


_ADAPTER: TypeAdapter[Reply] = TypeAdapter(Reply)


def to_json(reply: Reply) -> str:
    """The reply as JSON text, for the inbox and the outbox."""
    return _ADAPTER.dump_json(reply, exclude_defaults=True).decode()


def from_json(stored: str) -> Reply:
    """The reply that `to_json` wrote."""
    return _ADAPTER.validate_json(stored)
