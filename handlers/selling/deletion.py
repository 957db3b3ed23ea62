"""`delete`: takes a deal that was entered by mistake out of everything; undo brings it back.

What is not brought back is erased with all that hangs on it, a day later.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.reply import Button, Reply, lines
from handlers.contract.request import Request
from handlers.deals.deal_view import render_headline
from handlers.deals.find_deal import EVERY, find_deal, get_deal
from handlers.deals.record import offer_undo, record
from handlers.deals.steps import drop_all
from kb.states import DealStatus, EventKind
from storage.unit_of_work import UnitOfWork

ERASED_AFTER = timedelta(days=1)


@command("delete", "delete deal", "删除", "删除商机", "删掉", "删了", glues=False)
def delete(request: Request, desk: Desk) -> Reply:
    """Asks whether a deal shall go; nothing is changed before the tap."""
    deal, _rest = find_deal(request, desk, "delete", EVERY)
    said = lines(
        desk.words.say("selling.deletion.ask", deal=render_headline(desk, deal)),
        desk.words.say("selling.deletion.means"),
    )
    buttons = (
        Button(desk.words.line("selling.deletion.do_delete"), f"delete:{deal.id}"),
        Button(desk.words.line("selling.deletion.do_lost"), f"lost:{deal.id}"),
        Button(desk.words.line("selling.deletion.do_keep"), f"open:{deal.id}"),
    )
    return Reply(said, buttons=(buttons,), about=deal.id)


@action("delete")
def delete_by_tap(request: Request, desk: Desk) -> Reply:
    """Takes a deal out of everything, with its booked steps: `delete:<deal>`."""
    deal = get_deal(desk, request.number(0))
    changes = {"status": DealStatus.WITHDRAWN, **drop_all(desk.memory, deal)}
    event = record(desk, deal, EventKind.DELETED, changes)
    said = desk.words.say("selling.deletion.done", name=deal.customer.name)
    return Reply(said, buttons=((offer_undo(desk, event),),)).in_place()


def erase_deleted(memory: UnitOfWork, now: datetime) -> int:
    """Erases what was deleted a day ago and not brought back; how many deals."""
    deals = memory.erasures.list_deleted(now - ERASED_AFTER)
    for deal in deals:
        memory.erasures.erase(deal)
    return len(deals)
