"""`undo`: takes one's own latest act back while its window is open, by a compensating event."""

from __future__ import annotations

from dataclasses import replace

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.refusals import ChoiceNeeded, NotFound, TextRefusal
from handlers.contract.reply import Button, Reply, lines
from handlers.contract.request import Request
from handlers.deals.deal_view import render_headline
from handlers.deals.followers import DealChange, follow_undo
from handlers.deals.record import UNDO_WINDOW
from handlers.nudges import nudge
from kb.states import DealStatus, EventKind
from storage.tables.people_and_deals import Event

EVENTS_READ = 20  # own events; more acts than that do not fit into the window


# A hand-over belongs to somebody's leaving: one deal of it taken back would belong to nobody.
NEVER_UNDONE = frozenset({EventKind.UNDONE, EventKind.RESTAGED, EventKind.HANDED_OVER})


@command("undo", "撤销", "撤回", "撤消", "撤销上一步", takes=False)
def undo(request: Request, desk: Desk) -> Reply:
    """Takes the member's latest act back."""
    recent = desk.memory.events.list_last_by(desk.team.id, desk.member.id, EVENTS_READ)
    undone = {event.undoes_id for event in recent}
    for event in recent:
        if event.kind not in NEVER_UNDONE and event.id not in undone:
            return _take_back(desk, event)
    raise ChoiceNeeded("undo.nothing")


@action("undo")
def undo_by_tap(request: Request, desk: Desk) -> Reply:
    """Takes back the act a button stands under."""
    event = desk.memory.events.get(desk.team.id, request.number(0))
    if event is None or event.member_id != desk.member.id or event.kind in NEVER_UNDONE:
        raise NotFound
    return _take_back(desk, event).in_place()


def _take_back(desk: Desk, event: Event) -> Reply:
    deal = desk.memory.deals.get(desk.scope, event.deal_id)
    if deal is None:
        raise NotFound
    minutes = int(UNDO_WINDOW.total_seconds() // 60)
    see = Button(desk.words.line("undo.see"), f"open:{deal.id}")
    if desk.now - event.at > UNDO_WINDOW:
        raise ChoiceNeeded("undo.too_late", see, n=minutes)
    if desk.memory.events.is_undone(event.id):
        raise ChoiceNeeded("undo.already", see)
    back = desk.memory.deals.undo(
        event, by=desk.member.id, at=desk.now, platform=desk.account.platform
    )
    if not back:
        raise TextRefusal("undo.changed_since", see, name=deal.customer.name)
    opened = desk.memory.nudges.reopen(desk.team.id, deal.id, event.at)
    follow_undo(desk, DealChange(deal, event.after))
    what = desk.words.line(f"selling.deal_list.event_{event.kind}")
    if deal.status == DealStatus.WITHDRAWN:
        return Reply(desk.words.say("undo.withdrawn", name=deal.customer.name))
    said = desk.words.say("undo.done", what=what, deal=render_headline(desk, deal))
    asked = nudge.ask_again(desk, deal) if opened else None
    if asked is not None:
        return replace(asked, text=lines(said, asked.text))
    return Reply(said, buttons=((see,),), about=deal.id)
