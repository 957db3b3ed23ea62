"""What an index holds: the cards, their wordings row by row, and the words in use.

Built whole, or from another with a few cards changed: those are put behind the others, and what
they replace is left where it stands and no longer allowed. Once there is much of that, the whole
is built anew.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from kb.objections import lexicon
from kb.objections.candidates import Matcher
from kb.objections.card import Card, Language
from kb.objections.card_features import Entry
from kb.objections.normalise import has_hanzi
from kb.objections.spelling import Spelling
from kb.objections.text_features import Form, answer_terms, form_of

SMALL = 100  # wordings: so few are built anew within a blink, and exactly
SHARE = 0.25  # of the wordings may have been put behind or left behind


class Holdings:
    """The cards by number, in order of their coming; read only."""

    def __init__(self, cards: Iterable[Card]) -> None:
        self.lexicon = lexicon.load_lexicon()
        self.cards: list[Card] = []
        self.texts: list[str] = []
        self._written: dict[str, tuple[int, ...]] = {}
        self._learned: dict[str, dict[int, float]] = {}
        self._own: set[str] = set()
        self._chinese = self._alive = np.zeros(0, bool)
        self._of_id: dict[int | str, tuple[int, range]] = {}
        self._built = 0
        self.matcher = Matcher(self._take(cards), self.lexicon.weak)
        self._built = len(self.texts)
        self.spelling = Spelling(self._own, self.lexicon.words)
        self._own = set()

    def __len__(self) -> int:
        return len(self._of_id)

    def live(self) -> list[Card]:
        """Return the cards that can be found."""
        return [self.cards[number] for number, _ in self._of_id.values()]

    def changed(self, put: Sequence[Card], gone: set[int | str]) -> "Holdings":
        """Return what is held once these cards are put in and those of these ids are gone."""
        put = list({card.id: card for card in put}.values())
        leaving = gone | {card.id for card in put}
        behind = len(self.texts) - self._built + int(np.count_nonzero(~self._alive))
        coming = sum(len(card.wordings) + len(card.learned) for card in put)
        if len(self.texts) < SMALL or behind + coming > SHARE * len(self.texts):
            kept = (self.cards[number] for number, _ in self._of_id.values())
            return Holdings([*(card for card in kept if card.id not in leaving), *put])
        return self._extended(put, leaving)

    def without(self, gone: set[int | str]) -> "Holdings":
        """Return what is held but for the cards of these ids; nothing is built anew for it."""
        return self._extended([], gone)

    def _extended(self, put: Sequence[Card], leaving: set[int | str]) -> "Holdings":
        held = object.__new__(Holdings)
        held.__dict__.update(self.__dict__)
        held.cards, held.texts = list(self.cards), list(self.texts)
        held._alive, held._of_id = self._alive.copy(), dict(self._of_id)
        held._written = dict(self._written)
        held._learned = dict(self._learned)
        for card_id in leaving & held._of_id.keys():
            held._leave(card_id)
        held._own = set()
        held.matcher = self.matcher.extended(list(held._take(put)))
        held.spelling = self.spelling.grown(held._own)
        held._own = set()
        return held

    def allowed(self, language: Language | None) -> NDArray[np.bool_]:
        """Return which wordings may be found: a mask, a row a place."""
        if language is None:
            return self._alive
        spoken = self._chinese if language == "zh" else ~self._chinese
        mask: NDArray[np.bool_] = self._alive & spoken
        return mask

    def written_as(self, key: str) -> list[Card]:
        """Return the cards that have a wording of these letters, squashed."""
        return [self.cards[number] for number in dict.fromkeys(self._written.get(key, ()))]

    def learned_as(self, key: str) -> list[tuple[Card, float]]:
        """Return the cards that have learned a wording of these letters, and its weight."""
        found = self._learned.get(key, {})
        return [(self.cards[number], weight) for number, weight in found.items()]

    def _take(self, cards: Iterable[Card]) -> Iterator[Entry]:
        """Number the cards and keep their wordings; yield what the matcher needs of each."""
        chinese: list[bool] = []
        for card in cards:
            rows, number, first = self._rows(card), len(self.cards), len(self.texts)
            self.cards.append(card)
            self.texts.extend(text for text, _, _ in rows)
            self._of_id[card.id] = (number, range(first, len(self.texts)))
            chinese += [card.language == "zh"] * len(rows)
            for _, form, worth in rows:
                self._keep(form, number, worth)
            answer = answer_terms(f"{card.ask} {card.say}")
            yield Entry(number, [(form, worth) for _, form, worth in rows], answer)
        self._chinese = np.concatenate([self._chinese, np.array(chinese, bool)])
        self._alive = np.concatenate([self._alive, np.ones(len(chinese), bool)])

    def _keep(self, form: Form, number: int, worth: float) -> None:
        # Never into a list or a dictionary that an older index holds.
        if worth == 1.0:
            self._written[form.joined] = (*self._written.get(form.joined, ()), number)
            self._own.update(word for word in form.spaced.split() if not has_hanzi(word))
        else:
            others = self._learned.get(form.joined, {})
            self._learned[form.joined] = {**others, number: worth}

    def _rows(self, card: Card) -> list[tuple[str, Form, float]]:
        """The card's wordings, each with its form and what it counts; the learned ones below 1."""
        written = [(text, form_of(text, self.lexicon), 1.0) for text in card.wordings]
        known = {form.joined for _, form, _ in written}
        learned = [
            (one.text, form_of(one.text, self.lexicon), min(one.weight, 0.99))
            for one in card.learned
        ]
        learned = [row for row in learned if row[1].joined not in known]
        return [row for row in (*written, *learned) if row[1].joined]

    def _leave(self, card_id: int | str) -> None:
        number, rows = self._of_id.pop(card_id)
        self._alive[rows.start : rows.stop] = False
        for _, form, _ in self._rows(self.cards[number]):
            if form.joined in self._written:
                others = self._written[form.joined]
                self._written[form.joined] = tuple(each for each in others if each != number)
            if form.joined in self._learned:
                weights = self._learned[form.joined].items()
                self._learned[form.joined] = {n: worth for n, worth in weights if n != number}
