"""The outbox as delivery uses it: claims and composes messages, and marks the result of each send.

Everything here blocks and is a transaction of its own. `handlers/digest/due_messages.py` says which
messages are due and what they say, `handlers/digest/send_time.py` when they may be sent.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.app import App
from bot.limits.backoff import wait_before
from bot.port import Address, DeliveryError
from handlers.contract.reply import Reply, lines, plain, to_json
from handlers.contract.request import Account
from handlers.digest import due_messages, send_time
from handlers.nudges import learn_patience
from handlers.outbox import dead_letters
from handlers.selling.deletion import erase_deleted
from storage.engine import CorruptDatabase
from storage.messages.outbox import Ended
from storage.messages.outbox_claims import ClaimRequest
from storage.tables.messages import Outbox, OutboxState
from storage.tables.people_and_deals import Identity, Member
from storage.unit_of_work import UnitOfWork

LEASE = timedelta(seconds=30)  # renewed while its owner lives, so it may be short
SHORTEST_LEASE = timedelta(seconds=20)  # left of a lease when a send begins
TRIES = 8  # of a message that fails by a mistake of ours
REFUSALS = 30  # of a message that a platform refuses while it takes others: over an hour
LONGEST_TEXT = 20_000  # characters; a longer text is a mistake, and would be a hundred messages
KEPT_FOR = timedelta(days=7)  # a platform repeats an update for a day at most
log = structlog.get_logger()


@dataclass(frozen=True)
class OutgoingMessage:
    """One claimed message: its row, whose it is, what to send, and where."""

    row_id: int
    team_id: int
    member_id: int
    attempts: int
    address: Address
    reply: Reply


class DeliveryOutbox:
    """The outbox as one process uses it; its leases carry the name `owner`."""

    def __init__(self, app: App, owner: str) -> None:
        self._app = app
        self._owner = owner

    def sweep(self) -> bool:
        """Writes a batch of due messages into the outbox; whether there are more."""
        with self._app.database.work() as memory:
            return due_messages.sweep(memory, self._app.clock.now())

    def tidy(self) -> None:
        """Deletes old answered messages, abandoned drafts and deleted deals; learns patience."""
        now = self._app.clock.now()
        with self._app.database.work() as memory:
            memory.inbox.forget_before(now - KEPT_FOR)
            memory.drafts.forget_before(now - KEPT_FOR)
            erase_deleted(memory, now)
            learn_patience.learn(memory, now)

    def find_next_due(self, platforms: Collection[str]) -> datetime | None:
        """The next instant at which a message may be due on these platforms."""
        with self._app.database.work() as memory:
            moments = (
                memory.deals.next_attention_at(),
                memory.steps.next_ring_at(),
                memory.claims.next_due_at(platforms),
                memory.members.next_digest_at(),
                memory.gaps.next_raise_at(),
                memory.occasions.next_due_at(),
            )
        return min((moment for moment in moments if moment is not None), default=None)

    def take_over(self, owners: str) -> int:
        """Makes due at once what earlier processes of this name had claimed; how many rows."""
        with self._app.database.work() as memory:
            return memory.claims.expire_leases(owners, self._app.clock.now())

    def claim(self, wish: ClaimRequest) -> tuple[bool, list[OutgoingMessage]]:
        """Claims due rows, if there are any, and composes each anew.

        A message that is no longer true is cancelled; one that may not be sent now waits.
        """
        now = self._app.clock.now()
        wish = replace(wish, owner=self._owner)
        with self._app.database.work() as memory:
            claimed = memory.claims.claim_fairly(wish, now, now + LEASE)
            messages = [self._compose_safely(memory, row, wish.platforms) for row in claimed]
        return bool(claimed), [message for message in messages if message is not None]

    def confirm_lease(self, message: OutgoingMessage) -> bool:
        """Whether the lease is ours for long enough to send; renews one that runs out soon."""
        now = self._app.clock.now()
        with self._app.database.work() as memory:
            until = memory.claims.find_lease_end(message.row_id, self._owner)
            if until is None or until - now > SHORTEST_LEASE:
                return until is not None
            return bool(memory.claims.renew([message.row_id], self._owner, now + LEASE))

    def renew(self, row_ids: Collection[int]) -> int:
        """Renews the leases that are still ours; how many those are."""
        with self._app.database.work() as memory:
            until = self._app.clock.now() + LEASE
            return len(memory.claims.renew(row_ids, self._owner, until))

    def mark_sent(self, message: OutgoingMessage, message_ref: str) -> None:
        """Marks a message as sent."""
        now, platform = self._app.clock.now(), message.address.platform
        with self._app.database.work() as memory:
            row_id, owner = message.row_id, self._owner
            if not memory.outbox.mark_sent(row_id, owner, now, platform, message_ref):
                log.warning(
                    "message sent after its lease was lost: it may arrive twice", row=row_id
                )

    def mark_failed(self, message: OutgoingMessage, error: DeliveryError, *, down: bool) -> None:
        """Marks a message as not sent; `down`: the platform takes no message at all."""
        log.warning("message not delivered", row=message.row_id, reason=str(error), gone=error.gone)
        with self._app.database.work() as memory:
            if error.gone:
                self._mark_unreachable(memory, message)
            elif not error.retryable:
                self._give_up(memory, message.row_id, message.team_id, str(error))
            else:
                asked_wait = error.retry_after or 0.0
                counts = not (asked_wait or down)
                ended = Ended(counts=counts, unsure=error.unsure, trouble=str(error))
                wait = asked_wait or wait_before(message.attempts if counts else 0)
                self._retry_later(memory, message, ended, wait, REFUSALS)

    def mark_adapter_error(self, message: OutgoingMessage, reason: str) -> None:
        """Marks a message at which the adapter itself failed: it may have been sent."""
        ended = Ended(unsure=True, trouble=reason)
        with self._app.database.work() as memory:
            self._retry_later(memory, message, ended, wait_before(message.attempts), TRIES)

    def mark_cut_off(self, message: OutgoingMessage) -> None:
        """Marks a message whose send was cut off."""
        ended = Ended(counts=False, unsure=True, trouble="stopped while sending")
        with self._app.database.work() as memory:
            memory.outbox.retry_later(message.row_id, self._owner, self._app.clock.now(), ended)

    def _mark_unreachable(self, memory: UnitOfWork, message: OutgoingMessage) -> None:
        """Marks the account as unreachable: the row goes to the next account, or is parked."""
        address, now = message.address, self._app.clock.now()
        identity = memory.members.find_identity(address.platform, address.account_id)
        if identity is not None:
            identity.reachable = False
            memory.flush()
        memory.outbox.retry_later(message.row_id, self._owner, now, Ended(counts=False))

    def _retry_later(
        self, memory: UnitOfWork, message: OutgoingMessage, ended: Ended, wait: float, tries: int
    ) -> None:
        """Releases a row to be tried later, or gives it up after too many counted tries."""
        if ended.counts and message.attempts >= tries:
            self._give_up(memory, message.row_id, message.team_id, ended.trouble)
            return
        due = self._app.clock.now() + timedelta(seconds=wait)
        memory.outbox.retry_later(message.row_id, self._owner, due, ended)

    def _give_up(self, memory: UnitOfWork, row_id: int, team_id: int, trouble: str) -> None:
        log.error("message given up", row=row_id, reason=trouble)
        if memory.outbox.finish(row_id, self._owner, OutboxState.DEAD, trouble):
            dead_letters.notify_admins(memory, team_id, self._app.clock.now())

    def _compose_safely(
        self, memory: UnitOfWork, row: Outbox, platforms: Collection[str]
    ) -> OutgoingMessage | None:
        """The row's message; a row that can't be composed is tried later and holds up no other."""
        row_id, team_id, attempts = row.id, row.team_id, row.attempts
        try:
            with memory.savepoint():
                return self._compose(memory, row, platforms)
        except CorruptDatabase:  # no fault of the message
            raise
        except Exception as error:
            log.exception("message not composed", row=row_id)
            trouble = f"not composed: {type(error).__name__}"
            if attempts >= TRIES:
                self._give_up(memory, row_id, team_id, trouble)
                return None
            due = self._app.clock.now() + timedelta(seconds=wait_before(attempts))
            memory.outbox.retry_later(row_id, self._owner, due, Ended(trouble=trouble))
            return None

    def _compose(
        self, memory: UnitOfWork, row: Outbox, platforms: Collection[str]
    ) -> OutgoingMessage | None:
        member = memory.members.get(row.team_id, row.member_id)
        if member is None:
            memory.outbox.finish(row.id, self._owner, OutboxState.CANCELLED)
            return None
        # A row that edits an earlier message can only go to the platform of that message.
        reached = {row.platform} if row.platform else platforms
        identity = _choose_identity(memory.members.list_identities(row.team_id, member.id), reached)
        if identity is None:
            memory.outbox.finish(row.id, self._owner, OutboxState.PARKED)
            return None
        account = Account(identity.platform, identity.account_id, address=identity.address)
        reply = self._compose_reply(memory, row, member, account)
        if reply is None:
            return None
        address = Address(identity.platform, identity.account_id, identity.address)
        return OutgoingMessage(row.id, row.team_id, member.id, row.attempts, address, reply)

    def _compose_reply(
        self, memory: UnitOfWork, row: Outbox, member: Member, account: Account
    ) -> Reply | None:
        """The row's reply as of now; None where there is nothing to send, or not now."""
        desk = self._app.make_desk(memory, member, account)
        leaves_at = send_time.find_leave_time(row, desk)
        if leaves_at > desk.now:
            memory.outbox.reschedule(row.id, self._owner, leaves_at)
            return None
        covered_elsewhere = send_time.fold_into_catch_up(row, desk) or send_time.fold_over_limit(
            row, desk
        )
        reply = None if covered_elsewhere else due_messages.compose(row, desk)
        if reply is None:
            memory.outbox.finish(row.id, self._owner, OutboxState.CANCELLED)
            return None
        if len(plain(reply.text)) > LONGEST_TEXT:
            self._give_up(memory, row.id, row.team_id, "too long")
            return None
        row.body = to_json(reply)
        if not row.repeated:
            return reply
        log.warning("message may be a repeat", row=row.id)
        return replace(
            reply, text=lines(reply.text, desk.words.say("digest.due_messages.may_repeat"))
        )


def _choose_identity(identities: Sequence[Identity], platforms: Collection[str]) -> Identity | None:
    """The reachable account that was active last, on these platforms; None where there is none."""
    return next((one for one in identities if one.reachable and one.platform in platforms), None)
