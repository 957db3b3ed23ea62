"""What Repmate says by itself in a test's office, to whom, and by which message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from handlers.contract.reply import Reply, plain
from handlers.digest import due_messages
from storage.tables.messages import OutboxState
from tests.office import PLATFORM, Office, account


@dataclass(frozen=True)
class Letter:
    """One message that left; `ref` is what a reply to it names."""

    to: str
    kind: str
    reply: Reply
    ref: str

    @property
    def said(self) -> str:
        """Its words, with ordinary spaces."""
        return plain(self.reply.text).replace("\u00a0", " ")


def sent(office: Office) -> list[Letter]:
    """Sweeps what came due by the office's clock and sends it, as the delivery does."""
    now, letters = office.clock.now(), []
    with office.app.database.work() as memory:
        due_messages.sweep(memory, now)
        for row in memory.claims.claim("test", now, now + timedelta(minutes=1), 100):
            member = memory.members.get(row.team_id, row.member_id)
            assert member is not None
            desk = office.app.make_desk(memory, member, account(member.name))
            reply = due_messages.compose(row, desk)
            if reply is None:
                memory.outbox.finish(row.id, "test", OutboxState.CANCELLED)
                continue
            ref = f"letter-{row.id}"
            memory.outbox.mark_sent(row.id, "test", now, PLATFORM, ref)
            letters.append(Letter(member.name, row.kind, reply, ref))
    return letters


def to(office: Office, who: str) -> list[Letter]:
    """What one of them got now."""
    return [each for each in sent(office) if each.to == who]
