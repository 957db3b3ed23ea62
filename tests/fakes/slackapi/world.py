"""Slack's memory: workspaces, people, channels, views, triggers, files, and what may be done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count

from tests.fakes.slackapi.clock import Clock
from tests.fakes.slackapi.errors import ApiError, Json
from tests.fakes.slackapi.manifests import AGENT
from tests.fakes.slackapi.reading import live_in, live_in_mrkdwn
from tests.fakes.slackapi.record import Record, Sent
from tests.fakes.slackapi.views import View
from tests.fakes.slackapi.workspaces import Account, Channel, Message, Workspace

TRIGGER_SECONDS = 3.0
RESPONSE_USES, RESPONSE_SECONDS = 5, 30 * 60.0


@dataclass(frozen=True)
class AppIdentity:
    """The app as https://api.slack.com/apps shows it."""

    id: str = "A0REPMATE"
    client_id: str = "1111111111.2222222222"
    client_secret: str = "not-a-real-client-secret"
    signing_secret: str = "0123456789abcdef-not-a-real-signing"
    app_token: str = "xapp-1-A0REPMATE-1-not-a-real-token"


@dataclass
class Trigger:
    """What a trigger_id lets the app do: open a view for a person, once, within 3 seconds."""

    user_id: str
    team_id: str
    made_at: float
    view_id: str = ""
    used: bool = False


@dataclass
class ResponseUrl:
    """Where an interaction may be answered: five times in half an hour."""

    channel_id: str
    user_id: str
    team_id: str
    made_at: float
    message_ts: str = ""
    thread_ts: str = ""
    uses: int = 0


@dataclass
class StoredFile:
    """A file on Slack's servers, or one whose upload is announced."""

    id: str
    team_id: str
    name: str
    title: str = ""
    announced: int = 0
    content: bytes | None = None
    shared: bool = False
    mime_type: str = "application/octet-stream"


@dataclass
class World:
    """All state of the fake."""

    clock: Clock
    app: AppIdentity = field(default_factory=AppIdentity)
    record: Record = field(default_factory=Record)
    workspaces: dict[str, Workspace] = field(default_factory=dict)
    accounts: dict[tuple[str, str], Account] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    stacks: dict[tuple[str, str], list[View]] = field(default_factory=dict)
    homes: dict[tuple[str, str], View] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)
    numbers: count[int] = field(default_factory=lambda: count(1))
    root_url: str = ""
    late_triggers: bool = False
    view: str = AGENT  # or the assistant's, of apps older than July 2026

    def new_id(self, letter: str) -> str:
        """An id like Slack's: a letter and capitals or digits."""
        return f"{letter}0{next(self.numbers):08X}"

    def account(self, team: Workspace, user_id: str) -> Account:
        """The person, as this workspace knows them. Raises ApiError user_not_found."""
        found = self.accounts.get((team.id, user_id))
        if found is None:
            raise ApiError("user_not_found")
        return found

    def dm(self, team: Workspace, user_id: str) -> Channel:
        """The app's direct messages with a person, opened if need be."""
        for channel in self.channels.values():
            if (channel.kind, channel.team_id) == ("im", team.id) and user_id in channel.members:
                return channel
        opened = Channel(self.new_id("D"), "", "im", team.id, {user_id, team.bot_user_id})
        self.channels[opened.id] = opened
        return opened

    def reachable(self, team: Workspace, name: str) -> Channel:
        """The channel, if the bot may write there; a person's id means their direct messages.

        Raises ApiError as Slack does.
        """
        if name.startswith(("U", "W")) and (team.id, name) in self.accounts:
            if self.accounts[team.id, name].is_bot:
                raise ApiError("cannot_dm_bot")
            channel = self.dm(team, name)
        else:
            channel = self.visible(team, name)
        if channel.archived:
            raise ApiError("is_archived")
        if team.bot_user_id not in channel.members:
            raise ApiError("not_in_channel")
        if channel.kind == "im" and self._left(team, channel):
            raise ApiError("channel_not_found")
        return channel

    def visible(self, team: Workspace, name: str) -> Channel:
        """The channel, if this workspace's bot may know of it. Raises ApiError."""
        found = self.channels.get(name)
        if found is None or team.id not in (found.team_id, *found.shared_with):
            raise ApiError("channel_not_found")
        if found.kind != "channel" and team.bot_user_id not in found.members:
            raise ApiError("channel_not_found")
        return found

    def post(self, channel: Channel, raw: Json, only_for: str = "") -> Message:
        """Put a message into the channel."""
        message = Message({"type": "message", "ts": self.clock.stamp()} | raw, channel.id, only_for)
        channel.messages.append(message)
        return message

    def keep(self, method: str, message: Message) -> None:
        """Record an accepted send or edit of the bot's."""
        raw = message.raw
        self.note_live(raw.get("blocks", []), str(raw.get("text", "")))
        self.record.sent.append(
            Sent(
                method=method,
                channel_id=message.channel_id,
                ts=message.ts,
                text=message.text,
                buttons=tuple(message.labels),
                at=self.clock.now(),
                only_for=message.only_for,
                thread_ts=message.thread_ts,
                raw=dict(raw),
            )
        )

    def note_live(self, blocks: Iterable[Json], text: str = "") -> None:
        """Record what Slack makes mentions and links of."""
        self.record.live += [*live_in_mrkdwn(text), *live_in(list(blocks))]

    def trigger(self, user_id: str, team: Workspace, view_id: str = "") -> str:
        """A new trigger_id."""
        number = next(self.numbers)
        name = f"{number}.{number * 7}.{number:032x}"
        made_at = self.clock.now() - (2 * TRIGGER_SECONDS if self.late_triggers else 0)
        self.triggers[name] = Trigger(user_id, team.id, made_at, view_id)
        return name

    def exchange(self, name: str, team: Workspace) -> Trigger:
        """The trigger, used up. Raises ApiError when it is unknown, used or too old."""
        trigger = self.triggers.get(name)
        if trigger is None or trigger.team_id != team.id:
            raise ApiError("invalid_trigger_id")
        if trigger.used:
            raise ApiError("exchanged_trigger_id")
        if self.clock.now() - trigger.made_at > TRIGGER_SECONDS:
            raise ApiError("expired_trigger_id")
        trigger.used = True
        return trigger

    def response_url(
        self, channel: Channel, user_id: str, team: Workspace, ts: str = "", thread_ts: str = ""
    ) -> str:
        """A new address for answers to one interaction."""
        key = f"{team.id}/{next(self.numbers)}/{'x' * 24}"
        made = ResponseUrl(channel.id, user_id, team.id, self.clock.now(), ts, thread_ts)
        self.response_urls[key] = made
        return f"{self.root_url}/response/{key}"

    def _left(self, team: Workspace, channel: Channel) -> bool:
        person = next(iter(channel.members - {team.bot_user_id}), "")
        account = self.accounts.get((team.id, person))
        return account is None or account.deleted
