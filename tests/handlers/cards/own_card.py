"""A card of the team's own to test with, and the morning digest that may speak of it."""

from __future__ import annotations

from typing import Any

from handlers.contract.reply import Reply
from tests.handlers.letters import to
from tests.office import Office

LINES = {"objection": "We only buy qwrtz keyboards", "say": "Ours ships in every layout."}


async def added(office: Office, who: str = "Mia", **lines: str) -> int:
    """A new card; a rep's is a draft."""
    await office.fills(who, "card-add", LINES | lines)
    return int(office.one("select max(id) from card"))


def card(office: Office, card_id: int, column: str) -> Any:
    return office.one(f"select {column} from card where id = ?", card_id)  # noqa: S608 a test's own column


async def finds(office: Office, text: str = "qwrtz keyboards", who: str = "Bo") -> Reply:
    return await office.says(who, f"obj {text}")


async def morning(office: Office, who: str) -> list[str]:
    """What somebody's digest says the next time it comes."""
    with office.app.database.work() as memory:
        member = memory.members.get(1, office.member(who))
        assert member is not None
        member.digest_due_at = office.clock.now()
    return [each.said for each in to(office, who) if each.kind == "digest"]
