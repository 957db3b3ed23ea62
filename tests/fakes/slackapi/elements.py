"""Block Kit's text objects, composition objects and elements, with their limits.

https://docs.slack.dev/reference/block-kit/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.fakes.slackapi.errors import Malformed
from tests.fakes.slackapi.schema import (
    Check,
    anything,
    fields,
    flag,
    listed,
    one_of,
    string,
    typed,
    url,
    whole,
)


def plain(most: int) -> Check:
    """A plain_text object."""
    return typed({"plain_text": fields({"text": string(most)}, {"emoji": flag})})


def text(most: int) -> Check:
    """A plain_text or mrkdwn object."""
    return typed(
        {
            "plain_text": fields({"text": string(most)}, {"emoji": flag}),
            "mrkdwn": fields({"text": string(most)}, {"verbatim": flag}),
        }
    )


ID = string(255)
OPTION = fields(
    {"text": text(75), "value": string(150)}, {"description": text(75), "url": url(3000)}
)
PLAIN_OPTION = fields(
    {"text": plain(75), "value": string(150)}, {"description": plain(75), "url": url(3000)}
)
GROUP = fields({"label": plain(75), "options": listed(PLAIN_OPTION, 100)})
CONFIRM = fields(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
DISPATCH = fields(
    {}, {"trigger_actions_on": listed(one_of("on_enter_pressed", "on_character_entered"), 2)}
)
FEEDBACK = fields({"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)})

_COMMON = {"action_id": ID, "confirm": CONFIRM, "focus_on_load": flag}
_CHOICE = _COMMON | {"placeholder": plain(150)}
_MULTI = _CHOICE | {"max_selected_items": whole(1, 100)}
_TYPED = {
    "action_id": ID,
    "placeholder": plain(150),
    "focus_on_load": flag,
    "dispatch_action_config": DISPATCH,
}
_NAMES = listed(string(255), 100)
_FILTER = fields(
    {},
    {
        "include": listed(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
)
_PICTURE = {"image_url": url(3000), "slack_file": anything}


def _one_of_two(first: str, second: str, check: Check) -> Check:
    """Exactly one of the two fields."""

    def both(value: Any, at: str) -> None:
        check(value, at)
        if (first in value) == (second in value):
            raise Malformed(f"must have exactly one of {first} and {second}", at)

    return both


def _select(**more: Check) -> Check:
    known = _CHOICE | {"options": listed(PLAIN_OPTION, 100), "option_groups": listed(GROUP, 100)}
    return _one_of_two("options", "option_groups", fields({}, known | more))


def _text_input(most: int, **more: Check) -> Check:
    return fields({}, _TYPED | {"initial_value": string(most, 0)} | more)


IMAGE = _one_of_two("image_url", "slack_file", fields({"alt_text": string(2000)}, _PICTURE))
BUTTON = fields(
    {"text": plain(75)},
    {
        "action_id": ID,
        "url": url(3000),
        "value": string(2000),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)
INTERACTIVE: Mapping[str, Check] = {
    "button": BUTTON,
    "overflow": fields({"options": listed(PLAIN_OPTION, 5)}, {"action_id": ID, "confirm": CONFIRM}),
    "static_select": _select(initial_option=PLAIN_OPTION),
    "external_select": fields(
        {}, _CHOICE | {"initial_option": PLAIN_OPTION, "min_query_length": whole(0, 255)}
    ),
    "users_select": fields({}, _CHOICE | {"initial_user": string(255)}),
    "channels_select": fields(
        {}, _CHOICE | {"initial_channel": string(255), "response_url_enabled": flag}
    ),
    "conversations_select": fields(
        {},
        _CHOICE
        | {
            "initial_conversation": string(255),
            "default_to_current_conversation": flag,
            "response_url_enabled": flag,
            "filter": _FILTER,
        },
    ),
    "multi_static_select": _select(
        initial_options=listed(PLAIN_OPTION, 100), max_selected_items=whole(1, 100)
    ),
    "multi_external_select": fields(
        {},
        _MULTI | {"initial_options": listed(PLAIN_OPTION, 100), "min_query_length": whole(0, 255)},
    ),
    "multi_users_select": fields({}, _MULTI | {"initial_users": _NAMES}),
    "multi_channels_select": fields({}, _MULTI | {"initial_channels": _NAMES}),
    "multi_conversations_select": fields(
        {},
        _MULTI
        | {
            "initial_conversations": _NAMES,
            "default_to_current_conversation": flag,
            "filter": _FILTER,
        },
    ),
    "datepicker": fields({}, _CHOICE | {"initial_date": string(10)}),
    "timepicker": fields({}, _CHOICE | {"initial_time": string(5), "timezone": string(255)}),
    "datetimepicker": fields({}, _COMMON | {"initial_date_time": whole(10**9, 10**10 - 1)}),
    "checkboxes": fields(
        {"options": listed(OPTION, 10)}, _COMMON | {"initial_options": listed(OPTION, 10)}
    ),
    "radio_buttons": fields({"options": listed(OPTION, 10)}, _COMMON | {"initial_option": OPTION}),
}
# Only inside an input block.
TYPED: Mapping[str, Check] = {
    "plain_text_input": _text_input(
        3000, multiline=flag, min_length=whole(0, 3000), max_length=whole(1, 3000)
    ),
    "email_text_input": _text_input(3000),
    "url_text_input": _text_input(3000),
    "number_input": fields(
        {"is_decimal_allowed": flag},
        _TYPED | {"initial_value": string(100), "min_value": string(100), "max_value": string(100)},
    ),
    "rich_text_input": fields({}, _TYPED | {"initial_value": anything}),
    "file_input": fields(
        {}, {"action_id": ID, "filetypes": listed(string(20), 100), "max_files": whole(1, 10)}
    ),
}
STATEFUL = frozenset((*INTERACTIVE, *TYPED)) - {"button", "overflow"}
