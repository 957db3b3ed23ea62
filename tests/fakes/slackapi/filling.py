"""A person fills in a modal: what Slack lets them type and choose, and what it checks itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.slackapi.errors import Json
from tests.fakes.slackapi.reading import read_text
from tests.fakes.slackapi.views import View, empty_slot

REQUIRED = "Please complete this required field."


def fill(view: View, values: Mapping[str, Any]) -> None:
    """Puts values into the view's inputs, found by label or block id."""
    for name, value in values.items():
        block = _input(view, name)
        slot = view.values[block["block_id"]][block["element"]["action_id"]]
        slot.update(state_of(view, block["element"], value))


def state_of(view: View, element: Json, value: Any) -> Json:
    """The state of an element once this is typed or chosen in it."""
    kind = element["type"]
    slot = empty_slot(kind)
    if value is None:
        return {"type": kind, slot: None}
    if slot == "selected_option":
        return {"type": kind, slot: option(view, element, value)}
    if slot == "selected_options":
        return {"type": kind, slot: [option(view, element, one) for one in value]}
    return {"type": kind, slot: value}


def option(view: View | None, element: Json, label: str) -> Json:
    """The option that says so. Raises AssertionError that names those there are."""
    groups = element.get("option_groups") or [element]
    offered = [one for group in groups for one in group.get("options", [])]
    if "external" in element["type"]:
        offered = view.suggested if view else []
    for one in offered:
        if read_text(one["text"]) == label:
            return dict(one)
    raise AssertionError(f"no option {label!r}; there are {[o['text']['text'] for o in offered]}")


def mistakes(view: View) -> dict[str, str]:
    """What Slack itself finds wrong before it tells the app: by block id."""
    found: dict[str, str] = {}
    for block in view.blocks:
        if block["type"] == "input":
            state = view.values[block["block_id"]][block["element"]["action_id"]]
            wrong = _mistake(block, state.get(empty_slot(block["element"]["type"])))
            found |= {block["block_id"]: wrong} if wrong else {}
    return found


def _mistake(block: Json, value: Any) -> str:
    if value is None or value in ("", []):
        return "" if block.get("optional") else REQUIRED
    element = block["element"]
    check = _CHECKS.get(element["type"])
    return check(element, str(value)) if check else ""


def _length(element: Json, value: str) -> str:
    most, least = element.get("max_length", 3000), element.get("min_length", 0)
    if len(value) > most:
        return f"Must be less than {most} characters."
    return f"Must be at least {least} characters." if len(value) < least else ""


def _number(element: Json, value: str) -> str:
    whole = r"-?\d+" if not element["is_decimal_allowed"] else r"-?\d+(\.\d+)?"
    if not re.fullmatch(whole, value):
        return "Must be a number."
    low, high = element.get("min_value"), element.get("max_value")
    if low is not None and float(value) < float(low):
        return f"Must be at least {low}."
    return f"Must be at most {high}." if high is not None and float(value) > float(high) else ""


def _matches(pattern: str, told: str) -> Callable[[Json, str], str]:
    return lambda _element, value: "" if re.fullmatch(pattern, value) else told


_CHECKS: Mapping[str, Callable[[Json, str], str]] = {
    "plain_text_input": _length,
    "number_input": _number,
    "email_text_input": _matches(r"[^@\s]+@[^@\s]+\.[^@\s]+", "Must be an email address."),
    "url_text_input": _matches(r"https?://\S+", "Must be a URL."),
    "datepicker": _matches(r"\d{4}-\d\d-\d\d", "Must be a date."),
    "timepicker": _matches(r"\d\d:\d\d", "Must be a time."),
}


def _input(view: View, name: str) -> Json:
    for label, block in view.inputs.items():
        if name in (label, block["block_id"]):
            return block
    raise AssertionError(f"no input {name!r}; there are {list(view.inputs)}")
