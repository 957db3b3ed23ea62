"""An import: seen first, done on one tap, taken back; a long one carries on and never doubles."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.contract.reply import Reply
from handlers.contract.request import Attachment
from kb.objections.exchange.formats import FILE_BYTES, FORMATS, Format, read_cards
from kb.states import CardState
from storage.tables.cards import Card, Gap
from tests.office import Office, action, labels, opened, said

TABLE = """objection,say,phrasings,key
Where do you keep the elephants,In the zoo.,Is there a stable,zoo
Your price is far too high,Let us count.,It costs too much;Way too expensive,dear
,No.,,
"""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened(tmp_path) as found:
        found.forgets_cards(but="price-%")
        yield found


async def sends(office: Office, text: str | bytes, name: str = "a.csv", who: str = "Mia") -> Reply:
    content = text.encode() if isinstance(text, str) else text
    file = Attachment(name, "text/csv", len(content), content)
    return (await office.answer(office.request(who, kind="file", attachment=file))).reply


async def taps(office: Office, reply: Reply, label: str, who: str = "Mia") -> Reply:
    return await office.taps(who, action(reply, label))


def cards(office: Office) -> int:
    return int(office.one("select count(*) from card where team_id = 1"))


def states(office: Office, *keys: str) -> list[str]:
    return [office.one("select state from card where team_id = 1 and key = ?", k) for k in keys]


async def test_a_file_changes_nothing_before_the_tap(office: Office) -> None:
    before = cards(office)
    reply = await sends(office, TABLE)
    assert said(reply) == (
        "a.csv: 2 new\n≈ 1 looks like “It's too expensive”, which is there.\n"
        "✗ 1 row can't be read: 4"
    )
    assert labels(reply) == ["Import 2", "Leave doubles out", "Details", "Cancel"]
    assert cards(office) == before
    assert said(await taps(office, reply, "Cancel")) == "Nothing was imported."
    assert "no longer here" in said(await taps(office, reply, "Import 2"))
    assert cards(office) == before


async def test_an_import_is_found_at_once_and_done_once(office: Office) -> None:
    before = cards(office)
    reply = await sends(office, TABLE)
    done = await taps(office, reply, "Import 2")
    assert (said(done), labels(done), done.edit) == ("✓ Imported: 2 new.", ["Undo"], True)
    assert cards(office) == before + 2
    assert "In the zoo." in said(await office.says("Ann", "obj where do you keep the elephants"))
    assert "imported already" in said(await taps(office, reply, "Import 2"))
    assert cards(office) == before + 2


async def test_doubles_are_left_out_on_a_tap(office: Office) -> None:
    before = cards(office)
    done = await taps(office, await sends(office, TABLE), "Leave doubles out")
    assert said(done) == "✓ Imported: 1 new.\n1 double left out."
    assert cards(office) == before + 1
    assert states(office, "zoo") == ["approved"]


async def test_details_say_why(office: Office) -> None:
    table = f"{TABLE}Who feeds them,{'x' * 700},,\n".replace("key\n", "key,notes,owner\n")
    table += "Penguins like fish,Yes.,,more,n,Nobody\n"
    reply = await taps(office, await sends(office, table), "Details")
    assert said(reply).splitlines() == [
        "New: 3",
        "• Where do you keep the elephants",
        "• Your price is far too high ≈ “It's too expensive”",
        "• Penguins like fish",
        "Can't be read: 2",
        "• row 4: Objection is empty",
        "• row 5: Say has more than 600 characters",
        "Columns I don't know: 1",
        "• notes",
        "Owners who are no members: 1",
        "• Nobody",
    ]
    assert labels(reply) == ["Import 3", "Leave doubles out", "Cancel"]


async def test_undo_brings_back_what_was_and_leaves_what_was_changed_since(office: Office) -> None:
    first = "key,language,objection,say\nzoo,en,Elephants,In the zoo.\npen,en,Sheep,In a pen.\n"
    await taps(office, await sends(office, first), "Import 2")
    second = f"{first.replace('zoo.', 'park.').replace('pen.', 'barn.')}sea,en,Whales,At sea.\n"
    reply = await sends(office, second)
    assert said(reply) == "a.csv: 1 new, 2 changed"
    done = await taps(office, reply, "Import 3")
    sheep = office.one("select id from card where key = 'pen'")
    values = {"objection": "Sheep", "say": "On the hill."}
    await office.fills("Mia", f"card-edit:{sheep}", values)
    undone = await taps(office, done, "Undo")
    assert said(undone) == "✓ Undone: 2 as before. 1 had been changed since and stay as they are."
    found = dict(office.rows("select key, say from card where key in ('zoo', 'pen', 'sea')"))
    assert found == {"zoo": "In the zoo.", "pen": "On the hill.", "sea": "At sea."}
    assert states(office, "zoo", "pen", "sea") == ["approved", "approved", "retired"]
    assert "undone already" in said(await taps(office, done, "Undo"))
    kinds = [
        kind for [kind] in office.rows("select kind from card_change order by id desc limit 2")
    ]
    assert kinds == ["reverted", "reverted"]


async def test_a_card_whose_history_says_nothing_yet_comes_back_too(office: Office) -> None:
    with sqlite3.connect(office.path) as connection:
        connection.execute("delete from card_change")
    key, say, objection = office.rows(
        "select key, say, objection from card where language = 'en' and team_id = 1 limit 1"
    )[0]
    row = json.dumps({"key": key, "language": "en", "objection": objection, "say": "No."})
    done = await taps(office, await sends(office, row, "a.jsonl"), "Import 1")
    query = "select say from card where key = ? and language = 'en' and team_id = 1"
    assert office.one(query, key) == "No."
    await taps(office, done, "Undo")
    assert office.one(query, key) == say


@pytest.mark.parametrize("kind", FORMATS)
async def test_an_export_sent_back_changes_nothing(office: Office, kind: Format) -> None:
    out = await office.says("Mia", f"card export {kind}")
    assert out.document is not None
    assert out.document.name == f"cards-2026-11-18.{kind}"
    assert len(read_cards(out.document.name, out.document.content).rows) == cards(office)
    back = await sends(office, out.document.content, out.document.name)
    assert said(back).splitlines()[1] == "Nothing to import: there is nothing new in it."
    assert labels(back) == []


async def test_an_export_without_a_format_offers_them(office: Office) -> None:
    reply = await office.says("Mia", "card export")
    assert labels(reply) == ["Excel", "CSV", "Markdown", "JSON Lines"]
    assert (await taps(office, reply, "Markdown")).document is not None


async def test_only_managers_import_and_export(office: Office) -> None:
    reply = await sends(office, TABLE, who="Ann")
    assert "Only a manager" in said(reply)
    assert "Only a manager" in said(await office.says("Ann", "card export csv"))
    own = await sends(office, TABLE)
    assert "Only a manager" in said(await taps(office, own, "Import 2", "Ann"))
    for verb in ("cards-in:1:all", "cards-why:1", "cards-drop:1", "cards-undo:1"):
        assert "no longer here" in said(await office.taps("Kim", verb))
        assert "no longer here" in said(await office.taps("Eve", verb))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", b"\x89PNG\r\n", "a.xlsx is damaged"),
        ("a.csv", b"\x89PNG\r\n\x00\x00", "a.csv is not a text file"),
        ("a.csv", b"one,two\n", "I find no cards in a.csv"),
        ("a.jsonl", b"\n", "There are no cards in a.jsonl"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "old Excel"),
        ("a.csv", b"x" * (FILE_BYTES + 1), "a.csv is too large: I take up to 2 MB"),
        ("a.csv", b"objection,say\n" + b"a,b\n" * 5001, "more than 5000 cards"),
        ("a.pdf", b"%PDF", "I can't read a.pdf"),
    ],
)
async def test_a_file_that_holds_no_cards_is_answered_with_the_way_out(
    office: Office, name: str, content: bytes, words: str
) -> None:
    assert words in said(await sends(office, content, name))


async def test_a_file_that_did_not_come_along_is_asked_for_again(office: Office) -> None:
    for size, words in ((10, "couldn't fetch"), (FILE_BYTES + 1, "too large")):
        file = Attachment("a.csv", "text/csv", size)
        reply = (await office.answer(office.request("Mia", kind="file", attachment=file))).reply
        assert words in said(reply)


async def test_what_is_too_much_to_compare_is_said(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.cards.import_file.MAX_LOOK_UPS", 2)
    rows = "".join(f"Strange thing number {n},No.\n" for n in range(5))
    reply = await sends(office, f"objection,say\n{rows}")
    assert said(reply).endswith("3 were not compared with the others: too many for a chat.")


async def test_a_draft_approved_by_a_file_answers_whoever_asked_first(office: Office) -> None:
    asker, at = office.member("Ann"), office.clock.now()
    with office.app.database.work() as memory:
        draft = Card(team_id=1, key="zoo", language="en", objection="Elephants", say="?",
                     state=CardState.DRAFT, changed_at=at)  # fmt: skip
        memory.cards.add([draft])
        asked = Gap(team_id=1, query="elephants?", first_member_id=asker, first_at=at, last_at=at)
        asked.card_id = draft.id
        gap = memory.gaps.add(asked).id
    row = '{"key": "zoo", "state": "approved", "objection": "Elephants", "say": "In the zoo."}'
    await taps(office, await sends(office, row, "a.jsonl"), "Import 1")
    assert office.one("select state from gap where id = ?", gap) == "filled"
    told = "select body from outbox where member_id = ? and kind = 'notice'"
    assert "In the zoo." in office.one(told, asker)
