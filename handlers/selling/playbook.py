"""`play`: what works for a deal where it stands, and what wins it back once it has left."""

from __future__ import annotations

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.reply import Button, Reply, lines, rows
from handlers.contract.request import Request
from handlers.deals.deal_view import headline
from handlers.deals.find_deal import EVERY, deal_by_id, find_deal
from handlers.deals.play_lines import leaving_lines, play_lines, uplift_line, way_back_lines
from handlers.deals.stage_checks import lacks, mending
from storage.tables.people_and_deals import Deal

MENDED = 2  # what is missing, each a tap away


@command("play", "plays", "playbook", "玩法", "打法", "怎么打", "锦囊")
def play(request: Request, desk: Desk) -> Reply:
    """The plays for the stage of the deal that is named, or of the one in hand."""
    deal, _rest = find_deal(request, desk, "play", EVERY)
    return shown(desk, deal)


@action("play")
def played(request: Request, desk: Desk) -> Reply:
    """The same from a button."""
    return shown(desk, deal_by_id(desk, request.number(0)))


def shown(desk: Desk, deal: Deal) -> Reply:
    """The plays: for a live deal the stage's, for one that left the way back for its reason."""
    desk.member.deal_in_hand_id = deal.id
    if deal.status in ("lost", "parked"):
        return _way_back(desk, deal)
    words = desk.words
    left = leaving_lines(desk, deal) if deal.status == "live" else []
    text = lines(
        headline(desk, deal),
        *play_lines(desk, deal),
        words.say("selling.playbook.why_they_leave") if left else (),
        *left,
        uplift_line(desk, deal),
    )
    open_ = lacks(desk, deal) if deal.status == "live" else ()
    buttons = [mending(desk, deal, check.what) for check in open_[:MENDED]]
    if deal.status == "live":
        buttons.insert(0, Button(words.line("selling.deal_list.do_step"), f"step:{deal.id}"))
    return Reply(text, buttons=rows(buttons), about=deal.id)


def _way_back(desk: Desk, deal: Deal) -> Reply:
    words = desk.words
    back = way_back_lines(desk, deal)
    text = lines(headline(desk, deal), *(back or play_lines(desk, deal)), uplift_line(desk, deal))
    buttons = [
        Button(words.line("selling.deal_list.do_reopen"), f"reopen:{deal.id}"),
        Button(words.line("selling.deal_list.do_note"), f"note:{deal.id}"),
    ]
    return Reply(text, buttons=rows(buttons), about=deal.id)
