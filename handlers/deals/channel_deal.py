"""The deal that a channel is about: Acme's in #acme-rollout, by the channel's name alone.

A channel's name proves nothing, so it only suggests: what is found is offered, never acted on.
"""

from __future__ import annotations

from dataclasses import dataclass

from handlers.contract.desk import Desk
from handlers.reading.names.name_forms import build_forms, fold
from handlers.reading.names.name_split import COMMON_WORDS
from kb.objections.normalise import has_hanzi
from storage.tables.people_and_deals import Deal

NAME_CHARACTERS = 100  # of a channel; Slack allows 80
SHORTEST_NAME = 3  # letters; "we" or "ag" stands in too many names
SHORTEST_CHINESE = 2  # characters


@dataclass(frozen=True)
class ChannelDeal:
    """A deal and its customer's name."""

    deal: Deal
    customer: str


def find_channel_deal(channel: str, desk: Desk) -> ChannelDeal | None:
    """The newest open deal of the customer whose name stands in a channel's name.

    The longest name wins; None where no customer of the member's scope fits, or two alike.
    """
    text = fold(channel[:NAME_CHARACTERS])
    fits = [
        (length, name, deal_id)
        for deal_id, name in desk.memory.deals.list_names(desk.scope)
        if (length := _measure_fit(name, text))
    ]
    longest = max((length for length, _name, _deal in fits), default=0)
    best = {deal_id: name for length, name, deal_id in fits if length == longest}
    if len(set(best.values())) != 1:
        return None
    newest = max(best)
    deal = desk.memory.deals.get(desk.scope, newest)
    return None if deal is None else ChannelDeal(deal, best[newest])


def _measure_fit(customer: str, text: str) -> int:
    """How many characters of a customer's name stand in a folded text; 0 where it does not fit.

    They stand there as whole words, or anywhere where they are Chinese.
    """
    forms = build_forms(customer)
    for form in (forms.whole, forms.core, forms.brand):
        shortest = SHORTEST_NAME if form.isascii() else SHORTEST_CHINESE
        if len(form) < shortest or form in COMMON_WORDS:
            continue
        if f" {form} " in f" {text} " or (has_hanzi(form) and form in text):
            return len(form)
    return 0
