"""Whose deals a person may read: every query on deals asks for one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """One team, and in it the members whose deals are meant; None means all of the team's."""

    team_id: int
    member_ids: frozenset[int] | None = None

    def covers(self, team_id: int, member_id: int) -> bool:
        """Whether a deal of this member of this team may be read."""
        if team_id != self.team_id:
            return False
        return self.member_ids is None or member_id in self.member_ids
