"""`goal`: what is to be won in a time, and how one stands against it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.refusals import Asked, Gone
from handlers.contract.reply import Button, File, Reply, Text, bold, lines, rows
from handlers.contract.request import Request
from handlers.deals.deal_view import get_stage_name
from handlers.deals.find_pipeline import find_any_stage
from handlers.reading import read_money
from handlers.reading.moments.periods import read_period
from handlers.reports import figures, goal_chart
from handlers.reports.deal_odds import read_percent
from handlers.reports.figures import About
from kb.funnel.figures.goal_pace import Pace, compute_due, count_working_days
from kb.funnel.figures.periods import Period, find_period
from kb.funnel.odds.forecast import Forecast, forecast_period
from storage.tables.figures import Goal
from storage.tables.people_and_deals import Member

SHOWN = 4
RECENT = timedelta(days=200)  # the won deals that say how long it takes


@dataclass(frozen=True)
class Standing:
    """A goal's figures: how one stands, what will come in time, and whose it is."""

    goal: Goal
    period: Period
    pace: Pace
    forecast: Forecast


@command("goal", "goals", "target", "targets", "目标", "业绩目标", "指标", "定目标")
def goal(request: Request, desk: Desk) -> Reply:
    """How one stands, or a new goal: `goal march 50k`, `goal q1 ann 20k`, `goal demo 60%`."""
    said = request.text.strip()
    today = figures.today_of(desk)
    named = read_period(said, today, ahead=True)
    rest = named.rest if named else said
    percent = _stage_goal(rest, desk)
    if percent is not None:
        return _set_stage(desk, *percent, named.period if named else find_period("quarter", today))
    money = read_money(rest.split()[-1], desk.team.currency) if rest.split() else None
    if money is None:
        return _shown_or_asked(desk, rest, named.period if named else None)
    name = rest[: rest.rfind(rest.split()[-1])].strip(" ,，:：=到为是")
    of = figures.about(desk, name)
    member = of.member or desk.member
    return _set(desk, member, named.period if named else find_period("month", today), money.amount)


@action("goal-drop")
def dropped(request: Request, desk: Desk) -> Reply:
    """Forgets a goal: `goal-drop:<goal>:<day>`."""
    today = figures.today_of(desk)
    for member in figures.people(desk):
        for each in desk.memory.goals.around(desk.team.id, member.id, today):
            if each.id == request.number(0):
                desk.memory.goals.drop(each)
                return Reply(desk.words.say("reports.goal.dropped")).editing()
    raise Gone


def _stage_goal(rest: str, desk: Desk) -> tuple[str, int] | None:
    """The stage and the percent of `demo 60%`."""
    head, _, tail = rest.rpartition(" ")
    percent = read_percent(tail) if tail.rstrip().endswith(("%", "％")) else None
    stage = find_any_stage(head, desk) if percent is not None and head else None
    return (stage, percent) if stage is not None and percent is not None else None


def _set_stage(desk: Desk, stage: str, percent: int, period: Period) -> Reply:
    _kept(desk, desk.member, period, stage=stage, percent=percent)
    return Reply(
        desk.words.say(
            "reports.goal.kept_stage",
            stage=bold(get_stage_name(desk, stage)),
            n=percent,
            period=figures.period_name(desk, period),
        )
    )


def _set(desk: Desk, member: Member, period: Period, amount: Decimal) -> Reply:
    _kept(desk, member, period, amount=amount)
    said = desk.words.say(
        "reports.goal.kept",
        name=member.name,
        period=figures.period_name(desk, period),
        money=bold(figures.money(desk, amount)),
    )
    standing = standing_of(desk, member, period)
    return Reply(lines(said, _told(desk, standing) if standing else ()))


