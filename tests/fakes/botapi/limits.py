"""What Telegram refuses in a text, a keyboard, a command list or inline results.

Numbers: https://core.telegram.org/bots/api. Wording: TDLib and recorded answers of the live API;
where no record was found the error's MTProto name is used.
"""

from __future__ import annotations

import json
import re
from typing import Any

from tests.fakes.botapi.entities import Formatted, given, linkable, utf16
from tests.fakes.botapi.errors import ApiError, Json, bad
from tests.fakes.botapi.markup import MarkupError, parse_html

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
RAW_BYTES = 32_768
ENTITIES = 100
BUTTONS = 100
BUTTONS_A_ROW = 8
DATA_BYTES = 64
COMMANDS = 100
INLINE_RESULTS = 50
CALLBACK_ANSWER_UNITS = 200
UPLOAD_BYTES = 50 * 1024 * 1024
PHOTO_BYTES = 10 * 1024 * 1024
DOWNLOAD_BYTES = 20 * 1024 * 1024

# TDLib's clean_input_string: control characters become spaces, these vanish.
_CONTROLS = {code: " " for code in range(32) if chr(code) not in "\n\r"}
_DROPPED = {ord(c): None for c in "\r\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u0333\u033f\u030a"}
_EMPTY = frozenset("\u180e\u2800\ufffc\u200b\u200c\u200d\u200e\u200f\ufeff")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")


def formatted(text: str, parse_mode: str, entities: list[Json], *, caption: bool) -> Formatted:
    """The text as Telegram keeps it: parsed, cleaned, trimmed. Raises ApiError."""
    if len(text.encode()) > RAW_BYTES:
        raise bad("text is too long")
    parsed = _parsed(text, parse_mode, entities)
    trimmed = _trimmed(parsed)
    if not caption and all(c.isspace() or c in _EMPTY for c in trimmed.text):
        raise bad("text must be non-empty" if text else "message text is empty")
    if utf16(trimmed.text) > (CAPTION_UNITS if caption else TEXT_UNITS):
        raise bad("message caption is too long" if caption else "message is too long")
    return trimmed


def _parsed(text: str, parse_mode: str, entities: list[Json]) -> Formatted:
    if not parse_mode or parse_mode.lower() == "none":
        return given(text, entities)
    if parse_mode.lower() != "html":
        raise bad("unsupported parse_mode")
    try:
        return parse_html(text)
    except MarkupError as error:
        raise bad(f"can't parse entities: {error}") from None


def _trimmed(parsed: Formatted) -> Formatted:
    """Without what Telegram strips: space at the end, and before the first entity."""
    if parsed.text.translate(_DROPPED) != parsed.text:
        return _without_dropped(parsed)
    text = parsed.text.translate(_CONTROLS)
    first = min((e.offset for e in parsed.entities), default=len(text))
    lead = len(text[:first]) - len(text[:first].lstrip(" \n"))
    text = text[lead:].rstrip(" \n")
    end = utf16(text)
    moved = [_shifted(e.json(), lead, end) for e in parsed.entities]
    return given(text, [item for item in moved if item["length"] > 0][:ENTITIES])


def _shifted(item: Json, lead: int, end: int) -> Json:
    offset = item["offset"] - lead
    return item | {"offset": offset, "length": min(item["length"], end - offset)}


def _without_dropped(parsed: Formatted) -> Formatted:
    units = parsed.text.encode("utf-16-le")

    def kept(upto: int) -> int:
        return utf16(units[: 2 * upto].decode("utf-16-le", "ignore").translate(_DROPPED))

    moved = []
    for entity in parsed.entities:
        offset = kept(entity.offset)
        item = entity.json() | {"offset": offset, "length": kept(entity.end) - offset}
        moved.append(item)
    return _trimmed(given(parsed.text.translate(_DROPPED), moved))


