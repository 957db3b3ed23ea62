"""Finds the member of the team that a text names, as people type names: in part, in pinyin."""

from __future__ import annotations

from handlers.contract.desk import Desk
from handlers.reading import Match, NameIndex
from handlers.reading.names.name_forms import fold
from storage.tables.people_and_deals import Member

MYSELF = frozenset({"me", "myself", "i", "my", "mine", "我", "我自己", "自己", "本人"})
SURE_SLIP = 78.0  # Stepen is Stephen, and nobody takes Mario for Maria
SHORTEST_SLIP = 5  # letters: of a shorter name a slip is somebody else's


def find_member(desk: Desk, text: str) -> tuple[Member | None, list[Member]]:
    """The member whom the whole text surely names, or None; and those it may mean, nearest first.

    A slip in a short name is nobody's until it is chosen: what goes to the wrong person is told
    to them at once.
    """
    said = fold(text)
    if said in MYSELF:
        return desk.member, [desk.member]
    everyone = {each.id: each for each in desk.memory.members.list_active(desk.team.id)}
    found = NameIndex([(each.id, each.name) for each in everyone.values()]).find(text)
    nearest = [everyone[match.id] for match in found.best]
    if not found.sure:
        return None, nearest
    return (None if _is_guess(found.best[0], said) else nearest[0]), nearest


def _is_guess(match: Match, said: str) -> bool:
    """Whether it is a name only near to what was typed, by slips or by sound."""
    if match.how == "pinyin":
        return not said.isascii()  # 李磊 for 李雷
    return match.how == "slip" and (len(said) < SHORTEST_SLIP or match.score < SURE_SLIP)
