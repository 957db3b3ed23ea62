"""Look-ups to test with: of a card that is there, and of what nobody knows."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any

from handlers.contract.reply import Reply
from tests.office import Office, labels, said

NOBODY_KNOWS = ("qwrtzpsdfg xkcd", "plumbus fleeb", "zzyzx borf", "flurbo snarg", "wibble wobble")


PRICE = "price-too-expensive"


WHOLE = ["Next angle", "Copy", "It landed", "It didn't", "More"]


async def asked(office: Office, *people: str, text: str = NOBODY_KNOWS[0]) -> None:
    for who in people:
        assert "I have nothing on" in said(await office.says(who, f"obj {text}"))


def rewrite(office: Office, key: str = PRICE, language: str = "en", **columns: Any) -> int:
    """Changes a card as a colleague would, in another process."""
    columns = {name: json.dumps(v) if isinstance(v, list) else v for name, v in columns.items()}
    sets = ", ".join(f"{name} = ?" for name in columns)
    team = "select team_id from member where name = 'Ann'"
    with closing(sqlite3.connect(office.path)) as connection, connection:
        connection.execute("update team set cards_version = cards_version + 1")
        connection.execute(
            f"update card set version = (select max(cards_version) from team), {sets}"  # noqa: S608 a test's own columns
            f" where key = ? and language = ? and team_id = ({team})",
            (*columns.values(), key, language),
        )
    query = f"select id from card where key = ? and language = ? and team_id = ({team})"  # noqa: S608 as above
    return int(office.one(query, key, language))


async def looked_up(office: Office, text: str = "it's too expensive", who: str = "Ann") -> Reply:
    return await office.says(who, f"obj {text}")


async def unsure(office: Office) -> Reply:
    """An answer of the middle tier, with both alternatives."""
    for text in ("boss price maybe later", "price and time", "the contract is long and dear"):
        reply = await looked_up(office, text)
        if "Not sure" in said(reply) and len(labels(reply)) == 5:
            return reply
    raise AssertionError("no query of the middle tier")
