"""`deals` and `deal`: the list with what needs attention first, and one deal's card."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from handlers.contract.catalog import CATALOG, action, command
from handlers.contract.desk import Desk
from handlers.contract.refusals import ChoiceNeeded
from handlers.contract.reply import Button, Reply, lines, rows
from handlers.contract.request import Request
from handlers.deals.attention import find_faults
from handlers.deals.deal_view import get_stage_name, render_deal_card, render_deal_row
from handlers.deals.find_deal import EVERY, find_deal, get_deal
from handlers.deals.find_pipeline import (
    find_any_stage,
    find_pipeline,
    get_pipeline_name,
    list_stages,
)
from kb.states import DealStatus
from storage.tables.people_and_deals import Deal

PAGE = 5
IN = "@"  # stands before a pipeline's key where a stage's could stand
# How deals end, by the command that does it and by its own word.
STATUS_NAMED = {
    "won": DealStatus.WON,
    "lost": DealStatus.LOST,
    "park": DealStatus.PARKED,
    "parked": DealStatus.PARKED,
}
EVERYBODY = frozenset({"all", "team", "全部", "团队"})


@command(
    "deals", "mydeals", "商机列表", "我的商机", "所有商机", "全部商机", "商机清单",
    "客户列表", "我的客户", "我的单子", "列表",
)  # fmt: skip
def deals(request: Request, desk: Desk) -> Reply:
    """Lists the member's deals, what needs attention first; a stage or pipeline narrows it."""
    words = request.text.split()
    said = " ".join(word for word in words if word.casefold() not in EVERYBODY)
    mine = len(said.split()) == len(words) and not _has_no_own_deals(desk)
    if not said:
        return render_list(desk, "", mine=mine, page=0)
    pipeline = find_pipeline(said, desk) if desk.pipelines.several else None
    stage = f"{IN}{pipeline}" if pipeline else find_any_stage(said, desk)
    ending = CATALOG.find_command(said)
    stage = stage or STATUS_NAMED.get(ending.name if ending else said.casefold())
    return render_list(desk, stage, mine=mine, page=0) if stage else deal(request, desk)


def _has_no_own_deals(desk: Desk) -> bool:
    """Whether the member has no deals of their own but sees other people's."""
    owners = {each.owner_id for each in desk.memory.deals.within(desk.scope)}
    return bool(owners) and desk.member.id not in owners


@command("deal", "商机", "查看", "查询", "查一下", "看一下", "查", "看")
def deal(request: Request, desk: Desk) -> Reply:
    """Shows one deal's card."""
    found, _rest = find_deal(request, desk, "deal", EVERY)
    desk.member.deal_in_hand_id = found.id
    return render_deal_card(desk, found)


@action("open")
def open_by_tap(request: Request, desk: Desk) -> Reply:
    """Shows one deal's card from a button: `open:<deal>`."""
    found = get_deal(desk, request.number(0))
    desk.member.deal_in_hand_id = found.id
    return render_deal_card(desk, found)


@action("list")
def turn_page(request: Request, desk: Desk) -> Reply:
    """Shows another page of the list: `list:<page>:<mine 1 or 0>:<stage>`."""
    stage = request.word(2)
    pipelines = (f"{IN}{key}" for key in desk.pipelines.funnels)
    keys = (*(each.key for each in list_stages(desk)), *STATUS_NAMED.values(), *pipelines)
    known = stage if stage in keys else ""
    mine = request.word(1) == "1"
    return render_list(desk, known, mine=mine, page=request.number(0)).in_place()


def render_list(desk: Desk, stage: str, *, mine: bool, page: int) -> Reply:
    """A page of the list; `stage` is a stage's key, a status that ends a deal, or `@<pipeline>`."""
    found = _find_deals(desk, stage)
    if mine:
        found = [each for each in found if each.owner_id == desk.member.id]
    if not found:
        raise ChoiceNeeded("selling.deal_list.none_here" if stage else "selling.deal_list.none")
    last = (len(found) - 1) // PAGE
    page = min(page, last)
    shown = found[page * PAGE : (page + 1) * PAGE]
    title = desk.words.say("selling.deal_list.title", n=len(found))
    if stage:
        title = desk.words.say(
            "selling.deal_list.title_stage", n=len(found), stage=_get_list_name(desk, stage)
        )
    buttons = [*_offer_deals(shown), *_offer_pages(desk, page, last, mine=mine, stage=stage)]
    return Reply(
        lines(title, *(render_deal_row(desk, each) for each in shown)), buttons=rows(buttons)
    )


def _find_deals(desk: Desk, stage: str) -> list[Deal]:
    deals_ = desk.memory.deals
    if stage.startswith(IN):
        found = deals_.within(desk.scope, pipeline=stage.removeprefix(IN))
        return sort_by_attention(desk, found)
    if stage in STATUS_NAMED.values():
        ended = deals_.within(desk.scope, (DealStatus(stage),))
        return sorted(ended, key=lambda each: each.last_activity_at, reverse=True)
    return sort_by_attention(desk, deals_.within(desk.scope, stage=stage))


def _get_list_name(desk: Desk, stage: str) -> str:
    if stage in STATUS_NAMED.values():
        return desk.words.line(f"selling.deal_list.status_{stage}")
    if stage.startswith(IN):
        return get_pipeline_name(desk, stage.removeprefix(IN))
    return get_stage_name(desk, stage)


def sort_by_attention(desk: Desk, found: Sequence[Deal]) -> list[Deal]:
    """Sorts deals: overdue steps, stalled, due within a day, no next step, booked, parked."""
    faults = find_faults(desk, found)

    def rank(deal: Deal) -> tuple[int, float]:
        if deal.status == DealStatus.PARKED:
            return 5, float(deal.id)
        fault = faults.get(deal.id)
        if fault == "stalled" or deal.next_step_at is None:
            return (1 if fault == "stalled" else 3), deal.last_activity_at.timestamp()
        due = deal.next_step_at.timestamp()
        if fault == "overdue":
            return 0, due
        return (2 if deal.next_step_at - desk.now <= timedelta(days=1) else 4), due

    return sorted(found, key=rank)


def _offer_deals(shown: Sequence[Deal]) -> list[Button]:
    return [Button(each.customer.name, f"open:{each.id}") for each in shown]


def _offer_pages(desk: Desk, page: int, last: int, *, mine: bool, stage: str) -> list[Button]:
    turns = [(page - 1, "contract.common.back"), (page + 1, "contract.common.more")]
    return [
        Button(desk.words.line(key), f"list:{to}:{int(mine)}:{stage}")
        for to, key in turns
        if 0 <= to <= last
    ]
