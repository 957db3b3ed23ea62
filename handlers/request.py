"""What a person did, in words no platform owns: the one thing a handler is asked with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal["text", "button", "form", "file", "contact", "query"]


@dataclass(frozen=True)
class Account:
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
class SharedContact:
    """A contact card somebody shared: a name and a phone number as the platform gave them."""

    name: str
    phone: str


@dataclass(frozen=True)
class Attachment:
    """A file somebody sent. `content` is None where the platform has not fetched it."""

    name: str
    media_type: str
    size: int
    content: bytes | None = None


@dataclass(frozen=True)
class Request:
    """One thing a person did.

    `event_id` is unique on its platform and is what makes a redelivery have no second effect.
    `kind` says which of the fields below it are meant: `text` a typed line, `button` a pressed
    button's `action`, `form` a filled form's `action` and `values`, `query` text as it is typed.
    `arrived` is the inbox row that holds it, once it has one. `draws_forms` is true where the
    platform shows a form whole; elsewhere its fields are asked one by one.
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
    forwarded_from: str = ""
    draws_forms: bool = False
    arrived: int = 0

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
