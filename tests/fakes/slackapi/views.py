"""Modals and Home tabs: which views Slack takes, and a view's state while a person fills it in.

https://docs.slack.dev/reference/views/
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.views import View as SdkView

from tests.fakes.slackapi.elements import ID, STATEFUL, plain
from tests.fakes.slackapi.errors import ApiError, Json, Malformed
from tests.fakes.slackapi.kit import check_blocks, elements_of
from tests.fakes.slackapi.reading import read_blocks, read_text
from tests.fakes.slackapi.schema import anything, fields, flag, string, typed

VIEW_BYTES = 250_000
STACK = 3
_COMMON = {
    "blocks": anything,
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": ID,
}
_MODAL = fields(
    {"title": plain(24), "blocks": anything},
    _COMMON
    | {"submit": plain(24), "close": plain(24), "clear_on_close": flag, "notify_on_close": flag},
)
_VIEW = typed({"modal": _MODAL, "home": fields({"blocks": anything}, _COMMON)})
_INITIAL = {
    "initial_option": "selected_option",
    "initial_options": "selected_options",
    "initial_value": "value",
    "initial_date": "selected_date",
    "initial_time": "selected_time",
    "initial_date_time": "selected_date_time",
    "initial_user": "selected_user",
    "initial_users": "selected_users",
    "initial_channel": "selected_channel",
    "initial_channels": "selected_channels",
    "initial_conversation": "selected_conversation",
    "initial_conversations": "selected_conversations",
}


@dataclass
class View:
    """A modal or Home tab as one person has it open. `raw` is what Slack would say of it."""

    raw: Json
    user_id: str
    team_id: str
    errors: dict[str, str] = field(default_factory=dict)
    suggested: list[Json] = field(default_factory=list)
    open: bool = True

    @property
    def id(self) -> str:
        """The view's id."""
        return str(self.raw["id"])

    @property
    def title(self) -> str:
        """What its head says."""
        return read_text(self.raw.get("title") or {})

    @property
    def blocks(self) -> list[Json]:
        """Its blocks."""
        return list(self.raw["blocks"])

    @property
    def text(self) -> str:
        """What it says, without its head and buttons."""
        return read_blocks(self.blocks)

    @property
    def values(self) -> Json:
        """What is filled in: block id, action id, state."""
        values: Json = self.raw["state"]["values"]
        return values

    @property
    def inputs(self) -> dict[str, Json]:
        """The input blocks by what their labels say."""
        return {read_text(b["label"]): b for b in self.blocks if b["type"] == "input"}


def check_view(raw: Any, kind: str) -> Json:
    """The view, if Slack takes it. Raises ApiError."""
    if isinstance(raw, str):
        try:
            raw = json.loads(raw)
        except ValueError:
            raise ApiError("invalid_arguments", "view is no JSON [json-pointer:/view]") from None
    try:
        return _checked(raw, kind)
    except Malformed as error:
        raise ApiError("invalid_arguments", str(error)) from error


def started(blocks: list[Json], before: Json) -> Json:
    """The state of new blocks: initial values, and what was filled in under the same ids."""
    values: Json = {}
    for block in blocks:
        for element in elements_of(block):
            if element["type"] in STATEFUL:
                slot = values.setdefault(block["block_id"], {})
                slot[element["action_id"]] = _state(block, element, before)
    return values


def cleaned(view: Json) -> Json:
    """The view as a payload shows it."""
    return copy.deepcopy(view)


def _state(block: Json, element: Json, before: Json) -> Json:
    known: Json = before.get(block["block_id"], {}).get(element["action_id"], {})
    if known.get("type") == element["type"]:
        return known
    state: Json = {"type": element["type"]}
    for name, target in _INITIAL.items():
        if name in element:
            state[target] = element[name]
    return state if len(state) > 1 else state | {empty_slot(element["type"]): None}


def empty_slot(kind: str) -> str:
    """The name under which an element's state holds its value."""
    if kind.endswith("_input"):
        return "files" if kind == "file_input" else "value"
    if kind == "checkboxes":
        return "selected_options"
    slots = {"datepicker": "date", "timepicker": "time", "datetimepicker": "date_time"}
    for word in ("user", "channel", "conversation"):
        slots |= {f"{word}s_select": word, f"multi_{word}s_select": f"{word}s"}
    slots |= {"multi_static_select": "options", "multi_external_select": "options"}
    return f"selected_{slots.get(kind, 'option')}"


def _checked(raw: Any, kind: str) -> Json:
    _VIEW(raw, "/view")
    if raw["type"] != kind:
        raise Malformed(f"must be a {kind} view", "/view/type")
    if len(json.dumps(raw).encode()) > VIEW_BYTES:
        raise ApiError("view_too_large")
    blocks = check_blocks(raw["blocks"], "/view/blocks", in_message=False)
    asks = any(block["type"] == "input" for block in blocks)
    if asks and kind == "modal" and "submit" not in raw:
        raise Malformed("must define `submit` to use an `input` block in modals", "/view")
    _check_by_the_sdk(raw)
    return dict(copy.deepcopy(raw))


def _check_by_the_sdk(raw: Json) -> None:
    try:
        if raw["blocks"]:
            SdkView(**raw).to_dict()
    except SlackObjectFormationError as error:
        raise Malformed(str(error), "/view") from error
