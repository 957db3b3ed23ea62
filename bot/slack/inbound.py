"""Reads a payload: who did what, and where the answer goes. Makes no calls."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.inbound.json_fields import Raw, part, string
from bot.slack.block_kit import modals
from bot.slack.block_kit.blocks import SHARE
from bot.slack.payload import shortcuts
from bot.slack.payload.files import Fetchable, find_attachment, find_forwarded
from bot.slack.payload.kinds import ID_CHARACTERS, PLATFORM, find_user, make_event_id
from bot.slack.payload.message_markup import read_text, remove_mention, strip_markup
from bot.slack.payload.reply_targets import Place, find_place
from bot.slack.payload.viewed_channel import find_viewed_channel
from bot.slack.workspaces import Workspace
from handlers.contract.reply import ACTION_BYTES
from handlers.contract.request import Account, Request

OWN_COMMANDS = ("/rep", "/repmate")
PREFIX = "/rep-"  # of commands whose own word Slack keeps for itself
_OPENED_PANE = ("assistant_thread_started", "assistant_thread_context_changed")
_OPENED = ("app_home_opened", "app_context_changed", *_OPENED_PANE)


@dataclass(frozen=True)
class Incoming:
    """A request, and what is needed to answer it in Slack.

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
class PageOpened:
    """Somebody looks at our App Home, or at our chat or the assistant's pane, and asked nothing.

    `place` is the chat (by the person's id where the event does not name it) and the pane's thread;
    empty for the Home. `viewed` is the channel they have open beside it; `moved`: our chat was open
    before, and only that channel is another.
    """

    account: Account
    user: str
    place: Place = field(default_factory=Place)
    viewed: str = ""
    moved: bool = False


@dataclass(frozen=True)
class Uninstalled:
    """The workspace has uninstalled the app or revoked its bot's token, in either order."""

    event: str


@dataclass(frozen=True)
class UserChanged:
    """Something about a person of the workspace is another; `profile` is Slack's user object."""

    account: Account
    user: str
    profile: Raw


Content = Incoming | PageOpened | Uninstalled | UserChanged


def read(raw: Raw, workspace: Workspace) -> Content | None:
    """What a payload asks of us; None where there is nothing to answer."""
    kind = string(raw, "type", 40)
    if kind == "event_callback":
        return _read_event(raw, workspace)
    account = _read_account(raw, workspace)
    if account is None:
        return None
    incoming = Incoming(
        Request(make_event_id(raw), account, draws_forms=True),
        find_user(raw),
        Place(),
        trigger_id=string(raw, "trigger_id"),
        outsider=_is_outsider(string(part(raw, "user"), "team_id"), workspace),
    )
    if kind == "block_actions":
        return _read_press(raw, incoming)
    if kind == "view_submission":
        return _read_submission(raw, incoming)
    if kind in ("shortcut", "message_action"):
        return _read_shortcut(raw, incoming)
    return _read_command(raw, incoming) if string(raw, "command") else None


def _read_event(raw: Raw, workspace: Workspace) -> Content | None:
    event = part(raw, "event")
    kind = string(event, "type", 60)
    if kind == "app_uninstalled" or (kind == "tokens_revoked" and part(event, "tokens").get("bot")):
        return Uninstalled(kind)
    if kind == "user_change":
        return _read_change(part(event, "user"), workspace)
    account = _read_account(raw, workspace)
    if account is None:
        return None
    if kind in _OPENED:
        return _read_opened(event, PageOpened(account, find_user(raw)))
    return _read_message(event, Request(make_event_id(raw), account), workspace)


def _read_change(profile: Raw, workspace: Workspace) -> UserChanged | None:
    user = string(profile, "id", ID_CHARACTERS)
    if not user:
        return None
    locale = string(profile, "locale", 35)
    account = Account(PLATFORM, workspace.make_account_id(user), language=locale, address=user)
    return UserChanged(account, user, profile)


def _read_opened(event: Raw, opened: PageOpened) -> PageOpened | None:
    """Our Home, our chat with what stands beside it, or the pane of apps that still have it."""
    kind, tab = event.get("type"), event.get("tab")
    if kind == "app_home_opened" and tab != "messages":
        return opened if tab == "home" else None
    thread = part(event, "assistant_thread")
    chat = string(event, "channel") or string(thread, "channel_id")
    place = Place(chat if chat.startswith("D") else opened.user, string(thread, "thread_ts"))
    if kind in _OPENED_PANE and not place.thread:
        return None
    moved = kind in ("app_context_changed", "assistant_thread_context_changed")
    return replace(opened, place=place, viewed=find_viewed_channel(event), moved=moved)


