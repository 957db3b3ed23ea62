"""What a test makes happen: workspaces, people, channels, time, faults, raw deliveries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tests.fakes.slackapi import payloads
from tests.fakes.slackapi.acting import User
from tests.fakes.slackapi.deliveries import Deliveries, Delivery, Kind
from tests.fakes.slackapi.door import Door
from tests.fakes.slackapi.errors import ApiError, Json
from tests.fakes.slackapi.faults import Fault
from tests.fakes.slackapi.manifests import AGENT, ASSISTANT, find_faults, find_view
from tests.fakes.slackapi.workspaces import Account, Channel, Workspace
from tests.fakes.slackapi.world import World

_ALWAYS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "message.im",
    "tokens_revoked",
    "user_change",
)
SUBSCRIPTIONS: Mapping[str, frozenset[str]] = {
    AGENT: frozenset((*_ALWAYS, "app_context_changed")),
    ASSISTANT: frozenset(
        (*_ALWAYS, "assistant_thread_context_changed", "assistant_thread_started")
    ),
}


class Script:
    """The test's hand in the fake. All of it is plain calls; the app notices over the network."""

    world: World
    door: Door
    deliveries: Deliveries
    subscriptions: set[str]

    def workspace(
        self,
        id: str,  # noqa: A002 - Slack's own word
        name: str = "Blue Harbour",
        *,
        enterprise_id: str | None = None,
        org_wide: bool = False,
        scopes: Iterable[str] | None = None,
    ) -> Workspace:
        """A workspace with the app installed; its `bot_token` is the app's."""
        bot = Account(f"UB{id[1:]}", id, "repmate", "Repmate", "en-US", "UTC", 0, is_bot=True)
        team = Workspace(
            id,
            name,
            name.lower().replace(" ", "-"),
            f"xoxb-{id}-not-a-real-token",
            bot.id,
            f"B{id[1:]}",
            enterprise_id,
            org_wide,
            scopes=None if scopes is None else frozenset(scopes),
        )
        self.world.workspaces[id] = team
        self.world.accounts[id, bot.id] = bot
        return team

    def user(
        self,
        name: str,
        team: Workspace | None = None,
        *,
        id: str = "",  # noqa: A002 - Slack's own word
        locale: str = "en-US",
        tz: str = "Europe/Berlin",
        tz_offset: int = 3600,
        guest: str = "",
        home_team_id: str = "",
        is_admin: bool = False,
        is_bot: bool = False,
        email: str = "",
    ) -> User:
        """A person in a workspace (the first, if none is given).

        `guest`: "multi" or "single" for the two kinds of guest; `home_team_id`: the workspace of
        somebody who is only here through a shared channel.
        """
        team = team or next(iter(self.world.workspaces.values()))
        account = Account(
            id or self.world.new_id("U"),
            home_team_id or team.id,
            name,
            name,
            locale,
            tz,
            tz_offset,
            email,
            guest,
            is_bot,
            is_admin,
        )
        self.world.accounts[team.id, account.id] = account
        return User(account, team, self.world, self.deliveries, self.subscriptions)

    def channel(
        self,
        name: str,
        members: Iterable[User] = (),
        team: Workspace | None = None,
        *,
        bot: bool = True,
        private: bool = False,
        shared_with: Iterable[str] = (),
    ) -> Channel:
        """A channel with these people in it, and the app if `bot`."""
        team = team or next(iter(self.world.workspaces.values()))
        inside = {member.id for member in members} | ({team.bot_user_id} if bot else set())
        kind = "group" if private else "channel"
        made = Channel(self.world.new_id("C"), name, kind, team.id, inside)
        made.shared_with = frozenset(shared_with)
        self.world.channels[made.id] = made
        return made

    def create_app(self, manifest: Json) -> None:
        """Paste a manifest at Create New App. Raises ApiError, with each fault's words."""
        self._take_manifest(manifest, existing="")

    def update_app(self, manifest: Json) -> None:
        """Paste a manifest over that of the app there is. Raises ApiError, as above."""
        self._take_manifest(manifest, existing=self.world.view)

    def _take_manifest(self, manifest: Json, existing: str) -> None:
        if faults := find_faults(manifest, existing):
            raise ApiError("invalid_manifest", *faults)
        self.world.view = find_view(manifest)
        self.subscriptions.clear()
        self.subscriptions.update(manifest["settings"]["event_subscriptions"]["bot_events"])
        for team in self.world.workspaces.values():
            team.scopes = frozenset(manifest["oauth_config"]["scopes"]["bot"])

    def advance(self, seconds: float) -> None:
        """Time passes: triggers expire, unacknowledged events come again."""
        self.world.clock.advance(seconds)
        self.deliveries.look()

    def push(self, payload: Json, kind: Kind = "events_api") -> Delivery:
        """Deliver exactly this payload: also twice, also forged."""
        return self.deliveries.add(Delivery(kind, payload))

    def again(self, delivery: Delivery, copies: int = 1) -> list[Delivery]:
        """Deliver the very same thing so many times more, all at once."""
        return [self.push(delivery.payload, delivery.kind) for _ in range(copies)]

    def expire_triggers(self) -> None:
        """From now on every trigger_id is too old by the time the app has it."""
        self.world.late_triggers = True

    def installs(self, user: User) -> str:
        """Somebody agrees to install the app: the code that oauth.v2.access takes."""
        code = f"{user.team.id}.{next(self.world.numbers)}.code"
        self.world.codes[code] = (user.team.id, user.id)
        return code

    def uninstalls(self, team: Workspace, *, tokens_first: bool = False) -> list[Delivery]:
        """The app is thrown out: both events, in either order."""
        told: list[Json] = [
            {"type": "app_uninstalled", "event_ts": self.world.clock.stamp()},
            {
                "type": "tokens_revoked",
                "tokens": {"oauth": [], "bot": [team.bot_user_id]},
                "event_ts": self.world.clock.stamp(),
            },
        ]
        team.state = "uninstalled"
        events = [payloads.event_callback(self.world, team, event) for event in told]
        return [self.push(event) for event in (reversed(events) if tokens_first else events)]

    def fail_next(
        self,
        method: str,
        error: str = "",
        *,
        status: int = 200,
        times: int = 1,
        channel: str = "",
        team: Workspace | None = None,
        retry_after: int | None = None,
    ) -> None:
        """Refuse the next calls of a method ("*": any), of one channel or workspace if given.

        With an `error` Slack's JSON says so; without one there is a page of HTML and the status.
        """
        body: Json | str = {"ok": False, "error": error} if error else ""
        fault = Fault("answer", method, times, channel, status=status, body=body)
        fault.retry_after, fault.team_id = retry_after, team.id if team else ""
        self.door.faults.add(fault)

    def limits_next(self, method: str, seconds: int, times: int = 1, channel: str = "") -> None:
        """Answer the next calls with 429 and Retry-After."""
        self.fail_next(
            method, "ratelimited", status=429, times=times, channel=channel, retry_after=seconds
        )

    def drop_next(
        self, method: str, times: int = 1, channel: str = "", *, applied: bool = True
    ) -> None:
        """Cut the connection instead of answering; with `applied` after doing what was asked."""
        self.door.faults.add(Fault("drop", method, times, channel, applied))

    def garble_next(self, method: str, body: str, times: int = 1) -> None:
        """Do what was asked, and answer with 200 and this as JSON, whatever it is."""
        fault = Fault("answer", method, times, applied=True, body=body)
        fault.content_type = "application/json"
        self.door.faults.add(fault)

    def hang_next(
        self, method: str, times: int = 1, channel: str = "", *, applied: bool = False
    ) -> None:
        """Take the call and never answer, until the caller hangs up or the server stops."""
        self.door.faults.add(Fault("hang", method, times, channel, applied))
