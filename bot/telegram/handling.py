"""Handles one of Telegram's updates: reads it, answers it, shows the answer and marks it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import structlog
from telegram.error import TelegramError

from bot.app import Answer, App, Notice
from bot.inbound.inbox import PlatformInbox, StoredArrival
from bot.inbound.json_fields import Raw
from bot.limits.backoff import Sleep
from bot.telegram.api import Api
from bot.telegram.attachments import fetch_attachment
from bot.telegram.errors import Calls, is_gone, summarize
from bot.telegram.groups import Groups
from bot.telegram.inbound import Incoming, Me, ReachabilityChange, find_person, read
from bot.telegram.outbound import Outbound, Place
from bot.telegram.typing_indicator import TypingIndicator
from handlers.contract.reply import Reply, text_of
from handlers.contract.words import choose_words

log = structlog.get_logger()


class TelegramHandler:
    """Handles one bot's updates."""

    def __init__(
        self,
        app: App,
        api: Api,
        outbound: Outbound,
        me: Me,
        inbox: PlatformInbox,
        sleep: Sleep,
    ) -> None:
        self._app = app
        self._api = api
        self._me = me
        self._inbox = inbox
        self._sleep = sleep
        self._outbound = outbound
        self._groups = Groups(self._outbound, me)
        self._notified: set[str] = set()

    async def say_busy(self, incoming: Incoming, key: str) -> None:
        """Tells a person, once, that their message waits for the database; `key` has the words."""
        notice = self._notice(incoming)
        if notice is not None:
            words = choose_words(incoming.request.account.language)
            await notice(Reply(words.say(key)))

    async def handle(self, arrival: StoredArrival) -> None:
        """Handles an update; raises TelegramError among others."""
        incoming = arrival.content or read(arrival.raw, self._me)
        if isinstance(incoming, Incoming):
            await self._answer(arrival.row_id, incoming)
            return
        if isinstance(incoming, ReachabilityChange):
            await self._inbox.set_reachability(incoming.account_id, reachable=incoming.reachable)
        await self._inbox.mark_done(arrival.row_id)

    async def _answer(self, row_id: int, incoming: Incoming) -> None:
        calls = self._make_calls()
        typing = TypingIndicator(self._api, self._outbound, incoming, self._sleep)
        answer = await typing.show_while(self._work_out_answer(incoming, calls))
        self._notified.discard(incoming.request.account.id)
        reference = ""
        try:
            reference = await self._show_answer(incoming, answer.reply, typing, calls)
        except TelegramError as error:
            if not is_gone(error):
                raise
            log.info("person not reachable", row=row_id)
            await self._inbox.set_reachability(incoming.request.account.id, reachable=False)
        finally:
            await typing.release_button()
        if answer.row_id:
            await self._inbox.mark_answered(row_id, reference)

    async def _work_out_answer(self, incoming: Incoming, calls: Calls) -> Answer:
        request = (
            await fetch_attachment(incoming, self._api, calls)
            if incoming.file_id
            else incoming.request
        )
        answer = await self._app.answer(request, self._notice(incoming))
        while answer.busy:  # the inbox has it, so we go on trying
            answer = await self._app.answer(request)
        return answer

    async def _show_answer(
        self, incoming: Incoming, reply: Reply, typing: TypingIndicator, calls: Calls
    ) -> str:
        if incoming.query_id:
            hint = "platforms.telegram.inline_open" if reply.text and not reply.choices else ""
            words = choose_words(incoming.request.account.language)
            await self._outbound.answer_query(
                incoming.query_id, reply.choices, words.line(hint) if hint else "", calls
            )
            return ""
        if not incoming.callback_id:
            return await self._show(incoming, reply, calls)
        if typing.button_released and not reply.text:  # too late for a toast
            reply = replace(reply, text=text_of(reply.toast))
        if incoming.request.in_group:
            reference = await self._show(incoming, reply, calls)
            await typing.release_button(self._groups.choose_toast(incoming, reply))
            return reference
        _, reference = await asyncio.gather(
            typing.release_button(reply.toast), self._show(incoming, reply, calls)
        )
        return reference

    async def _show(self, incoming: Incoming, reply: Reply, calls: Calls) -> str:
        if incoming.request.in_group:
            return await self._groups.show(incoming, reply, calls)
        edits = incoming.message_id if reply.edit and incoming.editable else 0
        return await self._outbound.show(reply, Place(incoming.chat_id, edits), calls)

    def _notice(self, incoming: Incoming) -> Notice | None:
        """How to tell the person that it takes a while; None where they know, or in a group."""
        account = incoming.request.account
        if incoming.request.in_group or incoming.query_id or account.id in self._notified:
            return None

        async def notice(reply: Reply) -> None:
            if account.id in self._notified:
                return
            self._notified.add(account.id)
            try:
                await self._outbound.show(reply, Place(incoming.own_chat), self._make_calls())
            except TelegramError as error:
                log.info("notice of a delay not sent", reason=summarize(error))

        return notice

    async def apologise(self, raw: Raw, reference: str) -> None:
        """Tells the person that there will be no answer."""
        account = find_person(raw)
        if account is None:
            return
        words = choose_words(account.language)
        sorry = Reply(words.say("contract.refusals.trouble", reference=reference))
        try:
            await self._outbound.show(sorry, Place(int(account.id)), self._make_calls())
        except TelegramError as error:
            log.info("apology not sent", reason=summarize(error))

    def describe_refusal(self, error: Exception) -> str:
        """Telegram's refusal, fit for a log; empty for any other error."""
        return summarize(error) if isinstance(error, TelegramError) else ""

    def _make_calls(self) -> Calls:
        return Calls(self._sleep)
