"""The starter packs are whole, alike in both languages, short enough and never mixed up."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from kb.funnel.stages.funnel_templates import load_funnel
from kb.objections.card import Card
from kb.objections.normalise import fold, squash
from kb.objections.packs import FOLDER, load_pack
from kb.objections.search import CardIndex

EN, ZH = load_pack("starter_en"), load_pack("starter_zh")
BOTH = (*EN, *ZH)
INDUSTRIES = frozenset(
    "construction education finance healthcare hospitality logistics manufacturing public retail"
    " saas".split()
)
ON_A_PHONE = {"en": {"ask": 200, "say": 320}, "zh": {"ask": 70, "say": 110}}  # characters
SENTENCE_END = re.compile(r"[.!?](?=\s|$)|[。！？]")


def spoken(card: Card) -> Iterator[str]:
    yield card.ask
    yield card.say
    yield from card.angles


def sentences(text: str) -> int:
    """How many sentences end in the text; one without an end counts as well."""
    return len([part for part in SENTENCE_END.split(text) if part.strip(" ”’)）")])


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Yes.", 1),
        ("Is it? Let's see what 1.5 days cost", 2),
        ("Good. Very good! And now?", 3),
        ("您说贵，是跟谁比？", 1),
        ("先看看。不行就算了！您说呢？", 3),
        ("他说“行。”", 1),
    ],
)
def test_sentences_are_counted_in_both_languages(text: str, count: int) -> None:
    assert sentences(text) == count


@pytest.mark.parametrize("cards", [EN, ZH], ids=["en", "zh"])
def test_a_starter_pack_has_120_cards_in_15_categories(cards: tuple[Card, ...]) -> None:
    assert len(cards) == 120
    assert len({card.category for card in cards}) == 15


def test_each_card_is_the_translation_of_one_in_the_other_language() -> None:
    def place(card: Card) -> tuple[object, ...]:
        return card.key, card.category, card.industries

    assert [place(card) for card in EN] == [place(card) for card in ZH]
    assert {card.language for card in EN} == {"en"}
    assert {card.language for card in ZH} == {"zh"}


def test_a_file_holds_the_cards_of_the_category_it_is_named_after() -> None:
    order = list(dict.fromkeys(card.category for card in EN))
    for pack in ("starter_en", "starter_zh"):
        files = sorted(file.stem for file in (FOLDER / pack).iterdir())
        assert files == [f"{number:02}_{name}" for number, name in enumerate(order, 1)]


def test_every_card_is_complete() -> None:
    stages = {stage.key for stage in load_funnel("odds6").stages}
    for card in BOTH:
        assert 5 <= len(card.phrasings) <= 8, card.id
        assert card.proof, card.id
        assert 1 <= len(card.angles) <= 3, card.id
        assert card.stages, card.id
        assert set(card.stages) <= stages, card.id
        assert set(card.industries) <= INDUSTRIES, card.id


def test_every_card_fits_a_phone() -> None:
    for card in BOTH:
        limits = ON_A_PHONE[card.language]
        assert len(card.ask) <= limits["ask"], card.id
        assert max(map(len, (card.say, *card.angles))) <= limits["say"], card.id


def test_a_line_to_say_has_two_sentences_at_most() -> None:
    assert [(card.id, text) for card in BOTH for text in spoken(card) if sentences(text) > 2] == []


def test_the_question_asks_and_no_line_quotes_a_figure_nobody_checked() -> None:
    assert [card.id for card in BOTH if not card.ask.endswith(("?", "？"))] == []
    assert [text for card in BOTH for text in spoken(card) if re.search(r"[0-9%]", text)] == []


def test_nothing_is_written_twice() -> None:
    wordings = Counter(squash(fold(text)) for card in BOTH for text in card.wordings)
    lines = Counter(text for card in BOTH for text in (*spoken(card), card.proof))
    assert [text for text, times in (wordings + lines).items() if times > 1] == []


@pytest.mark.parametrize("cards", [EN, ZH], ids=["en", "zh"])
def test_no_wording_pulls_another_card(cards: tuple[Card, ...]) -> None:
    """Measured without the rule that a wording of a card finds it: by likeness alone."""
    index = CardIndex(cards)
    astray = []
    for card in cards:
        for text in card.wordings:
            ranking = index.rank(text)
            assert ranking is not None
            first = index.id_of(int(ranking.cards[ranking.ranks.argmax()]))
            if first != card.id:
                astray.append((text, first))
    assert astray == []
