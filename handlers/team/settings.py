"""`settings`: a member's language, time zone, working hours, quiet days and digest hour."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time

from babel import Locale
from babel.dates import get_day_names

from handlers.contract.act_log import ActKind, log_act, undoes
from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.refusals import TextRefusal, require_role
from handlers.contract.reply import Button, Field, Form, Option, Reply, lines, rows
from handlers.contract.request import Request
from handlers.contract.words import LANGUAGE_NAMES, Words, choose_language
from handlers.nudges import daily_limit
from handlers.nudges.member_settings import change_setting, give_back, reschedule_member
from handlers.reading import clean_text
from handlers.reading.money.currencies import find_currency
from handlers.team import workspace_access
from handlers.team.time_zones import find_country, find_zone
from storage.tables.people_and_deals import Audit, Role

_HOURS = re.compile(r"(\d{1,2})(?::(\d\d))?\s*[-–~至到]\s*(\d{1,2})(?::(\d\d))?")
_COLUMNS = ("time_zone", "work_days", "digest_hour", "work_start", "work_end", "country")
WORK_DAYS = ("01234", "012345", "0123456", "60123")


@command("settings", "设置", "个人设置", "偏好", glues=False)
def settings(request: Request, desk: Desk) -> Reply:
    """Shows the member's settings and ways to change them."""
    words, member = desk.words, desk.member
    other = "zh" if words.language == "en" else "en"
    buttons = [
        Button(words.line("team.settings.do_change"), "settings"),
        Button(LANGUAGE_NAMES[choose_language(other)], f"language:{other}"),
        Button(words.line("nudges.daily_limit.do_nudges"), "attention"),
    ]
    if desk.may(Role.ADMIN):
        buttons.append(Button(words.line("team.settings.do_team"), "of-team"))
    country = Locale(words.language).territories.get(member.country, "")
    shown = lines(
        words.say("team.settings.language", value=LANGUAGE_NAMES[words.language]),
        words.say("team.settings.zone", value=words.zone(member.time_zone, desk.now)),
        words.say("team.settings.hours", value=f"{member.work_start}-{member.work_end}"),
        words.say("team.settings.days", value=_name_days(words, member.work_days)),
        words.say("team.settings.holidays", value=country) if country else (),
        words.say("team.settings.digest", value=f"{member.digest_hour}:00"),
        daily_limit.render_limits(desk),
    )
    return Reply(shown, buttons=rows(buttons))


@action("language")
def change_language(request: Request, desk: Desk) -> Reply:
    """Speaks another language from now on: `language:<en|zh>`."""
    language = choose_language(request.word(0))
    change_setting(desk, "language", language=language)
    return Reply(Words(language).say("team.settings.language_changed")).in_place()


@action("settings")
def change(request: Request, desk: Desk) -> Reply:
    """Asks for the member's settings, and saves them."""
    if request.kind != "form":
        return _make_form(desk, _collect_values(desk), {})
    values = {name: clean_text(said, 100) for name, said in request.values.items()}
    zone, hours = find_zone(values.get("zone", "")), _read_hours(values.get("hours", ""))
    errors = {}
    if zone is None:
        errors["zone"] = desk.words.line(
            "team.onboarding.zone_unknown", said=values.get("zone", "")[:60]
        )
    if hours is None:
        errors["hours"] = desk.words.line("team.settings.hours_unread")
    days, digest = values.get("days", ""), values.get("digest", "")
    if not days or any(digit not in "0123456" for digit in days):
        errors["days"] = desk.words.line("contract.form_interview.choose")
    if not (digest.isascii() and digest.isdigit() and int(digest[:3]) < 24):
        errors["digest"] = desk.words.line("team.settings.digest_unread")
    if errors or zone is None or hours is None:
        return _make_form(desk, values, errors)
    _save_settings(desk, zone, hours, "".join(sorted(set(days))), int(digest))
    return Reply(desk.words.say("team.settings.kept", zone=desk.words.zone(zone, desk.now)))


@action("of-team", role=Role.ADMIN)
def show_team_settings(request: Request, desk: Desk) -> Reply:
    """Shows the team's settings and ways to change them."""
    words = desk.words
    buttons = [
        Button(words.line("team.settings.do_team_form"), "team-settings"),
        Button(words.line("funnel_setup.edit_stages.do_edit"), "say:funnel edit"),
        *workspace_access.make_buttons(desk),
        Button(words.line("team.settings.do_pool"), "pool-days"),
    ]
    shown = lines(
        words.say("team.settings.team", team=desk.team.name, currency=desk.team.currency),
        *workspace_access.render_workspaces(desk),
    )
    return Reply(shown, buttons=rows(buttons))


