"""Secrets, the people who may know them, and the world that both are in."""

from __future__ import annotations

from dataclasses import dataclass, field

from handlers.contract.request import Account


@dataclass(frozen=True)
class Secret:
    """A word (or the digits of a number) that stands in one place only.

    `owner` is the member whose deal it belongs to; None where the whole team may know it. A
    `gap` is what nothing was found for, or a card proposed: every manager of the team may know it.
    """

    text: str
    team: int
    owner: int | None = None
    gap: bool = False


@dataclass(frozen=True)
class Person:
    """A member, and what they may read: their own deals and those of the members below them."""

    id: int
    team: int
    role: str
    account: Account
    below: frozenset[int] = frozenset()

    def may_know(self, secret: Secret) -> bool:
        """Whether a secret is theirs to read."""
        if secret.team != self.team:
            return False
        if secret.owner is None or self.role == "admin" or secret.owner in self.below:
            return True
        return secret.gap and self.role == "manager"


@dataclass
class World:
    """Everybody, and everything that somebody must not know."""

    people: list[Person] = field(default_factory=list)
    secrets: list[Secret] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)

    def of(self, team: int, role: str) -> list[Person]:
        """The people of a team in a role."""
        return [each for each in self.people if (each.team, each.role) == (team, role)]
