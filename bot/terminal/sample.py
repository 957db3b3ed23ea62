"""The sample team: fills an empty database by playing the team's last weeks through the bot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app import App
from bot.clock import SetClock
from bot.terminal.people import PLATFORM, become
from handlers.contract.request import Request
from handlers.contract.words import Language
from handlers.digest import due_messages
from handlers.team.create_team import TeamFacts, add_member, create_team
from storage.engine import Database
from storage.tables.people_and_deals import Role
from storage.unit_of_work import UnitOfWork

_LINE = re.compile(r"-(\d+) (\d\d:\d\d) ([^:]+): (.+)")
_COUNTRY = {"en": "GB", "zh": "CN"}


class BrokenSample(Exception):
    """The sample's history holds a line that Repmate does not take."""


@dataclass(frozen=True)
class Line:
    """One line of the history: when it was typed, by whom."""

    at: datetime
    who: str
    text: str


async def fill_with_sample(
    database: Database, language: Language, zone: str, now: datetime
) -> None:
    """Makes the sample team and plays its history, so that it ends at `now` (aware UTC)."""
    rows = (Path(__file__).parent / "samples" / f"{language}.txt").read_text(encoding="utf-8")
    history = list(_read_history(rows, zone, now))
    clock = SetClock(history[0].at - timedelta(days=1))
    app = App(database, clock)
    _create_team(database, rows, language, zone, clock.now())
    people = {line.who: become(database, line.who, language, clock.now()) for line in history}
    for number, line in enumerate(history):
        clock.move_to(line.at)
        request = Request(f"sample-{number}", people[line.who].account, text=line.text)
        answer = await app.answer(request)
        if not answer.row_id or answer.reply.about is None:
            raise BrokenSample(line.text)
    _mark_past_as_sent(database, now)


def _read_history(rows: str, zone: str, now: datetime) -> Iterator[Line]:
    for row in rows.splitlines():
        match = _LINE.fullmatch(row)
        if match is not None:
            back, clock, who, text = match.groups()
            yield Line(_find_working_day(int(back), clock, zone, now), who, text)


def _find_working_day(back: int, clock: str, zone: str, now: datetime) -> datetime:
    day = now.astimezone(ZoneInfo(zone)).date()
    while back:
        day -= timedelta(days=1)
        back -= day.weekday() < 5
    return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone))


def _create_team(
    database: Database, rows: str, language: Language, zone: str, now: datetime
) -> None:
    headers = [
        row.split(" ", 1) for row in rows.splitlines() if row.startswith(("team ", "member "))
    ]
    name, currency = headers[0][1].rsplit(", ", 1)
    people = [rest.rsplit(" ", 1) for word, rest in headers if word == "member"]
    with database.work() as memory:
        facts = TeamFacts(name, language, zone, currency, _COUNTRY[language])
        founder = create_team(memory, facts, people[0][0], now)
        team, manager = memory.members.get_team(founder.team_id), founder.id
        for who, role in people[1:]:
            member = add_member(memory, team, who, Role(role), now, manager)
            manager = member.id if role == Role.MANAGER else manager
        names = [member.name for member in memory.members.list_active(team.id)]
    for who in names:
        become(database, who, language, now)


def _mark_past_as_sent(database: Database, now: datetime) -> None:
    """Marks what came due in those weeks as sent, so that no pile of nudges meets a newcomer."""
    with database.work() as memory:
        while (due := _find_next_due(memory)) is not None and due <= now:
            due_messages.sweep(memory, now)
        for row in memory.claims.claim("sample", now, now + timedelta(minutes=1), limit=500):
            memory.outbox.mark_sent(row.id, "sample", now, PLATFORM, "")


def _find_next_due(memory: UnitOfWork) -> datetime | None:
    moments = (memory.deals.next_attention_at(), memory.steps.next_ring_at())
    return min((at for at in moments if at is not None), default=None)
