"""Bulk changes: many deals parked, or their next step moved, by one line.

What would change is listed first; one tap does it, and one undo takes all of it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from handlers.contract.act_log import ActKind, log_act, offer_act_undo, undoes
from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.drafts import find_draft, save_draft
from handlers.contract.refusals import ChoiceNeeded, NotFound, TextRefusal
from handlers.contract.reply import Button, Reply, lines
from handlers.contract.request import Request
from handlers.deals.attention import find_faults
from handlers.deals.deal_view import render_deal_row
from handlers.deals.record import record, take_back
from handlers.deals.steps import add_step, change_of, drop_all
from handlers.deals.when import cut_moment, read_minute, read_moment, write_minute
from handlers.reading import read_money
from handlers.reading.bulk_line import BulkLine, read_bulk
from handlers.selling.move import get_changes, get_position
from kb.funnel import move as rule
from kb.states import DealStatus, EventKind
from storage.tables.people_and_deals import Audit, Deal, Event
from storage.tables.steps import StepState

KIND = "bulk"  # of the draft that holds the deals until their tap
LISTED = 5


def answer_bulk(request: Request, desk: Desk) -> Reply | None:
    """Lists what a line would change on many deals; None where it asks for no such thing."""
    line = read_bulk(request.text)
    when = read_moment(line.day, desk) if line is not None else None
    if line is None or when is None or cut_moment(line.day, when):
        return None
    if when.at <= desk.now or (line.act == "park" and not _is_after_today(desk, when.at)):
        raise TextRefusal("selling.bulk_change.past")
    if any(said and read_money(said, desk.team.currency) is None for said in _amounts(line)):
        return None
    return _list_first(desk, line, _find_deals(desk, line), when.at)


def _amounts(line: BulkLine) -> tuple[str, str]:
    return line.under, line.over


def _is_after_today(desk: Desk, at: datetime) -> bool:
    return desk.calendar.local(at).date() > desk.calendar.local(desk.now).date()


def _find_deals(desk: Desk, line: BulkLine) -> list[Deal]:
    """The member's live deals that fit; those of their people where they have none of their own."""
    seen = desk.memory.deals.within(desk.scope, (DealStatus.LIVE,))
    found = [deal for deal in seen if deal.owner_id == desk.member.id] or list(seen)
    if line.fault == "no_step":  # whether it stalls already or not
        found = [deal for deal in found if deal.next_step_at is None]
    elif line.fault:
        faults = find_faults(desk, found)
        found = [deal for deal in found if faults.get(deal.id) == line.fault]
    return [deal for deal in found if _fits_amounts(desk, deal, line)]


def _fits_amounts(desk: Desk, deal: Deal, line: BulkLine) -> bool:
    """Whether the amount lies within the bounds; one in another currency, or none, does not."""
    for said, under in ((line.under, True), (line.over, False)):
        limit = read_money(said, desk.team.currency) if said else None
        if limit is None:
            continue
        if deal.amount is None or deal.currency != limit.currency or deal.amount == limit.amount:
            return False
        if (deal.amount < limit.amount) != under:
            return False
    return True


def _list_first(desk: Desk, line: BulkLine, found: Sequence[Deal], at: datetime) -> Reply:
    """Lists what would change, with the tap that does it."""
    if not found:
        raise ChoiceNeeded("selling.bulk_change.none")
    data = {
        "act": line.act,
        "at": write_minute(at),
        "deals": {str(deal.id): _get_mark(desk, deal) for deal in found},
    }
    draft = save_draft(desk, KIND, data)
    words, more = desk.words, len(found) - LISTED
    said = lines(
        words.say(
            f"selling.bulk_change.list_{line.act}", n=len(found), day=_say_day(desk, line.act, at)
        ),
        *(render_deal_row(desk, deal) for deal in found[:LISTED]),
        words.say("selling.hand_over.more", n=more) if more > 0 else (),
        words.say("selling.bulk_change.no_amount") if line.under or line.over else (),
    )
    do = Button(words.line(f"selling.bulk_change.do_{line.act}", n=len(found)), f"bulk:{draft.id}")
    leave = Button(words.line("contract.common.cancel"), f"bulk:{draft.id}:0")
    return Reply(said, buttons=((do, leave),))


def _say_day(desk: Desk, act: str, at: datetime) -> str:
    if act == "park":  # it wakes on a day, not at a minute
        return desk.words.day(at, desk.zone, desk.now)
    return desk.words.moment(at, desk.zone, desk.now)


