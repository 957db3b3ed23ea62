"""`play`: the plays for a deal's stage, and what wins a lost or parked deal back."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.reply import Button, Reply, Text, lines, rows
from handlers.contract.request import Request
from handlers.deals.deal_view import render_headline
from handlers.deals.find_deal import EVERY, find_deal, get_deal
from handlers.deals.stage_checks import find_missing_checks, offer_fix
from kb.funnel.stages.playbook import WinBack, find_win_back
from kb.states import DealStatus
from storage.tables.people_and_deals import Deal

MAX_FIXES = 2  # buttons for what is missing


@command("play", "plays", "playbook", "玩法", "打法", "怎么打", "锦囊")
def play(request: Request, desk: Desk) -> Reply:
    """Shows the plays for the named deal, or for the one in hand."""
    deal, _rest = find_deal(request, desk, "play", EVERY)
    return render_plays(desk, deal)


@action("play")
def play_by_tap(request: Request, desk: Desk) -> Reply:
    """Shows the plays from a button: `play:<deal>`."""
    return render_plays(desk, get_deal(desk, request.number(0)))


def render_plays(desk: Desk, deal: Deal) -> Reply:
    """The plays of a live deal's stage; for a lost or parked deal what wins it back."""
    desk.member.deal_in_hand_id = deal.id
    if deal.status in (DealStatus.LOST, DealStatus.PARKED):
        return _render_way_back(desk, deal)
    words = desk.words
    left = list_reasons_to_leave(desk, deal) if deal.status == DealStatus.LIVE else []
    text = lines(
        render_headline(desk, deal),
        *list_plays(desk, deal),
        words.say("selling.playbook.why_they_leave") if left else (),
        *left,
        render_uplift(desk, deal),
    )
    unmet = find_missing_checks(desk, deal) if deal.status == DealStatus.LIVE else ()
    buttons = [offer_fix(desk, deal, check.what) for check in unmet[:MAX_FIXES]]
    if deal.status == DealStatus.LIVE:
        buttons.insert(0, Button(words.line("selling.deal_list.do_step"), f"step:{deal.id}"))
    return Reply(text, buttons=rows(buttons), about=deal.id)


def _render_way_back(desk: Desk, deal: Deal) -> Reply:
    words = desk.words
    back = list_ways_back(desk, deal)
    text = lines(
        render_headline(desk, deal), *(back or list_plays(desk, deal)), render_uplift(desk, deal)
    )
    buttons = [
        Button(words.line("selling.deal_list.do_reopen"), f"reopen:{deal.id}"),
        Button(words.line("selling.deal_list.do_note"), f"note:{deal.id}"),
    ]
    return Reply(text, buttons=rows(buttons), about=deal.id)


def list_plays(desk: Desk, deal: Deal) -> list[Text]:
    """The plays of the deal's stage, a line each."""
    plays = desk.funnel.stage(deal.stage).play[desk.words.language]
    return [desk.words.say("selling.move.play", play=play) for play in plays]


def list_ways_back(desk: Desk, deal: Deal) -> list[Text]:
    """Why customers leave in the deal's stage, for its own reason, and what wins them back."""
    leaving = find_win_back(desk.funnel.stage(deal.stage).leave, deal.lost_reason)
    return _render_leaving(desk, [leaving] if leaving is not None else [])


def list_reasons_to_leave(desk: Desk, deal: Deal) -> list[Text]:
    """Every reason why customers leave in the deal's stage, with what wins them back."""
    return _render_leaving(desk, desk.funnel.stage(deal.stage).leave)


def render_uplift(desk: Desk, deal: Deal) -> Text:
    """What winning customers back in this stage is worth, where the funnel says so."""
    uplift = desk.funnel.stage(deal.stage).uplift
    return desk.words.say("selling.playbook.uplift", percent=f"{uplift:f}") if uplift else ()


def _render_leaving(desk: Desk, leaving: Sequence[WinBack]) -> list[Text]:
    language = desk.words.language
    said: list[Text] = []
    for each in leaving:
        said.append(desk.words.say("selling.playbook.leave", why=each.why[language]))
        said.append(desk.words.say("selling.playbook.back", back=each.back[language]))
    return said
