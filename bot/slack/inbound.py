"""Reads a payload: who did what, and where the answer goes. Says nothing and asks nobody."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.inbound.json_fields import Raw, part, string
from bot.slack.block_kit import modals
from bot.slack.block_kit.blocks import SHARE
from bot.slack.payload import shortcuts
from bot.slack.payload.files import Fetchable, attached, passed_on
from bot.slack.payload.kinds import PLATFORM, event_id_of, user_of
from bot.slack.payload.message_markup import as_typed, text_in, without_mention
from bot.slack.payload.reply_targets import Place, place_of_message
from bot.slack.workspaces import Workspace
from handlers.contract.reply import ACTION_BYTES
from handlers.contract.request import Account, Request

OWN_COMMANDS = ("/rep", "/repmate")
PREFIX = "/rep-"  # of commands whose own word Slack keeps for itself


@dataclass(frozen=True)
class Incoming:
    """A request, and what Slack needs to know to answer it.

    `trigger_id` opens a modal within three seconds; `view_id` is the modal or Home it came from.
    `shares`: the answer is for everybody in the thread to see. `outsider`: from another workspace.
    `submitted`: a modal waits for the answer, `first_field` is where its errors may be shown.
    """

    request: Request
    user: str
    place: Place
    trigger_id: str = ""
    view_id: str = ""
    shares: bool = False
    outsider: bool = False
    submitted: bool = False
    at_home: bool = False
    first_field: str = ""
    file: Fetchable | None = None


@dataclass(frozen=True)
class Opened:
    """Somebody looks at our App Home, or at the assistant's pane (`place`), and asked nothing."""

    account: Account
    user: str
    place: Place = field(default_factory=Place)


@dataclass(frozen=True)
class SentAway:
    """The workspace has uninstalled the app or revoked its bot's token, in either order."""

    event: str


def read(raw: Raw, workspace: Workspace) -> Incoming | Opened | SentAway | None:
    """What a payload asks of us; None for what is not ours to answer."""
    kind = string(raw, "type", 40)
    if kind == "event_callback":
        return _event(raw, workspace)
    account = _account(raw, workspace)
    if account is None:
        return None
    heard = Incoming(
        Request(event_id_of(raw), account, draws_forms=True),
        user_of(raw),
        Place(),
        trigger_id=string(raw, "trigger_id"),
        outsider=_is_outsider(string(part(raw, "user"), "team_id"), workspace),
    )
    if kind == "block_actions":
        return _pressed(raw, heard)
    if kind == "view_submission":
        return _submitted(raw, heard)
    if kind in ("shortcut", "message_action"):
        return _shortcut(raw, heard)
    return _commanded(raw, heard) if string(raw, "command") else None


def _event(raw: Raw, workspace: Workspace) -> Incoming | Opened | SentAway | None:
    event = part(raw, "event")
    kind = string(event, "type", 60)
    if kind == "app_uninstalled" or (kind == "tokens_revoked" and part(event, "tokens").get("bot")):
        return SentAway(kind)
    account = _account(raw, workspace)
    if account is None:
        return None
    if kind == "app_home_opened":
        return Opened(account, user_of(raw)) if event.get("tab") == "home" else None
    if kind in ("assistant_thread_started", "assistant_thread_context_changed"):
        thread = part(event, "assistant_thread")
        place = Place(string(thread, "channel_id"), string(thread, "thread_ts"))
        return Opened(account, user_of(raw), place) if place.thread else None
    return _said(event, Request(event_id_of(raw), account), workspace)


def _said(event: Raw, request: Request, workspace: Workspace) -> Incoming | None:
    """A message to us in our own chat, or one that names us; edits and robots are not heard."""
    named = event.get("type") == "app_mention"
    private = event.get("channel_type") == "im" and not named
    subtype = string(event, "subtype")
    if "bot_id" in event or subtype not in ("", "file_share", "thread_broadcast"):
        return None
    if not (named or private) or not string(event, "channel"):
        return None
    team = string(event, "user_team") or string(event, "team")
    heard = Incoming(request, user_of({"event": event}), place_of_message(event, private=private))
    heard = replace(heard, outsider=_is_outsider(team, workspace))
    if named:
        said = as_typed(without_mention(string(event, "text", 40_000), workspace.bot_user_id))
        request = replace(request, text=said or "/help", in_group=True)
    else:
        request = replace(request, text=text_in(event), reply_to=_root(event))
    return _filled(event, replace(heard, request=request))


