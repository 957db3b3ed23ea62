"""What is typed and then used is found at once the next time, by the whole team and nobody else."""

from __future__ import annotations

import pytest

from handlers.contract.desk import Desk
from handlers.objections.learned_phrasings import drop, list_learned
from kb.objections import learning as rule
from kb.objections.learning import HALF_LIFE, LANDED, RETYPED, USED
from storage.tables.cards import Card
from tests.office import Office, desk_of

ODD = "beyond our wallet"  # no card's own words


def card_of(desk: Desk, key: str) -> Card:
    cards = desk.memory.cards.list_approved(desk.team.id)
    return next(card for card in cards if (card.key, card.language) == (key, "en"))


def other_than(key: str, desk: Desk) -> Card:
    cards = desk.memory.cards.list_approved(desk.team.id)
    return next(card for card in cards if card.key != key and card.language == "en")


async def asked(office: Office, text: str, who: str, *keys: str) -> int:
    """Looks a text up, and has these cards found, as if their words were nearer than they are."""
    await office.says(who, f"obj {text}")
    number = int(office.one("select max(id) from look_up"))
    with desk_of(office, who) as desk:
        lookup = desk.memory.lookups.get(desk.team.id, desk.member.id, number)
        assert lookup is not None
        lookup.shown = [card_of(desk, key).id for key in keys]
        lookup.at_shown, lookup.tier = 0, "picked"
        desk.memory.lookups.save_change(lookup)
    return number


async def used(office: Office, text: str, key: str, verb: str = "copy", who: str = "Ann") -> int:
    lookup = await asked(office, text, who, key)
    await office.taps(who, f"obj-{verb}:{lookup}")
    return lookup


async def nothing_found(office: Office, text: str, who: str = "Ann") -> int:
    number = await asked(office, text, who)
    await office.taps(who, f"obj-none:{number}")
    return number


def weights(office: Office) -> dict[str, float]:
    rows = office.rows("select text, weight from learned_phrasing where undone_at is null")
    return {row[0]: round(row[1], 3) for row in rows}


async def top(office: Office, text: str, who: str = "Ann") -> str | None:
    await office.says(who, f"obj {text}")
    query = "select key from card where id = (select top_card_id from look_up where id = ?)"
    rows = office.rows(query, office.one("select max(id) from look_up"))
    return rows[0][0] if rows else None


KEY = "price-too-expensive"


async def test_a_wording_that_was_used_is_found_the_next_time(office: Office) -> None:
    assert await top(office, ODD) != KEY
    await used(office, ODD, KEY, "yes")
    assert await top(office, "Beyond our WALLET!", "Bo") == KEY


async def test_another_team_learns_nothing_of_it(office: Office) -> None:
    await used(office, ODD, KEY, "yes")
    await used(office, ODD, KEY, "yes")
    eves = office.one("select team_id from member where name = 'Eve'")
    assert office.rows("select id from learned_phrasing where team_id = ?", eves) == []
    assert await top(office, ODD, "Eve") != KEY


async def test_one_look_up_counts_once_however_often_it_is_tapped(office: Office) -> None:
    lookup = await used(office, ODD, KEY)
    await office.taps("Ann", f"obj-copy:{lookup}")
    assert weights(office) == {ODD: USED}
    await office.taps("Ann", f"obj-yes:{lookup}")
    await office.taps("Ann", f"obj-copy:{lookup}")
    assert weights(office) == {ODD: LANDED}
    assert office.one("select uses from learned_phrasing") == 1


async def test_each_further_look_up_adds_to_it(office: Office) -> None:
    await used(office, ODD, KEY)
    await used(office, ODD.upper(), KEY, who="Bo")
    assert weights(office) == {ODD: 2 * USED}
    assert office.one("select uses from learned_phrasing") == 2


