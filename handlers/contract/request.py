"""What a person did, in words no platform owns: the one thing a handler is asked with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Literal

TEXT_CHARACTERS = 40_000  # the longest message of any platform
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")

Kind = Literal["text", "button", "form", "file", "contact", "query"]


class _Storable:
    """Its words hold no NUL and no half of a character: no database and no platform takes those."""

    def __post_init__(self) -> None:
        for each in fields(self):  # type: ignore[arg-type]  # every subclass is a dataclass
            value = getattr(self, each.name)
            if isinstance(value, str) and _NO_TEXT.search(value):
                object.__setattr__(self, each.name, _clean_text(value))


@dataclass(frozen=True)
class Account(_Storable):
    """One account on one platform, as the platform itself names it.

    `language` is the platform's hint (an IETF tag such as `zh-hans`), not a member's setting.
    `address` is where this account's own, private chat is reached.
    """

    platform: str
    id: str
    name: str = ""
    language: str = ""
    address: str = ""


@dataclass(frozen=True)
class SharedContact(_Storable):
    """A contact card somebody shared: a name and a phone number as the platform gave them."""

    name: str
    phone: str


@dataclass(frozen=True)
class Attachment(_Storable):
    """A file somebody sent. `content` is None where the platform has not fetched it."""

    name: str
    media_type: str
    size: int
    content: bytes | None = None


@dataclass(frozen=True)
class Request(_Storable):
    """One thing a person did.

    `event_id` is unique on its platform and is what makes a redelivery have no second effect.
    `kind` says which of the fields below it are meant: `text` a typed line, `button` a pressed
    button's `action`, `form` a filled form's `action` and `values`, `query` text as it is typed.
    A text or value longer than TEXT_CHARACTERS is cut. `arrived` is the inbox row that holds it,
    once it has one. `reply_to` is the message of ours that this replies to, `replied_text` the
    words of whatever message it replies to. `draws_forms` is true where the platform shows a form
    whole; elsewhere its fields are asked one by one. `pressed` is the message whose button it was,
    named as in `reply_to`.
    """

    event_id: str
    account: Account
    kind: Kind = "text"
    text: str = ""
    action: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    contact: SharedContact | None = None
    attachment: Attachment | None = None
    in_group: bool = False
    reply_to: str = ""
    replied_text: str = ""
    forwarded_from: str = ""
    draws_forms: bool = False
    arrived: int = 0
    pressed: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "text", self.text[:TEXT_CHARACTERS])
        object.__setattr__(self, "replied_text", self.replied_text[:TEXT_CHARACTERS])
        values = {name: _clean_text(value[:TEXT_CHARACTERS]) for name, value in self.values.items()}
        object.__setattr__(self, "values", values)

    @property
    def verb(self) -> str:
        """The first part of a button's or form's action: `move` of `move:12:negotiation`."""
        return self.action.partition(":")[0]

    @property
    def arguments(self) -> tuple[str, ...]:
        """What follows the verb in the action: ("12", "negotiation")."""
        return tuple(self.action.split(":")[1:])

    def number(self, position: int) -> int:
        """The action's argument at `position` as a whole number; 0 when it is none.

        Ids are positive, so 0 never finds a row: a forged action is simply not found.
        """
        arguments = self.arguments
        if position >= len(arguments) or not arguments[position].isascii():
            return 0
        digits = arguments[position]
        return int(digits) if digits.isdigit() and len(digits) < 16 else 0

    def word(self, position: int) -> str:
        """The action's argument at `position`; empty when there is none."""
        arguments = self.arguments
        return arguments[position] if position < len(arguments) else ""

    def saying(self, text: str) -> Request:
        """The same person's request as if they had typed `text`."""
        return replace(self, kind="text", text=text, action="", values={})


def _clean_text(said: str) -> str:
    return _NO_TEXT.sub(lambda found: "\ufffd" if found[0] != "\x00" else "", said)
