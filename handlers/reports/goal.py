"""`goal`: sets a goal for a period or a stage, drops it, and shows the progress towards it."""

from __future__ import annotations

from decimal import Decimal

from handlers.contract.act_log import log_change
from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.refusals import ChoiceNeeded, NotFound
from handlers.contract.reply import Button, Reply, bold, lines, rows
from handlers.contract.request import Request
from handlers.deals.deal_view import get_stage_name
from handlers.deals.find_pipeline import find_any_stage
from handlers.reading import read_money
from handlers.reading.moments.periods import read_period
from handlers.reports.deal_odds import read_percent
from handlers.reports.figures import format_period
from handlers.reports.goal_progress import (
    draw_progress,
    find_amount_goals,
    load_progress,
    render_progress,
)
from handlers.reports.report_data import get_today
from handlers.reports.report_scope import list_visible_members, make_scope, read_scope
from kb.funnel.figures.periods import Period, find_period
from storage.tables.figures import Goal
from storage.tables.people_and_deals import Member

MAX_DROP_BUTTONS = 2


@command("goal", "goals", "target", "targets", "目标", "业绩目标", "指标", "定目标")
def goal(request: Request, desk: Desk) -> Reply:
    """Shows goals, or sets one: `goal march 50k`, `goal q1 ann 20k`, `goal demo 60%`."""
    text = request.text.strip()
    today = get_today(desk)
    named = read_period(text, today, ahead=True)
    rest = named.rest if named else text
    target = _read_stage_target(rest, desk)
    if target is not None:
        period = named.period if named else find_period("quarter", today)
        return _set_stage_target(desk, *target, period)
    money = read_money(rest.split()[-1], desk.team.currency) if rest.split() else None
    if money is None:
        return _render_goals(desk, rest, named.period if named else None)
    name = rest[: rest.rfind(rest.split()[-1])].strip(" ,，:：=到为是")
    member = read_scope(desk, name).member or desk.member
    period = named.period if named else find_period("month", today)
    return _set_amount(desk, member, period, money.amount)


@action("goal-drop")
def drop_goal(request: Request, desk: Desk) -> Reply:
    """Deletes a goal: `goal-drop:<goal>`."""
    today = get_today(desk)
    for member in list_visible_members(desk):
        for each in desk.memory.goals.list_covering(desk.team.id, member.id, today):
            if each.id == request.number(0):
                desk.memory.goals.drop(each)
                log_change(desk, "goal")
                return Reply(desk.words.say("reports.goal.dropped")).in_place()
    raise NotFound


def _read_stage_target(text: str, desk: Desk) -> tuple[str, int] | None:
    """The stage and the percent of `demo 60%`."""
    head, _, tail = text.rpartition(" ")
    percent = read_percent(tail) if tail.rstrip().endswith(("%", "％")) else None
    stage = find_any_stage(head, desk) if percent is not None and head else None
    return (stage, percent) if stage is not None and percent is not None else None


def _set_stage_target(desk: Desk, stage: str, percent: int, period: Period) -> Reply:
    _save_goal(desk, desk.member, period, stage=stage, percent=percent)
    return Reply(
        desk.words.say(
            "reports.goal.kept_stage",
            stage=bold(get_stage_name(desk, stage)),
            n=percent,
            period=format_period(desk, period),
        )
    )


def _set_amount(desk: Desk, member: Member, period: Period, amount: Decimal) -> Reply:
    _save_goal(desk, member, period, amount=amount)
    goals = find_amount_goals(desk, member, period)
    saved = desk.words.say(
        "reports.goal.kept", name=member.name, period=format_period(desk, period)
    )
    progress = load_progress(desk, make_scope(desk, member.id), goals[0])
    return Reply(lines(saved, render_progress(desk, progress)))


def _save_goal(
    desk: Desk,
    member: Member,
    period: Period,
    amount: Decimal | None = None,
    stage: str = "",
    percent: int | None = None,
) -> Goal:
    log_change(desk, "goal")
    return desk.memory.goals.save(
        Goal(
            team_id=desk.team.id,
            member_id=member.id,
            first=period.first,
            last=period.last,
            stage=stage,
            percent=percent,
            amount=amount,
            currency=desk.team.currency if amount is not None else "",
            set_by_id=desk.member.id,
            at=desk.now,
        )
    )


def _render_goals(desk: Desk, name: str, period: Period | None) -> Reply:
    """The progress towards a member's goals; asks for one where there is none."""
    scope = read_scope(desk, name)
    member = scope.member or desk.member
    goals = find_amount_goals(desk, member, period)
    if not goals:
        raise ChoiceNeeded("reports.goal.none", name=member.name)
    own = scope if scope.member is not None else make_scope(desk, member.id)
    progresses = [load_progress(desk, own, each) for each in goals]
    buttons = [
        Button(
            desk.words.line("reports.goal.do_drop", period=format_period(desk, each.period)),
            f"goal-drop:{each.goal.id}",
        )
        for each in progresses[:MAX_DROP_BUTTONS]
    ]
    text = lines(*(render_progress(desk, each) for each in progresses))
    chart = draw_progress(desk, member, progresses[0])
    return Reply(text, buttons=rows(buttons), picture=chart)