async def test_a_line_that_did_not_land_takes_it_back(office: Office) -> None:
    lookup = await used(office, ODD, KEY)
    await office.taps("Ann", f"obj-no:{lookup}")
    await office.taps("Ann", f"obj-no:{lookup}")
    assert weights(office) == {ODD: 0.0}
    await used(office, ODD, KEY, "yes")
    later = await used(office, ODD, KEY, "no", who="Bo")
    assert weights(office) == {ODD: LANDED / 2}
    await office.taps("Bo", f"obj-no:{later}")
    assert weights(office) == {ODD: LANDED / 2}


async def test_a_look_up_teaches_only_the_card_it_came_to(office: Office) -> None:
    with desk_of(office, "Mia") as desk:
        right, tried = card_of(desk, KEY), other_than(KEY, desk)
    lookup = await asked(office, ODD, "Ann", tried.key, KEY)
    await office.taps("Ann", f"obj-pick:{lookup}:{tried.id}")
    await office.taps("Ann", f"obj-pick:{lookup}:{right.id}")
    rows = office.rows("select card_id, weight from learned_phrasing order by id")
    assert rows == [(tried.id, 0.0), (right.id, USED)]


async def test_words_typed_in_vain_just_before_are_learned_too(office: Office) -> None:
    vain = await nothing_found(office, "flibber flobber")
    office.wait(minutes=2)
    lookup = await used(office, ODD, KEY)
    assert weights(office) == {ODD: USED, "flibber flobber": RETYPED}
    await office.taps("Ann", f"obj-copy:{lookup}")
    assert weights(office) == {ODD: USED, "flibber flobber": RETYPED}
    await office.taps("Ann", f"obj-no:{lookup}")
    assert weights(office) == {ODD: 0.0, "flibber flobber": 0.0}
    assert vain < lookup


async def test_words_of_longer_ago_or_of_somebody_else_are_not(office: Office) -> None:
    await nothing_found(office, "flibber flobber", "Bo")
    await nothing_found(office, "flabber flubber")
    office.wait(minutes=4)
    await used(office, ODD, KEY)
    assert weights(office) == {ODD: USED}


@pytest.mark.parametrize(
    "text",
    ["acme finds it beyond its wallet", "mail jo@acme.io about it", "call +49 170 1234567 first"],
)
async def test_nothing_about_one_customer_is_learned(office: Office, text: str) -> None:
    await office.says("Bo", "lead Acme, 12k")
    await used(office, text, KEY, "yes")
    assert not any("acme" in wording.casefold() for wording in weights(office))
    assert not any("1234567" in wording for wording in weights(office))


async def test_what_some_card_has_in_writing_is_not_learned_for_another(office: Office) -> None:
    with desk_of(office, "Mia") as desk:
        wording = other_than(KEY, desk).objection
    await used(office, wording, KEY, "yes")
    await used(office, "It's too expensive", KEY, "yes")
    assert weights(office) == {}


async def test_what_a_manager_dropped_is_not_learned_again(office: Office) -> None:
    await used(office, ODD, KEY, "yes")
    with desk_of(office, "Mia") as desk:
        card = card_of(desk, KEY)
        [(learned, weight)] = list_learned(desk, card)
        assert (learned.text, weight) == (ODD, LANDED)
        drop(desk, learned, card)
    assert await top(office, ODD) != KEY
    await used(office, ODD, KEY, "yes")
    with desk_of(office, "Mia") as desk:
        assert list_learned(desk, card_of(desk, KEY)) == []
    assert await top(office, ODD) != KEY


async def test_what_was_learned_fades_and_is_no_longer_found(office: Office) -> None:
    await used(office, ODD, KEY, "yes")
    assert await top(office, ODD) == KEY
    office.clock.move(4 * HALF_LIFE)
    assert await top(office, ODD) != KEY
    with desk_of(office, "Mia") as desk:
        assert list_learned(desk, card_of(desk, KEY)) == []


async def test_a_card_keeps_only_its_best_wordings(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rule, "MAX_WORDINGS", 2)
    for letter in "abc":
        await used(office, f"{ODD} {letter}", KEY)
        office.wait(days=1)
    assert set(weights(office)) == {f"{ODD} b", f"{ODD} c"}