def _kept(
    desk: Desk,
    member: Member,
    period: Period,
    amount: Decimal | None = None,
    stage: str = "",
    percent: int | None = None,
) -> Goal:
    return desk.memory.goals.keep(
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


def _shown_or_asked(desk: Desk, name: str, period: Period | None) -> Reply:
    of = figures.about(desk, name)
    member = of.member or desk.member
    goals = _amounts(desk, member, period)
    if not goals:
        raise Asked("reports.goal.none", name=member.name)
    standings = [each for goal in goals if (each := _standing(desk, of, member, goal)) is not None]
    buttons = [
        Button(
            desk.words.line("reports.goal.do_drop", period=figures.period_name(desk, each.period)),
            f"goal-drop:{each.goal.id}",
        )
        for each in standings[:2]
    ]
    text = lines(*(_told(desk, each) for each in standings))
    drawn = _picture(desk, member, standings[0]) if standings else None
    return Reply(text, buttons=rows(buttons), picture=drawn)


def _picture(desk: Desk, member: Member, standing: Standing) -> File:
    of = figures.about_by_id(desk, member.id)
    since = standing.period.span(desk.calendar).start
    found = figures.of_every_pipeline(desk, of, since)
    return goal_chart.picture(desk, member.name, standing.period, standing.pace, found)


def _amounts(desk: Desk, member: Member, period: Period | None) -> list[Goal]:
    day = figures.today_of(desk)
    if period is not None and not period.holds(day):
        day = period.first
    every = desk.memory.goals.around(desk.team.id, member.id, day)
    wanted = (period.first, period.last) if period is not None else None
    found = [goal for goal in every if goal.amount is not None]
    found = [goal for goal in found if wanted is None or (goal.first, goal.last) == wanted]
    return sorted(found, key=lambda goal: goal.last - goal.first)[:SHOWN]


def standing_of(desk: Desk, member: Member, period: Period) -> Standing | None:
    """How a member, with everybody below them, stands against their goal; None without one."""
    goals = _amounts(desk, member, period)
    of = figures.about_by_id(desk, member.id)
    return _standing(desk, of, member, goals[0]) if goals else None


def _standing(desk: Desk, of: About, member: Member, goal: Goal) -> Standing | None:
    if goal.amount is None:
        return None
    mine = figures.about_by_id(desk, member.id) if of.member is None else of
    period = _period(goal)
    span = period.span(desk.calendar)
    found = forecast_period(
        figures.of_every_pipeline(desk, mine, min(span.start, desk.now - RECENT)),
        mine.funnel,
        figures.model_of(desk, mine.pipeline),
        figures.rates_of(desk),
        period,
        span,
        desk.now,
    )
    over, days = count_working_days(goal.first, goal.last, figures.today_of(desk), desk.calendar)
    pace = Pace(
        goal.first,
        goal.last,
        goal.amount,
        desk.team.currency,
        found.won.amount,
        compute_due(goal.amount, over, days),
        found.open.amount,
        found.in_time - found.won.amount,
        days - over,
    )
    return Standing(goal, period, pace, found)


def _period(goal: Goal) -> Period:
    days = (goal.last - goal.first).days
    kind = "week" if days < 8 else "month" if days < 32 else "quarter" if days < 93 else "year"
    return find_period(kind, goal.first)  # type: ignore[arg-type]  # one of its four kinds


def _told(desk: Desk, standing: Standing) -> Text:
    words, pace = desk.words, standing.pace
    money = figures.money
    head = words.say(
        "reports.goal.head",
        period=bold(figures.period_name(desk, standing.period)),
        won=bold(figures.with_apart(desk, standing.forecast.won)),
        goal=money(desk, pace.goal),
        n=int(100 * pace.won / pace.goal) if pace.goal else 100,
    )
    if not pace.missing:
        return lines(head, words.say("reports.goal.reached"))
    key = "reports.goal.ahead" if pace.ahead >= 0 else "reports.goal.behind"
    even = words.say(key, money=money(desk, abs(pace.ahead)), n=pace.days_left)
    cover = words.say(
        "reports.goal.coverage",
        missing=money(desk, pace.missing),
        open=money(desk, pace.open),
        times=f"{pace.coverage or 0:.1f}",
        expected=figures.rough(desk, pace.expected),
    )
    return lines(head, even, cover, figures.rate_notes(desk, [standing.forecast.open]))
