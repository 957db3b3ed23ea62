"""What an index holds: the cards, their wordings row by row, and the words in use.

Built whole, or from another with a few cards changed: new and changed cards are added behind the
others, and what they replace stays in its place but can no longer be found. Once there is much of
that, the whole is built anew.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.objections.candidates import Matcher
from kb.objections.card import Card, Language
from kb.objections.card_postings import CardFeatures
from kb.objections.lexicon import Lexicon, load_lexicon
from kb.objections.spelling import Spelling
from kb.objections.text_features import TextFeatures, extract_answer_terms, extract_wording_features

REBUILD_BELOW = 100  # wordings: so few are built anew within a blink, and exactly
MAX_PATCHED = 0.25  # of the wordings, the share that may be added later or no longer found


class CardTable:
    """Cards by number, and their wordings row by row, in order of their coming.

    No number and no row is given twice. Once an index holds a table, only a `copy` is changed.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.cards: list[Card] = []  # by number, with those that were removed
        self.texts: list[str] = []  # the wordings, by row
        self._found = bytearray()  # by row: 1 while the wording may be found
        self._chinese = bytearray()  # by row: 1 where the card is Chinese
        self._places: dict[int | str, tuple[int, range]] = {}  # number and rows, by a card's id
        self._written: dict[str, tuple[int, ...]] = {}  # cards by the key of a wording
        self._learned: dict[str, dict[int, float]] = {}  # weights by card, by a wording's key

    def __len__(self) -> int:
        return len(self._places)

    def copy(self) -> "CardTable":
        """Return a table that can be changed while this one stays as it is."""
        twin = CardTable(self.lexicon)
        twin.cards, twin.texts = list(self.cards), list(self.texts)
        twin._found, twin._chinese = bytearray(self._found), bytearray(self._chinese)
        twin._places = dict(self._places)
        twin._written, twin._learned = dict(self._written), dict(self._learned)
        return twin

    def add(self, card: Card) -> CardFeatures:
        """Add a card that is not there; return what the matcher needs of it."""
        wordings, number, first = self._take_apart(card), len(self.cards), len(self.texts)
        self.cards.append(card)
        self.texts.extend(text for text, _, _ in wordings)
        self._places[card.id] = (number, range(first, len(self.texts)))
        self._found.extend([1] * len(wordings))
        self._chinese.extend([card.language == "zh"] * len(wordings))
        for _, features, worth in wordings:
            self._index_wording(features.joined, number, worth)
        answer = extract_answer_terms(f"{card.ask} {card.say}")
        return CardFeatures(number, [row[1:] for row in wordings], answer)

    def _index_wording(self, key: str, number: int, worth: float) -> None:
        # The values are new ones: those that were there may be an older table's too.
        if worth == 1.0:
            self._written[key] = (*self._written.get(key, ()), number)
        else:
            self._learned[key] = {**self._learned.get(key, {}), number: worth}

    def _take_apart(self, card: Card) -> list[tuple[str, TextFeatures, float]]:
        """Return each wording with its features and what it counts; a learned one below 1."""
        written = [
            (text, extract_wording_features(text, self.lexicon), 1.0) for text in card.wordings
        ]
        known = {features.joined for _, features, _ in written}
        learned = [
            (one.text, extract_wording_features(one.text, self.lexicon), min(one.weight, 0.99))
            for one in card.learned
        ]
        learned = [row for row in learned if row[1].joined not in known]
        return [row for row in (*written, *learned) if row[1].joined]

    def remove(self, card_id: int | str) -> None:
        """Let a card be found no more; nothing happens to one that is not there."""
        if card_id not in self._places:
            return
        number, rows = self._places.pop(card_id)
        self._found[rows.start : rows.stop] = bytes(len(rows))
        for _, features, _ in self._take_apart(self.cards[number]):
            key = features.joined
            if key in self._written:
                self._written[key] = tuple(each for each in self._written[key] if each != number)
            if key in self._learned:
                weights = self._learned[key].items()
                self._learned[key] = {each: worth for each, worth in weights if each != number}

    def live_cards(self) -> list[Card]:
        """Return the cards that can be found."""
        return [self.cards[number] for number, _ in self._places.values()]

    def count_removed(self) -> int:
        """Return how many rows can no longer be found."""
        return self._found.count(0)

    def mask(self, language: Language | None) -> NDArray[np.bool_]:
        """Return which wordings may be found, in one language or any: a mask, a row a place."""
        found = np.frombuffer(self._found, np.bool_)
        if language is None:
            return found
        chinese = np.frombuffer(self._chinese, np.bool_)
        mask: NDArray[np.bool_] = found & (chinese if language == "zh" else ~chinese)
        return mask

    def find_written(self, key: str) -> list[Card]:
        """Return the cards that have a wording of these letters, squashed."""
        return [self.cards[number] for number in dict.fromkeys(self._written.get(key, ()))]

    def find_learned(self, key: str) -> list[tuple[Card, float]]:
        """Return the cards that have learned a wording of these letters, and its weight."""
        found = self._learned.get(key, {})
        return [(self.cards[number], weight) for number, weight in found.items()]


@dataclass(frozen=True, eq=False)
class IndexContents:
    """The cards, and all that is needed to search them; read only."""

    table: CardTable
    matcher: Matcher
    spelling: Spelling
    built_size: int  # the wordings there were when all was built; those behind them came later

    @classmethod
    def build(cls, cards: Iterable[Card]) -> "IndexContents":
        """Return the contents of an index of these cards."""
        lexicon = load_lexicon()
        table, words = CardTable(lexicon), set[str]()

        def take_apart_all() -> Iterator[CardFeatures]:
            for card in cards:
                features = table.add(card)
                words.update(features.latin_words)
                yield features

        matcher = Matcher.build(take_apart_all(), lexicon.weak)
        return cls(table, matcher, Spelling.of_words(words, lexicon.words), len(table.texts))

    def with_changes(self, put: Sequence[Card], gone: set[int | str]) -> "IndexContents":
        """Return the contents with these cards put in, and without those of these ids."""
        put = list({card.id: card for card in put}.values())
        gone = gone | {card.id for card in put}
        rows = len(self.table.texts)
        patched = rows - self.built_size + self.table.count_removed()
        coming = sum(len(card.wordings) + len(card.learned) for card in put)
        if rows < REBUILD_BELOW or patched + coming > MAX_PATCHED * rows:
            others = (card for card in self.table.live_cards() if card.id not in gone)
            return IndexContents.build([*others, *put])
        return self._patch(put, gone)

    def without(self, gone: set[int | str]) -> "IndexContents":
        """Return the contents but for the cards of these ids; nothing is built anew for it."""
        return self._patch([], gone)

    def _patch(self, put: Sequence[Card], gone: set[int | str]) -> "IndexContents":
        table = self.table.copy()
        for card_id in gone:
            table.remove(card_id)
        added = [table.add(card) for card in put]
        words = {word for features in added for word in features.latin_words}
        matcher = self.matcher.with_cards(added) if added else self.matcher
        return IndexContents(table, matcher, self.spelling.with_words(words), self.built_size)
