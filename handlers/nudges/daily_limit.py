"""The daily limit of nudges, and the weekday of the manager's weekly digest."""

from __future__ import annotations

from babel.dates import get_day_names

from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.refusals import NotFound
from handlers.contract.reply import Button, Reply, Text, lines, rows
from handlers.contract.request import Request
from handlers.contract.words import Words
from handlers.nudges.member_settings import change_setting
from storage.tables.people_and_deals import Role

LIMITS_OFFERED = (0, 3, 5, 10)
HIGHEST_LIMIT = 99
NO_WEEK_DAY = -1  # a manager who wants no weekly team digest
WEEK_DAYS_OFFERED = (0, 2, 4)  # what is a tap away


def render_limits(desk: Desk) -> Text:
    """The lines on both in a member's settings."""
    words, member = desk.words, desk.member
    a_day = words.say("nudges.daily_limit.a_day", n=member.nudges_a_day)
    none = words.say("nudges.daily_limit.digest_only")
    week = words.say("nudges.daily_limit.week", day=_name_day(words, member.week_day))
    return lines(a_day if member.nudges_a_day else none, week if desk.may(Role.MANAGER) else ())


@action("attention")
def ask_limit(request: Request, desk: Desk) -> Reply:
    """Asks how many nudges a day, and a manager for the day of the week: `attention`."""
    buttons = [
        Button(
            desk.words.line("nudges.daily_limit.choice", n=n) if n else _label_digest_only(desk),
            f"a-day:{n}",
        )
        for n in LIMITS_OFFERED
    ]
    if desk.may(Role.MANAGER):
        buttons.append(Button(desk.words.line("nudges.daily_limit.do_week"), "week-day"))
    return Reply(
        lines(render_limits(desk), desk.words.say("nudges.daily_limit.ask")), buttons=rows(buttons)
    )


@action("a-day")
def choose_limit(request: Request, desk: Desk) -> Reply:
    """Saves how many nudges a day, 0 for the digest only: `a-day:<n>`."""
    return save_limit(desk, request.number(0)).in_place()


@action("week-day", role=Role.MANAGER)
def choose_week_day(request: Request, desk: Desk) -> Reply:
    """`week-day` asks on which day the week comes, `week-day:<0 to 6, or never>` keeps it."""
    said = request.word(0)
    if not said:
        days = [Button(_name_day(desk.words, day), f"week-day:{day}") for day in WEEK_DAYS_OFFERED]
        never = Button(_name_day(desk.words, NO_WEEK_DAY), "week-day:never")
        return Reply(desk.words.say("nudges.daily_limit.ask_week"), buttons=rows([*days, never]))
    if said != "never" and said not in set("0123456"):
        raise NotFound
    day = NO_WEEK_DAY if said == "never" else int(said)
    change_setting(desk, "week_day", week_day=day)
    return Reply(render_limits(desk)).in_place()


def save_limit(desk: Desk, count: int) -> Reply:
    """Saves how many nudges a day the member gets at most."""
    change_setting(desk, "daily_limit", nudges_a_day=min(max(count, 0), HIGHEST_LIMIT))
    return Reply(desk.words.say("nudges.upcoming.a_day_kept", n=desk.member.nudges_a_day))


def _label_digest_only(desk: Desk) -> str:
    return desk.words.line("nudges.mute_rules.do_digest")


def _name_day(words: Words, day: int) -> str:
    if day == NO_WEEK_DAY:
        return words.line("nudges.daily_limit.never")
    return str(get_day_names("wide", locale="zh_CN" if words.language == "zh" else "en")[day])
