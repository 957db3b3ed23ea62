"""Takes a request off the event loop and through one transaction; the one error boundary.

Refuses an event that has been handled: it gets the stored reply. Delivery of that reply is the
platform's, and what Repmate says by itself is `bot/delivery/loop.py`'s.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

import structlog

from bot.clock import Clock
from bot.limits.busy_database import retry_while_busy
from bot.semantic.advisor import Advisor
from bot.semantic.consultation import Consultation, OpinionWanted
from handlers import routes
from handlers.contract import paging
from handlers.contract.desk import Desk, Lobby
from handlers.contract.reply import Reply, from_json, text_of, to_json
from handlers.contract.request import Account, Request
from handlers.contract.words import Language, Words, speaking
from handlers.objections.index_cache import CardIndexCache
from kb.objections.search import CardIndex
from storage.engine import Busy, Database, Unwritable
from storage.tables.messages import Inbox, InboxState
from storage.tables.people_and_deals import Member, Team
from storage.unit_of_work import UnitOfWork

TRIES = 3
BUSY_TRIES = 12  # with the database's own wait of five seconds each: a minute
THREADS = 8
Result = TypeVar("Result")
Notice = Callable[[Reply], Awaitable[None]]
log = structlog.get_logger()


_BUSY = ("contract.refusals.busy", "contract.refusals.busy_given_up")
_UNWRITABLE = ("contract.refusals.unwritable", "contract.refusals.unwritable_given_up")


def find_busy_texts(error: Busy) -> tuple[str, str]:
    """The words for a person whose message waits for the database, and when it is given up."""
    return _UNWRITABLE if isinstance(error, Unwritable) else _BUSY


def generate_secret() -> str:
    """A URL-safe secret of 128 random bits."""
    return secrets.token_urlsafe(16)


@dataclass(frozen=True)
class Answer:
    """A reply that has been committed, and the inbox row that keeps it (0 when none does).

    `busy` says that the database stayed locked and the request is not handled at all. `language`
    is the one the person is spoken to in.
    """

    reply: Reply
    row_id: int
    busy: bool = False
    language: Language = "en"


class App:
    """The bot without any platform.

    `invite_links` turns an invite's secret into a link, by platform; an adapter adds its own.
    `make_secret` is only ever given where runs must repeat, as in scripts with a set clock.
    `advisor` is asked for a second opinion by look-ups that are not sure; there need be none.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        make_secret: Callable[[], str] = generate_secret,
        advisor: Advisor | None = None,
    ) -> None:
        self.database = database
        self.clock = clock
        self.card_indexes = CardIndexCache()
        self.invite_links: dict[str, Callable[[str], str]] = {}
        self._make_secret = make_secret
        self._advisor = advisor
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="handler")
        self._ahead = ThreadPoolExecutor(1, thread_name_prefix="receipt")

    async def answer(self, request: Request, notice: Notice | None = None) -> Answer:
        """The committed answer to a request.

        While the database is busy it is tried again, and `notice` is told once that it takes a
        moment. A request that always fails is put aside and answered with a reference.
        """

        async def notify_once(error: Busy, attempt: int) -> None:
            if notice is not None and attempt == 0:
                await notice(_make_notice(request, find_busy_texts(error)[0]))

        try:
            return await retry_while_busy(
                lambda: self._answer_with_retries(request),
                asyncio.sleep,
                what="request",
                tries=BUSY_TRIES,
                on_busy=notify_once,
            )
        except Busy as error:
            return Answer(_make_notice(request, find_busy_texts(error)[1]), 0, busy=True)

    async def look_up(self, request: Request) -> Reply:
        """The answer to a query as it is typed, which changes nothing and is not kept."""

        def look() -> Reply:
            with self.database.work() as memory:
                return routes.answer(request, self._enter_room(memory, request, Consultation(None)))

        return await self.run_off_loop(look)

    async def run_off_loop(self, work: Callable[[], Result], *, ahead: bool = False) -> Result:
        """Runs blocking work, such as a transaction, on a handler thread.

        With `ahead` it waits for no handler: for what is short and a platform waits for.
        """
        threads = self._ahead if ahead else self._threads
        return await asyncio.get_running_loop().run_in_executor(threads, work)

    def close(self) -> None:
        """Waits for the handler threads and gives back the database."""
        self._threads.shutdown()
        self._ahead.shutdown()
        if self._advisor is not None:
            self._advisor.close()
        self.database.close()

    async def _answer_with_retries(self, request: Request) -> Answer:
        for attempt in range(TRIES):
            try:
                return await self._answer_with_second_opinions(request)
            except Busy:
                raise
            except Exception:  # the one boundary: whatever a handler does, the person is answered
                reference = self._make_secret()[:6]
                log.exception(
                    "request failed",
                    reference=reference,
                    attempt=attempt + 1,
                    platform=request.account.platform,
                    kind=request.kind,
                )
        await self.run_off_loop(lambda: self.put_aside(request, reference))
        return Answer(_make_notice(request, "contract.refusals.trouble", reference=reference), 0)

    async def _answer_with_second_opinions(self, request: Request) -> Answer:
        """Handles the request; begins anew after each second opinion that it wanted."""
        consultation = Consultation(self._advisor)
        while True:
            try:
                return await self.run_off_loop(lambda: self._transaction(request, consultation))
            except OpinionWanted as wanted:
                await consultation.wait_for_opinion(wanted)

    def _transaction(self, request: Request, consultation: Consultation) -> Answer:
        with self.database.work() as memory:
            now = self.clock.now()
            row = memory.inbox.take(request.account.platform, request.event_id, now)
            room = self._enter_room(memory, request, consultation)
            if row.state == InboxState.DEAD:
                return Answer(
                    _make_notice(request, "contract.refusals.trouble", reference=row.reference), 0
                )
            # An answered row without its reply held a secret, and the reply was sent.
            if row.state == InboxState.ANSWERED and row.reply is None:
                return Answer(_make_notice(request, "contract.refusals.answered_before"), 0)
            if row.reply is None:
                _store_reply(row, room, routes.answer(replace(request, arrived=row.id), room))
            reply = from_json(row.reply or "{}")
            shown = paging.render_first_page(reply, row.id, room.words)
            return Answer(shown, row.id, language=room.words.language)

    def find_room(self, memory: UnitOfWork, account: Account) -> Desk | Lobby:
        """The room of an account that asks for nothing: a page that stands there is drawn."""
        identity = memory.members.find_identity(account.platform, account.id)
        member = memory.members.get(identity.team_id, identity.member_id) if identity else None
        if member is None:
            return Lobby(memory, account, self.clock.now(), Words(speaking(account.language)))
        return self.make_desk(memory, member, account)

    def _enter_room(
        self, memory: UnitOfWork, request: Request, consultation: Consultation
    ) -> Desk | Lobby:
        now, account = self.clock.now(), request.account
        identity = memory.members.find_identity(account.platform, account.id)
        member = memory.members.get(identity.team_id, identity.member_id) if identity else None
        if identity is None or member is None:
            return Lobby(memory, account, now, Words(speaking(account.language)))
        identity.last_active_at = now
        if account.address:
            identity.address = account.address
        if not identity.reachable:
            identity.reachable = True
            memory.outbox.revive(member.team_id, member.id, now)
        desk = self.make_desk(memory, member, account, consultation)
        return replace(desk, pressed=request.pressed) if request.pressed else desk

    def make_desk(
        self,
        memory: UnitOfWork,
        member: Member,
        account: Account,
        consultation: Consultation | None = None,
    ) -> Desk:
        """The desk of a member, for a request of theirs or for what Repmate says by itself."""
        team, now = memory.members.get_team(member.team_id), self.clock.now()
        return Desk(
            memory=memory,
            account=account,
            now=now,
            words=Words(speaking(member.language)),
            team=team,
            member=member,
            cards=lambda: self._cards(memory, team, now, consultation),
            invite_link=self.invite_links.get(account.platform, lambda secret: f"/start {secret}"),
            make_secret=self._make_secret,
        )

    def _cards(
        self, memory: UnitOfWork, team: Team, now: datetime, consultation: Consultation | None
    ) -> CardIndex:
        index = self.card_indexes.index(memory, team, now)
        # What is not committed yet may never be: no model need read it.
        if consultation is None or team.id in memory.cards.uncommitted:
            return index
        return consultation.with_opinions(team.id, index)

    def put_aside(self, request: Request, reference: str) -> None:
        """Marks the request's arrival as one that cannot be handled."""
        with self.database.work() as memory:
            row = memory.inbox.take(request.account.platform, request.event_id, self.clock.now())
            memory.inbox.mark_dead(row.id, reference)


def _store_reply(row: Inbox, room: Desk | Lobby, reply: Reply) -> None:
    row.state, row.reply, row.about_deal_id = InboxState.HANDLED, to_json(reply), reply.about
    row.fleeting = reply.fleeting
    if room.team is not None and room.member is not None:
        row.team_id, row.member_id = room.team.id, room.member.id


def _make_notice(request: Request, key: str, **facts: object) -> Reply:
    words = Words(speaking(request.account.language))
    back = words.say("contract.refusals.your_text", text=request.text[:500]) if request.text else ()
    return Reply(text_of(words.say(key, **facts), "\n" if back else "", back))
