"""Reads one of Telegram's updates, has it handled, shows the answer and marks it as shown."""

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
from bot.telegram.attachments import with_content
from bot.telegram.errors import Calls, is_gone, summary
from bot.telegram.groups import Groups
from bot.telegram.inbound import Incoming, Me, Standing, person_of, read
from bot.telegram.outbound import Outbound, Place
from bot.telegram.typing_indicator import TypingIndicator
from handlers.contract.reply import Reply, text_of
from handlers.contract.words import Words, speaking

log = structlog.get_logger()


class TelegramAnswering:
    """Answers one bot's updates."""

    def __init__(
        self,
        app: App,
        api: Api,
        outbound: Outbound,
        me: Me,
        inbox: PlatformInbox,
        rest: Sleep,
    ) -> None:
        self._app = app
        self._api = api
        self._me = me
        self._inbox = inbox
        self._rest = rest
        self._outbound = outbound
        self._groups = Groups(self._outbound, me)
        self._told: set[str] = set()

    async def say_busy(self, heard: Incoming, key: str) -> None:
        """Tells a person, once, that their message waits for the database; `key` has the words."""
        notice = self._notice(heard)
        if notice is not None:
            words = Words(speaking(heard.request.account.language))
            await notice(Reply(words.say(key)))

    async def once(self, kept: StoredArrival) -> None:
        """Answers an update; raises TelegramError among others."""
        heard = kept.heard or read(kept.raw, self._me)
        if isinstance(heard, Incoming):
            await self._answer(kept.row_id, heard)
            return
        if isinstance(heard, Standing):
            await self._inbox.set_reachability(heard.account_id, reachable=heard.reachable)
        await self._inbox.mark_done(kept.row_id)

    async def _answer(self, row_id: int, heard: Incoming) -> None:
        calls = self._calls()
        typing = TypingIndicator(self._api, self._outbound, heard, self._rest)
        answer = await typing.show_while(self._worked_out(heard, calls))
        self._told.discard(heard.request.account.id)
        reference = ""
        try:
            reference = await self._shown(heard, answer.reply, typing, calls)
        except TelegramError as error:
            if not is_gone(error):
                raise
            log.info("person not reachable", row=row_id)
            await self._inbox.set_reachability(heard.request.account.id, reachable=False)
        finally:
            await typing.release_button()
        if answer.row_id:
            await self._inbox.mark_answered(row_id, reference)

    async def _worked_out(self, heard: Incoming, calls: Calls) -> Answer:
        request = await with_content(heard, self._api, calls) if heard.file_id else heard.request
        answer = await self._app.answer(request, self._notice(heard))
        while answer.busy:  # it is in the inbox, so we need not send the person away
            answer = await self._app.answer(request)
        return answer

    async def _shown(
        self, heard: Incoming, reply: Reply, typing: TypingIndicator, calls: Calls
    ) -> str:
        if heard.query_id:
            hint = "platforms.telegram.inline_open" if reply.text and not reply.choices else ""
            words = Words(speaking(heard.request.account.language))
            await self._outbound.answer_query(
                heard.query_id, reply.choices, words.line(hint) if hint else "", calls
            )
            return ""
        if not heard.callback_id:
            return await self._show(heard, reply, calls)
        if typing.button_released and not reply.text:  # too late for a toast
            reply = replace(reply, text=text_of(reply.toast))
        if heard.request.in_group:
            reference = await self._show(heard, reply, calls)
            await typing.release_button(self._groups.toast(heard, reply))
            return reference
        _, reference = await asyncio.gather(
            typing.release_button(reply.toast), self._show(heard, reply, calls)
        )
        return reference

    async def _show(self, heard: Incoming, reply: Reply, calls: Calls) -> str:
        if heard.request.in_group:
            return await self._groups.show(heard, reply, calls)
        edits = heard.message_id if reply.edit and heard.editable else 0
        return await self._outbound.show(reply, Place(heard.chat_id, edits), calls)

    def _notice(self, heard: Incoming) -> Notice | None:
        """How to tell the person that it takes a while; None when they know, or in a group."""
        account = heard.request.account
        if heard.request.in_group or heard.query_id or account.id in self._told:
            return None

        async def notice(reply: Reply) -> None:
            if account.id in self._told:
                return
            self._told.add(account.id)
            try:
                await self._outbound.show(reply, Place(heard.own_chat), self._calls())
            except TelegramError as error:
                log.info("no notice", reason=summary(error))

        return notice

    async def apologise(self, raw: Raw, reference: str) -> None:
        """Tells whoever waits for an answer that there will be none."""
        account = person_of(raw)
        if account is None:
            return
        words = Words(speaking(account.language))
        sorry = Reply(words.say("contract.refusals.trouble", reference=reference))
        try:
            await self._outbound.show(sorry, Place(int(account.id)), self._calls())
        except TelegramError as error:
            log.info("no apology", reason=summary(error))

    def refusal(self, error: Exception) -> str:
        """What Telegram refused, fit for a log; empty for any other error."""
        return summary(error) if isinstance(error, TelegramError) else ""

    def _calls(self) -> Calls:
        return Calls(self._rest)
