"""Runs a request off the event loop, in one transaction; the one error boundary.

An event that was handled before gets its stored reply and has no second effect. Showing the reply
is the platform's work; messages that Repmate starts are sent by `bot/delivery/loop.py`.
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
from handlers.contract.words import Language, choose_words
from handlers.objections.index_cache import CardIndexCache
from kb.objections.search import CardIndex
from storage.engine import Busy, CorruptDatabase, Database, Unwritable
from storage.tables.messages import Inbox, InboxState
from storage.tables.people_and_deals import Identity, Member, Team
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
    """The keys of two texts: the message waits for the database, and the waiting was given up."""
    return _UNWRITABLE if isinstance(error, Unwritable) else _BUSY


def generate_secret() -> str:
    """A URL-safe secret of 128 random bits."""
    return secrets.token_urlsafe(16)


@dataclass(frozen=True)
class Answer:
    """A committed reply, and the inbox row that holds it (0 where none does).

    `busy`: the database stayed locked, so the request has not been handled at all. `language` is
    the language in which the person is addressed. `removed` are the members it removed, by team and
    id.
    """

    reply: Reply
    row_id: int
    busy: bool = False
    language: Language = "en"
    removed: tuple[tuple[int, int], ...] = ()


class App:
    """The bot without any platform.

    `invite_links` turns an invite's secret into a link, by platform; an adapter adds its own.
    `make_secret` is given only where runs must be repeatable, as in scripts with a set clock.
    `removal_listeners` are called with team and id of each member that was removed, on whatever
    platform. `on_corruption` is called when the database is found damaged, after which nothing it
    holds can be trusted and the process should end. `advisor` gives a second opinion to look-ups
    that are unsure; it may be None.
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
        self.removal_listeners: list[Callable[[int, int], None]] = []
        self.on_corruption: Callable[[CorruptDatabase], None] = lambda _: None
        self.invite_links: dict[str, Callable[[str], str]] = {}
        self._make_secret = make_secret
        self._advisor = advisor
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="handler")
        self._ahead = ThreadPoolExecutor(1, thread_name_prefix="receipt")

    async def answer(self, request: Request, notice: Notice | None = None) -> Answer:
        """The committed answer to a request.

        While the database is busy the request is tried again, and `notice` is called once to say
        that it takes a moment. A request that fails every time is put aside and answered with a
        reference.
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
        """The answer to a query while it is being typed; it changes nothing and is not stored."""

        def look() -> Reply:
            with self.database.work() as memory:
                return routes.answer(request, self._enter_room(memory, request, Consultation(None)))

        return await self.run_off_loop(look)

    async def run_off_loop(self, work: Callable[[], Result], *, ahead: bool = False) -> Result:
        """Runs blocking work, such as a transaction, on a handler thread.

        With `ahead` it runs on a thread of its own and waits for no handler: for short work that a
        platform is waiting for, such as storing what arrived.
        """
        threads = self._ahead if ahead else self._threads
        try:
            return await asyncio.get_running_loop().run_in_executor(threads, work)
        except CorruptDatabase as error:
            self.on_corruption(error)
            raise

    async def run_transaction(
        self, work: Callable[[UnitOfWork], Result], *, ahead: bool = False
    ) -> Result:
        """Runs `work` in a transaction of its own, off the event loop; raises Busy.

        `ahead` as in `run_off_loop`; the transaction then goes before others in the database too.
        """

        def transaction() -> Result:
            with self.database.work(ahead=ahead) as memory:
                return work(memory)

        return await self.run_off_loop(transaction, ahead=ahead)

    def close(self) -> None:
        """Waits for the handler threads and closes the database."""
        self._threads.shutdown()
        self._ahead.shutdown()
        if self._advisor is not None:
            self._advisor.close()
        self.database.close()

    async def _answer_with_retries(self, request: Request) -> Answer:
        for attempt in range(TRIES):
            try:
                return await self._answer_with_second_opinions(request)
            except (Busy, CorruptDatabase):  # no fault of this request
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
        """Handles the request; starts over after each second opinion that it asked for."""
        consultation = Consultation(self._advisor)
        while True:
            try:
                answer = await self.run_off_loop(lambda: self._transaction(request, consultation))
            except OpinionWanted as wanted:
                await consultation.wait_for_opinion(wanted)
            else:
                for team_id, member_id in answer.removed:
                    for listener in self.removal_listeners:
                        listener(team_id, member_id)
                return answer

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
            first_page = paging.render_first_page(reply, row.id, room.words)
            removed = tuple(memory.members.uncommitted_removals)
            return Answer(first_page, row.id, language=room.words.language, removed=removed)

    def find_room(self, memory: UnitOfWork, account: Account) -> Desk | Lobby:
        """The desk of a member, or the lobby of a stranger, without marking the account as active.

        For pages that are drawn without a request, such as Slack's App Home.
        """
        identity = memory.members.find_identity(account.platform, account.id)
        member = _find_member(memory, identity)
        if member is None:
            return Lobby(memory, account, self.clock.now(), choose_words(account.language))
        return self.make_desk(memory, member, account)

    def _enter_room(
        self, memory: UnitOfWork, request: Request, consultation: Consultation
    ) -> Desk | Lobby:
        now, account = self.clock.now(), request.account
        identity = memory.members.find_identity(account.platform, account.id)
        member = _find_member(memory, identity)
        if identity is None or member is None:
            return Lobby(memory, account, now, choose_words(account.language))
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
        """The desk of a member: for a request of theirs, or for a message that Repmate starts."""
        team, now = memory.members.get_team(member.team_id), self.clock.now()
        return Desk(
            memory=memory,
            account=account,
            now=now,
            words=choose_words(member.language),
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
        # Cards that are not committed may never be: the model need not read them.
        if consultation is None or team.id in memory.cards.uncommitted:
            return index
        return consultation.with_opinions(team.id, index)

    def put_aside(self, request: Request, reference: str) -> None:
        """Marks the request's inbox row as one that cannot be handled."""
        with self.database.work() as memory:
            row = memory.inbox.take(request.account.platform, request.event_id, self.clock.now())
            memory.inbox.mark_dead(row.id, reference)


def _find_member(memory: UnitOfWork, identity: Identity | None) -> Member | None:
    """The member of an account; None for a stranger's, and while the account is suspended."""
    if identity is None or identity.suspended:
        return None
    return memory.members.get(identity.team_id, identity.member_id)


def _store_reply(row: Inbox, room: Desk | Lobby, reply: Reply) -> None:
    row.state, row.reply, row.about_deal_id = InboxState.HANDLED, to_json(reply), reply.about
    row.fleeting = reply.fleeting
    if room.team is not None and room.member is not None:
        row.team_id, row.member_id = room.team.id, room.member.id


def _make_notice(request: Request, key: str, **facts: object) -> Reply:
    words = choose_words(request.account.language)
    back = words.say("contract.refusals.your_text", text=request.text[:500]) if request.text else ()
    return Reply(text_of(words.say(key, **facts), "\n" if back else "", back))