def reply_markup(raw: str) -> Json | None:
    """The keyboard of a message, checked. None where there is none."""
    markup = _object(raw, "reply keyboard markup JSON object") if raw else {}
    if "inline_keyboard" in markup:
        _check_rows(_array(markup, "inline_keyboard"), _check_inline_button)
        rows = [row for row in markup["inline_keyboard"] if row]
        return {"inline_keyboard": rows} if rows else None
    if "keyboard" in markup:
        for row in _array(markup, "keyboard"):
            for button in row:
                _check_text(button, "keyboard button")
    return markup or None


def _check_rows(rows: list[Any], check: Any) -> None:
    if sum(len(row) for row in rows) > BUTTONS or any(len(row) > BUTTONS_A_ROW for row in rows):
        raise bad("reply markup is too long")
    for row in rows:
        for button in row:
            check(button)


def _check_text(button: Any, what: str) -> None:
    if isinstance(button, str):
        button = {"text": button}
    if "text" not in button:
        raise bad(f"can't parse {what}: Can't find field \"text\"")
    if not str(button["text"]).strip():
        raise bad("BUTTON_TEXT_INVALID")


def _check_inline_button(button: Json) -> None:
    _check_text(button, "inline keyboard button")
    if "url" in button:
        if linkable(str(button["url"])) is None:
            raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    elif "callback_data" in button:
        _check_data(str(button["callback_data"]))
    elif not button.keys() & {"switch_inline_query", "switch_inline_query_current_chat", "web_app"}:
        raise bad(_TEXT_BUTTON)


_TEXT_BUTTON = (
    "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
)


def _check_data(data: str) -> None:
    if not data:
        raise bad(_TEXT_BUTTON)
    if len(data.encode()) > DATA_BYTES:
        raise bad("BUTTON_DATA_INVALID")


def language(code: str) -> str:
    """A two-letter language code or none."""
    if not _LANGUAGE.fullmatch(code):
        raise bad("invalid language code specified")
    return code


def commands(raw: str) -> list[Json]:
    """The command list of setMyCommands, checked."""
    listed = _list(raw, "commands")
    if len(listed) > COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for item in listed:
        if not _COMMAND.fullmatch(str(item.get("command", ""))):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(str(item.get("description", ""))) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return listed


def inline_results(raw: str) -> list[Json]:
    """The results of answerInlineQuery, checked, each with its `formatted` text if it has one."""
    listed = _list(raw, "inline query results")
    if len(listed) > INLINE_RESULTS:
        raise bad("RESULTS_TOO_MUCH")
    ids = [str(item.get("id", "")) for item in listed]
    if any(not 1 <= len(each.encode()) <= 64 for each in ids):
        raise bad("RESULT_ID_INVALID")
    if len(set(ids)) < len(ids):
        raise bad("RESULT_ID_DUPLICATE")
    return [_inline_result(item) for item in listed]


def _inline_result(item: Json) -> Json:
    if item.get("type") == "article" and not str(item.get("title", "")).strip():
        raise bad("ARTICLE_TITLE_EMPTY")
    if "reply_markup" in item:
        reply_markup(json.dumps(item["reply_markup"]))
    content = item.get("input_message_content")
    if item.get("type") == "article" and not content:
        raise bad("can't parse inline query result: Can't find field \"input_message_content\"")
    if not content:
        return item
    mode = content.get("parse_mode", "")
    listed = content.get("entities", [])
    text = formatted(content.get("message_text", ""), mode, listed, caption=False)
    return item | {"formatted": text}


def _object(raw: str, what: str) -> Json:
    try:
        value = json.loads(raw)
    except ValueError:
        raise bad(f"can't parse {what}") from None
    if not isinstance(value, dict):
        raise bad("object expected as reply markup")
    return value


def _list(raw: str, what: str) -> list[Json]:
    try:
        value = json.loads(raw or "[]")
    except ValueError:
        raise bad(f"can't parse {what} JSON object") from None
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise bad(f"expected an Array of {what}")
    return value


def _array(markup: Json, field: str) -> list[Any]:
    value = markup[field]
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise ApiError(400, f'Bad Request: field "{field}" must be of type Array')
    return value
