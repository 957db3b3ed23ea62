"""What stands on a member's home page before they ask: today, deals by stage, funnel, settings.

Also the few things to ask for that fit the moment.
"""

from __future__ import annotations

from collections.abc import Iterator

from handlers import funnels, objections, settings, today
from handlers.deal_view import deal_row, stage_name
from handlers.deals import by_attention
from handlers.desk import Desk, Lobby
from handlers.refusals import Refusal, put
from handlers.reply import Button, Reply, bold, lines, rows
from handlers.request import Request
from storage.tables import Deal

A_STAGE = 5  # deals shown of each stage
DEALS = 25  # and in all
PROMPT_CHARACTERS = 60


def sections(room: Desk | Lobby) -> tuple[Reply, ...]:
    """The page from top to bottom; somebody in no team is told how to come in."""
    if not isinstance(room, Desk):
        buttons = [
            Button(room.words.line("welcome.make_team"), "found"),
            Button(room.words.line("welcome.have_invite"), "redeem"),
        ]
        return (Reply(room.words.say("welcome.stranger"), buttons=rows(buttons)),)
    asked = Request("home", room.account)
    return (
        today.shown(room, "today.title", 0),
        *_by_stage(room),
        _asked(room, asked, "funnel"),
        _asked(room, asked, "settings"),
    )


def prompts(room: Desk | Lobby) -> list[tuple[str, str]]:
    """What to ask for now, as a title and what is then said: the day, likely objections."""
    if not isinstance(room, Desk):
        return [(room.words.line("welcome.make_team"), "start")]
    words = room.words
    offered = [(words.line("welcome.today"), "today")]
    five = objections.obj(Request("prompts", room.account), room)
    labels = [button.label for row in five.buttons for button in row]
    offered += [(label[:PROMPT_CHARACTERS], f"obj {label}") for label in labels]
    return offered


def _by_stage(desk: Desk) -> Iterator[Reply]:
    """The member's own live deals, stage after stage, each with the taps that move it on."""
    mine = [d for d in desk.memory.deals.within(desk.scope, ("live",)) if _is_own(desk, d)]
    left = DEALS
    for stage in dict.fromkeys(deal.stage for deal in sorted(mine, key=lambda d: _rank(desk, d))):
        here = by_attention(desk, [deal for deal in mine if deal.stage == stage])
        shown = here[: min(A_STAGE, left)]
        left -= len(shown)
        if not shown:
            return
        title = desk.words.say("at_home.stage", stage=stage_name(desk, stage), n=len(here))
        yield Reply(lines(title))
        for deal in shown:
            yield Reply(deal_row(desk, deal), buttons=rows(_taps(desk, deal), 4))
        if len(here) > len(shown):
            label = desk.words.line("at_home.all", n=len(here))
            button = Button(label, f"list:0:1:{stage}")
            yield Reply(lines(bold("…")), buttons=((button,),))


def _is_own(desk: Desk, deal: Deal) -> bool:
    return deal.owner_id == desk.member.id


def _rank(desk: Desk, deal: Deal) -> int:
    keys = [stage.key for stage in desk.funnel.stages]
    return keys.index(deal.stage) if deal.stage in keys else len(keys)


def _taps(desk: Desk, deal: Deal) -> list[Button]:
    words = desk.words
    due = deal.next_step_at is not None and deal.next_step_at <= desk.now
    first = Button(words.line("nudges.answer_done"), f"done:{deal.id}") if due else None
    taps = [
        Button(words.line("deals.do_step"), f"step:{deal.id}"),
        Button(words.line("deals.do_note"), f"note:{deal.id}"),
        Button(words.line("undo.see"), f"open:{deal.id}"),
    ]
    return [first, *taps] if first is not None else taps


def _asked(desk: Desk, request: Request, name: str) -> Reply:
    """What a command answers, also where it refuses."""
    handler = {"funnel": funnels.funnel, "settings": settings.settings}[name]
    try:
        with desk.memory.savepoint():
            return handler(request, desk)
    except Refusal as refusal:
        return put(refusal, request, desk)
