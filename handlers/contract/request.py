"""The request: what a person did, the same for every platform, handed to a handler."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from itertools import groupby
from typing import Literal

TEXT_CHARACTERS = 40_000  # the longest message of any platform
MARKS_ON_A_LETTER = 30  # Unicode's own bound, of its stream-safe text format
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")

Kind = Literal["text", "button", "form", "file", "contact", "query"]


class _Storable:
    """Base of records whose strings lose NUL and lone surrogates: no database takes those."""

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

    `kind` says which fields are meant: `text` a typed line, `button` a pressed button's `action`,
    `form` a filled form's `action` and `values`, `query` text as it is typed. A text or value
    longer than TEXT_CHARACTERS is cut.
    """

    event_id: str  # unique on its platform: a redelivery has no second effect
    account: Account
    kind: Kind = "text"
    text: str = ""
    action: str = ""  # `verb:argument:argument`
    values: Mapping[str, str] = field(default_factory=dict)  # by the form's field names
    contact: SharedContact | None = None
    attachment: Attachment | None = None
    in_group: bool = False
    line: str = ""  # a command's whole line, of which `text` is what follows its word
    reply_to: str = ""  # the message of ours that this replies to
    replied_text: str = ""  # the words of whatever message it replies to, or goes on after
    goes_on: bool = False  # in a thread, after our answer there; no reply to it
    forwarded_from: str = ""
    draws_forms: bool = False  # whether the platform shows a form whole, or asks field by field
    arrived: int = 0  # the inbox row that holds it, once it has one
    pressed: str = ""  # the message whose button it was, named as in `reply_to`

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "text", _compose(self.text[:TEXT_CHARACTERS]))
        object.__setattr__(self, "replied_text", self.replied_text[:TEXT_CHARACTERS])
        values = {
            name: _compose(_clean_text(value[:TEXT_CHARACTERS]))
            for name, value in self.values.items()
        }
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

    def with_text(self, text: str) -> Request:
        """The same person's request as if they had typed `text`."""
        return replace(self, kind="text", text=text, action="", values={})


def _clean_text(said: str) -> str:
    return _NO_TEXT.sub(lambda found: "\ufffd" if found[0] != "\x00" else "", said)


def _compose(said: str) -> str:
    """The text in NFC, as names are kept: some keyboards send ü as two characters.

    A text with more marks on one letter than any language has stays as it is: composing those
    takes quadratic time.
    """
    if said.isascii():
        return said
    runs = groupby(said, key=lambda char: unicodedata.combining(char) > 0)
    if any(marks and sum(1 for _ in run) > MARKS_ON_A_LETTER for marks, run in runs):
        return said
    return unicodedata.normalize("NFC", said)[:TEXT_CHARACTERS]
