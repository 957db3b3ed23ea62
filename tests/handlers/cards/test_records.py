"""Card records: what was exported comes back unchanged, and an import is undone card by card."""

from __future__ import annotations

from dataclasses import replace

from handlers.cards.records import Author, import_rows, load_existing_cards, undo_import
from kb.objections.exchange.record import FIELDS, CardRecord, Row
from tests.office import Office

NEW = CardRecord(key="zoo", language="en", objection="Elephants", say="In the zoo.")
EVERY_FIELD = frozenset(FIELDS)


def author(office: Office) -> Author:
    return Author(1, office.member("Mia"), office.clock.now())


def history(office: Office, key: str) -> list[str]:
    query = (
        "select kind from card_change join card c on c.id = card_id where key = ? and c.team_id = 1"
    )
    return [kind for [kind] in office.rows(f"{query} order by card_change.id", key)]


def test_what_was_exported_changes_nothing_when_it_comes_back(office: Office) -> None:
    with office.app.database.work() as memory:
        records = [card.record for card in load_existing_cards(memory, 1)]
        rows = [Row(n, record, EVERY_FIELD) for n, record in enumerate(records)]
        assert import_rows(memory, author(office), rows) == []
    assert len(records) > 100


def test_only_the_fields_that_the_file_gives_are_changed(office: Office) -> None:
    with office.app.database.work() as memory:
        import_rows(memory, author(office), [Row(1, NEW, EVERY_FIELD)])
    other = replace(NEW, say="In the park.", ask="How old?", category="need")
    with office.app.database.work() as memory:
        [changed] = import_rows(memory, author(office), [Row(1, other, frozenset({"say", "ask"}))])
    assert not changed.made
    row = office.rows("select say, ask, category from card where key = 'zoo'")
    assert row == [("In the park.", "How old?", "own")]
    assert history(office, "zoo") == ["imported", "imported"]


def test_an_undo_retires_what_was_made_restores_what_was_changed_and_leaves_later_changes(
    office: Office,
) -> None:
    pen = replace(NEW, key="pen", objection="Sheep", say="In a pen.")
    with office.app.database.work() as memory:
        import_rows(memory, author(office), [Row(1, NEW, EVERY_FIELD), Row(2, pen, EVERY_FIELD)])
    sea = replace(NEW, key="sea", objection="Whales", say="At sea.")
    second = [replace(NEW, say="In the park."), replace(pen, say="In a barn."), sea]
    with office.app.database.work() as memory:
        rows = [Row(n, record, EVERY_FIELD) for n, record in enumerate(second)]
        imported = import_rows(memory, author(office), rows)
        [later] = [card for card in memory.cards.list_of_keys(1, {"pen"}) if card.language == "en"]
        later.say = "On the hill."
        memory.cards.save_change(later, by=None)
    with office.app.database.work() as memory:
        assert undo_import(memory, author(office), imported) == 2
    found = {
        key: (say, state)
        for key, say, state in office.rows(
            "select key, say, state from card where key in ('zoo', 'pen', 'sea')"
        )
    }
    assert found == {
        "zoo": ("In the zoo.", "approved"),
        "pen": ("On the hill.", "approved"),
        "sea": ("At sea.", "retired"),
    }


def test_an_undo_can_restore_a_card_that_had_no_history(office: Office) -> None:
    key, before = office.rows(
        "select key, say from card where team_id = 1 and language = 'en' order by id limit 1"
    )[0]
    with office.app.database.work() as memory:
        [card] = [
            each
            for each in load_existing_cards(memory, 1)
            if (each.record.key, each.record.language) == (key, "en")
        ]
        row = Row(1, replace(card.record, say="Something else."), frozenset({"say"}))
        imported = import_rows(memory, author(office), [row])
    assert office.one("select say from card where id = ?", card.id) == "Something else."
    with office.app.database.work() as memory:
        assert undo_import(memory, author(office), imported) == 1
    assert office.one("select say from card where id = ?", card.id) == before
