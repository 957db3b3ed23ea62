"""Moves a deal along the funnel: move, advance, back, offer.

What is allowed and what follows is the funnel's rule (`kb/funnel/move.py`); here it is asked,
carried out and answered.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from handlers.contract.catalog import CATALOG, action, command
from handlers.contract.desk import Desk
from handlers.contract.open_question import Question
from handlers.contract.refusals import ChoiceNeeded, NotFound, TextRefusal
from handlers.contract.reply import Button, Reply, Text, lines, rows
from handlers.contract.request import Request
from handlers.deals import amount_range
from handlers.deals.deal_view import get_stage_name, render_headline
from handlers.deals.find_deal import EVERY, find_deal, find_deal_in_hand, get_deal
from handlers.deals.find_pipeline import find_pipeline_in_words, get_pipeline_name
from handlers.deals.record import offer_undo, record
from handlers.deals.stage_checks import add_warning, ask_for_exception, check_entry
from handlers.deals.steps import find_changed_steps
from handlers.deals.when import cut_moment, read_moment
from handlers.reading import Money, When, find_closest_word, read_money
from handlers.selling.next_step import add_next_step_question, book
from handlers.selling.playbook import list_plays
from kb.funnel import move as rule
from kb.funnel.move import Allowed, Decision, Position
from kb.funnel.stages.playbook import Check
from kb.funnel.stages.stage_mapping import suggest_mapping
from kb.states import DealStatus, EventKind
from storage.tables.people_and_deals import Deal, Event, Role
from storage.tables.steps import Step

TYPO_FLOOR = 75
MOST_TAPS = 5
PIPELINES_OFFERED = 2
ENDINGS = ("won", "lost", "park")  # no stages, but people move deals to them


@command("move", "移动", "移到", "转到", "推到", "改到", "进到", "阶段", "改阶段")
def move(request: Request, desk: Desk) -> Reply:
    """Moves a deal to the named stage."""
    rebooked = _move_step(request, desk)
    if rebooked is not None:
        return rebooked
    deal, rest = find_deal(request, desk, "move", EVERY)
    said = _read_target(rest)
    ending = CATALOG.find_command(said)
    if ending is not None and ending.name in ENDINGS:
        return ending.handler(replace(request, text="", values={"deal": str(deal.id)}), desk)
    if rule.find_stage(said, desk.funnel_for(deal)) is None:  # a slip may be nearer to a pipeline
        pipeline = find_pipeline_in_words(said, desk)
        if pipeline is not None:
            return move_to_pipeline(desk, deal, pipeline)
    stage = find_stage(said, desk, deal)
    if stage is None:
        raise _ask_stage(desk, deal, said)
    return move_to_stage(desk, deal, stage)


def _move_step(request: Request, desk: Desk) -> Reply | None:
    """Moves the booked step of the deal in hand to a bare moment: 改到周四; None for all else."""
    said = _read_target(request.text)
    held, when = find_deal_in_hand(desk), read_moment(said, desk)
    if held is None or when is None or request.values or held.next_step_at is None:
        return None
    bare = when.precision in ("minute", "day") and not cut_moment(said, when)
    ahead = when.at > desk.now and held.status == DealStatus.LIVE
    if not (bare and ahead):
        return None
    step = _find_step_in_hand(desk, held)
    return book(desk, held, _keep_time(desk, when, step), "", step)


def _keep_time(desk: Desk, when: When, step: Step | None) -> datetime:
    """The moment a step moves to: a day alone keeps the time of day that was booked."""
    if step is None or when.precision != "day":
        return when.at
    calendar = desk.calendar
    kept = calendar.at_local(calendar.local(when.at).date(), calendar.local(step.at).time())
    return kept if kept > desk.now else when.at


def _find_step_in_hand(desk: Desk, deal: Deal) -> Step | None:
    """The open step that the member booked or moved last, if nothing else was done since."""
    last = next(iter(desk.memory.events.list_last_by(desk.team.id, desk.member.id, 1)), None)
    if last is None or (last.deal_id, last.kind) != (deal.id, EventKind.STEP_SET):
        return None
    changed = find_changed_steps(list(last.after))
    steps = desk.memory.steps.list_of_deal(desk.team.id, deal.id)
    booked = [step for step in steps if step.id in changed]
    return booked[0] if len(booked) == 1 else None


@action("over")
def move_over_by_tap(request: Request, desk: Desk) -> Reply:
    """Moves a deal to another pipeline: `over:<deal>:<pipeline>`."""
    if request.word(1) not in desk.pipelines.funnels:
        raise NotFound
    return move_to_pipeline(desk, get_deal(desk, request.number(0)), request.word(1))


def move_to_pipeline(desk: Desk, deal: Deal, pipeline: str) -> Reply:
    """Moves a deal to another pipeline, into the stage most like its own."""
    name = get_pipeline_name(desk, pipeline)
    if deal.pipeline == pipeline:
        see = Button(desk.words.line("undo.see"), f"open:{deal.id}")
        raise TextRefusal("selling.move.there_already", see, name=deal.customer.name, pipeline=name)
    old, new = desk.funnel_for(deal), desk.pipelines.of(pipeline)
    stage = suggest_mapping(old, new).get(old.here(deal.stage), new.stages[0].key)
    if new.has(deal.stage):
        stage = deal.stage
    allowed = require_allowed(desk, deal, rule.move(get_position(deal), stage, new))
    event = record(desk, deal, EventKind.MOVED, get_changes(desk, allowed) | {"pipeline": pipeline})
    said = desk.words.say(
        "funnel_setup.switch_funnel.moved_over", deal=render_headline(desk, deal), pipeline=name
    )
    return answer_move(desk, deal, event, said)


@command("advance", "推进", "前进", "下一阶段")
def advance(request: Request, desk: Desk) -> Reply:
    """Moves a deal one stage on, or to the stage that is named."""
    deal, rest = find_deal(request, desk, "advance", EVERY)
    stage = find_stage(_read_target(rest), desk, deal) if rest.strip() else None
    if stage is not None:
        return move_to_stage(desk, deal, stage)
    return _carry_out(desk, deal, rule.advance(get_position(deal), desk.funnel_for(deal)))


def _read_target(rest: str) -> str:
    return rest.strip().removeprefix("to ").removeprefix("到").removesuffix("阶段").strip()


@command("back", "退回", "后退", "回退", "上一阶段")
def back(request: Request, desk: Desk) -> Reply:
    """Moves a deal one stage back."""
    deal, _rest = find_deal(request, desk, "back", EVERY)
    return _carry_out(desk, deal, rule.move_back(get_position(deal), desk.funnel_for(deal)))


@action("to")
def move_by_tap(request: Request, desk: Desk) -> Reply:
    """Moves a deal to the stage a button names: `to:<deal>:<stage>`, perhaps `:<amount>`."""
    deal = get_deal(desk, request.number(0))
    money = read_money(request.word(2), deal.currency) if request.word(2) else None
    return move_to_stage(desk, deal, request.word(1), money)


@action("to-anyway", role=Role.MANAGER)
def move_anyway(request: Request, desk: Desk) -> Reply:
    """Moves a deal to a stage in spite of its checks: `to-anyway:<deal>:<stage>`."""
    deal = get_deal(desk, request.number(0))
    decision = rule.move(get_position(deal), request.word(1), desk.funnel_for(deal))
    return _carry_out(desk, deal, decision, anyway=True)


@action("to-ask")
def ask_manager(request: Request, desk: Desk) -> Reply:
    """Asks whoever decides for the member to let a deal into a stage: `to-ask:<deal>:<stage>`."""
    deal = get_deal(desk, request.number(0))
    funnel = desk.funnel_for(deal)
    if not funnel.has(request.word(1)):
        raise NotFound
    return ask_for_exception(desk, deal, funnel.stage(request.word(1)))


@action("advance")
def advance_by_tap(request: Request, desk: Desk) -> Reply:
    """Moves a deal one stage on, from its card."""
    deal = get_deal(desk, request.number(0))
    return _carry_out(desk, deal, rule.advance(get_position(deal), desk.funnel_for(deal)))


@command("offer", "quote", "报价", "已报价", "发报价", "发了报价", "报了价")
def offer(request: Request, desk: Desk) -> Reply:
    """Records an offer: saves its amount and moves the deal to the stage of offers."""
    deal, rest = find_deal(request, desk, "offer")
    money = read_money(rest, deal.currency) if rest.strip() else None
    changes = amount_range.to_columns(money)
    unmet: tuple[Check, ...] = ()
    there = _find_offer_stage(desk, deal)
    if there is not None:
        decision = rule.move(get_position(deal), there, desk.funnel_for(deal))
        allowed = require_allowed(desk, deal, decision)
        unmet = check_entry(desk, deal, there, said_amount=money is not None)
        changes |= get_changes(desk, allowed)
    event = record(desk, deal, EventKind.OFFERED, changes, note=rest.strip())
    said = desk.words.say("selling.move.offered", deal=render_headline(desk, deal))
    return answer_move(desk, deal, event, add_warning(said, desk, unmet), money)


def _find_offer_stage(desk: Desk, deal: Deal) -> str | None:
    """The stage that an offer moves the deal to; None where it is there or beyond."""
    funnel = desk.funnel_for(deal)
    offered = next((stage.key for stage in funnel.stages if stage.offer), deal.stage)
    if not funnel.has(deal.stage):
        return offered
    return offered if funnel.index(deal.stage) < funnel.index(offered) else None


def find_stage(said: str, desk: Desk, deal: Deal) -> str | None:
    """The stage of the deal's funnel that a text names, typing slips allowed; None for none."""
    funnel = desk.funnel_for(deal)
    found = rule.find_stage(said, funnel)
    return found or find_closest_word(said, rule.list_stage_words(funnel), TYPO_FLOOR)


