"""Looks over a team's cards for what makes them hard to find, to read or to trust."""

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
# Beyond merely sure: neighbouring cards share words, and at SURE one phrasing in ten would be told.
ASTRAY = 0.9
_END = re.compile(r"[.!?]+(?=[\s\"'”’)]|$)|[。！？…]+")
_WORD = re.compile(r"\w")
_FIGURE = re.compile(r"\d|[%％]")


@dataclass(frozen=True)
class Finding:
    """Something about a card: `rule` is one of RULES.

    `about` is the line it is found in, `quote` the wording, `n` its length of `limit` allowed;
    `other` is the objection of the card that comes in its way.
    """

    card_id: int | str
    rule: str
    about: str = ""
    quote: str = ""
    n: int = 0
    limit: int = 0
    other: str = ""


def lint(
    cards: Sequence[Card], index: CardIndex, today: date, stages: Collection[str]
) -> list[Finding]:
    """Return all findings on the cards in use, which `index` holds; the worst first.

    `stages` are those of the team's funnel.
    """
    said = {card.id: card.objection for card in cards}
    found = [finding for card in cards for finding in check_card(card, today, stages)]
    found += find_untranslated(cards)
    found += [finding for card in cards for finding in compare_with_others(card, index, said)]
    return sort_findings(found)


def sort_findings(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings, the worst first."""
    return sorted(findings, key=lambda finding: RULES.index(finding.rule))


def check_card(card: Card, today: date, stages: Collection[str]) -> Iterator[Finding]:
    """Yield what can be seen from the card alone."""
    yield from _too_long(card)
    yield from _too_many_sentences(card)
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
    """Return the cards that stand in one language only, where the team has cards in several."""
    spoken: defaultdict[str, set[str]] = defaultdict(set)
    for card in cards:
        spoken[card.key].add(card.language)
    if len({card.language for card in cards}) < 2:
        return []
    return [Finding(card.id, "untranslated") for card in cards if len(spoken[card.key]) < 2]


def compare_with_others(
    card: Card, index: CardIndex, said: Mapping[int | str, str]
) -> Iterator[Finding]:
    """Yield what the look-up makes of the card: another that says the same, phrasings that stray.

    `said` are the objections of the cards by their ids.
    """
    hits = search_wordings(card, index, len(card.wordings))
    double = pick_most_named(hits[:WORDINGS])
    if double is not None:
        yield Finding(card.id, "double", other=said.get(double, ""))
    for text, hit in zip(card.phrasings, hits[1:], strict=True):
        if hit is None or hit.score < ASTRAY or hit.card_id == double:
            continue
        other = said.get(hit.card_id, "")
        if hit.why == "exact":
            yield Finding(card.id, "shared", "phrasings", text, other=other)
        elif _strays(card, text, index):
            yield Finding(card.id, "astray", "phrasings", text, other=other)


def _strays(card: Card, text: str, index: CardIndex) -> bool:
    """Whether a customer who says nearly this would surely be answered by another card.

    That is what the look-up does with the phrasing once it does not stand on the card.
    """
    left = tuple(phrasing for phrasing in card.phrasings if phrasing != text)
    hit = find_sure_hit(index.with_changes([replace(card, phrasings=left)]), text, card.language)
    return hit is not None and hit.card_id != card.id and hit.score >= ASTRAY


def _too_long(card: Card) -> Iterator[Finding]:
    for name in ("objection", "ask", "say", "proof"):
        text = getattr(card, name)
        if len(text) > LIMITS[name]:
            yield Finding(card.id, "too_long", name, text, len(text), LIMITS[name])
    for name in ("phrasings", "angles"):
        for text in getattr(card, name):
            if len(text) > LISTS[name]:
                yield Finding(card.id, "too_long", name, text, len(text), LISTS[name])
    if len(card.angles) > ANGLES:
        yield Finding(card.id, "too_long", "angles", "", len(card.angles), ANGLES)


def _too_many_sentences(card: Card) -> Iterator[Finding]:
    for name, text in (("say", card.say), *(("angles", angle) for angle in card.angles)):
        count = count_sentences(text)
        if count > SENTENCES:
            yield Finding(card.id, "sentences", name, text, count, SENTENCES)


def count_sentences(text: str) -> int:
    """Return how many sentences a line to say has, English or Chinese."""
    return sum(_WORD.search(part) is not None for part in _END.split(text))
