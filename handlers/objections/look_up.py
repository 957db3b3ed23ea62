"""Objection look-up: finds the card for what a customer said, typed short or misspelt.

The buttons under a card: `handlers/objections/feedback.py`.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.drafts import LINE, find_draft
from handlers.contract.refusals import NotFound
from handlers.contract.reply import Button, Reply, Text, lines, rows
from handlers.contract.request import Request
from handlers.deals.deal_view import get_stage_name
from handlers.deals.find_deal import find_named_deals
from handlers.objections import look_up_result
from handlers.objections.card_text import collect_blanks, make_choice
from handlers.objections.gaps import record_gap
from handlers.objections.learned_phrasings import find_boost
from kb.objections.normalise import has_hanzi
from kb.objections.search import CUT_AT, SURE, Hit, was_cut
from kb.states import DealStatus
from storage.scope import Scope
from storage.tables.cards import Card, LookUp
from storage.tables.people_and_deals import Deal

QUERY_CHARACTERS = 500
NAMED_WITHIN = 200  # characters: a longer text is a customer's own, and names many things
CARDS_OFFERED = 5
SUGGESTED_FROM = 2  # characters
COUNTED_PERIOD = timedelta(days=180)
DEFAULT_STAGE = "negotiation"


@command("obj", "objection", "异议", "话术", "应答", "客户说", quotes=True)
def obj(request: Request, desk: Desk) -> Reply:
    """Looks an objection up; without words offers those heard most at the stage of the deal."""
    return look_up(request, desk) if request.text.strip() else _offer_most_heard(desk)


@action("pick-card")
def look_up_draft(request: Request, desk: Desk) -> Reply:
    """Looks up a text that was typed or forwarded before: `pick-card:<draft>`."""
    draft = find_draft(desk, LINE, request.number(0))
    if draft is None:
        raise NotFound
    return look_up(request.with_text(str(draft.data["text"])), desk)


def look_up(request: Request, desk: Desk) -> Reply:
    """The best card for what was typed; where none fits, a gap is recorded for the manager."""
    return _answer(request, desk, _search(request.text, desk))


def answer_if_sure(request: Request, desk: Desk) -> Reply | None:
    """The best card where the search is sure of it, else None."""
    hits = _search(request.text, desk)
    return _answer(request, desk, hits) if hits and hits[0].score >= SURE else None


def is_sure(text: str, desk: Desk) -> bool:
    """Whether the search is sure of a card for this text."""
    hits = _search(text, desk, 1)
    return bool(hits) and hits[0].score >= SURE


def suggest_cards(request: Request, desk: Desk) -> Reply:
    """Suggests cards while somebody types, to be picked and sent into any chat."""
    if len(request.text.strip()) < SUGGESTED_FROM:
        return Reply()
    deal = _find_deal_in_hand(desk)
    cards = (
        look_up_result.find_approved(desk, hit.card_id)
        for hit in _search(request.text, desk, CARDS_OFFERED)
    )
    choices = (
        make_choice(card, collect_blanks(desk, deal, card)) for card in cards if card is not None
    )
    return Reply(choices=tuple(choice for choice in choices if choice is not None))


@action("card")
def show_card(request: Request, desk: Desk) -> Reply:
    """Shows one card picked from a list: `card:<card>`."""
    card = look_up_result.find_approved(desk, request.number(0))
    if card is None:
        raise NotFound
    return look_up_result.render_answer(
        desk, _save_look_up(desk, "", [card.id], "picked", _find_deal_in_hand(desk))
    )


def _answer(request: Request, desk: Desk, hits: list[Hit]) -> Reply:
    cards = [int(hit.card_id) for hit in hits]
    tier = "nothing" if not hits else "sure" if hits[0].score >= SURE else "unsure"
    also = _find_others(request.text, desk, cards)
    lookup = _save_look_up(
        desk,
        request.text,
        list(dict.fromkeys(cards[:1] + also + cards)),
        tier,
        _guess_deal(request.text, desk),
    )
    reply = (
        look_up_result.render_answer(desk, lookup, also=also)
        if hits
        else _answer_nothing(request, desk, lookup)
    )
    if not was_cut(request.text):
        return reply
    cut = desk.words.say("objections.look_up.cut", n=desk.words.number(CUT_AT))
    return Reply(lines(reply.text, cut), buttons=reply.buttons)


def _find_others(text: str, desk: Desk, cards: list[int]) -> list[int]:
    """Cards for further objections in a pasted text, other than the best card's own."""
    inside = desk.cards().find_inside(text.strip()[:CUT_AT]) if cards else []
    others = [look_up_result.find_approved(desk, hit.card_id) for hit in inside]
    best = look_up_result.find_approved(desk, cards[0]) if cards else None
    keys = {best.key} if best is not None else set()
    return [card.id for card in others if card is not None and card.key not in keys][:1]


