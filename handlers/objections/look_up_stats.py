"""Look-up statistics: objections heard by stage, and how often a card's line lands."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.reply import Button, Reply, Text, bold, lines, rows, text_of
from handlers.contract.request import Request
from handlers.deals.deal_view import get_stage_name
from handlers.deals.find_pipeline import list_stages
from kb.funnel.figures.confidence import Share
from storage.tables.cards import Card

COUNTED_PERIOD = timedelta(days=90)
SHOWN_A_STAGE = 2  # objections
CARDS_SHOWN = 5


@command("objections", "heard", "异议统计", "异议排行", "异议分析", takes=False)
def show_most_heard(request: Request, desk: Desk) -> Reply:
    """The objections heard lately, by stage: the rep's own, or those of a manager's people."""
    heard = desk.memory.lookups.count_heard(desk.scope, desk.now - COUNTED_PERIOD)
    cards = _load_cards(desk)
    by_stage: dict[str, Counter[str]] = defaultdict(Counter)
    for row in heard:
        if row.card_id in cards:
            by_stage[row.stage][cards[row.card_id].key] += row.times
    if not by_stage:
        return Reply(desk.words.say("objections.look_up_stats.none_heard"))
    total = sum(sum(counts.values()) for counts in by_stage.values())
    title = desk.words.say("objections.look_up_stats.heard", n=total, days=COUNTED_PERIOD.days)
    stages = [stage.key for stage in list_stages(desk) if stage.key in by_stage]
    text = [
        _render_stage(desk, stage, by_stage[stage])
        for stage in [*stages, *_list_unknown_stages(by_stage, desk)]
    ]
    which = Button(desk.words.line("objections.look_up_stats.what_lands"), "obj-lands")
    return Reply(lines(title, *text), buttons=((which,),))


@action("obj-lands")
def show_what_lands(request: Request, desk: Desk) -> Reply:
    """The cards heard most, each with how often its line landed: `obj-lands`."""
    cards, used = _load_cards(desk), Counter[str]()
    for row in desk.memory.lookups.count_heard(desk.scope, desk.now - COUNTED_PERIOD):
        if row.card_id in cards:
            used[cards[row.card_id].key] += row.times
    most = [_find_card(desk, key) for key, _ in used.most_common(CARDS_SHOWN)]
    shown = [card for card in most if card is not None]
    text = [lines(bold(card.objection), render_numbers(desk, card)) for card in shown]
    buttons = [Button(card.objection, f"card:{card.id}") for card in shown]
    title = desk.words.say("objections.look_up_stats.what_lands_title", days=COUNTED_PERIOD.days)
    return Reply(lines(title, *text), buttons=rows(buttons, 1))


def render_numbers(desk: Desk, card: Card) -> Text:
    """How often the card's line landed, and how the deals it was used in ended.

    Shares come with a 95 % interval and n. Translations and merged cards count with the card.
    """
    every = desk.memory.cards.list_all(desk.team.id)
    same = {each.id for each in every if each.key == card.key}
    same |= {each.id for each in every if each.merged_into_id in same}
    found = desk.memory.lookups.count_outcomes(desk.team.id, same)
    landed = Share(found.landed, found.landed + found.missed)
    won = Share(found.won, found.won + found.lost)
    return lines(
        desk.words.say("objections.look_up_stats.times_shown", n=found.shown),
        _render_share(desk, "landed_share", landed),
        _render_share(desk, "won_share", won),
    )


def _render_share(desk: Desk, key: str, share: Share) -> Text:
    if not share.enough:
        return desk.words.say(f"objections.look_up_stats.{key}_unknown", n=share.whole)
    low, middle, high = (round(100 * part) for part in (share.low, share.share, share.high))
    return desk.words.say(
        f"objections.look_up_stats.{key}",
        part=share.part,
        whole=share.whole,
        share=middle,
        low=low,
        high=high,
    )


def _render_stage(desk: Desk, stage: str, counts: Counter[str]) -> Text:
    most = counts.most_common(SHOWN_A_STAGE)
    told = (f"{_find_name(desk, key)} {desk.words.number(count)}" for key, count in most)
    known = any(each.key == stage for each in list_stages(desk))
    where = (
        get_stage_name(desk, stage)
        if known
        else desk.words.line("objections.look_up_stats.no_stage")
    )
    number = desk.words.number(sum(counts.values()))
    colon = desk.words.line("contract.common.colon")
    return text_of(bold(where), f" ({number}){colon}", " · ".join(told))


def _list_unknown_stages(by_stage: dict[str, Counter[str]], desk: Desk) -> list[str]:
    """The stages that are not in the funnel any more; '' stands for no stage."""
    known = {stage.key for stage in list_stages(desk)}
    return sorted(stage for stage in by_stage if stage not in known)


def _load_cards(desk: Desk) -> dict[int, Card]:
    return {card.id: card for card in desk.memory.cards.list_all(desk.team.id)}


def _find_card(desk: Desk, key: str) -> Card | None:
    """The card in use of this key, preferably in the member's language."""
    same = [card for card in desk.memory.cards.list_approved(desk.team.id) if card.key == key]
    same.sort(key=lambda card: card.language != desk.words.language)
    return same[0] if same else None


def _find_name(desk: Desk, key: str) -> str:
    card = _find_card(desk, key)
    return card.objection if card is not None else key
