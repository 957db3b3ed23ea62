"""Workspaces, the people in them, and the channels they write in."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.fakes.slackapi.errors import Json
from tests.fakes.slackapi.kit import elements_of
from tests.fakes.slackapi.reading import read_blocks, read_mrkdwn, read_text


@dataclass
class Workspace:
    """A workspace with the app in it. `state`: active, revoked, uninstalled or inactive.

    `scopes`: what the bot token may do; None for everything.
    """

    id: str
    name: str
    domain: str
    bot_token: str
    bot_user_id: str
    bot_id: str
    enterprise_id: str | None = None
    org_wide: bool = False
    state: str = "active"
    scopes: frozenset[str] | None = None

    @property
    def enterprise(self) -> Json | None:
        """The Enterprise Grid organisation, as interactions name it."""
        if self.enterprise_id is None:
            return None
        return {"id": self.enterprise_id, "name": f"{self.name} Grid"}


@dataclass
class Account:
    """A person's account, or a bot's. `team_id` is their own workspace's."""

    id: str
    team_id: str
    name: str
    real_name: str
    locale: str
    tz: str
    tz_offset: int
    email: str = ""
    guest: str = ""
    is_bot: bool = False
    is_admin: bool = False
    deleted: bool = False

    def json(self, seen_from: str, *, locale: bool) -> Json:
        """The user object, as a workspace sees it."""
        profile = {"real_name": self.real_name, "display_name": self.name, "team": self.team_id}
        profile |= {"email": self.email} if self.email else {}
        told: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name.lower(),
            "deleted": self.deleted,
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": self.tz_offset,
            "profile": profile,
            "is_admin": self.is_admin,
            "is_owner": self.is_admin,
            "is_primary_owner": False,
            "is_restricted": self.guest in ("multi", "single"),
            "is_ultra_restricted": self.guest == "single",
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 1_700_000_000,
        }
        if self.team_id != seen_from:
            told["is_stranger"] = True
        return told | ({"locale": self.locale} if locale else {})


@dataclass(frozen=True)
class Control:
    """Something to press or choose: a button, a menu, a picker, where it stands."""

    label: str
    element: Json
    block: Json

    @property
    def options(self) -> list[Json]:
        """What a menu offers."""
        groups = self.element.get("option_groups") or [self.element]
        return [option for group in groups for option in group.get("options", [])]


@dataclass
class Message:
    """One message. `raw` is what Slack would say of it; `only_for` makes it ephemeral."""

    raw: Json
    channel_id: str
    only_for: str = ""
    edits: int = 0
    deleted: bool = False

    @property
    def ts(self) -> str:
        """Its timestamp, which is its id in the channel."""
        return str(self.raw["ts"])

    @property
    def thread_ts(self) -> str:
        """The thread it stands in, or nothing."""
        return str(self.raw.get("thread_ts", ""))

    @property
    def by_bot(self) -> bool:
        """Whether the app wrote it."""
        return "bot_id" in self.raw

    @property
    def blocks(self) -> list[Json]:
        """Its blocks."""
        return list(self.raw.get("blocks", []))

    @property
    def text(self) -> str:
        """What a person reads: the blocks, or without any the text; files by title."""
        text = read_blocks(self.blocks) if self.blocks else read_mrkdwn(self.raw.get("text", ""))
        titles = [str(file["title"]) for file in self.raw.get("files", [])]
        return "\n".join(filter(None, [text, *titles]))

    @property
    def controls(self) -> list[Control]:
        """What can be pressed or chosen, in reading order."""
        return controls_of(self.blocks)

    @property
    def labels(self) -> list[str]:
        """What its buttons say."""
        return [one.label for one in self.controls if one.element["type"] == "button"]


def controls_of(blocks: list[Json]) -> list[Control]:
    """Everything in blocks that can be pressed or chosen."""
    return [
        Control(read_text(element.get("text") or element.get("placeholder") or {}), element, block)
        for block in blocks
        for element in elements_of(block)
    ]


@dataclass
class Channel:
    """A channel or direct message. `kind`: channel, group or im, as events name it."""

    id: str
    name: str
    kind: str
    team_id: str
    members: set[str] = field(default_factory=set)
    messages: list[Message] = field(default_factory=list)
    archived: bool = False
    shared_with: frozenset[str] = frozenset()

    @property
    def json(self) -> Json:
        """The channel as interactions name it."""
        return {"id": self.id, "name": "directmessage" if self.kind == "im" else self.name}

    def message(self, ts: str) -> Message | None:
        """The message with this timestamp, ephemeral ones too."""
        return next((m for m in self.messages if m.ts == ts and not m.deleted), None)

    def seen_by(self, user_id: str) -> list[Message]:
        """What this person sees here, oldest first."""
        return [m for m in self.messages if not m.deleted and m.only_for in ("", user_id)]
