"""The dry run: what is new, changed, the same, doubled; and an import of an export is nothing."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.objections.card import Card
from kb.objections.exchange.formats import FORMATS, Format, read_cards, write_cards
from kb.objections.exchange.import_plan import ExistingCard, Plan, make_card, plan_import
from kb.objections.exchange.record import CardRecord, Sheet
from kb.objections.packs import load_pack
from kb.objections.search import CardIndex
from tests.kb.objections.exchange.records import CHINESE, PLAIN, records


@cache
def team() -> tuple[tuple[ExistingCard, ...], CardIndex]:
    """A team that has the starter cards."""
    packs = [*load_pack("starter_en"), *load_pack("starter_zh")]
    existing = tuple(ExistingCard(number, as_record(card)) for number, card in enumerate(packs, 1))
    return existing, CardIndex(make_card(card.record, card.id) for card in existing)


def as_record(card: Card) -> CardRecord:
    names = {field.name for field in fields(CardRecord)} & {field.name for field in fields(Card)}
    same = {name: getattr(card, name) for name in names}
    return CardRecord(**same | {"internal": tuple(card.internal)})


def csv(text: str) -> Sheet:
    return read_cards("a.csv", text.encode())


def planned(text: str, lookups: int | None = None) -> Plan:
    existing, index = team()
    return plan_import(existing, csv(text), index, lookups=lookups)


@pytest.mark.parametrize("kind", FORMATS)
def test_importing_an_export_changes_nothing(kind: Format) -> None:
    existing, index = team()
    content = write_cards(kind, [card.record for card in existing], "en")
    plan = plan_import(existing, read_cards(f"a.{kind}", content), index)
    assert plan == Plan(same=len(existing), lines=kind in ("md", "jsonl"))


@pytest.mark.parametrize("kind", FORMATS)
@given(cards=st.lists(records(), max_size=3, unique_by=lambda card: (card.key, card.language)))
@settings(max_examples=10)
def test_importing_an_export_of_any_cards_changes_nothing(
    kind: Format, cards: list[CardRecord]
) -> None:
    existing = [ExistingCard(number, card) for number, card in enumerate([PLAIN, *cards[1:]], 1)]
    content = write_cards(kind, [card.record for card in existing], "zh")
    owners = {card.record.owner for card in existing}
    plan = plan_import(existing, read_cards(f"a.{kind}", content), CardIndex([]), owners)
    assert (plan.new, plan.changed, plan.same) == ((), (), len(existing))


def test_what_differs_is_named_and_what_the_file_leaves_out_stays() -> None:
    existing, _ = team()
    card = existing[0].record
    text = f'key,objection,say,state,phrasings\n{card.key},"{card.objection}",No.,,\n'
    [change] = planned(text).changed
    assert (change.card_id, change.fields) == (1, ("phrasings", "say"))
    assert change.row.given == {"key", "objection", "say", "phrasings"}


def test_without_a_key_a_card_is_found_by_its_objection() -> None:
    existing, _ = team()
    card = existing[0].record
    [change] = planned(f'objection,say\n"{card.objection.upper()}!",No.\n').changed
    assert (change.card_id, change.row.record.key) == (1, card.key)
    assert "objection" in change.fields


def test_the_same_key_in_another_language_is_a_new_card() -> None:
    existing, index = team()
    there = [card for card in existing if card.record.language == "en"]
    key = there[0].record.key
    plan = plan_import(there, csv(f"key,objection,say\n{key},全新的说法,好的\n"), index)
    assert [row.record.language for row in plan.new] == ["zh"]


def test_a_new_card_that_says_what_another_says_is_told() -> None:
    plan = planned(
        "key,objection,say,phrasings\n"
        'a,Your price is far too high,Let us count.,"It costs too much\nWay too expensive"\n'
        "b,Where do you keep your elephants,In the zoo.,\n"
        "c,价格太高了,我们算算。,太贵了；贵了\n"
    )
    assert [(near.row.record.key, near.like) for near in plan.near] == [
        ("a", "It's too expensive"),
        ("c", "太贵了"),
    ]
    assert len(plan.new) == 3


def test_of_two_alike_in_one_file_the_second_is_told() -> None:
    plan = planned(
        "key,objection,say,phrasings\n"
        "a,Where do you keep your elephants,In the zoo.,Where do the elephants live\n"
        "b,Where do the elephants live,In the zoo.,Where do you keep the elephants\n"
    )
    assert [(near.row.record.key, near.like) for near in plan.near] == [
        ("b", "Where do you keep your elephants")
    ]


def test_starter_cards_are_not_taken_for_doubles_of_each_other() -> None:
    english = [card.record for card in team()[0] if card.record.language == "en"]
    sheet = read_cards("a.jsonl", write_cards("jsonl", english, "en"))
    plan = plan_import([], sheet, CardIndex([]))
    assert len(plan.new) == len(english)
    assert len(plan.near) <= len(english) // 50


def test_the_hunt_for_doubles_keeps_to_its_lookups_and_says_what_it_left_out() -> None:
    rows = "".join(f"k{n},Strange thing number {n},No.\n" for n in range(12))
    text = f"key,objection,say\n{rows}z,It's too expensive,No.\n"
    assert planned(text, lookups=10).unchecked == 3
    plan = planned(text, lookups=30)
    assert (plan.unchecked, [near.row.record.key for near in plan.near]) == (0, ["z"])


def test_an_owner_nobody_knows_is_told_and_changes_no_owner() -> None:
    existing = [ExistingCard(1, replace(PLAIN, owner="Mia"))]
    text = f"key,objection,say,owner\n{PLAIN.key},{PLAIN.objection},{PLAIN.say},Nobody\n"
    plan = plan_import(existing, csv(text), CardIndex([]), {"Mia"})
    assert (plan.strangers, plan.changed, plan.same) == (("Nobody",), (), 1)


def test_a_translation_is_no_double() -> None:
    existing = [ExistingCard(1, PLAIN)]
    sheet = read_cards("a.jsonl", write_cards("jsonl", [CHINESE], "en"))
    plan = plan_import(existing, sheet, CardIndex([make_card(PLAIN, 1)]))
    assert (len(plan.new), plan.near) == (1, ())
