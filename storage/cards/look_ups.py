"""Look-ups: what was typed, shown, used, whether it landed, and what all of them add up to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, case, col, func, select

from kb.states import ENDED, DealStatus
from storage.scope import Scope
from storage.tables.cards import LookUp
from storage.tables.people_and_deals import Deal

IN_VAIN = 3  # whoever has tried oftener is after something else
# The card that a look-up came down to: the one used, or else the first that was shown.
_CARD = func.coalesce(col(LookUp.used_card_id), col(LookUp.top_card_id))


@dataclass(frozen=True)
class Heard:
    """How often a card's objection came up at a stage, and how often its line landed or did not."""

    stage: str
    card_id: int
    times: int
    landed: int
    missed: int


@dataclass(frozen=True)
class Outcomes:
    """What became of a card: times shown, landed and not; deals it was used in, won and lost."""

    shown: int = 0
    landed: int = 0
    missed: int = 0
    won: int = 0
    lost: int = 0


class LookUps:
    """Queries on look-ups."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, lookup: LookUp) -> LookUp:
        """Keeps a look-up, and gives it its id."""
        self._session.add(lookup)
        self._session.flush()
        return lookup

    def get(self, team_id: int, member_id: int, lookup_id: int) -> LookUp | None:
        """A look-up of this member."""
        lookup = self._session.get(LookUp, lookup_id)
        if lookup is None or (lookup.team_id, lookup.member_id) != (team_id, member_id):
            return None
        return lookup

    def get_of_team(self, team_id: int, lookup_id: int) -> LookUp | None:
        """A look-up of anybody in the team."""
        lookup = self._session.get(LookUp, lookup_id)
        return lookup if lookup is not None and lookup.team_id == team_id else None

    def save_change(self, lookup: LookUp) -> None:
        """Keeps what became of a look-up."""
        self._session.add(lookup)
        self._session.flush()

    def list_newest(self, team_id: int, limit: int = 500) -> Sequence[LookUp]:
        """The team's look-ups, newest first."""
        query = select(LookUp).where(LookUp.team_id == team_id)
        return self._session.exec(query.order_by(col(LookUp.id).desc()).limit(limit)).all()

    def find_to_wrap_up(self, team_id: int, member_id: int, since: datetime) -> LookUp | None:
        """The member's newest look-up since then that found a card and whose deal is not said."""
        query = select(LookUp).where(
            LookUp.team_id == team_id,
            LookUp.member_id == member_id,
            LookUp.at >= since,
            col(LookUp.wrapped_at).is_(None),
            col(LookUp.used_card_id).is_not(None) | col(LookUp.tier).in_(("sure", "picked")),
        )
        return self._session.exec(query.order_by(col(LookUp.id).desc()).limit(1)).first()

    def list_unanswered(
        self, team_id: int, member_id: int, since: datetime, until: datetime
    ) -> Sequence[LookUp]:
        """The member's last few look-ups of that time that found nothing fitting, newest first."""
        query = select(LookUp).where(
            LookUp.team_id == team_id,
            LookUp.member_id == member_id,
            col(LookUp.at).between(since, until),
            LookUp.tier == "nothing",
        )
        return self._session.exec(query.order_by(col(LookUp.id).desc()).limit(IN_VAIN)).all()

    def count_heard(self, scope: Scope, since: datetime) -> list[Heard]:
        """What came up since then, by stage and card, most often first."""
        times = func.count()
        query = (
            select(  # type: ignore[call-overload]  # SQLModel types four columns at most
                col(LookUp.stage), _CARD, times, _count_verdicts(True), _count_verdicts(False)
            )
            .where(LookUp.team_id == scope.team_id, LookUp.at >= since, _CARD.is_not(None))
            .group_by(LookUp.stage, _CARD)
            .order_by(times.desc(), _CARD)
        )
        if scope.member_ids is not None:
            query = query.where(col(LookUp.member_id).in_(scope.member_ids))
        return [Heard(*row) for row in self._session.exec(query).all()]

    def count_deal_outcomes(
        self, scope: Scope, start: datetime, end: datetime
    ) -> Sequence[tuple[str, int, DealStatus, int]]:
        """What came up in that time and what its deals are now: (stage, card, status, times)."""
        query = (
            select(LookUp.stage, _CARD, Deal.status, func.count())
            .join(Deal, col(Deal.id) == col(LookUp.deal_id))
            .where(
                LookUp.team_id == scope.team_id,
                LookUp.at >= start,
                LookUp.at < end,
                _CARD.is_not(None),
                col(LookUp.wrapped_at).is_not(None),
            )
            .group_by(col(LookUp.stage), _CARD, col(Deal.status))
            .order_by(func.count().desc(), _CARD)
        )
        if scope.member_ids is not None:
            query = query.where(col(LookUp.member_id).in_(scope.member_ids))
        rows = self._session.exec(query).all()
        return [(stage, card, DealStatus(status), times) for stage, card, status, times in rows]

    def count_landed(self, team_id: int, since: datetime) -> dict[int | str, tuple[int, int]]:
        """How often each card's line landed, and did not, since then."""
        # Asked at every look-up: in this form an index answers it without reading a row.
        counted = (
            select(LookUp.used_card_id, LookUp.landed, func.count())
            .where(
                LookUp.team_id == team_id,
                col(LookUp.landed).in_((True, False)),
                LookUp.at >= since,
            )
            .group_by(col(LookUp.used_card_id), col(LookUp.landed))
        )
        found: dict[int | str, tuple[int, int]] = {}
        for card, landed, times in self._session.exec(counted).all():
            if card is not None:
                yes, no = found.get(card, (0, 0))
                found[card] = (yes + times, no) if landed else (yes, no + times)
        return found

    def count_outcomes(self, team_id: int, card_ids: Collection[int]) -> Outcomes:
        """What became of these cards together. A deal counts once, where the rep named it."""
        of_cards = (LookUp.team_id == team_id, _CARD.in_(card_ids))
        query = select(func.count(), _count_verdicts(True), _count_verdicts(False)).where(*of_cards)
        shown, landed, missed = self._session.exec(query).one()
        used = select(LookUp.deal_id).where(
            LookUp.team_id == team_id,
            col(LookUp.used_card_id).in_(card_ids),
            col(LookUp.wrapped_at).is_not(None),
        )
        ended = select(Deal.status, func.count()).where(
            Deal.team_id == team_id,
            col(Deal.id).in_(used),
            col(Deal.status).in_(ENDED),
        )
        deals = dict(self._session.exec(ended.group_by(Deal.status)).all())
        return Outcomes(
            shown, landed, missed, deals.get(DealStatus.WON, 0), deals.get(DealStatus.LOST, 0)
        )


def _count_verdicts(landed: bool) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((col(LookUp.landed).is_(landed), 1), else_=0)), 0)
