"""Checks a team's cards for what makes them hard to find, to read or to trust."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kb.objections.card import Card
from kb.objections.near_duplicate import WORDINGS, find_sure_hit, pick_most_named, search_wordings
from kb.objections.packs import ANGLES, LIMITS, LISTS
from kb.objections.search import CardIndex

# In the order in which they should be looked at.
RULES = (
    "double", "shared", "astray", "expired", "undated", "too_long", "sentences", "no_phrasings",
    "no_ask", "untranslated", "stage",
)  # fmt: skip
SENTENCES = 2
PROOF_AGE = timedelta(days=365)
# Above SURE: neighbouring cards share words, and at SURE one phrasing in ten would be reported.
ASTRAY = 0.9
_SENTENCE_END = re.compile(r"[.!?]+(?=[\s\"'”’)]|$)|[。！？…]+")
_WORD = re.compile(r"\w")
_FIGURE = re.compile(r"\d|[%％]")


@dataclass(frozen=True)
class Finding:
    """A rule that a card breaks."""

    card_id: int | str
    rule: str  # one of RULES
    about: str = ""  # the field of the card
    quote: str = ""  # the wording
    n: int = 0  # its length or count
    limit: int = 0  # what is allowed of that
    other: str = ""  # the objection of the card that comes in its way


def lint(
    cards: Sequence[Card], index: CardIndex, today: date, stages: Collection[str]
) -> list[Finding]:
    """Return all findings on the cards in use, which `index` holds; the most serious first.

    `stages` are those of the team's funnel.
    """
    objections = {card.id: card.objection for card in cards}
    found = [finding for card in cards for finding in check_card(card, today, stages)]
    found += find_untranslated(cards)
    found += [finding for card in cards for finding in compare_with_others(card, index, objections)]
    return sort_findings(found)


def sort_findings(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings, the most serious first."""
    return sorted(findings, key=lambda finding: RULES.index(finding.rule))


def check_card(card: Card, today: date, stages: Collection[str]) -> Iterator[Finding]:
    """Yield the findings that need no other card."""
    yield from _find_long_texts(card)
    yield from _find_long_lines(card)
    if not card.phrasings:
        yield Finding(card.id, "no_phrasings")
    if not card.ask:
        yield Finding(card.id, "no_ask")
    if card.proof_on is not None and card.proof_on + PROOF_AGE < today:
        yield Finding(card.id, "expired", "proof", card.proof_on.isoformat())
    if card.proof and card.proof_on is None and _FIGURE.search(card.proof):
        yield Finding(card.id, "undated", "proof", card.proof)
    for stage in card.stages:
        if stage not in stages:
            yield Finding(card.id, "stage", "stages", stage)


def find_untranslated(cards: Sequence[Card]) -> list[Finding]:
    """Return a finding on each card in one language only, if the team has cards in several."""
    spoken: defaultdict[str, set[str]] = defaultdict(set)
    for card in cards:
        spoken[card.key].add(card.language)
    if len({card.language for card in cards}) < 2:
        return []
    return [Finding(card.id, "untranslated") for card in cards if len(spoken[card.key]) < 2]


def compare_with_others(
    card: Card, index: CardIndex, objections: Mapping[int | str, str]
) -> Iterator[Finding]:
    """Yield duplicates of the card, and phrasings that the look-up answers with another card.

    `objections` are those of all cards by their ids.
    """
    hits = search_wordings(card, index, len(card.wordings))
    double = pick_most_named(hits[:WORDINGS])
    if double is not None:
        yield Finding(card.id, "double", other=objections.get(double, ""))
    for text, hit in zip(card.phrasings, hits[1:], strict=True):
        if hit is None or hit.score < ASTRAY or hit.card_id == double:
            continue
        other = objections.get(hit.card_id, "")
        if hit.why == "exact":
            yield Finding(card.id, "shared", "phrasings", text, other=other)
        elif _is_astray(card, text, index):
            yield Finding(card.id, "astray", "phrasings", text, other=other)


def _is_astray(card: Card, text: str, index: CardIndex) -> bool:
    """Return whether the look-up would surely answer this phrasing with another card.

    It is looked up as if it were not on its own card, as words much like it would be.
    """
    others = tuple(phrasing for phrasing in card.phrasings if phrasing != text)
    hit = find_sure_hit(index.with_changes([replace(card, phrasings=others)]), text, card.language)
    return hit is not None and hit.card_id != card.id and hit.score >= ASTRAY


def _find_long_texts(card: Card) -> Iterator[Finding]:
    texts = {"objection": card.objection, "ask": card.ask, "say": card.say, "proof": card.proof}
    for name, text in texts.items():
        if len(text) > LIMITS[name]:
            yield Finding(card.id, "too_long", name, text, len(text), LIMITS[name])
    for name, lines in (("phrasings", card.phrasings), ("angles", card.angles)):
        for text in lines:
            if len(text) > LISTS[name]:
                yield Finding(card.id, "too_long", name, text, len(text), LISTS[name])
    if len(card.angles) > ANGLES:
        yield Finding(card.id, "too_long", "angles", "", len(card.angles), ANGLES)


def _find_long_lines(card: Card) -> Iterator[Finding]:
    for name, text in (("say", card.say), *(("angles", angle) for angle in card.angles)):
        count = count_sentences(text)
        if count > SENTENCES:
            yield Finding(card.id, "sentences", name, text, count, SENTENCES)


def count_sentences(text: str) -> int:
    """Return how many sentences a line to say has, English or Chinese."""
    return sum(_WORD.search(part) is not None for part in _SENTENCE_END.split(text))