def move_to_stage(desk: Desk, deal: Deal, stage: str, money: Money | None = None) -> Reply:
    """Moves a deal to a stage, and saves the amount given with it."""
    return _carry_out(
        desk, deal, rule.move(get_position(deal), stage, desk.funnel_for(deal)), money
    )


def _carry_out(
    desk: Desk, deal: Deal, decision: Decision, money: Money | None = None, *, anyway: bool = False
) -> Reply:
    allowed = require_allowed(desk, deal, decision)
    amount = amount_range.to_columns(money)
    unmet = check_entry(desk, deal, allowed.stage, said_amount=bool(amount), anyway=anyway)
    event = record(desk, deal, EventKind.MOVED, get_changes(desk, allowed) | amount)
    said = lines(
        desk.words.say("selling.move.moved", deal=render_headline(desk, deal)),
        *list_plays(desk, deal)[:1],
    )
    return answer_move(desk, deal, event, add_warning(said, desk, unmet))


def answer_move(
    desk: Desk, deal: Deal, event: Event, said: Text, money: Money | None = None
) -> Reply:
    """The answer to a move: what happened, undo, and the question that is open.

    Of an amount that was a range it asks which; else of a deal without one the next step.
    """
    undo = offer_undo(desk, event)
    if amount_range.is_range(money):
        which = (*amount_range.offer_amounts(desk, money, deal), undo)
        text = lines(said, amount_range.ask_which(desk, money))
        return Reply(text, buttons=rows(which), about=deal.id)
    return add_next_step_question(desk, deal, Reply(said, buttons=((undo,),), about=deal.id))


