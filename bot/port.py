"""The port every platform implements: three methods, none of them optional."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from handlers.contract.reply import Reply


@dataclass(frozen=True)
class Address:
    """Where to send: a private chat of one account on one platform."""

    platform: str
    account_id: str
    chat: str


@dataclass(frozen=True)
class Sent:
    """A message that the platform accepted; `message_ref` identifies it for later replies."""

    message_ref: str


class DeliveryError(Exception):
    """The platform did not take a message.

    `retryable`: it may take it later, after `retry_after` seconds if that is given. `gone`: the
    person has blocked the bot or the chat is no more, and sending again is of no use until they
    come back. `whole_bot`: the wait is for the whole bot, not for this chat alone. `unsure`: it is
    unknown whether the message was taken, and sending it again may repeat it. The reason never
    contains an address of the platform, because those hold secrets.
    """

    def __init__(
        self,
        reason: str,
        *,
        retryable: bool = False,
        retry_after: float | None = None,
        gone: bool = False,
        whole_bot: bool = False,
        unsure: bool = False,
    ) -> None:
        super().__init__(reason)
        self.retryable = retryable
        self.retry_after = retry_after
        self.gone = gone
        self.whole_bot = whole_bot
        self.unsure = unsure


class Adapter(Protocol):
    """One platform."""

    @property
    def platform(self) -> str:
        """The name of the platform, as in accounts and identities."""

    async def start(self) -> None:
        """Starts to receive; returns once it does."""

    async def stop(self) -> None:
        """Stops receiving, finishes the answers under way, and closes every connection."""

    async def send(self, address: Address, reply: Reply) -> Sent:
        """Sends a message that Repmate starts; raises DeliveryError.

        A reply that names a message in `replaces` takes that message's place, or is not shown.
        """