def _get_mark(desk: Desk, deal: Deal) -> list[Any]:
    """What of a deal must still be as it was listed when the tap comes."""
    steps = [
        [s.id, s.at.timestamp()] for s in desk.memory.steps.list_of_deal(desk.team.id, deal.id)
    ]
    amount = str(deal.amount) if deal.amount is not None else ""
    return [deal.status.value, deal.stage, deal.owner_id, amount, steps]


@action("bulk")
def change_by_tap(request: Request, desk: Desk) -> Reply:
    """Does what was listed: `bulk:<draft>`; `bulk:<draft>:0` leaves all as it is."""
    draft = find_draft(desk, KIND, request.number(0))
    at = read_minute(str(draft.data["at"])) if draft is not None else None
    if draft is None or at is None:
        raise NotFound
    data = draft.data
    desk.memory.drafts.drop(draft)
    if request.word(1) == "0":
        return Reply(desk.words.say("selling.bulk_change.left")).in_place()
    if at <= desk.now:
        raise TextRefusal("selling.bulk_change.past")
    going = [
        desk.memory.deals.lock(deal)
        for each in data["deals"]
        if (deal := desk.memory.deals.get(desk.scope, int(each))) is not None
    ]
    going = [deal for deal in going if _get_mark(desk, deal) == data["deals"][str(deal.id)]]
    if not going:
        raise ChoiceNeeded("selling.bulk_change.all_changed")
    return _change(desk, going, str(data["act"]), at, len(data["deals"]) - len(going)).in_place()


def _change(desk: Desk, going: Sequence[Deal], act: str, at: datetime, left: int) -> Reply:
    in_hand = desk.member.deal_in_hand_id
    change = _park if act == "park" else _move_step
    events = [change(desk, deal, at) for deal in going]
    desk.member.deal_in_hand_id = in_hand  # the list was about none of them alone
    words = desk.words
    logged = log_act(
        desk,
        ActKind.BULK,
        {"deals": words.line("selling.hand_over.count", n=len(going))},
        events=[event.id for event in events],
    )
    said = words.say(f"selling.bulk_change.done_{act}", n=len(going), day=_say_day(desk, act, at))
    changed = words.say("selling.bulk_change.changed_since", n=left) if left else ()
    return Reply(lines(said, changed), buttons=((offer_act_undo(desk, logged),),))


def _park(desk: Desk, deal: Deal, at: datetime) -> Event:
    today, until = (desk.calendar.local(each).date() for each in (desk.now, at))
    decision = rule.park(get_position(deal), until, today)
    if not isinstance(decision, rule.Allowed):
        raise TextRefusal("selling.bulk_change.past")
    changes = get_changes(desk, decision) | drop_all(desk.memory, deal)
    return record(desk, deal, EventKind.PARKED, changes)


def _move_step(desk: Desk, deal: Deal, at: datetime) -> Event:
    """Moves the steps that have passed, or else the nearest; a deal without one gets one."""
    steps = list(desk.memory.steps.list_of_deal(desk.team.id, deal.id))
    moved = [step for step in steps if step.at <= desk.now] or steps[:1]
    if not moved:
        step = add_step(desk, deal, desk.words.line("nudges.nudge.follow_up"), at)
        changes = change_of(step, state=StepState.OPEN)
        return record(desk, deal, EventKind.STEP_SET, changes, step.text, nudge_answer="step")
    changes = {}
    for step in moved:
        changes |= change_of(step, at=at, anyway=False)
    return record(desk, deal, EventKind.STEP_SET, changes, moved[0].text, nudge_answer="step")


@undoes(ActKind.BULK)
def undo_bulk(desk: Desk, act: Audit) -> Reply:
    """Takes a bulk change back on every deal that has not changed since."""
    back = [each for each in act.data["events"] if _take_back(desk, each)]
    left = len(act.data["events"]) - len(back)
    if not back:
        raise TextRefusal("undo.changed_since", name=str(act.data["names"]["deals"]))
    stayed = desk.words.say("undo.bulk_stayed", n=left) if left else ()
    return Reply(lines(desk.words.say("undo.bulk_done", n=len(back)), stayed))


def _take_back(desk: Desk, event_id: int) -> bool:
    event = desk.memory.events.get(desk.team.id, event_id)
    deal = desk.memory.deals.get(desk.scope, event.deal_id) if event is not None else None
    return event is not None and deal is not None and take_back(desk, deal, event) is not None
