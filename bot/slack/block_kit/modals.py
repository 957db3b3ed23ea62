"""Modals: a form's view, the placeholder before it, and the values of a submitted one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from bot.inbound.json_fields import Raw, part, string
from bot.slack.block_kit.blocks import VIEW_BLOCKS
from bot.slack.block_kit.rich import Block, cut, draw_plain_text, draw_rich_text, split_text
from bot.slack.payload.reply_targets import Place, unpack
from handlers.contract.reply import ACTION_BYTES, Field, Form, Text, bold, lines
from handlers.contract.words import LANGUAGES, Words

FORM = "form"
NAME = "Repmate"
TITLE_CHARACTERS = 24
LABEL_CHARACTERS = 2000
HINT_CHARACTERS = 2000
OPTIONS = 100
OPTION_CHARACTERS = 75
OPTION_VALUE_CHARACTERS = 150
INPUT_CHARACTERS = 3000
LONG = 250  # characters; a field that takes more is drawn as several lines
VALUE = "v"


@dataclass(frozen=True)
class Submission:
    """A submitted form: its action, its values by field, and where its answer goes."""

    action: str
    values: Mapping[str, str]
    place: Place


def draw_form(form: Form, above: Text, place: Place, words: Words) -> Block:
    """The modal of a form, with the text `above` over its fields and errors."""
    title = form.title if len(form.title) <= TITLE_CHARACTERS else ""
    head = lines(bold(form.title) if not title else "", above)
    wrong = [] if not form.errors else [lines(*form.errors.values())]
    blocks = [draw_rich_text(piece) for text in (head, *wrong) for piece in split_text(text)]
    blocks += [_draw_input(field) for field in form.fields]
    return _draw_modal(cut(form.title, TITLE_CHARACTERS), blocks[:VIEW_BLOCKS], words) | {
        "callback_id": FORM,
        "private_metadata": json.dumps({"action": form.action, "place": place.pack()}),
        "submit": draw_plain_text(words.line("platforms.slack.submit"), TITLE_CHARACTERS),
    }


def draw_skeleton() -> Block:
    """The placeholder until the form is known, in all languages: the person's is not known yet."""
    both = [Words(language).say("platforms.slack.moment") for language in LANGUAGES]
    return _draw_modal(NAME, [draw_rich_text(lines(*both))], Words("en"))


def draw_message(text: Text, words: Words) -> Block:
    """A modal with a text, where a form was expected and there is none."""
    blocks = [draw_rich_text(piece) for piece in split_text(text)][:VIEW_BLOCKS]
    return _draw_modal(
        NAME, blocks or [draw_rich_text(words.say("platforms.slack.in_chat"))], words
    )


def render_errors(form: Form) -> dict[str, str]:
    """The errors by the block of each field, as Slack shows them beside the fields."""
    fields = {field.name for field in form.fields}
    return {
        _make_block_id(name): cut(text, 2000)
        for name, text in form.errors.items()
        if name in fields
    }


def find_first_field(view: Raw) -> str:
    """The block of a submitted view's first field; empty where it has none."""
    blocks = view.get("blocks")
    found = blocks if isinstance(blocks, list) else []
    named = (each.get("block_id") for each in found if _is_input(each))
    return next((str(name) for name in named if name), "")


def read_submission(view: Raw) -> Submission | None:
    """The values of a submitted view; None where it is not a form of ours."""
    try:
        stored = json.loads(string(view, "private_metadata", 3000))
    except ValueError:
        return None
    if view.get("callback_id") != FORM or not isinstance(stored, dict):
        return None
    action = string(stored, "action")
    if not action or len(action.encode()) > ACTION_BYTES:
        return None
    values = part(part(view, "state"), "values")
    read = {name.removeprefix("f-"): _read_value(part(values, name)) for name in values}
    return Submission(action, read, unpack(part(stored, "place")))


def draw_option(label: str, value: str) -> Block:
    """One entry of a menu."""
    return {
        "text": draw_plain_text(label, OPTION_CHARACTERS),
        "value": value[:OPTION_VALUE_CHARACTERS],
    }


def _draw_modal(title: str, blocks: list[Block], words: Words) -> Block:
    return {
        "type": "modal",
        "title": draw_plain_text(title, TITLE_CHARACTERS),
        "close": draw_plain_text(words.line("contract.common.cancel"), TITLE_CHARACTERS),
        "blocks": blocks,
    }


def _draw_input(field: Field) -> Block:
    block: Block = {
        "type": "input",
        "block_id": _make_block_id(field.name),
        "label": draw_plain_text(field.label, LABEL_CHARACTERS),
        "element": _draw_element(field),
        "optional": not field.required,
    }
    hint = field.hint or (_list_examples(field) if field.free else "")
    return block | ({"hint": draw_plain_text(hint, HINT_CHARACTERS)} if hint else {})


def _draw_element(field: Field) -> Block:
    if field.finds:
        return _draw_finder(field)
    if field.options and not field.free and len(field.options) <= OPTIONS:
        options = {each.value: draw_option(each.label, each.value) for each in field.options}
        chosen = options.get(field.value)
        element: Block = {
            "type": "static_select",
            "action_id": VALUE,
            "options": list(options.values()),
        }
        return element | ({"initial_option": chosen} if chosen else {})
    most = max(1, min(field.limit, INPUT_CHARACTERS))
    element = {
        "type": "plain_text_input",
        "action_id": VALUE,
        "multiline": field.limit > LONG,
        "max_length": most,
    }
    return element | ({"initial_value": field.value[:most]} if field.value else {})


def _draw_finder(field: Field) -> Block:
    """A menu whose entries are searched while somebody types; `field.finds` says of what kind."""
    element: Block = {
        "type": "external_select",
        "action_id": field.finds,
        "min_query_length": 0,
    }
    known = {each.value: each.label for each in field.options}
    if field.value in known:
        element["initial_option"] = draw_option(known[field.value], field.value)
    return element


def _list_examples(field: Field) -> str:
    return " · ".join(each.label for each in field.options[:9])


def _read_value(state: Raw) -> str:
    """The value of a field; empty where there is none."""
    for action in state:
        inner = part(state, action)
        return string(inner, "value", INPUT_CHARACTERS + 1) or string(
            part(inner, "selected_option"), "value", OPTION_VALUE_CHARACTERS
        )
    return ""


def _make_block_id(name: str) -> str:
    return f"f-{name}"


def _is_input(block: object) -> bool:
    return isinstance(block, dict) and block.get("type") == "input"
