"""Learned phrasings: a wording that led to a card is learned as a way to say its objection.

How much such a wording weighs, and for how long: `kb/objections/learning.py`.
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
    """Learns the query as a way to say the card's objection, with more weight if its line landed.

    So it does the words that the member had tried in vain just before. A look-up counts once, for
    the card that was used in the end. Wordings that a card has in writing are not learned, nor
    those that a manager has dropped.
    """
    tried = _list_learnable(desk, lookup)
    taught = [key for key, (_, text) in tried.items() if not desk.cards().find_by_wording(text)]
    if not taught:
        return
    # The touch holds the team's cards until the commit: two uses at the same moment both count.
    desk.memory.cards.bump_version(card)
    for each, wording in (tried[key] for key in taught):
        _unlearn_elsewhere(desk, each, card)
        _strengthen(desk, each, card, wording, retyped=each.id != lookup.id)
    _drop_weakest(card, desk)


def unlearn(desk: Desk, lookup: LookUp, card: Card) -> None:
    """Weakens what the card learned from these words, because its line did not land."""
    tried, find = _list_learnable(desk, lookup), desk.memory.learned.find
    if not any(find(desk.team.id, card.id, key) for key in tried):
        return
    desk.memory.cards.bump_version(card)
    for key, (each, _) in tried.items():
        known = find(desk.team.id, card.id, key)
        if known is not None and known.undone_at is None:
            known.weight = rule.weaken(_find_weight_before(known, each.id, desk))


def list_learned(desk: Desk, card: Card) -> Sequence[tuple[LearnedPhrasing, float]]:
    """The card's learned wordings with their present weights, the strongest first."""
    wordings = [each for each in card.learned if each.undone_at is None]
    weighed = [(each, _weigh(each, desk)) for each in wordings]
    return sorted((pair for pair in weighed if pair[1] > 0), key=lambda pair: -pair[1])


def drop(desk: Desk, learned: LearnedPhrasing, card: Card) -> None:
    """Drops a learned wording for good: it is not learned again."""
    learned.undone_at = desk.now
    desk.memory.learned.save(learned)
    desk.memory.cards.bump_version(card)


def find_boost(desk: Desk) -> ContextBoost:
    """The context that decides between cards of almost equal score, for this member now."""
    held = desk.member.deal_in_hand_id
    deal = desk.memory.deals.get(desk.scope, held) if held else None
    live = deal is not None and deal.status == DealStatus.LIVE
    return ContextBoost(
        stage=desk.funnel.like(deal.stage) if deal is not None and live else "",
        industry=deal.customer.industry if deal is not None else "",
        outcomes=desk.landed_lately,
    )


def _list_learnable(desk: Desk, lookup: LookUp) -> dict[str, tuple[LookUp, str]]:
    """What may be learned, by its key: the query, and queries just before that found nothing."""
    since = lookup.at - rule.RETYPED_WITHIN
    vain = desk.memory.lookups.list_unanswered(desk.team.id, lookup.member_id, since, lookup.at)
    found: dict[str, tuple[LookUp, str]] = {}
    for each in (lookup, *vain):
        if wording := extract_wording(each, desk):
            found.setdefault(rule.make_key(wording), (each, wording))
    return found


def _strengthen(desk: Desk, lookup: LookUp, card: Card, wording: str, *, retyped: bool) -> None:
    known = desk.memory.learned.find(desk.team.id, card.id, rule.make_key(wording))
    if known is None:
        known = _add_learned(card, wording, desk)
    if known.undone_at is not None:
        return
    known.uses += known.lookup_id != lookup.id
    before = _find_weight_before(known, lookup.id, desk)
    landed = lookup.landed is True
    known.weight = rule.strengthen(before, landed=landed, retyped=retyped)


def extract_wording(lookup: LookUp, desk: Desk) -> str:
    """The part of the query that may be learned: empty where it names a customer or a person."""
    if len(lookup.query) > rule.MAX_CHARS:
        return ""
    split = find_named_deals(lookup.query, desk)
    wording = rule.extract_wording(split.rest if split.match.sure else lookup.query)
    return "" if rule.names_somebody(wording, _list_names(desk)) else wording


def _list_names(desk: Desk) -> Iterator[str]:
    """The names of all the team's customers and people: all members find what is learned."""
    for _, name, key in desk.memory.customers.list_name_keys(desk.team.id):
        yield from (name, key)
    for _, name in desk.memory.deals.list_people(Scope(desk.team.id), EVERY):
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
    """The wording's weight before this look-up, the same however often the look-up is rated."""
    if known.lookup_id != lookup_id:
        known.before, known.at = _weigh(known, desk), desk.now
        known.lookup_id = lookup_id
    return known.before


def _unlearn_elsewhere(desk: Desk, lookup: LookUp, card: Card) -> None:
    """Undoes what the look-up taught other cards, which were only tried on the way to this one."""
    for other in desk.memory.learned.list_of_look_up(desk.team.id, lookup.id):
        tried = desk.memory.cards.get(desk.team.id, other.card_id)
        if tried is not None and tried.id != card.id and other.weight > other.before:
            other.weight = other.before
            desk.memory.cards.bump_version(tried)


def _drop_weakest(card: Card, desk: Desk) -> None:
    wordings = [each for each in card.learned if each.undone_at is None]
    if len(wordings) > rule.MAX_WORDINGS:
        card.learned.remove(min(wordings, key=lambda each: _weigh(each, desk)))


def _weigh(known: LearnedPhrasing, desk: Desk) -> float:
    return rule.decay_weight(known.weight, known.at, desk.now)