def _read_message(event: Raw, request: Request, workspace: Workspace) -> Incoming | None:
    """A message in our own chat, or one that mentions us; edits and bots are ignored."""
    is_mention = event.get("type") == "app_mention"
    private = event.get("channel_type") == "im" and not is_mention
    subtype = string(event, "subtype")
    if "bot_id" in event or subtype not in ("", "file_share", "thread_broadcast"):
        return None
    if not (is_mention or private) or not string(event, "channel"):
        return None
    team = string(event, "user_team") or string(event, "team")
    incoming = Incoming(request, find_user({"event": event}), find_place(event))
    incoming = replace(incoming, outsider=_is_outsider(team, workspace))
    if is_mention:
        text = strip_markup(remove_mention(string(event, "text", 40_000), workspace.bot_user_id))
        request = replace(request, text=text or "/help", in_group=True)
    else:
        request = replace(request, text=read_text(event), reply_to=_find_thread_root(event))
    return _with_content(event, replace(incoming, request=request))


def _with_content(event: Raw, incoming: Incoming) -> Incoming | None:
    """Adds the file or the forwarded message it holds; None for an empty message."""
    request = incoming.request
    if shared := find_forwarded(event):
        sender, text = shared
        return replace(incoming, request=replace(request, text=text, forwarded_from=sender))
    attachment_found = find_attachment(event)
    if attachment_found is not None:
        attachment, source = attachment_found
        words = bool(request.text.strip()) and not attachment.name.casefold().endswith(".vcf")
        request = replace(request, kind="text" if words else "file", attachment=attachment)
        return replace(incoming, request=request, file=source)
    return incoming if request.text.strip() else None


def _find_thread_root(event: Raw) -> str:
    """The reference of the message that starts the thread; empty outside of threads."""
    thread = string(event, "thread_ts")
    return f"{string(event, 'channel')}:{thread}" if thread and thread != event.get("ts") else ""


def _read_press(raw: Raw, incoming: Incoming) -> Incoming | None:
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
    place = Place(incoming.user) if view else _find_press_place(raw, incoming.user)
    request = replace(
        incoming.request,
        kind="button",
        action=action,
        in_group=place.is_channel,
        # A form that began as questions in the chat goes on there.
        draws_forms=not action.startswith("ask:"),
        pressed=f"{place.channel}:{place.edits}" if place.edits else "",
    )
    return replace(
        incoming,
        request=request,
        place=place,
        shares=shares and place.is_channel,
        view_id=string(view, "id"),
        at_home=view.get("type") == "home",
    )


def _find_press_place(raw: Raw, user: str) -> Place:
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


def _read_submission(raw: Raw, incoming: Incoming) -> Incoming | None:
    filled = modals.read_submission(part(raw, "view"))
    if filled is None:
        return None
    place = filled.place if filled.place.channel else Place(incoming.user)
    request = replace(
        incoming.request,
        kind="form",
        action=filled.action,
        values=filled.values,
        in_group=place.is_channel,
    )
    view = part(raw, "view")
    return replace(
        incoming,
        request=request,
        place=place,
        view_id=string(view, "id"),
        first_field=modals.find_first_field(view),
        submitted=True,
    )


def _read_shortcut(raw: Raw, incoming: Incoming) -> Incoming | None:
    request = shortcuts.read_shortcut(
        string(raw, "callback_id"), part(raw, "message"), incoming.request
    )
    if request is None:
        return None
    channel = string(part(raw, "channel"), "id")
    message = part(raw, "message")
    thread = string(message, "thread_ts")
    place = Place(
        channel or incoming.user,
        thread,
        only_for=incoming.user,
        response_url=string(raw, "response_url", 1000),
    )
    return replace(incoming, request=replace(request, in_group=place.is_channel), place=place)


def _read_command(raw: Raw, incoming: Incoming) -> Incoming:
    command, rest = string(raw, "command", 64), strip_markup(string(raw, "text", 40_000)).strip()
    word = f"/{command.removeprefix(PREFIX)}" if command.startswith(PREFIX) else command
    text = rest or "/help" if command in OWN_COMMANDS else f"{word} {rest}".rstrip()
    place = Place(
        string(raw, "channel_id") or incoming.user,
        only_for=incoming.user,
        response_url=string(raw, "response_url", 1000),
    )
    request = replace(incoming.request, text=text, in_group=place.is_channel)
    return replace(incoming, request=request, place=place)


def _read_account(raw: Raw, workspace: Workspace) -> Account | None:
    user = find_user(raw)
    if not user or user in (workspace.bot_user_id, "USLACKBOT"):
        return None
    name = string(part(raw, "user"), "name") or string(raw, "user_name")
    account_id = workspace.make_account_id(user)
    return Account(PLATFORM, account_id, name, address=user)


def _is_outsider(team: str, workspace: Workspace) -> bool:
    return bool(team) and team not in (workspace.id, workspace.enterprise_id)
