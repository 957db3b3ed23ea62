"""`play`: what works for a deal where it stands, and what wins it back once it has left."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.reply import Button, Reply, Text, lines, rows
from handlers.contract.request import Request
from handlers.deals.deal_view import headline
from handlers.deals.find_deal import EVERY, deal_by_id, find_deal
from handlers.deals.stage_checks import fix_button, missing_checks
from kb.funnel.stages.playbook import WinBack, find_win_back
from kb.states import DealStatus
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
    if deal.status in (DealStatus.LOST, DealStatus.PARKED):
        return _way_back(desk, deal)
    words = desk.words
    left = leaving_lines(desk, deal) if deal.status == DealStatus.LIVE else []
    text = lines(
        headline(desk, deal),
        *play_lines(desk, deal),
        words.say("selling.playbook.why_they_leave") if left else (),
        *left,
        uplift_line(desk, deal),
    )
    open_ = missing_checks(desk, deal) if deal.status == DealStatus.LIVE else ()
    buttons = [fix_button(desk, deal, check.what) for check in open_[:MENDED]]
    if deal.status == DealStatus.LIVE:
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


def play_lines(desk: Desk, deal: Deal) -> list[Text]:
    """The moves that work in the deal's stage."""
    plays = desk.funnel.stage(deal.stage).play[desk.words.language]
    return [desk.words.say("selling.move.play", play=play) for play in plays]


def way_back_lines(desk: Desk, deal: Deal) -> list[Text]:
    """Why people leave where the deal stands, for its reason, and what wins them back."""
    leaving = find_win_back(desk.funnel.stage(deal.stage).leave, deal.lost_reason)
    return _leaving_lines(desk, [leaving] if leaving is not None else [])


def leaving_lines(desk: Desk, deal: Deal) -> list[Text]:
    """Every reason why people leave where the deal stands, with what wins them back."""
    return _leaving_lines(desk, desk.funnel.stage(deal.stage).leave)


def uplift_line(desk: Desk, deal: Deal) -> Text:
    """What bringing people back here is worth, where the funnel says it."""
    uplift = desk.funnel.stage(deal.stage).uplift
    return desk.words.say("selling.playbook.uplift", percent=f"{uplift:f}") if uplift else ()


def _leaving_lines(desk: Desk, leaving: Sequence[WinBack]) -> list[Text]:
    language = desk.words.language
    said: list[Text] = []
    for each in leaving:
        said.append(desk.words.say("selling.playbook.leave", why=each.why[language]))
        said.append(desk.words.say("selling.playbook.back", back=each.back[language]))
    return said
