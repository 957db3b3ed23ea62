"""What reps used once is found by others in near the same words, and nobody finds anything worse.

The wordings are the tests' own, on the cards that ship; no card has them in writing.
"""

from dataclasses import replace

import pytest

from kb.objections.card import Card, Language, LearnedWording
from kb.objections.learning import LANDED, USED, extract_wording
from kb.objections.packs import load_pack
from kb.objections.search import SURE, CardIndex

PACKS = {card.id: card for name in ("starter_en", "starter_zh") for card in load_pack(name)}
FRESH = CardIndex(PACKS.values())
# The card's key, the words used before, and those that come later: mistyped, shortened, reordered.
HEARD: list[tuple[Language, str, str, tuple[str, ...]]] = [
    ("en", "price-too-expensive", "my eyes water at that", ("my eyes watr at that", "eyes water")),
    (
        "en",
        "budget-frozen",
        "purse strings are tied",
        ("purse strngs are tied", "tied purse strings"),
    ),
    ("en", "timing-too-busy", "up to my neck in it", ("up to my nek in it", "up to my neck")),
    (
        "en",
        "authority-boss-decides",
        "above my pay grade",
        ("above my paygrade", "pay grade above"),
    ),
    ("en", "trust-never-heard", "you do not ring a bell", ("dont ring a bell", "ring a bell")),
    (
        "en",
        "product-too-complex",
        "needs a rocket scientist",
        ("a rocket scientist", "rockt scientist"),
    ),
    ("zh", "price-too-expensive", "肉疼啊", ("肉疼", "真的肉疼")),
    ("zh", "timing-too-busy", "忙得脚不沾地", ("脚不沾地", "忙得脚不沾第")),
    ("zh", "authority-boss-decides", "我就是个跑腿的", ("就是个跑腿的", "跑腿的")),
]
LATER = [
    (f"{language}:{key}", language, text) for language, key, _, texts in HEARD for text in texts
]


def taught(weight: float) -> CardIndex:
    """The packs after each of the wordings was used for its card."""
    cards: dict[int | str, Card] = {}
    for language, key, said, _ in HEARD:
        card = PACKS[f"{language}:{key}"]
        cards[card.id] = replace(card, learned=(LearnedWording(extract_wording(said), weight),))
    return FRESH.with_changes(cards.values())


def right(index: CardIndex) -> set[str]:
    """The later wordings whose card comes first."""
    firsts = {
        text: (index.find_nearest(text, language, 1), card_id) for card_id, language, text in LATER
    }
    return {text for text, (hits, card) in firsts.items() if hits and hits[0].card_id == card}


def test_the_wordings_are_nobodys_in_writing_and_may_be_learned() -> None:
    for _, _, said, later in HEARD:
        assert extract_wording(said) == said
        assert not any(FRESH.find_by_wording(text) for text in (said, *later))


@pytest.mark.parametrize(("uses", "least"), [(USED, 3), (LANDED, 5), (2 * LANDED, 9)])
def test_later_wordings_find_their_card_more_often_and_none_less(uses: float, least: int) -> None:
    before, after = right(FRESH), right(taught(uses))
    assert len(after) - len(before) >= least
    assert before <= after


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_wording_of_every_card_still_finds_it_first(language: Language) -> None:
    index = taught(1.0)
    for card in PACKS.values():
        if card.language == language:
            for text in card.wordings[:2]:
                assert index.search(text, language, 1)[0].card_id in FRESH.find_by_wording(text)


def test_what_is_no_objection_is_no_surer() -> None:
    index = taught(1.0)
    for text in ("the museum opens at nine", "my neck hurts", "a bell in the tower", "跑步的人"):
        hits = index.search(text)
        assert not hits or hits[0].score < SURE
