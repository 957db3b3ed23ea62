"""Learning from use: a wording that led to a card in use becomes one of the card's phrasings.

How much such a wording counts, and for how long, is `kb/objections/learning.py`'s.
"""

from __future__ import annotations

from collections.abc import Sequence

from handlers.desk import Desk
from handlers.finding import named_in
from kb.objections import learning as rule
from kb.objections.tilt import Tilt
from storage.tables_cards import Card, LearnedPhrasing, LookUp


def learn(desk: Desk, lookup: LookUp, card: Card) -> None:
    """Takes what was typed as a way to say the card's objection, more so if its line landed.

    A wording that a manager has dropped is not learned again.
    """
    wording = rule.learnable(_without_names(lookup.query, desk))
    key = rule.key_of(wording)
    if not wording or key in map(rule.key_of, _written(card)):
        return
    known = desk.memory.learned.of_key(desk.team.id, card.id, key)
    if known is None:
        known = LearnedPhrasing(
            team_id=desk.team.id, card_id=card.id, text=wording, text_key=key, at=desk.now
        )
        card.learned.append(known)
    elif known.undone_at is not None:
        return
    weight = rule.weight_at(known.weight, known.at, desk.now)
    known.weight = rule.strengthened(weight, landed=lookup.landed is True)
    known.uses, known.at = known.uses + 1, desk.now
    desk.memory.cards.touch(card)


def unlearn(desk: Desk, lookup: LookUp, card: Card) -> None:
    """Weakens what was learned from these words: the card's line did not land after them."""
    key = rule.key_of(rule.learnable(_without_names(lookup.query, desk)))
    known = desk.memory.learned.of_key(desk.team.id, card.id, key) if key else None
    if known is None or known.undone_at is not None:
        return
    known.weight = rule.weakened(rule.weight_at(known.weight, known.at, desk.now))
    known.at = desk.now
    desk.memory.cards.touch(card)


def learned_of(desk: Desk, card: Card) -> Sequence[tuple[LearnedPhrasing, float]]:
    """What the card has learned and what it counts now, strongest first."""
    kept = [each for each in card.learned if each.undone_at is None]
    weighed = [(each, rule.weight_at(each.weight, each.at, desk.now)) for each in kept]
    return sorted((pair for pair in weighed if pair[1] > 0), key=lambda pair: -pair[1])


def drop(desk: Desk, learned: LearnedPhrasing, card: Card) -> None:
    """Undoes what was learned, for good."""
    learned.undone_at = desk.now
    desk.memory.learned.keep(learned)
    desk.memory.cards.touch(card)


def tilt(desk: Desk) -> Tilt:
    """What decides between cards that fit almost alike, for this member now."""
    held = desk.member.deal_in_hand_id
    deal = desk.memory.deals.get(desk.scope, held) if held else None
    live = deal is not None and deal.status == "live"
    return Tilt(
        stage=deal.stage if deal is not None and live else "",
        industry=deal.customer.industry if deal is not None else "",
        outcomes=desk.landed_lately,
    )


def _written(card: Card) -> list[str]:
    return [card.objection, *(phrasing.text for phrasing in card.phrasings)]


def _without_names(query: str, desk: Desk) -> str:
    """The query without the customer it names: that is about one deal alone."""
    split = named_in(query, desk) if len(query) <= rule.LONGEST else None
    return split.rest if split is not None and split.match.sure else query
