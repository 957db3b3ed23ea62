"""Learning from use: a wording that led to a card in use becomes one of the card's phrasings.

How much such a wording counts, and for how long, is `kb/objections/learning.py`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handlers.contract.desk import Desk
from handlers.deals.find_deal import EVERY, find_named_deals
from kb.objections import learning as rule
from kb.objections.context_boost import ContextBoost
from kb.states import DealStatus
from storage.scope import Scope
from storage.tables.cards import Card, LearnedPhrasing, LookUp


def learn(desk: Desk, lookup: LookUp, card: Card) -> None:
    """Takes what was typed as a way to say the card's objection, more so if its line landed.

    So are the words that the member had tried in vain just before. A look-up counts once, for the
    card it came to in the end. What some card has in writing is left alone, and a wording that a
    manager has dropped is not learned again.
    """
    tried = _list_learnable(desk, lookup)
    taught = [key for key, (_, said) in tried.items() if not desk.cards().find_by_wording(said)]
    if not taught:
        return
    # The touch holds the team's cards until the commit: two uses at the same moment both count.
    desk.memory.cards.touch(card)
    for each, wording in (tried[key] for key in taught):
        _unlearn_elsewhere(desk, each, card)
        _strengthen(desk, each, card, wording, retyped=each.id != lookup.id)
    _drop_weakest(card, desk)


def unlearn(desk: Desk, lookup: LookUp, card: Card) -> None:
    """Weakens what was learned from these words: the card's line did not land after them."""
    tried, find = _list_learnable(desk, lookup), desk.memory.learned.of_key
    if not any(find(desk.team.id, card.id, key) for key in tried):
        return
    desk.memory.cards.touch(card)
    for key, (each, _) in tried.items():
        known = find(desk.team.id, card.id, key)
        if known is not None and known.undone_at is None:
            known.weight = rule.weaken(_find_weight_before(known, each.id, desk))


def list_learned(desk: Desk, card: Card) -> Sequence[tuple[LearnedPhrasing, float]]:
    """What the card has learned and what it counts now, strongest first."""
    kept = [each for each in card.learned if each.undone_at is None]
    weighed = [(each, _weigh(each, desk)) for each in kept]
    return sorted((pair for pair in weighed if pair[1] > 0), key=lambda pair: -pair[1])


def drop(desk: Desk, learned: LearnedPhrasing, card: Card) -> None:
    """Undoes what was learned, for good."""
    learned.undone_at = desk.now
    desk.memory.learned.keep(learned)
    desk.memory.cards.touch(card)


def find_boost(desk: Desk) -> ContextBoost:
    """What decides between cards that fit almost alike, for this member now."""
    held = desk.member.deal_in_hand_id
    deal = desk.memory.deals.get(desk.scope, held) if held else None
    live = deal is not None and deal.status == DealStatus.LIVE
    return ContextBoost(
        stage=desk.funnel.like(deal.stage) if deal is not None and live else "",
        industry=deal.customer.industry if deal is not None else "",
        outcomes=desk.landed_lately,
    )


def _list_learnable(desk: Desk, lookup: LookUp) -> dict[str, tuple[LookUp, str]]:
    """What may be learned, by its letters: what was typed, and just before it found nothing."""
    since = lookup.at - rule.RETYPED_WITHIN
    vain = desk.memory.lookups.in_vain(desk.team.id, lookup.member_id, since, lookup.at)
    found: dict[str, tuple[LookUp, str]] = {}
    for each in (lookup, *vain):
        if wording := extract_wording(each, desk):
            found.setdefault(rule.make_key(wording), (each, wording))
    return found


def _strengthen(desk: Desk, lookup: LookUp, card: Card, wording: str, *, retyped: bool) -> None:
    known = desk.memory.learned.of_key(desk.team.id, card.id, rule.make_key(wording))
    if known is None:
        known = _add_learned(card, wording, desk)
    if known.undone_at is not None:
        return
    known.uses += known.lookup_id != lookup.id
    before = _find_weight_before(known, lookup.id, desk)
    landed = lookup.landed is True
    known.weight = rule.strengthen(before, landed=landed, retyped=retyped)


def extract_wording(lookup: LookUp, desk: Desk) -> str:
    """What of the query may be learned: nothing about one customer or one person is."""
    if len(lookup.query) > rule.MAX_CHARS:
        return ""
    split = find_named_deals(lookup.query, desk)
    wording = rule.extract_wording(split.rest if split.match.sure else lookup.query)
    return "" if rule.names_somebody(wording, _list_names(desk)) else wording


def _list_names(desk: Desk) -> Iterator[str]:
    """Everybody the team sells to, whoever's they are: what is learned is found by all."""
    for _, name, key in desk.memory.customers.keys(desk.team.id):
        yield from (name, key)
    for _, name in desk.memory.deals.people(Scope(desk.team.id), EVERY):
        yield name


def _add_learned(card: Card, wording: str, desk: Desk) -> LearnedPhrasing:
    known = LearnedPhrasing(
        team_id=desk.team.id,
        card_id=card.id,
        text=wording,
        text_key=rule.make_key(wording),
        at=desk.now,
    )
    card.learned.append(known)
    return known


def _find_weight_before(known: LearnedPhrasing, lookup_id: int, desk: Desk) -> float:
    """What the wording counted before this look-up, however often that is asked about."""
    if known.lookup_id != lookup_id:
        known.before, known.at = _weigh(known, desk), desk.now
        known.lookup_id = lookup_id
    return known.before


def _unlearn_elsewhere(desk: Desk, lookup: LookUp, card: Card) -> None:
    """Forgets what the look-up taught other cards: one of them was only tried on the way."""
    for other in desk.memory.learned.taught_by(desk.team.id, lookup.id):
        tried = desk.memory.cards.get(desk.team.id, other.card_id)
        if tried is not None and tried.id != card.id and other.weight > other.before:
            other.weight = other.before
            desk.memory.cards.touch(tried)


def _drop_weakest(card: Card, desk: Desk) -> None:
    kept = [each for each in card.learned if each.undone_at is None]
    if len(kept) > rule.MAX_WORDINGS:
        card.learned.remove(min(kept, key=lambda each: _weigh(each, desk)))


def _weigh(known: LearnedPhrasing, desk: Desk) -> float:
    return rule.decay_weight(known.weight, known.at, desk.now)
