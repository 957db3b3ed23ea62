"""Small makers of blocks, for tests of the fake Slack."""

from __future__ import annotations

from typing import Any

from tests.fakes.slackapi.errors import Json


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(action_id: str = "a", **more: Any) -> Json:
    return {"type": "button", "text": plain("Tap"), "action_id": action_id, **more}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def option(text: str = "One", value: str = "1") -> Json:
    return {"text": plain(text), "value": value}


def select(options: list[Json], **more: Any) -> Json:
    return {"type": "static_select", "action_id": "s", "options": options, **more}


def rich(*elements: Json) -> Json:
    inside = {"type": "rich_text_section", "elements": list(elements)}
    return {"type": "rich_text", "elements": [inside]}


def asks(**more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "v", **more}
    return {"type": "input", "label": plain("Name"), "element": element}


def confirm(**more: str) -> Json:
    said = {"title": "Sure?", "text": "Really?", "confirm": "Yes", "deny": "No"} | more
    return {name: plain(text) for name, text in said.items()}
