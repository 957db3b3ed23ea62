"""`undo`: takes one's own latest act back while its window is open.

An act on one deal is taken back by a compensating event, any other by the undoer of its kind; one
that has no undoer is named, and why it stays is said.
"""

from __future__ import annotations

from dataclasses import replace

from handlers.contract.act_log import UNDOERS, ActKind, list_acts, mark_undone
from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.refusals import ChoiceNeeded, NotFound, TextRefusal
from handlers.contract.reply import Button, Reply, Text, lines
from handlers.contract.request import Request
from handlers.deals.deal_view import render_headline
from handlers.deals.record import UNDO_WINDOW, take_back
from handlers.nudges import nudge
from kb.states import DealStatus, EventKind
from storage.tables.people_and_deals import Audit, Event

EVENTS_READ = 400  # own events; a bulk change and its undo write one for each deal
ACTS_READ = 40  # own facts of the audit


# A hand-over is logged as one act, however many deals went with it, and taken back as one.
NEVER_UNDONE = frozenset({EventKind.UNDONE, EventKind.RESTAGED, EventKind.HANDED_OVER})


@command("undo", "撤销", "撤回", "撤消", "撤销上一步", takes=False)
def undo(request: Request, desk: Desk) -> Reply:
    """Takes the member's latest act back, on a deal or beside deals."""
    event, act = _find_last_event(desk), next(iter(list_acts(desk, ACTS_READ)), None)
    if act is not None and (event is None or act.data["event"] >= event.id):
        return _take_act_back(desk, act)
    if event is not None:
        return _take_back(desk, event)
    raise ChoiceNeeded("undo.nothing")


def _find_last_event(desk: Desk) -> Event | None:
    recent = desk.memory.events.list_last_by(desk.team.id, desk.member.id, EVENTS_READ)
    undone = {event.undoes_id for event in recent}
    left = (e for e in recent if e.kind not in NEVER_UNDONE and e.id not in undone)
    return next(left, None)


@action("undo-act")
def undo_act_by_tap(request: Request, desk: Desk) -> Reply:
    """Takes back the logged act a button stands under: `undo-act:<act>`."""
    act = desk.memory.members.get_audit(desk.team.id, request.number(0))
    if act is None or act.member_id != desk.member.id or "event" not in act.data:
        raise NotFound
    if act.id not in {each.id for each in list_acts(desk, ACTS_READ)}:
        raise ChoiceNeeded("undo.already")
    return _take_act_back(desk, act).in_place()


def _take_act_back(desk: Desk, act: Audit) -> Reply:
    kind = ActKind(act.kind)
    if desk.now - act.at > UNDO_WINDOW:
        raise ChoiceNeeded("undo.too_late", n=_count_window_minutes())
    undoer = UNDOERS.get(kind)
    if undoer is None:
        raise ChoiceNeeded("undo.cannot", what=_name_act(desk, act), why=_explain(desk, kind))
    reply = undoer(desk, act)
    mark_undone(desk, act)
    return reply


def _name_act(desk: Desk, act: Audit) -> str:
    return desk.words.line(f"undo.act_{act.kind.replace(' ', '_')}", **act.data["names"])


def _explain(desk: Desk, kind: ActKind) -> Text:
    return desk.words.say(f"undo.why_{kind.replace(' ', '_')}")


def _count_window_minutes() -> int:
    return int(UNDO_WINDOW.total_seconds() // 60)


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
    see = Button(desk.words.line("undo.see"), f"open:{deal.id}")
    if desk.now - event.at > UNDO_WINDOW:
        raise ChoiceNeeded("undo.too_late", see, n=_count_window_minutes())
    if desk.memory.events.is_undone(event.id):
        raise ChoiceNeeded("undo.already", see)
    opened = take_back(desk, deal, event)
    if opened is None:
        raise TextRefusal("undo.changed_since", see, name=deal.customer.name)
    what = desk.words.line(f"selling.deal_list.event_{event.kind}")
    if deal.status == DealStatus.WITHDRAWN:
        return Reply(desk.words.say("undo.withdrawn", name=deal.customer.name))
    said = desk.words.say("undo.done", what=what, deal=render_headline(desk, deal))
    asked = nudge.ask_again(desk, deal) if opened else None
    if asked is not None:
        return replace(asked, text=lines(said, asked.text))
    return Reply(said, buttons=((see,),), about=deal.id)
