"""The inverted indexes of all cards: one for each sort of term of a wording or of a whole card."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from kb.objections.lexicon import NOT
from kb.objections.normalise import has_hanzi
from kb.objections.postings import Postings, PostingsBuilder
from kb.objections.text_features import TextFeatures, weigh_term

WEAK, DENIED = 0.5, 0.7  # what a weak idea, and a denied one, weigh of any other


@dataclass(frozen=True)
class CardFeatures:
    """What is indexed of a card: the features of its wordings, and the terms of its answer.

    A wording that was only learned counts less, and is no part of what the card as a whole says.
    """

    number: int
    wordings: Sequence[tuple[TextFeatures, float]]  # with what each counts, above 0 to 1
    answer: tuple[str, ...]

    @property
    def written_wordings(self) -> list[TextFeatures]:
        """The wordings that somebody wrote down."""
        return [wording for wording, worth in self.wordings if worth == 1.0]

    @property
    def words(self) -> Iterable[str]:
        """Each word of the card once."""
        return dict.fromkeys(term for wording in self.written_wordings for term in wording.words)

    @property
    def ideas(self) -> Iterable[str]:
        """Each idea of the card once."""
        return frozenset[str]().union(*(wording.ideas for wording in self.written_wordings))

    @property
    def latin_words(self) -> set[str]:
        """Each word of the card as it is spelt, but for the Chinese ones."""
        words = (word for wording in self.written_wordings for word in wording.spaced.split())
        return {word for word in words if not has_hanzi(word)}


@dataclass(frozen=True, eq=False)
class CardPostings:
    """All cards by their terms; read only."""

    # A wording a row:
    words: Postings
    grams: Postings
    sounds: Postings
    ideas: Postings
    initials: Postings
    # A card a row:
    all_words: Postings
    all_ideas: Postings
    answers: Postings

    def with_cards(self, cards: Sequence[CardFeatures]) -> "CardPostings":
        """Return these postings with further cards behind the last; what was there is shared."""
        wordings = [wording for card in cards for wording, _ in card.wordings]
        return CardPostings(
            words=self.words.with_wordings([wording.words for wording in wordings]),
            grams=self.grams.with_wordings([wording.grams for wording in wordings]),
            sounds=self.sounds.with_wordings([wording.sounds for wording in wordings]),
            ideas=self.ideas.with_wordings([wording.ideas for wording in wordings]),
            initials=self.initials.with_wordings([_pair_initials(wording) for wording in wordings]),
            all_words=self.all_words.with_wordings([card.words for card in cards]),
            all_ideas=self.all_ideas.with_wordings([card.ideas for card in cards]),
            answers=self.answers.with_wordings([card.answer for card in cards]),
        )


class CardPostingsBuilder:
    """Collects the terms of cards; `build` makes CardPostings of them, once."""

    def __init__(self, weak_ideas: Container[str]) -> None:
        weigh_idea = partial(_weigh_idea, weak_ideas)
        self._words, self._all_words = PostingsBuilder(weigh_term), PostingsBuilder(weigh_term)
        self._answers = PostingsBuilder(weigh_term)
        self._grams, self._sounds = PostingsBuilder(), PostingsBuilder()
        self._initials = PostingsBuilder()
        self._ideas, self._all_ideas = PostingsBuilder(weigh_idea), PostingsBuilder(weigh_idea)

    def add(self, card: CardFeatures) -> None:
        """Add the next card."""
        for wording, _ in card.wordings:
            self._words.add(wording.words)
            self._grams.add(wording.grams)
            self._sounds.add(wording.sounds)
            self._ideas.add(wording.ideas)
            self._initials.add(_pair_initials(wording))
        self._all_words.add(card.words)
        self._all_ideas.add(card.ideas)
        self._answers.add(card.answer)

    def build(self) -> CardPostings:
        """Return the postings of all cards added."""
        return CardPostings(
            words=self._words.build(),
            grams=self._grams.build(),
            sounds=self._sounds.build(),
            ideas=self._ideas.build(),
            initials=self._initials.build(),
            all_words=self._all_words.build(),
            all_ideas=self._all_ideas.build(),
            answers=self._answers.build(),
        )


def pair_letters(text: str) -> list[str]:
    """Return the letters two by two; of a single letter, that letter."""
    return [text[i : i + 2] for i in range(max(1, len(text) - 1))] if text else []


def _pair_initials(wording: TextFeatures) -> Iterable[str]:
    return dict.fromkeys(pair_letters(wording.initials))


def _weigh_idea(weak_ideas: Container[str], idea: str) -> float:
    plain = idea.removeprefix(NOT)
    return (WEAK if plain in weak_ideas else 1.0) * (DENIED if plain != idea else 1.0)