def _filled(event: Raw, heard: Incoming) -> Incoming | None:
    """With the file or the passed-on message it holds; None where nothing is said."""
    request = heard.request
    if shared := passed_on(event):
        sender, text = shared
        return replace(heard, request=replace(request, text=text, forwarded_from=sender))
    found = attached(event)
    if found is not None:
        attachment, source = found
        words = bool(request.text.strip()) and not attachment.name.casefold().endswith(".vcf")
        request = replace(request, kind="text" if words else "file", attachment=attachment)
        return replace(heard, request=request, file=source)
    return heard if request.text.strip() else None


def _root(event: Raw) -> str:
    """The message that a thread hangs on, as we would remember it had we sent it."""
    thread = string(event, "thread_ts")
    return f"{string(event, 'channel')}:{thread}" if thread and thread != event.get("ts") else ""


def _pressed(raw: Raw, heard: Incoming) -> Incoming | None:
    actions = raw.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else None
    if not isinstance(first, dict):
        return None
    action = string(first, "value") or string(part(first, "selected_option"), "value")
    shares = action.startswith(SHARE)
    action = action.removeprefix(SHARE)
    if not action or len(action.encode()) > ACTION_BYTES:
        return None
    view = part(raw, "view")
    place = Place(heard.user) if view else _pressed_at(raw, heard.user)
    request = replace(
        heard.request,
        kind="button",
        action=action,
        in_group=place.is_channel,
        # A form that is being asked in the chat is asked there to its end.
        draws_forms=not action.startswith("ask:"),
        pressed=f"{place.channel}:{place.edits}" if place.edits else "",
    )
    return replace(
        heard,
        request=request,
        place=place,
        shares=shares and place.is_channel,
        view_id=string(view, "id"),
        at_home=view.get("type") == "home",
    )


def _pressed_at(raw: Raw, user: str) -> Place:
    container, message = part(raw, "container"), part(raw, "message")
    ephemeral = container.get("is_ephemeral") is True
    channel = string(container, "channel_id") or string(part(raw, "channel"), "id")
    thread = string(message, "thread_ts") or string(container, "thread_ts")
    return Place(
        channel or user,
        thread,
        edits=string(container, "message_ts"),
        only_for=user if ephemeral else "",
        response_url=string(raw, "response_url", 1000),
    )


def _submitted(raw: Raw, heard: Incoming) -> Incoming | None:
    filled = modals.filled(part(raw, "view"))
    if filled is None:
        return None
    place = filled.place if filled.place.channel else Place(heard.user)
    request = replace(
        heard.request,
        kind="form",
        action=filled.action,
        values=filled.values,
        in_group=place.is_channel,
    )
    view = part(raw, "view")
    return replace(
        heard,
        request=request,
        place=place,
        view_id=string(view, "id"),
        first_field=modals.first_field(view),
        submitted=True,
    )


def _shortcut(raw: Raw, heard: Incoming) -> Incoming | None:
    request = shortcuts.asked(string(raw, "callback_id"), part(raw, "message"), heard.request)
    if request is None:
        return None
    channel = string(part(raw, "channel"), "id")
    message = part(raw, "message")
    thread = string(message, "thread_ts")
    place = Place(
        channel or heard.user,
        thread,
        only_for=heard.user,
        response_url=string(raw, "response_url", 1000),
    )
    return replace(heard, request=replace(request, in_group=place.is_channel), place=place)


def _commanded(raw: Raw, heard: Incoming) -> Incoming:
    command, rest = string(raw, "command", 64), as_typed(string(raw, "text", 40_000)).strip()
    word = f"/{command.removeprefix(PREFIX)}" if command.startswith(PREFIX) else command
    said = rest or "/help" if command in OWN_COMMANDS else f"{word} {rest}".rstrip()
    place = Place(
        string(raw, "channel_id") or heard.user,
        only_for=heard.user,
        response_url=string(raw, "response_url", 1000),
    )
    request = replace(heard.request, text=said, in_group=place.is_channel)
    return replace(heard, request=request, place=place)


def _account(raw: Raw, workspace: Workspace) -> Account | None:
    user = user_of(raw)
    if not user or user in (workspace.bot_user_id, "USLACKBOT"):
        return None
    name = string(part(raw, "user"), "name") or string(raw, "user_name")
    known = workspace.account_of(user)
    return Account(PLATFORM, known, name, address=user)


def _is_outsider(team: str, workspace: Workspace) -> bool:
    return bool(team) and team not in (workspace.id, workspace.enterprise_id)