def render_nothing(desk: Desk, query: str) -> Text:
    """What a look-up says that found no card."""
    return desk.words.say("objections.look_up.nothing", query=query.strip()[:200])


def _answer_nothing(request: Request, desk: Desk, lookup: LookUp) -> Reply:
    record_gap(desk, lookup, "missing")
    text = render_nothing(desk, request.text)
    return Reply(text, buttons=((look_up_result.make_write_button(desk, lookup),),))


def _search(text: str, desk: Desk, limit: int = 3) -> list[Hit]:
    """The cards found, one for each key: translations of a better hit are left out."""
    query = text.strip()[:CUT_AT]
    ideas: dict[str, Hit] = {}
    for hit in desk.cards().search(query, limit=limit + 3, boost=find_boost(desk)):
        card = look_up_result.find_approved(desk, hit.card_id)
        if card is not None and _fits_language(text, card, hit, desk):
            ideas.setdefault(card.key, hit)
    return list(ideas.values())[:limit]


def _fits_language(text: str, card: Card, hit: Hit, desk: Desk) -> bool:
    """Whether the card is in a language that the member or the text uses, or is a sure hit."""
    return hit.score >= SURE or card.language == desk.words.language or has_hanzi(text)


def _save_look_up(
    desk: Desk, query: str, cards: list[int], tier: str, about: Deal | None
) -> LookUp:
    return desk.memory.lookups.add(
        LookUp(
            team_id=desk.team.id,
            member_id=desk.member.id,
            query=query.strip()[:QUERY_CHARACTERS],
            deal_id=about.id if about is not None else None,
            stage=about.stage if about is not None and about.status == DealStatus.LIVE else "",
            tier=tier,
            shown=cards,
            top_card_id=cards[0] if cards else None,
            at=desk.now,
        )
    )


def _guess_deal(text: str, desk: Desk) -> Deal | None:
    """The deal a look-up is likely about: the one it names, else the deal in hand."""
    if len(text) <= NAMED_WITHIN:
        match = find_named_deals(text, desk).match
        if match.sure:
            return desk.memory.deals.get(desk.scope, match.best[0].id)
    return _find_deal_in_hand(desk)


def list_most_heard(desk: Desk, deal: Deal | None) -> list[Card]:
    """The cards heard most at the stage of a deal, or without a live one in the whole team."""
    return _rank_most_heard(desk, _get_live_stage(deal))


def _get_live_stage(deal: Deal | None) -> str:
    return deal.stage if deal is not None and deal.status == DealStatus.LIVE else ""


def _offer_most_heard(desk: Desk) -> Reply:
    """Offers the objections heard most at the stage of the deal in hand, or in the whole team."""
    stage = _get_live_stage(_find_deal_in_hand(desk))
    buttons = [Button(card.objection, f"card:{card.id}") for card in _rank_most_heard(desk, stage)]
    if not buttons:
        return Reply(desk.words.say("objections.look_up.no_cards"))
    if not stage:
        return Reply(desk.words.say("objections.look_up.five"), buttons=rows(buttons, 1))
    text = desk.words.say("objections.look_up.five_at", stage=get_stage_name(desk, stage))
    return Reply(text, buttons=rows(buttons, 1))


def _rank_most_heard(desk: Desk, stage: str) -> list[Card]:
    """The cards heard most in the member's language, those of the stage first."""
    cards = {card.id: card for card in desk.memory.cards.list_approved(desk.team.id)}
    here: Counter[str] = Counter()
    everywhere: Counter[str] = Counter()
    for row in desk.memory.lookups.count_heard(Scope(desk.team.id), desk.now - COUNTED_PERIOD):
        if row.card_id in cards:
            key = cards[row.card_id].key
            everywhere[key] += row.times
            here[key] += row.times if row.stage == stage else 0
    own = [card for card in cards.values() if card.language == desk.words.language]
    hinted = desk.funnel.like(stage) if stage else DEFAULT_STAGE
    own.sort(key=lambda c: (-here[c.key], hinted not in c.stages, -everywhere[c.key], c.id))
    if not stage:
        own.sort(key=lambda c: -everywhere[c.key])
    return own[:CARDS_OFFERED]


def _find_deal_in_hand(desk: Desk) -> Deal | None:
    deal_id = desk.member.deal_in_hand_id
    return desk.memory.deals.get(desk.scope, deal_id) if deal_id else None
