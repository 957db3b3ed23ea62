"""What belongs to somebody else: the rows that somebody must leave as they are."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from tests.handlers.who_knows import Person

Row = sqlite3.Row
Belongings = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Eyes:
    """Who looks: a member, or nobody's; `owners` are the deals' owners, `dealt` the customers'.

    `drafts` are the cards proposed and not yet decided, by who proposed them.
    """

    who: Person | None
    owners: Mapping[int, int]
    dealt: Mapping[int, int]
    drafts: Mapping[int, int]

    def is_mine(self, member: int | None) -> bool:
        """Whether it is this person's own."""
        return self.who is not None and member == self.who.id

    def may_read(self, owner: int | None) -> bool:
        """Whether a deal of this owner is in the person's reach."""
        if self.who is None:
            return False
        return self.who.role == "admin" or owner in self.who.below

    def leads(self) -> bool:
        """Whether what is the whole team's is theirs to change."""
        return self.who is not None and self.who.role != "rep"

    def proposed(self, card: int) -> bool:
        """Whether a card is a draft of this person's own."""
        return card in self.drafts and self.is_mine(self.drafts[card])

    def sent(self, row: Row) -> bool:
        """Whether a message only tells somebody else of this person's proposal, or decision."""
        decided = row["kind"] == "notice" and self.leads()
        return decided or (row["kind"] == "proposal" and self.proposed(row["subject_id"]))


MINE: Mapping[str, Callable[[Eyes, Row], bool]] = {
    "deal": lambda eyes, row: eyes.may_read(row["owner_id"]),
    "event": lambda eyes, row: eyes.may_read(eyes.owners.get(row["deal_id"])),
    "nudge": lambda eyes, row: eyes.may_read(eyes.owners.get(row["deal_id"])),
    "step": lambda eyes, row: (
        eyes.is_mine(row["member_id"]) or eyes.may_read(eyes.owners.get(row["deal_id"]))
    ),
    "customer": lambda eyes, row: eyes.may_read(eyes.dealt.get(row["id"])),
    "contact": lambda eyes, row: eyes.may_read(eyes.dealt.get(row["customer_id"])),
    "member": lambda eyes, row: eyes.is_mine(row["id"]),
    "stake": lambda eyes, row: eyes.may_read(eyes.owners.get(row["deal_id"])),
    "occasion": lambda eyes, row: eyes.may_read(eyes.owners.get(row["deal_id"])),
    "proof": lambda eyes, row: eyes.may_read(eyes.owners.get(row["deal_id"])),
    "funnelchange": lambda eyes, row: eyes.leads(),
    "invite": lambda eyes, row: eyes.leads() or eyes.is_mine(row["made_by_id"]),
    "card": lambda eyes, row: eyes.leads() or eyes.proposed(row["id"]),
    "phrasing": lambda eyes, row: eyes.leads() or eyes.proposed(row["card_id"]),
    "card_change": lambda eyes, row: eyes.leads() or eyes.proposed(row["card_id"]),
    "team": lambda eyes, row: eyes.leads(),
    "outbox": lambda eyes, row: eyes.is_mine(row["member_id"]) or eyes.sent(row),
    "gap": lambda eyes, row: eyes.leads() or eyes.is_mine(row["first_member_id"]),
    # The whole team's, and each look-up of anybody's adds to it.
    "learned_phrasing": lambda eyes, row: True,
}
# They grow with whatever anybody in the team does to a card, learning from use among it.
COUNTED = {
    "card": ("version",),
    "team": ("cards_version",),
    "gap": ("count", "last_at", "raise_at"),
}


def belongings(path: str, who: Person | None, teams: int, account: str = "") -> Belongings:
    """Every row of the first `teams` teams that is not this person's, nor their account's own."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        deals = connection.execute("select id, customer_id, owner_id from deal").fetchall()
        owners = {row["id"]: row["owner_id"] for row in deals}
        drafts = connection.execute("select id, made_by_id from card where state = 'draft'")
        eyes = Eyes(
            who,
            owners,
            {row["customer_id"]: row["owner_id"] for row in deals},
            {row["id"]: row["made_by_id"] for row in drafts.fetchall()},
        )
        return {
            table: [
                tuple(row[name] for name in row.keys() if name not in COUNTED.get(table, ()))  # noqa: SIM118 no mapping
                for row in _rows(connection, table)
                if _elses(table, row, eyes, teams) and not _is_of(row, account)
            ]
            for table in _tables(connection)
        }


def _elses(table: str, row: sqlite3.Row, eyes: Eyes, teams: int) -> bool:
    team = row["id"] if table == "team" else row["team_id"]
    if team is None or team > teams:  # a stranger's own, or a team that a stranger made since
        return False
    if eyes.who is None or team != eyes.who.team:
        return True
    if table not in MINE:
        return not eyes.is_mine(row["member_id"])
    return not MINE[table](eyes, row)


def _is_of(row: Row, account: str) -> bool:
    return "account_id" in row.keys() and row["account_id"] == account  # noqa: SIM118 no mapping


def _tables(connection: sqlite3.Connection) -> list[str]:
    query = "select name from sqlite_master where type = 'table' and name != 'alembic_version'"
    return [row["name"] for row in connection.execute(query)]


def _rows(connection: sqlite3.Connection, table: str) -> list[sqlite3.Row]:
    return connection.execute(f'select * from "{table}" order by id').fetchall()  # noqa: S608 our own tables
