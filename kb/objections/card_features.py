"""A card taken apart for the matcher: what is indexed of each wording, and of the whole card."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb.objections.text_features import Form


def pairs(text: str) -> list[str]:
    """Return the letters two by two; of a single letter, that letter."""
    return [text[i : i + 2] for i in range(max(1, len(text) - 1))] if text else []


# What each index is made of: of every wording, and of every card as a whole.
OF_ROW: Mapping[str, Callable[[Form], Iterable[str]]] = {
    "_words": lambda form: form.words,
    "_grams": lambda form: form.grams,
    "_sounds": lambda form: form.sounds,
    "_ideas": lambda form: form.ideas,
    "_initials": lambda form: dict.fromkeys(pairs(form.initials)),
}
OF_CARD: Mapping[str, Callable[["Entry"], Iterable[str]]] = {
    "_all_words": lambda entry: entry.words,
    "_all_ideas": lambda entry: entry.ideas,
    "_answers": lambda entry: entry.answer,
}


@dataclass(frozen=True)
class Entry:
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
