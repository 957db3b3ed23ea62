"""The team that dialogs play in: Ann and Bo are reps, Mia their manager, Kim the admin.

Eve is alone in another team; Zoe is in none.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from handlers.team.create_team import TeamFacts, add_member, create_team
from storage.engine import Database
from storage.migrate import upgrade
from storage.tables.people_and_deals import Identity, Member, Role
from storage.unit_of_work import UnitOfWork
from tests.databases import without_waiting_for_the_disk

MEMBERS = ("Kim", "Mia", "Ann", "Bo")
OTHERS = ("Eve",)
STRANGERS = ("Zoe", "Yan")
EVERYBODY = (*MEMBERS, *OTHERS, *STRANGERS)
SLACK_TEAM = "T0HARBOUR"
# A Wednesday morning.
DAY, HOUR = date(2026, 11, 18), time(10)
FACTS = {
    "en": TeamFacts("Blue Harbour", "en", "Europe/Berlin", "EUR", "DE"),
    "zh": TeamFacts("蓝湾科技", "zh", "Asia/Shanghai", "CNY", "CN"),
}


@dataclass(frozen=True)
class Known:
    """How a platform knows somebody."""

    account_id: str
    address: str


def now(language: str) -> datetime:
    """When dialogs in this language begin: ten o'clock in the team's zone, as aware UTC."""
    return datetime.combine(DAY, HOUR, ZoneInfo(FACTS[language].time_zone)).astimezone(UTC)


def found(database: Database, language: str, platform: str, known: dict[str, Known]) -> None:
    """Makes both teams, everybody known on one platform."""
    at = now(language)
    with database.work() as memory:
        kim = create_team(memory, FACTS[language], "Kim", at)
        team = memory.members.get_team(kim.team_id)
        mia = add_member(memory, team, "Mia", Role.MANAGER, at)
        reps = [add_member(memory, team, name, Role.REP, at, mia.id) for name in ("Ann", "Bo")]
        other = TeamFacts("Other Ltd", language, "UTC", "USD", "US")
        eve = create_team(memory, other, "Eve", at)
        for member in (kim, mia, *reps, eve):
            _introduce(memory, member, platform, known[member.name], at)


def _introduce(
    memory: UnitOfWork, member: Member, platform: str, known: Known, at: datetime
) -> None:
    # Digests have dialogs of their own; in the others they would only stand in between.
    member.digest_due_at = None
    memory.members.save_identity(
        Identity(
            team_id=member.team_id,
            member_id=member.id,
            platform=platform,
            account_id=known.account_id,
            address=known.address,
            last_active_at=at,
        )
    )


def slack_id(name: str) -> str:
    """The Slack user of somebody of the dialogs."""
    return f"U{telegram_id(name)}"


def telegram_id(name: str) -> int:
    """The Telegram account of somebody of the dialogs."""
    return 1000 + EVERYBODY.index(name)


def database_with_teams(folder: Path, language: str, platform: str) -> Database:
    """A SQLite database of this test's own in which everybody is known on one platform."""
    path = folder / "dialog.db"
    shutil.copyfile(_template(language, platform), path)
    database = Database(f"sqlite:///{path}")
    without_waiting_for_the_disk(database)
    return database


def _known(name: str, platform: str) -> Known:
    if platform == "slack":
        return Known(f"{SLACK_TEAM}.{slack_id(name)}", slack_id(name))
    if platform == "telegram":
        return Known(str(telegram_id(name)), str(telegram_id(name)))
    return Known(f"member-{name}", name)


@cache
def _template(language: str, platform: str) -> Path:
    """The file they are copied from, made once a process: founding teams is most of the work."""
    path = Path(tempfile.mkdtemp(prefix="repmate-dialogs-")) / "template.db"
    atexit.register(shutil.rmtree, path.parent, ignore_errors=True)
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    known = {name: _known(name, platform) for name in EVERYBODY}
    found(database, language, platform, known)
    database.close()
    return path
