"""The inverted indexes of all cards: one for each sort of term of a wording, or of a whole card."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from kb.objections.lexicon import NOT
from kb.objections.normalise import has_hanzi
from kb.objections.postings import Postings, PostingsBuilder
from kb.objections.text_features import Form, weight_of

WEAK, DENIED = 0.5, 0.7  # what a weak idea, and a denied one, weigh of any other


@dataclass(frozen=True)
class CardFeatures:
    """A card taken apart: its wordings' forms with what each counts (0..1), its answer's terms.

    A wording that was only learned counts less, and is no part of what the card as a whole says.
    """

    number: int
    forms: Sequence[tuple[Form, float]]
    answer: tuple[str, ...]

    @property
    def written(self) -> list[Form]:
        """The forms of what somebody wrote down."""
        return [form for form, worth in self.forms if worth == 1.0]

    @property
    def words(self) -> Iterable[str]:
        """Each word of the card once."""
        return dict.fromkeys(term for form in self.written for term in form.words)

    @property
    def ideas(self) -> Iterable[str]:
        """Each idea of the card once."""
        return frozenset[str]().union(*(form.ideas for form in self.written))

    @property
    def latin_words(self) -> set[str]:
        """Each word of the card as it is spelt, but for the Chinese ones."""
        words = (word for form in self.written for word in form.spaced.split())
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
        forms = [form for card in cards for form, _ in card.forms]
        return CardPostings(
            words=self.words.with_wordings([form.words for form in forms]),
            grams=self.grams.with_wordings([form.grams for form in forms]),
            sounds=self.sounds.with_wordings([form.sounds for form in forms]),
            ideas=self.ideas.with_wordings([form.ideas for form in forms]),
            initials=self.initials.with_wordings([_pair_initials(form) for form in forms]),
            all_words=self.all_words.with_wordings([card.words for card in cards]),
            all_ideas=self.all_ideas.with_wordings([card.ideas for card in cards]),
            answers=self.answers.with_wordings([card.answer for card in cards]),
        )


class CardPostingsBuilder:
    """Collects the terms of cards; `build` makes CardPostings of them, once."""

    def __init__(self, weak_ideas: Container[str]) -> None:
        weigh_idea = partial(_weigh_idea, weak_ideas)
        self._words, self._all_words = PostingsBuilder(weight_of), PostingsBuilder(weight_of)
        self._answers = PostingsBuilder(weight_of)
        self._grams, self._sounds = PostingsBuilder(), PostingsBuilder()
        self._initials = PostingsBuilder()
        self._ideas, self._all_ideas = PostingsBuilder(weigh_idea), PostingsBuilder(weigh_idea)

    def add(self, card: CardFeatures) -> None:
        """Add the next card."""
        for form, _ in card.forms:
            self._words.add(form.words)
            self._grams.add(form.grams)
            self._sounds.add(form.sounds)
            self._ideas.add(form.ideas)
            self._initials.add(_pair_initials(form))
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


def _pair_initials(form: Form) -> Iterable[str]:
    return dict.fromkeys(pair_letters(form.initials))


def _weigh_idea(weak_ideas: Container[str], idea: str) -> float:
    plain = idea.removeprefix(NOT)
    return (WEAK if plain in weak_ideas else 1.0) * (DENIED if plain != idea else 1.0)
