"""The people of a test write: messages, commands, files, shortcuts become news for the app."""

from __future__ import annotations

import copy
import uuid
from dataclasses import dataclass

from tests.fakes.slackapi import payloads
from tests.fakes.slackapi.answers import CONNECTING, to_command
from tests.fakes.slackapi.deliveries import Deliveries, Delivery, Kind
from tests.fakes.slackapi.errors import Json
from tests.fakes.slackapi.manifests import AGENT, ASSISTANT
from tests.fakes.slackapi.uploads import file_json
from tests.fakes.slackapi.views import View
from tests.fakes.slackapi.wording import escaped, typed
from tests.fakes.slackapi.workspaces import Account, Channel, Message, Workspace
from tests.fakes.slackapi.world import ResponseUrl, StoredFile, World

LONGEST = 12_000


@dataclass(eq=False)
class Person:
    """Somebody with Slack open. Each act gives back what it tells the app, or None for nothing."""

    account: Account
    team: Workspace
    world: World
    deliveries: Deliveries
    subscriptions: set[str]
    viewed: Channel | None = None  # the channel that is open beside the app's chat

    @property
    def id(self) -> str:
        """The account's id."""
        return self.account.id

    @property
    def dm(self) -> Channel:
        """The direct messages with the app."""
        return self.world.dm(self.team, self.id)

    @property
    def home(self) -> View | None:
        """The app's Home tab, once published."""
        return self.world.homes.get((self.team.id, self.id))

    @property
    def modals(self) -> list[View]:
        """The modals that are open, the one on top last."""
        return self.world.stacks.get((self.team.id, self.id), [])

    @property
    def modal(self) -> View:
        """The modal on top. Raises AssertionError when there is none."""
        assert self.modals, f"{self.account.name} has no modal open"
        return self.modals[-1]

    @property
    def troubles(self) -> list[str]:
        """What Slack told this person instead of an answer."""
        return [told for user_id, told in self.world.record.troubles if user_id == self.id]

    def seen(self, where: Channel | None = None) -> list[Message]:
        """The app's messages that this person sees in a channel, or in their DM."""
        return [m for m in (where or self.dm).seen_by(self.id) if m.by_bot]

    def says(
        self,
        text: str,
        where: Channel | None = None,
        thread: Message | None = None,
        *,
        mention: bool = False,
    ) -> Delivery | None:
        """Write into the DM or a channel; with `mention` the app is named first."""
        assert 0 < len(text.strip()) <= LONGEST, "a person's Slack sends 1 to 12,000 characters"
        words = typed((f"<@{self.team.bot_user_id}> " if mention else "") + text.strip())
        content: Json = {"text": words.text, "blocks": words.blocks}
        content["client_msg_id"] = str(uuid.uuid4())
        return self._writes(content, where or self.dm, thread)

    def edits(self, message: Message, text: str) -> Delivery | None:
        """Change a message of one's own."""
        before = copy.deepcopy(message.raw)
        words = typed(text)
        message.raw |= {"text": words.text, "blocks": words.blocks}
        message.raw["edited"] = {"user": self.id, "ts": self.world.clock.stamp()}
        channel = self.world.channels[message.channel_id]
        told: Json = {"type": "message", "subtype": "message_changed", "hidden": True}
        told |= {"message": copy.deepcopy(message.raw), "previous_message": before}
        told |= {"channel": channel.id, "channel_type": channel.kind}
        stamp = self.world.clock.stamp()
        return self._event(told | {"ts": stamp, "event_ts": stamp}, _message_kind(channel))

    def uploads(
        self, name: str, content: bytes, text: str = "", where: Channel | None = None
    ) -> Delivery | None:
        """Send a file."""
        file = StoredFile(self.world.new_id("F"), self.team.id, name, content=content, shared=True)
        self.world.files[file.id] = file
        words = typed(text) if text else None
        told: Json = {"subtype": "file_share", "files": [file_json(self.world, file)]}
        told |= {"text": words.text if words else "", "upload": False}
        told |= {"blocks": words.blocks} if words else {}
        return self._writes(told, where or self.dm, None)

    def forwards(self, text: str, author: str, where: Channel | None = None) -> Delivery | None:
        """Share somebody's message."""
        shared: Json = {"is_share": True, "is_msg_unfurl": True, "author_name": author}
        shared |= {"text": escaped(text), "fallback": escaped(text), "mrkdwn_in": ["text"]}
        return self._writes({"text": "", "attachments": [shared]}, where or self.dm, None)

    def commands(self, name: str, text: str = "", where: Channel | None = None) -> Delivery:
        """Type a slash command."""
        channel = where or self.dm
        said = (name, escaped(text.strip()))
        payload = payloads.command(self.world, self.team, self.account, channel, said)
        url = ResponseUrl(channel.id, self.id, self.team.id, self.world.clock.now())
        return self._tells(
            "slash_commands", payload, lambda response: to_command(self.world, url, response)
        )

    def takes_shortcut(self, callback_id: str, message: Message | None = None) -> Delivery:
        """A global shortcut, or one of a message's menu."""
        kind = "message_action" if message else "shortcut"
        payload = payloads.interaction(self.world, self.team, self.account, kind)
        payload |= {"callback_id": callback_id, "action_ts": self.world.clock.stamp()}
        payload["trigger_id"] = self.world.trigger(self.id, self.team)
        if message is not None:
            channel = self.world.channels[message.channel_id]
            told = payloads.in_message(self.world, self.team, self.account, channel, message)
            told.pop("container")
            payload |= told | {"message_ts": message.ts}
        return self._tells("interactive", payload)

    def becomes(self, *, guest: str = "", deleted: bool = False, told: bool = True) -> None:
        """What the workspace's admin makes of this person; the app is `told`, or misses it."""
        self.account.guest, self.account.deleted = guest, deleted
        user = self.account.json(self.team.id, locale=True)
        if told:
            self._event({"type": "user_change", "user": user}, "user_change")

    def changes_status(self) -> None:
        """Another emoji beside the name, of which every app with the event is told."""
        self.becomes(guest=self.account.guest, deleted=self.account.deleted)

    def opens_home(self) -> Delivery | None:
        """Look at the app's Home tab."""
        told = self._opened_tab("home")
        if self.home is not None:
            told["view"] = copy.deepcopy(self.home.raw)
        return self._event(told, "app_home_opened")

    def opens_chat(self, viewing: Channel | None = None) -> Delivery | None:
        """Open the app's Messages tab, perhaps with a channel in view."""
        self.viewed = viewing
        told = self._opened_tab("messages")
        if self.world.view == AGENT:
            told["context"] = self._context()
        return self._event(told, "app_home_opened")

    def looks_at(self, channel: Channel | None, *, named: bool = False) -> Delivery | None:
        """Go to a channel, or to none, while the app's chat is open.

        Slack's reference shows the event without the person, who is in the authorizations only;
        its types have the person and the chat in the event: `named`.
        """
        assert self.world.view == AGENT, "only apps with the agent's view are told"
        self.viewed = channel
        told: Json = {"type": "app_context_changed", "context": self._context()}
        if named:
            told |= {"user": self.id, "channel": self.dm.id}
            told["event_ts"] = self.world.clock.stamp()
            return self._event(told, "app_context_changed")
        if "app_context_changed" not in self.subscriptions:
            return None
        payload = payloads.event_callback(self.world, self.team, told)
        payload["authorizations"][0] |= {"user_id": self.id, "is_bot": False}
        return self.deliveries.add(Delivery("events_api", payload, self.id))

    def opens_assistant(self, viewing: Channel | None = None) -> Delivery | None:
        """Open the assistant's pane, perhaps with a channel in view: a new thread begins."""
        assert self.world.view == ASSISTANT, "an app with the agent's view has no pane"
        by_app: Json = {"user": self.team.bot_user_id, "bot_id": self.team.bot_id}
        root = self.world.post(self.dm, by_app | {"text": "New Assistant Thread"})
        root.raw["thread_ts"] = root.ts
        context: Json = {"force_search": False}
        if viewing is not None:
            context |= {"channel_id": viewing.id, "team_id": self.team.id}
            context["enterprise_id"] = self.team.enterprise_id
        thread: Json = {"user_id": self.id, "context": context}
        thread |= {"channel_id": self.dm.id, "thread_ts": root.ts}
        told = {"type": "assistant_thread_started", "assistant_thread": thread}
        return self._event(told | {"event_ts": root.ts}, "assistant_thread_started")

    def assistant_thread(self) -> Message:
        """The newest thread of the assistant's pane."""
        roots = [m for m in self.dm.messages if m.raw.get("text") == "New Assistant Thread"]
        assert roots, "the assistant's pane was never opened"
        return roots[-1]

    def _writes(self, content: Json, channel: Channel, thread: Message | None) -> Delivery | None:
        assert self.id in channel.members, f"{self.account.name} is not in #{channel.name}"
        told: Json = {"user": self.id, "team": self.account.team_id} | content
        if thread is not None:
            thread.raw.setdefault("thread_ts", thread.ts)
            told |= {"thread_ts": thread.thread_ts, "parent_user_id": thread.raw.get("user")}
        message = self.world.post(channel, told)
        if self.team.bot_user_id not in channel.members:
            return None
        event = payloads.message_event(self.team, channel, message, self.account)
        if channel == self.dm and self.viewed is not None and self.world.view == AGENT:
            event["app_context"] = self._context()
        first = None
        if f"<@{self.team.bot_user_id}>" in content["text"] and channel.kind != "im":
            mention = {k: v for k, v in event.items() if k != "channel_type"}
            first = self._event(mention | {"type": "app_mention"}, "app_mention", channel)
        return self._event(event, _message_kind(channel), channel) or first

    def _opened_tab(self, tab: str) -> Json:
        told: Json = {"type": "app_home_opened", "user": self.id, "channel": self.dm.id}
        return told | {"tab": tab, "event_ts": self.world.clock.stamp()}

    def _context(self) -> Json:
        if self.viewed is None:
            return {}
        entity = {"type": "slack#/types/channel_id", "value": self.viewed.id}
        return {"entities": [entity | {"team_id": self.team.id}]}

    def _event(self, event: Json, kind: str, channel: Channel | None = None) -> Delivery | None:
        if kind not in self.subscriptions or self.team.state != "active":
            return None
        shared = bool(channel and channel.shared_with)
        payload = payloads.event_callback(self.world, self.team, event, shared=shared)
        return self.deliveries.add(Delivery("events_api", payload, self.id))

    def _tells(
        self, kind: Kind, payload: Json, answered: object = None, trouble: str = CONNECTING
    ) -> Delivery:
        delivery = Delivery(kind, payload, self.id)
        if callable(answered):
            delivery.answered = answered
        delivery.failed = lambda _: self.world.record.troubles.append((self.id, trouble))
        return self.deliveries.add(delivery)


def _message_kind(channel: Channel) -> str:
    return {"im": "message.im", "group": "message.groups"}.get(channel.kind, "message.channels")
