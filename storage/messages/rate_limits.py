"""Waits that platforms asked for, kept so that a restart does not forget them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, delete, select

from storage.tables.messages import Hold


class Holds:
    """Queries on holds."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def save(self, platform: str, key: str, until: datetime) -> None:
        """Keeps a wait; a shorter one takes nothing back from a longer one."""
        mine = select(Hold).where(Hold.platform == platform, Hold.key == key)
        known = self._session.exec(mine.with_for_update()).first()
        if known is None:
            self._session.add(Hold(platform=platform, key=key, until=until))
        else:
            known.until = max(known.until, until)
        self._session.flush()

    def list_waits(self, platform: str, now: datetime) -> Mapping[str, datetime]:
        """What a platform still asks to wait for, by key; what is over is forgotten."""
        over = delete(Hold).where(col(Hold.platform) == platform, col(Hold.until) <= now)
        self._session.exec(over)
        rows = self._session.exec(select(Hold).where(Hold.platform == platform)).all()
        return {row.key: row.until for row in rows}
