"""Objections: the line to say, from a few mistyped letters, and what became of it."""

from __future__ import annotations

from handlers.acts import record
from handlers.card_view import as_choice, drawn
from handlers.catalog import action, command
from handlers.desk import Desk
from handlers.finding import deal_by_id
from handlers.refusals import Gone
from handlers.reply import Button, Reply, lines, rows
from handlers.request import Request
from kb.objections.normalise import has_hanzi
from kb.objections.search import SURE, Hit
from storage.tables import Deal
from storage.tables_cards import Card, LookUp

QUERY_CHARACTERS = 500
SEARCHED_CHARACTERS = 4096
OFFERED = 5
AS_TYPED_FROM = 2  # characters


@command("obj", "objection", "异议", "话术", "应答", "客户说", quotes=True)
def obj(request: Request, desk: Desk) -> Reply:
    """Looks an objection up; without words shows the five for the stage of the deal in hand."""
    return look_up(request, desk) if request.text.strip() else _five(desk)


@action("pick-card")
def look_up_kept(request: Request, desk: Desk) -> Reply:
    """Looks up what a person had typed or forwarded: `pick-card:<draft>`."""
    draft = desk.memory.drafts.get(desk.account.platform, desk.account.id, request.number(0))
    if draft is None or draft.kind != "pick":
        raise Gone
    return look_up(request.saying(str(draft.data["text"])), desk)


def look_up(request: Request, desk: Desk) -> Reply:
    """The best card for what was typed; nothing fitting is said so, and kept for the manager."""
    return _answered(request, desk, _hits(request.text, desk))


def sure_answer(request: Request, desk: Desk) -> Reply | None:
    """The card when the look-up is sure of it, else None."""
    hits = _hits(request.text, desk)
    return _answered(request, desk, hits) if hits and hits[0].score >= SURE else None


def is_sure(text: str, desk: Desk) -> bool:
    """Whether the look-up is sure that this is an objection."""
    hits = _hits(text, desk, 1)
    return bool(hits) and hits[0].score >= SURE


def as_typed(request: Request, desk: Desk) -> Reply:
    """Cards as somebody types, to be picked and sent into any chat."""
    if len(request.text.strip()) < AS_TYPED_FROM:
        return Reply()
    cards = (_card(desk, hit.card_id) for hit in _hits(request.text, desk, OFFERED))
    return Reply(choices=tuple(as_choice(card) for card in cards if card is not None))


@action("card")
def shown(request: Request, desk: Desk) -> Reply:
    """One card, picked from a list: `card:<card>`."""
    card = _card(desk, request.number(0))
    if card is None:
        raise Gone
    return _drawn(desk, card, _kept(desk, "", [card.id]), sure=True)


@action("obj-next")
def next_card(request: Request, desk: Desk) -> Reply:
    """The next card that was found, in the place of the one shown: `obj-next:<look-up>`."""
    lookup = _look_up(request, desk)
    at = (lookup.at_shown + 1) % max(1, len(lookup.shown))
    lookup.at_shown = at
    desk.memory.lookups.changed(lookup)
    card = _card(desk, int(lookup.shown[at])) if lookup.shown else None
    if card is None:
        raise Gone
    return _drawn(desk, card, lookup, sure=True).editing()


@action("obj-yes")
def landed(request: Request, desk: Desk) -> Reply:
    """It landed: `obj-yes:<look-up>`."""
    return _outcome(desk, _look_up(request, desk), landed=True)


@action("obj-no")
def did_not_land(request: Request, desk: Desk) -> Reply:
    """It did not: `obj-no:<look-up>`."""
    return _outcome(desk, _look_up(request, desk), landed=False)


@action("obj-deal")
def attach(request: Request, desk: Desk) -> Reply:
    """Puts the objection on a deal: `obj-deal:<look-up>` asks, `obj-deal:<look-up>:<deal>` does."""
    lookup = _look_up(request, desk)
    if not request.word(1):
        buttons = [
            Button(deal.customer.name, f"obj-deal:{lookup.id}:{deal.id}") for deal in _recent(desk)
        ]
        key = "objections.which_deal" if buttons else "deals.none"
        return Reply(desk.words.say(key), buttons=rows(buttons))
    deal = deal_by_id(desk, request.number(1))
    card = _shown_card(desk, lookup)
    lookup.deal_id = deal.id
    desk.memory.lookups.changed(lookup)
    record(desk, deal, "objection", note=card.objection if card is not None else lookup.query)
    said = desk.words.say("objections.attached", name=deal.customer.name)
    return Reply(said, about=deal.id).editing()