@action("team-settings", role=Role.ADMIN)
def change_team(request: Request, desk: Desk) -> Reply:
    """Asks for the team's name and currency, and keeps them."""
    if request.kind != "form":
        given = {"name": desk.team.name, "currency": desk.team.currency}
        return _make_team_form(desk, given, {})
    values = {name: clean_text(said, 200) for name, said in request.values.items()}
    currency = find_currency(values.get("currency", ""), desk.team.currency)
    if currency is None:
        said = values.get("currency", "")[:20]
        wrong = desk.words.line("team.onboarding.currency_unknown", said=said)
        return _make_team_form(desk, values, {"currency": wrong})
    was = [desk.team.name, desk.team.currency]
    desk.team.name, desk.team.currency = values.get("name") or desk.team.name, currency
    log_act(desk, ActKind.TEAM_SETTINGS, was=was, became=[desk.team.name, currency])
    return Reply(desk.words.say("team.settings.team_kept", team=desk.team.name, currency=currency))


@undoes(ActKind.TEAM_SETTINGS)
def undo_team_settings(desk: Desk, act: Audit) -> Reply:
    """Gives the team the name and the currency it had."""
    require_role(desk, Role.ADMIN)
    if [desk.team.name, desk.team.currency] != act.data["became"]:
        raise TextRefusal("undo.changed_since", name=desk.team.name)
    desk.team.name, desk.team.currency = name, currency = act.data["was"]
    return Reply(desk.words.say("team.settings.team_kept", team=name, currency=currency))


def _save_settings(desk: Desk, zone: str, hours: tuple[str, str], days: str, digest: int) -> None:
    """Saves the settings and reschedules the nudges of the member's deals, which depend on them."""
    member, was = desk.member, _read_settings(desk)
    member.time_zone, member.work_days, member.digest_hour = zone, days, digest
    member.work_start, member.work_end = hours
    member.country = find_country(zone)
    log_act(desk, ActKind.SETTINGS, was=was, became=_read_settings(desk))
    reschedule_member(desk)


@undoes(ActKind.SETTINGS)
def undo_settings(desk: Desk, act: Audit) -> Reply:
    """Gives the member the settings they had before they were saved."""
    give_back(desk, act.data["was"], act.data["became"])
    zone = desk.words.zone(desk.member.time_zone, desk.now)
    return Reply(desk.words.say("team.settings.kept", zone=zone))


def _read_settings(desk: Desk) -> dict[str, object]:
    return {column: getattr(desk.member, column) for column in _COLUMNS}


def _read_hours(said: str) -> tuple[str, str] | None:
    """`9-18` or `8:30 - 17:30` as ("09:00", "18:00"); None where it is no stretch of a day."""
    found = _HOURS.search(said)
    if found is None:
        return None
    begin, begin_minute, end, end_minute = (int(part or 0) for part in found.groups())
    if begin > 23 or end > 23 or begin_minute > 59 or end_minute > 59:
        return None
    start, stop = time(begin, begin_minute), time(end, end_minute)
    return (f"{start:%H:%M}", f"{stop:%H:%M}") if start < stop else None


def _name_days(words: Words, digits: str) -> str:
    names = get_day_names("abbreviated", locale="zh_CN" if words.language == "zh" else "en")
    return " ".join(names[int(digit)] for digit in digits)


def _collect_values(desk: Desk) -> dict[str, str]:
    member = desk.member
    return {
        "zone": member.time_zone,
        "hours": f"{member.work_start}-{member.work_end}",
        "days": member.work_days,
        "digest": str(member.digest_hour),
    }


def _make_form(desk: Desk, values: Mapping[str, str], errors: dict[str, str]) -> Reply:
    words = desk.words
    days = tuple(Option(digits, _name_days(words, digits)) for digits in WORK_DAYS)
    hours = tuple(Option(str(hour), f"{hour}:00") for hour in (7, 8, 9, 10))
    fields = (
        Field("zone", words.line("team.onboarding.field_zone"), value=values.get("zone", "")),
        Field("hours", words.line("team.settings.field_hours"), value=values.get("hours", "")),
        Field(
            "days",
            words.line("team.settings.field_days"),
            value=values.get("days", ""),
            options=days,
        ),
        Field(
            "digest",
            words.line("team.settings.field_digest"),
            value=values.get("digest", ""),
            options=hours,
            free=True,
        ),
    )
    return Reply(form=Form("settings", words.line("team.settings.form"), fields, errors))


def _make_team_form(desk: Desk, values: Mapping[str, str], errors: dict[str, str]) -> Reply:
    words = desk.words
    fields = (
        Field("name", words.line("team.onboarding.field_name"), value=values.get("name", "")),
        Field(
            "currency",
            words.line("team.onboarding.field_currency"),
            value=values.get("currency", ""),
        ),
    )
    return Reply(form=Form("team-settings", words.line("team.settings.team_form"), fields, errors))