def get_position(deal: Deal) -> Position:
    """The deal's stage and status, as the funnel's rules take them."""
    return Position(stage=deal.stage, status=deal.status)


def get_changes(desk: Desk, allowed: Allowed) -> dict[str, Any]:
    """The deal's columns after a move that is allowed."""
    return {
        "stage": allowed.stage,
        "status": allowed.status,
        "stage_since": desk.now,
        "lost_reason": allowed.lost_reason or "",
        "parked_until": allowed.parked_until,
    }


def require_allowed(desk: Desk, deal: Deal, decision: Decision) -> Allowed:
    """The decision if it allows the move; else raises a refusal that offers the legal moves."""
    if isinstance(decision, Allowed):
        return decision
    buttons = [
        Button(_get_legal_label(desk, legal), _get_legal_action(deal, legal))
        for legal in decision.legal[:4]
    ]
    raise TextRefusal(
        f"selling.move.illegal_{decision.why.value}",
        *buttons,
        name=deal.customer.name,
        stage=get_stage_name(desk, deal.stage),
    )


def _get_legal_label(desk: Desk, legal: rule.LegalMove) -> str:
    if legal.act == "move" and legal.stage:
        return f"→ {get_stage_name(desk, legal.stage)}"
    return desk.words.line(f"selling.move.do_{legal.act}")


def _get_legal_action(deal: Deal, legal: rule.LegalMove) -> str:
    if legal.act == "move":
        return f"to:{deal.id}:{legal.stage}"
    return f"{legal.act}:{deal.id}"


def _ask_stage(desk: Desk, deal: Deal, said: str) -> TextRefusal:
    """The question for the stage; says so where a text named no stage of the funnel."""
    name, pipelines = deal.customer.name, _offer_pipelines(desk, deal)
    choices = [*_offer_stages(desk, deal)[: MOST_TAPS - len(pipelines)], *pipelines]
    question = Question("move", deal.id)
    if not said:
        return ChoiceNeeded("selling.move.which_stage", *choices, question=question, name=name)
    key, stage = "selling.move.illegal_unknown_stage", get_stage_name(desk, deal.stage)
    return TextRefusal(key, *choices, question=question, name=name, stage=stage)


def _offer_pipelines(desk: Desk, deal: Deal) -> list[Button]:
    """The other pipelines, where the team has several: two at most beside the stages."""
    others = [key for key in desk.pipelines.funnels if key != deal.pipeline]
    return [
        Button(f"⇄ {get_pipeline_name(desk, key)}", f"over:{deal.id}:{key}")
        for key in others[:PIPELINES_OFFERED]
    ]


def _offer_stages(desk: Desk, deal: Deal) -> list[Button]:
    return [
        Button(each.name[desk.words.language], f"to:{deal.id}:{each.key}")
        for each in desk.funnel_for(deal).selling
        if each.key != deal.stage
    ]
