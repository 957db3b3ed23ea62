"""The home page: a member's day, deals by stage, funnel and settings.

Also the few things to ask for that fit the moment.
"""

from __future__ import annotations

from collections.abc import Iterator

from handlers.contract.desk import Desk, Lobby
from handlers.contract.refusals import Refusal, render_refusal
from handlers.contract.reply import Button, Reply, bold, lines, rows
from handlers.contract.request import Request
from handlers.deals.channel_deal import find_channel_deal
from handlers.deals.deal_view import get_stage_name, render_deal_row
from handlers.deals.find_deal import find_deal_in_hand
from handlers.digest import daily_digest
from handlers.objections import look_up
from handlers.reports import funnel_overview
from handlers.selling.deal_list import sort_by_attention
from handlers.team import settings
from kb.states import DealStatus
from storage.tables.people_and_deals import Deal

DEALS_OF_A_STAGE = 5  # deals shown of each stage
DEALS_IN_ALL = 25  # and in all
PROMPT_CHARACTERS = 60


def render_sections(room: Desk | Lobby) -> tuple[Reply, ...]:
    """The page from top to bottom; somebody in no team is told how to come in."""
    if not isinstance(room, Desk):
        buttons = [
            Button(room.words.line("team.onboarding.make_team"), "found"),
            Button(room.words.line("team.onboarding.have_invite"), "redeem"),
        ]
        return (Reply(room.words.say("team.onboarding.stranger"), buttons=rows(buttons)),)
    asked = Request("home", room.account)
    return (
        daily_digest.render_day(room, "digest.daily_digest.title", 0),
        *_render_stages(room),
        _run_command(room, asked, "funnel"),
        _run_command(room, asked, "settings"),
    )


def suggest_prompts(room: Desk | Lobby, channel: str = "") -> list[tuple[str, str]]:
    """What to ask for now, as a title and what is then said: the day, likely objections.

    `channel` is the name of the channel the person looks at: the deal it speaks of comes first, and
    the objections are those of its stage instead of the deal in hand's. Asking takes it in hand.
    """
    if not isinstance(room, Desk):
        return [(room.words.line("team.onboarding.make_team"), "start")]
    words = room.words
    viewed = find_channel_deal(channel, room) if channel else None
    offered = [(words.line("team.onboarding.today"), "today")]
    if viewed is not None:
        about = words.line("home_page.about", customer=viewed.customer)
        offered.insert(0, (about, f"deal {viewed.customer}"))
    likely = look_up.list_most_heard(room, viewed.deal if viewed else find_deal_in_hand(room))
    offered += [(card.objection, f"obj {card.objection}") for card in likely]
    return [(title[:PROMPT_CHARACTERS], line) for title, line in offered]


def _render_stages(desk: Desk) -> Iterator[Reply]:
    """The member's own live deals, stage after stage, each with the taps that move it on."""
    mine = [d for d in desk.memory.deals.within(desk.scope, (DealStatus.LIVE,)) if _is_own(desk, d)]
    left = DEALS_IN_ALL
    for stage in dict.fromkeys(
        deal.stage for deal in sorted(mine, key=lambda d: _find_stage_rank(desk, d))
    ):
        here = sort_by_attention(desk, [deal for deal in mine if deal.stage == stage])
        shown = here[: min(DEALS_OF_A_STAGE, left)]
        left -= len(shown)
        if not shown:
            return
        title = desk.words.say("home_page.stage", stage=get_stage_name(desk, stage), n=len(here))
        yield Reply(lines(title))
        for deal in shown:
            yield Reply(render_deal_row(desk, deal), buttons=rows(_make_buttons(desk, deal), 4))
        if len(here) > len(shown):
            label = desk.words.line("home_page.all", n=len(here))
            button = Button(label, f"list:0:1:{stage}")
            yield Reply(lines(bold("…")), buttons=((button,),))


def _is_own(desk: Desk, deal: Deal) -> bool:
    return deal.owner_id == desk.member.id


def _find_stage_rank(desk: Desk, deal: Deal) -> int:
    keys = [stage.key for stage in desk.funnel.stages]
    return keys.index(deal.stage) if deal.stage in keys else len(keys)


def _make_buttons(desk: Desk, deal: Deal) -> list[Button]:
    words = desk.words
    due = deal.next_step_at is not None and deal.next_step_at <= desk.now
    first = Button(words.line("nudges.nudge.answer_done"), f"done:{deal.id}") if due else None
    taps = [
        Button(words.line("selling.deal_list.do_step"), f"step:{deal.id}"),
        Button(words.line("selling.deal_list.do_note"), f"note:{deal.id}"),
        Button(words.line("undo.see"), f"open:{deal.id}"),
    ]
    return [first, *taps] if first is not None else taps


def _run_command(desk: Desk, request: Request, name: str) -> Reply:
    """What a command answers, also where it refuses."""
    handler = {"funnel": funnel_overview.funnel, "settings": settings.settings}[name]
    try:
        with desk.memory.savepoint():
            return handler(request, desk)
    except Refusal as refusal:
        return render_refusal(refusal, request, desk)
