"""Block Kit's blocks, and what Slack asks of all blocks of a message or view together.

https://docs.slack.dev/reference/block-kit/blocks/. What these tables let pass must also satisfy
slack_sdk's own models, which were written independently of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from tests.fakes.slackapi.elements import FEEDBACK, ID, IMAGE, INTERACTIVE, TYPED, plain, text
from tests.fakes.slackapi.errors import Json, Malformed
from tests.fakes.slackapi.rich import RICH_TEXT
from tests.fakes.slackapi.schema import Check, anything, fields, flag, listed, string, typed, url

IN_A_MESSAGE, IN_A_VIEW = 50, 100
# Undocumented, and found by those who ran into it: https://github.com/slackapi/bolt-js/issues/2509
CHARACTERS = 13_200
_BLOCK = {"block_id": ID}
_FEEDBACK = fields({"positive_button": FEEDBACK, "negative_button": FEEDBACK}, {"action_id": ID})
_ICON = fields({"icon": string(255), "text": plain(75)}, {"action_id": ID, "value": string(2000)})


def _section(value: Any, at: str) -> None:
    _SECTION(value, at)
    if "text" not in value and not value.get("fields"):
        raise Malformed("must have text or fields", at)


def _picture(value: Any, at: str) -> None:
    own = {"title", "block_id"}
    fields({}, _BLOCK | {"title": plain(2000)})({k: v for k, v in value.items() if k in own}, at)
    IMAGE({k: v for k, v in value.items() if k not in own}, at)


_SECTION = fields(
    {},
    _BLOCK
    | {
        "text": text(3000),
        "fields": listed(text(2000), 10),
        "accessory": typed({**INTERACTIVE, "image": IMAGE}),
        "expand": flag,
    },
)
ANYWHERE: Mapping[str, Check] = {
    "section": _section,
    "divider": fields({}, _BLOCK),
    "header": fields({"text": plain(150)}, _BLOCK),
    "image": _picture,
    "actions": fields({"elements": listed(typed(INTERACTIVE), 25)}, _BLOCK),
    "context": fields(
        {
            "elements": listed(
                typed(
                    {
                        "image": IMAGE,
                        "mrkdwn": fields({"text": string(3000)}, {"verbatim": flag}),
                        "plain_text": fields({"text": string(3000)}, {"emoji": flag}),
                    }
                ),
                10,
            )
        },
        _BLOCK,
    ),
    "input": fields(
        {"label": plain(2000), "element": typed({**INTERACTIVE, **TYPED})},
        _BLOCK | {"hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "rich_text": RICH_TEXT,
    "video": fields(
        {
            "alt_text": string(2000),
            "title": plain(199),
            "thumbnail_url": url(),
            "video_url": url(),
        },
        _BLOCK | {"title_url": url(), "description": plain(200), "provider_name": string(50)},
    ),
}
MESSAGES_ONLY: Mapping[str, Check] = {
    "markdown": fields({"text": string(12_000)}, _BLOCK),
    "context_actions": fields(
        {"elements": listed(typed({"feedback_buttons": _FEEDBACK, "icon_button": _ICON}), 5)},
        _BLOCK,
    ),
    "table": fields(
        {"rows": listed(listed(anything, 20), 100)}, _BLOCK | {"column_settings": anything}
    ),
}
_NOT_IN_INPUTS = frozenset(("button", "overflow"))


def check_blocks(blocks: Any, at: str, *, in_message: bool) -> list[Json]:
    """The blocks, if Slack takes them. Raises Malformed."""
    kinds = {**ANYWHERE, **MESSAGES_ONLY} if in_message else ANYWHERE
    most = IN_A_MESSAGE if in_message else IN_A_VIEW
    listed(typed(kinds), most, 0)(blocks, at)
    for number, block in enumerate(blocks):
        _check_alone(block, f"{at}/{number}", in_message=in_message)
    _check_together(blocks, at)
    return list(blocks)


def characters(value: Any) -> int:
    """How many characters stand in all strings that are shown."""
    if isinstance(value, dict):
        shown = (one for name, one in value.items() if name in ("text", "title", "label"))
        own = sum(len(one) for one in shown if isinstance(one, str))
        return own + sum(characters(one) for one in value.values() if not isinstance(one, str))
    return sum(map(characters, value)) if isinstance(value, list) else 0


def elements_of(block: Json) -> list[Json]:
    """The interactive elements of a block, in reading order."""
    if block["type"] in ("actions", "context_actions"):
        return list(block["elements"])
    one = block.get("accessory") or (block.get("element") if block["type"] == "input" else None)
    return [one] if one and one["type"] != "image" else []


def name_all(blocks: list[Json], numbers: count[int]) -> list[Json]:
    """Gives each block and element without an id one, as Slack does."""
    for block in blocks:
        block.setdefault("block_id", f"b{next(numbers):04x}")
        for element in elements_of(block):
            element.setdefault("action_id", f"a{next(numbers):04x}")
    return blocks


def _check_alone(block: Json, at: str, *, in_message: bool) -> None:
    names = [element["action_id"] for element in elements_of(block) if "action_id" in element]
    if len(names) != len(set(names)):
        raise Malformed("action_id already exists in this block", at)
    if block["type"] == "input":
        kind = block["element"]["type"]
        if kind in _NOT_IN_INPUTS or (kind == "file_input" and in_message):
            raise Malformed(f"unsupported type: {kind}", f"{at}/element/type")
    _check_by_the_sdk(block, at)


def _check_by_the_sdk(block: Json, at: str) -> None:
    try:
        parsed = Block.parse(block)
        if parsed is not None:
            parsed.to_dict()
    except SlackObjectFormationError as error:
        raise Malformed(str(error), at) from error


def _check_together(blocks: list[Json], at: str) -> None:
    names = [block["block_id"] for block in blocks if "block_id" in block]
    for name in names:
        if names.count(name) > 1:
            raise Malformed(f"block_id already exists: {name}", at)
    focused = [one for one in _all_elements(blocks) if one.get("focus_on_load")]
    if len(focused) > 1:
        raise Malformed("only one element may have focus_on_load", at)


def _all_elements(blocks: list[Json]) -> Iterator[Json]:
    for block in blocks:
        yield from elements_of(block)