def _answered(request: Request, desk: Desk, hits: list[Hit]) -> Reply:
    cards = [card for hit in hits if (card := _card(desk, hit.card_id)) is not None]
    lookup = _kept(desk, request.text, [card.id for card in cards])
    if cards:
        return _drawn(desk, cards[0], lookup, sure=hits[0].score >= SURE)
    buttons = []
    if desk.may("manager"):
        buttons.append(Button(desk.words.line("objections.write_it"), f"card-write:{lookup.id}"))
    said = desk.words.say("objections.nothing", query=request.text.strip()[:200])
    return Reply(said, buttons=rows(buttons))


def _hits(text: str, desk: Desk, limit: int = 3) -> list[Hit]:
    """The cards found, one for each idea: a translation of a better hit is left out."""
    found = desk.cards().search(text.strip()[:SEARCHED_CHARACTERS], limit=limit + 3)
    ideas: dict[str, Hit] = {}
    for hit in found:
        card = _card(desk, hit.card_id)
        if card is not None and _speaks_to(text, card, hit, desk):
            ideas.setdefault(card.key, hit)
    return list(ideas.values())[:limit]


def _speaks_to(text: str, card: Card, hit: Hit, desk: Desk) -> bool:
    """A guess in a language that neither the line nor the member uses helps nobody."""
    return hit.score >= SURE or card.language == desk.words.language or has_hanzi(text)


def _card(desk: Desk, card_id: int | str) -> Card | None:
    card = desk.memory.cards.get(desk.team.id, int(card_id))
    return card if card is not None and card.state == "approved" else None


def _drawn(desk: Desk, card: Card, lookup: LookUp, *, sure: bool) -> Reply:
    words, key = desk.words, lookup.id
    buttons = [
        Button(words.line("objections.landed"), f"obj-yes:{key}"),
        Button(words.line("objections.did_not"), f"obj-no:{key}"),
        Button(words.line("objections.attach"), f"obj-deal:{key}"),
    ]
    if len(lookup.shown) > 1:
        buttons.insert(0, Button(words.line("objections.next"), f"obj-next:{key}"))
    unsure = () if sure else words.say("objections.closest")
    return Reply(lines(unsure, drawn(card)), buttons=rows(buttons))


def _outcome(desk: Desk, lookup: LookUp, *, landed: bool) -> Reply:
    card = _shown_card(desk, lookup)
    lookup.landed, lookup.used_card_id = landed, card.id if card is not None else None
    desk.memory.lookups.changed(lookup)
    if not landed and len(lookup.shown) > 1 and card is not None:
        following = Button(desk.words.line("objections.next"), f"obj-next:{lookup.id}")
        return Reply(desk.words.say("objections.did_not_land"), buttons=((following,),))
    key = "objections.good" if landed else "objections.did_not_land"
    attach_it = Button(desk.words.line("objections.attach"), f"obj-deal:{lookup.id}")
    toast = desk.words.line("objections.kept")
    return Reply(desk.words.say(key), buttons=((attach_it,),), toast=toast)


def _shown_card(desk: Desk, lookup: LookUp) -> Card | None:
    if not lookup.shown:
        return None
    return desk.memory.cards.get(desk.team.id, int(lookup.shown[lookup.at_shown]))


def _look_up(request: Request, desk: Desk) -> LookUp:
    found = desk.memory.lookups.get(desk.team.id, desk.member.id, request.number(0))
    if found is None:
        raise Gone
    return found


def _kept(desk: Desk, query: str, shown: list[int]) -> LookUp:
    held = _in_hand(desk)
    return desk.memory.lookups.add(
        LookUp(
            team_id=desk.team.id,
            member_id=desk.member.id,
            query=query.strip()[:QUERY_CHARACTERS],
            deal_id=held.id if held is not None else None,
            shown=shown,
            at=desk.now,
        )
    )


def _five(desk: Desk) -> Reply:
    """Cards of the deal in hand's stage first, in the member's language."""
    held = _in_hand(desk)
    own = [c for c in desk.memory.cards.in_use(desk.team.id) if c.language == desk.words.language]
    stage = held.stage if held is not None else "negotiation"
    ordered = sorted(own, key=lambda card: stage not in card.stages)
    buttons = [Button(card.objection, f"card:{card.id}") for card in ordered[:OFFERED]]
    said = desk.words.say("objections.five" if buttons else "objections.no_cards")
    return Reply(said, buttons=rows(buttons, 1))


def _in_hand(desk: Desk) -> Deal | None:
    deal_id = desk.member.deal_in_hand_id
    return desk.memory.deals.get(desk.scope, deal_id) if deal_id else None


def _recent(desk: Desk) -> list[Deal]:
    """The deal in hand, then those last active."""
    live = desk.memory.deals.within(desk.scope, ("live",))
    held = _in_hand(desk)
    ordered = sorted(live, key=lambda deal: deal.last_activity_at, reverse=True)
    first = [held] if held is not None and held.status == "live" else []
    return [*first, *(deal for deal in ordered if deal not in first)][:OFFERED]
