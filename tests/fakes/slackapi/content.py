"""What a message may hold: text, blocks, metadata. Used by chat.* and by response addresses."""

from __future__ import annotations

import copy
import json
from typing import Any

from tests.fakes.slackapi.errors import ApiError, Json, Malformed
from tests.fakes.slackapi.kit import CHARACTERS, IN_A_MESSAGE, characters, check_blocks, name_all
from tests.fakes.slackapi.reading import Live
from tests.fakes.slackapi.world import World

TEXT_POSTED, TEXT_UPDATED = 40_000, 4_000


def content(world: World, arguments: Json, most: int) -> Json:
    """The text, blocks and metadata of a message, checked. Raises ApiError."""
    text = arguments.get("text") or ""
    if not isinstance(text, str):
        raise ApiError("invalid_arguments", "text must be a string")
    blocks = _blocks(_read(arguments.get("blocks"), "invalid_blocks_format"))
    if not text.strip() and not blocks and not arguments.get("attachments"):
        raise ApiError("no_text")
    if len(text) > most:
        raise ApiError("msg_too_long")
    _note_switches(world, arguments, text)
    told: Json = {"text": text}
    if blocks:
        told["blocks"] = name_all(copy.deepcopy(blocks), world.numbers)
    metadata = _read(arguments.get("metadata"), "invalid_metadata_format")
    return told | ({"metadata": _metadata(metadata)} if metadata else {})


def _blocks(blocks: Any) -> list[Json]:
    if blocks is None:
        return []
    if not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format")
    if len(blocks) > IN_A_MESSAGE:
        raise ApiError(
            "invalid_blocks", f"no more than {IN_A_MESSAGE} items allowed [json-pointer:/blocks]"
        )
    try:
        checked = check_blocks(blocks, "/blocks", in_message=True)
    except Malformed as error:
        raise ApiError("invalid_blocks", str(error)) from error
    if characters(checked) > CHARACTERS:
        raise ApiError("msg_blocks_too_long")
    return checked


def _metadata(metadata: Any) -> Json:
    if not isinstance(metadata, dict) or {"event_type", "event_payload"} - metadata.keys():
        raise ApiError("invalid_metadata_schema")
    if len(json.dumps(metadata)) > 16_000:
        raise ApiError("metadata_too_large")
    return metadata


def _note_switches(world: World, arguments: Json, text: str) -> None:
    """`link_names` and `parse: full` make mentions of plain names: both are noted as live."""
    parse = str(arguments.get("parse", "none"))
    if str(arguments.get("link_names", "")).lower() in ("true", "1") or parse == "full":
        named = [word for word in text.split() if word.startswith(("@", "#"))]
        world.record.live += [Live("broadcast", word, word) for word in named]


def _read(value: Any, error: str) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else None
    except ValueError:
        raise ApiError(error) from None
