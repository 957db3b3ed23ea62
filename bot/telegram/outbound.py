"""Shows replies: sends, edits and answers them, with a fallback where Telegram refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import structlog
from telegram import InlineQueryResultsButton, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, RetryAfter

from bot.limits.rate_limiter import Key, RateLimiter
from bot.telegram.addressed_to_us import HELLO
from bot.telegram.api import Api
from bot.telegram.errors import Calls, get_retry_after, says, summarize
from bot.telegram.html import Part, split
from bot.telegram.inbound import make_message_ref
from bot.telegram.inline import draw_choice
from bot.telegram.messages import EMPTY, Sheet, draw_sheets
from bot.telegram.rate_limits import ALL, FloodDetector, make_chat_key
from handlers.contract.reply import Choice, File, Reply

INLINE_CACHE_SECONDS = 5  # a card edited by the manager is seen at the next letter typed
INLINE_RESULTS = 50
TOAST_UNITS = 200
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
# Why an edit is refused for good: the message is gone, too old, or has no text.
_CANNOT_EDIT = ("message to edit not found", "can't be edited", "no text in the message")
LONGEST_WAIT_FOR_TURN = 5.0  # seconds; a message of the outbox then waits in the outbox
Result = TypeVar("Result")
HoldKey = Callable[[Key, float], Awaitable[None]]  # holds sends for so many seconds
log = structlog.get_logger()


@dataclass(frozen=True)
class Place:
    """Where a reply is shown: in place of the message `edits`, or as a new one below `under`."""

    chat_id: int
    edits: int = 0
    under: int = 0
    thread_id: int | None = None

    def as_new_message(self) -> Place:
        """The same chat, as a new message."""
        return replace(self, edits=0)

    @property
    def options(self) -> dict[str, Any]:
        """The parameters of a new message here."""
        under = (
            ReplyParameters(self.under, allow_sending_without_reply=True) if self.under else None
        )
        return {
            "chat_id": self.chat_id,
            "message_thread_id": self.thread_id,
            "reply_parameters": under,
        }


class Outbound:
    """The outgoing messages of one bot. Every method raises the library's TelegramError."""

    def __init__(self, api: Api, limiter: RateLimiter, hold: HoldKey | None = None) -> None:
        self._api = api
        self._limiter = limiter
        self._hold = hold or _hold_in_process(limiter)
        self._floods = FloodDetector()

    async def show(self, reply: Reply, place: Place, calls: Calls) -> str:
        """Shows a reply; returns its last message's reference, empty when it shows nothing.

        A group that has become a supergroup has a new id, and gets it there.
        """
        reference = ""
        for sheet in draw_sheets(reply):
            try:
                reference = await self._show_sheet(sheet, place, calls)
            except ChatMigrated as migration:
                place = Place(migration.new_chat_id)
                reference = await self._show_sheet(sheet, place, calls)
            place = place.as_new_message()
        return reference

    async def replace(self, reply: Reply, calls: Calls) -> str:
        """Replaces the message that the reply names; does nothing where that is gone."""
        chat, _, message = reply.replaces.partition(":")
        place = Place(int(chat), int(message))
        try:
            await self._edit(draw_sheets(reply)[0], place, calls)
        except BadRequest as error:
            if not says(error, "message is not modified", *_CANNOT_EDIT):
                raise
        return reply.replaces

    async def answer_callback(self, callback_id: str, toast: str, calls: Calls) -> None:
        """Answers a pressed button; where it is too late, nobody waits any more."""
        shown = next(iter(split((_Plain(toast),), TOAST_UNITS)), Part("", "")).text or None
        try:
            await calls.make(lambda: self._api.answer_callback_query(callback_id, shown))
        except BadRequest as error:
            log.debug("callback not answered", reason=summarize(error))

    async def answer_query(
        self, query_id: str, choices: Sequence[Choice], hint: str, calls: Calls
    ) -> None:
        """Lists choices under what a person types in any chat, for them alone.

        With `hint` a button above the list leads to the bot's own chat. Being late does no harm.
        """
        button = InlineQueryResultsButton(hint[:64], start_parameter=HELLO) if hint else None
        results = [draw_choice(choice) for choice in choices[:INLINE_RESULTS]]
        try:
            await calls.make(
                lambda: self._api.answer_inline_query(
                    query_id,
                    results,
                    cache_time=INLINE_CACHE_SECONDS,
                    is_personal=True,
                    button=button,
                )
            )
        except BadRequest as error:
            log.debug("query not answered", reason=summarize(error))

    async def _show_sheet(self, sheet: Sheet, place: Place, calls: Calls) -> str:
        if sheet.file is not None:
            message = await self._send_file(sheet, sheet.file, place, calls)
        elif place.edits:
            return await self._edit_or_send(sheet, place, calls)
        else:
            message = await self._send_text(sheet, place, calls)
        return make_message_ref(message.chat_id or place.chat_id, message.message_id)

    async def _send_text(self, sheet: Sheet, place: Place, calls: Calls) -> Message:
        part = sheet.part or EMPTY
        common = place.options | {
            "reply_markup": sheet.keyboard,
            "link_preview_options": _NO_PREVIEW,
        }
        try:
            return await self._call_in_turn(
                place,
                calls,
                lambda: self._api.send_message(text=part.html, parse_mode=ParseMode.HTML, **common),
            )
        except BadRequest as error:
            _raise_unless_markup(error)
            return await self._call_in_turn(
                place, calls, lambda: self._api.send_message(text=part.text, **common)
            )

    async def _call_in_turn(
        self, place: Place, calls: Calls, call: Callable[[], Awaitable[Result]]
    ) -> Result:
        """The call's result, made when it is this chat's turn."""

        async def wait_and_call() -> Result:
            keys = (ALL, make_chat_key(place.chat_id))
            at_most = None if calls.patient else LONGEST_WAIT_FOR_TURN
            await self._limiter.acquire(keys, calls.sleep, urgent=calls.urgent, at_most=at_most)
            try:
                return await call()
            except RetryAfter as flood:
                now = asyncio.get_running_loop().time()
                key = self._floods.find_key(place.chat_id, now)
                await self._hold(key, get_retry_after(flood) or 0.0)
                raise

        return await calls.make(wait_and_call)

    async def _edit_or_send(self, sheet: Sheet, place: Place, calls: Calls) -> str:
        try:
            await self._edit(sheet, place, calls)
        except BadRequest as error:
            if says(error, *_CANNOT_EDIT):
                return await self._show_sheet(sheet, place.as_new_message(), calls)
            if not says(error, "message is not modified"):
                raise
        return make_message_ref(place.chat_id, place.edits)

    async def _edit(self, sheet: Sheet, place: Place, calls: Calls) -> None:
        part = sheet.part or EMPTY
        common: dict[str, Any] = {
            "chat_id": place.chat_id,
            "message_id": place.edits,
            "reply_markup": sheet.keyboard,
            "link_preview_options": _NO_PREVIEW,
        }
        try:
            await self._call_in_turn(
                place,
                calls,
                lambda: self._api.edit_message_text(part.html, parse_mode=ParseMode.HTML, **common),
            )
        except BadRequest as error:
            if says(error, "message is not modified", *_CANNOT_EDIT):
                raise
            _raise_unless_markup(error)
            await self._call_in_turn(
                place, calls, lambda: self._api.edit_message_text(part.text, **common)
            )

    async def _send_file(self, sheet: Sheet, file: File, place: Place, calls: Calls) -> Message:
        part = sheet.part
        common = place.options | {
            "caption": part.html if part else None,
            "parse_mode": ParseMode.HTML,
            "filename": file.name,
            "reply_markup": sheet.keyboard,
        }
        if sheet.is_picture:
            try:
                return await self._call_in_turn(
                    place, calls, lambda: self._api.send_photo(photo=file.content, **common)
                )
            except BadRequest as error:  # too large, too long or no picture to Telegram
                log.warning("picture refused, sent as a document", reason=summarize(error))
        return await self._call_in_turn(
            place, calls, lambda: self._api.send_document(document=file.content, **common)
        )


def _hold_in_process(limiter: RateLimiter) -> HoldKey:
    async def hold(key: Key, seconds: float) -> None:
        limiter.hold(key, seconds)

    return hold


@dataclass(frozen=True)
class _Plain:
    text: str
    style: str = "plain"
    url: str | None = None


def _raise_unless_markup(error: BadRequest) -> None:
    """Raises the error again unless it is about our HTML, which is our bug and is logged."""
    if not says(error, "can't parse entities"):
        raise error
    log.error("telegram refused our markup, sent as plain text", reason=summarize(error))
