"""How the nudges of each rule were answered, and which rules a member reads in the digest only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session, col, or_, select

from storage.messages.nudges import MESSAGE_KEY
from storage.tables.messages import MutedRule, Nudge, Outbox, OutboxState

NO_ACT = ("rhythm", "pooled")  # answers that leave the deal as it was

# (member, rule, when it was sent, when it was acted on)
Answered = tuple[int, str, datetime, datetime | None]


class Rules:
    """Queries on the rules of nudges."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list_answers(
        self, team_id: int, member_ids: Collection[int] | None, since: datetime
    ) -> Sequence[Answered]:
        """What these members (None: everybody) did with the nudges they have been sent since then.

        What only the digest told of, and what nobody could be sent, is left out.
        """
        query = (
            select(Nudge, Outbox.sent_at)
            .join(Outbox, col(Outbox.key) == MESSAGE_KEY, isouter=True)
            .where(Nudge.team_id == team_id, Nudge.made_at >= since, Nudge.kind != "escalate")
            .where(col(Nudge.folded).is_(False), Nudge.rule != "")
            .where(or_(col(Outbox.state).is_(None), col(Outbox.state) == OutboxState.SENT))
        )
        if member_ids is not None:
            query = query.where(col(Nudge.member_id).in_(member_ids))
        return [
            (nudge.member_id, nudge.rule, sent_at or nudge.made_at, _get_act_time(nudge))
            for nudge, sent_at in self._session.exec(query.order_by(col(Nudge.id))).all()
        ]

    def list_ever_muted(
        self, team_id: int, member_ids: Collection[int] | None = None
    ) -> Sequence[MutedRule]:
        """Every rule that was ever muted for these members (None: for anybody), oldest first."""
        query = select(MutedRule).where(MutedRule.team_id == team_id)
        if member_ids is not None:
            query = query.where(col(MutedRule.member_id).in_(member_ids))
        return self._session.exec(query.order_by(col(MutedRule.id))).all()

    def list_muted(
        self, team_id: int, member_ids: Collection[int] | None = None
    ) -> list[MutedRule]:
        """Those that are muted now."""
        return [each for each in self.list_ever_muted(team_id, member_ids) if each.back_at is None]

    def mute(self, rule: MutedRule) -> bool:
        """Mutes a rule for a member; False where it is muted already."""
        known = self._find(rule.team_id, rule.member_id, rule.rule)
        if known is None:
            self._session.add(rule)
        elif known.back_at is not None:
            known.sent, known.acted = rule.sent, rule.acted
            known.muted_at, known.back_at = rule.muted_at, None
        self._session.flush()
        return known is None or known.muted_at == rule.muted_at

    def unmute(self, team_id: int, member_id: int, rule: str, at: datetime) -> bool:
        """Sends a rule's nudges again; False where it was not muted."""
        known = self._find(team_id, member_id, rule)
        if known is None or known.back_at is not None:
            return False
        known.back_at = at
        return True

    def _find(self, team_id: int, member_id: int, rule: str) -> MutedRule | None:
        query = select(MutedRule).where(
            MutedRule.team_id == team_id, MutedRule.member_id == member_id, MutedRule.rule == rule
        )
        return self._session.exec(query).first()


def _get_act_time(nudge: Nudge) -> datetime | None:
    return None if nudge.answer in NO_ACT else nudge.answered_at
