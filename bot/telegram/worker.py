"""Takes an update from the inbox to its answer: read, handled, shown, marked.

Whatever stops it on the way, the row stays open and is taken up again; one that always fails is
put aside, so that the next is answered.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

import structlog
from telegram.error import TelegramError

from bot.app import Answer, App, Notice, fresh_secret
from bot.lanes import Lanes
from bot.telegram.api import Api
from bot.telegram.attachments import with_content
from bot.telegram.company import Company
from bot.telegram.groups import Groups
from bot.telegram.inbound import Heard, Me, Standing, person_of, read
from bot.telegram.keeping import Keeper, Kept, update_of
from bot.telegram.outbound import Outbound, Place
from bot.telegram.trouble import Calls, Rest, is_gone, summary
from handlers.reply import Reply, text_of
from handlers.request import Account
from handlers.words import Words, speaking
from storage.tables_messages import Inbox

TRIES = 3
SUSPECT = 2  # times an update may be under way when the process dies, before it is tried alone
STARTS = 5  # and before it is given up
AT_HAND = 5000  # updates that may wait in memory too, and not in the inbox alone
ALONE = 10.0  # seconds that one which is tried alone may keep the others waiting
log = structlog.get_logger()


class Worker:
    """Answers one bot's updates, in order for each person."""

    def __init__(
        self,
        app: App,
        api: Api,
        outbound: Outbound,
        me: Me,
        keeper: Keeper,
        lanes: Lanes,
        rest: Rest,
    ) -> None:
        self._app = app
        self._api = api
        self._me = me
        self._keeper = keeper
        self._lanes = lanes
        self._rest = rest
        self._outbound = outbound
        self._groups = Groups(self._outbound, me)
        self._told: set[str] = set()

    async def resume(self) -> int:
        """Takes up what an earlier process left open; how many updates that is.

        Where processes have died again and again, the updates that were under way go first and
        one by one: if one of them is to blame, the next death counts against it alone.
        """
        rows = await self._keeper.open(self._me.id)
        last = max((row.id for row in rows if row.attempts >= SUSPECT), default=0)
        held: set[str] = set()
        for row in rows:
            if row.id > last or row.lane in held or not await self._alone(row):
                held.add(row.lane)
                self._lanes.put(row.lane, partial(self._resumed, row))
        return len(rows)

    def take(self, kept: Kept) -> None:
        """Handles an update that has just been kept, after its person's earlier ones."""
        if self._lanes.waiting > AT_HAND:  # it is in the inbox, and can wait there alone
            kept = replace(kept, raw={}, heard=None)
        self._lanes.put(kept.lane, partial(self._handle, kept))

    def say_busy(self, heard: Heard) -> None:
        """Tells a person, once, that their message waits for the database."""
        notice = self._notice(heard)
        if notice is not None:
            words = Words(speaking(heard.request.account.language))
            busy = Reply(words.say("refusals.busy"))
            self._lanes.put(f"busy {heard.request.account.id}", partial(notice, busy))

    async def _alone(self, row: Inbox) -> bool:
        """Handles an update while nothing else is under way; false when it takes too long."""
        try:
            await asyncio.wait_for(self._resumed(row), ALONE)
        except TimeoutError:
            return False
        return True

    async def _resumed(self, row: Inbox) -> None:
        kept = Kept(row.id, row.event_id, row.lane, update_of(row))
        # Its effect is not committed yet, so it may be what took the last process down.
        if row.state == "received" and await self._keeper.failed(row.id) > STARTS:
            await self._give_up(kept, fresh_secret()[:6])
        else:
            await self._handle(kept)

    async def _handle(self, kept: Kept) -> None:
        if not kept.raw:
            kept = replace(kept, raw=await self._keeper.payload(kept.row_id))
        for attempt in range(TRIES):
            try:
                await self._once(kept)
            except Exception as error:  # noqa: BLE001 - the next update must be answered
                reference = _reported(error, kept.row_id)
                await self._keeper.failed(kept.row_id)
                if attempt == TRIES - 1:
                    await self._give_up(kept, reference)
            else:
                return

    async def _once(self, kept: Kept) -> None:
        heard = kept.heard or read(kept.raw, self._me)
        if isinstance(heard, Heard):
            await self._answer(kept.row_id, heard)
            return
        if isinstance(heard, Standing):
            await self._keeper.stands(heard)
        await self._keeper.settled(kept.row_id)

    async def _answer(self, row_id: int, heard: Heard) -> None:
        calls = self._calls()
        company = Company(self._api, self._outbound, heard, self._rest)
        answer = await company.during(self._worked_out(heard, calls))
        self._told.discard(heard.request.account.id)
        reference = ""
        try:
            reference = await self._shown(heard, answer.reply, company, calls)
        except TelegramError as error:
            if not is_gone(error):
                raise
            log.info("person not reachable", row=row_id)
            await self._keeper.stands(Standing(heard.request.account.id, reachable=False))
        finally:
            await company.let_go()
        if answer.row_id:
            await self._keeper.answered(row_id, reference)

    async def _worked_out(self, heard: Heard, calls: Calls) -> Answer:
        request = await with_content(heard, self._api, calls) if heard.file_id else heard.request
        answer = await self._app.answer(request, self._notice(heard))
        while answer.busy:  # it is in the inbox, so we need not send the person away
            answer = await self._app.answer(request)
        return answer

    async def _shown(self, heard: Heard, reply: Reply, company: Company, calls: Calls) -> str:
        if heard.query_id:
            hint = "telegram.inline_open" if reply.text and not reply.choices else ""
            words = Words(speaking(heard.request.account.language))
            await self._outbound.answer_query(
                heard.query_id, reply.choices, words.line(hint) if hint else "", calls
            )
            return ""
        if not heard.callback_id:
            return await self._show(heard, reply, calls)
        if company.let_gone and not reply.text:  # too late for a toast
            reply = replace(reply, text=text_of(reply.toast))
        if heard.request.in_group:
            reference = await self._show(heard, reply, calls)
            await company.let_go(self._groups.toast(heard, reply))
            return reference
        _, reference = await asyncio.gather(
            company.let_go(reply.toast), self._show(heard, reply, calls)
        )
        return reference

    async def _show(self, heard: Heard, reply: Reply, calls: Calls) -> str:
        if heard.request.in_group:
            return await self._groups.show(heard, reply, calls)
        edits = heard.message_id if reply.edit and heard.editable else 0
        return await self._outbound.show(reply, Place(heard.chat_id, edits), calls)

    def _notice(self, heard: Heard) -> Notice | None:
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

    async def _give_up(self, kept: Kept, reference: str) -> None:
        dead = await self._keeper.put_aside(kept.row_id, reference)
        log.error("update put aside", reference=reference, row=kept.row_id, put_aside=dead)
        account = person_of(kept.raw)
        if account is not None:
            await self._apologise(account, reference)

    async def _apologise(self, account: Account, reference: str) -> None:
        words = Words(speaking(account.language))
        sorry = Reply(words.say("refusals.trouble", reference=reference))
        try:
            await self._outbound.show(sorry, Place(int(account.id)), self._calls())
        except TelegramError as error:
            log.info("no apology", reason=summary(error))

    def _calls(self) -> Calls:
        return Calls(self._rest)


def _reported(error: Exception, row_id: int) -> str:
    """Writes a failure to the log; gives the reference it has there."""
    reference = fresh_secret()[:6]
    if isinstance(error, TelegramError):  # its own words may quote what a customer said
        log.error("reply refused", reference=reference, row=row_id, reason=summary(error))
    else:
        log.error("update failed", reference=reference, row=row_id, exc_info=error)
    return reference
