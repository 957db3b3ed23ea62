"""Files as Telegram keeps them, and the pictures it accepts."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from tests.fakes.botapi.errors import Json, bad
from tests.fakes.botapi.limits import PHOTO_BYTES

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
SIDES = 10_000  # width and height of a photo together
RATIO = 20


@dataclass(frozen=True)
class StoredFile:
    """A file on Telegram's servers."""

    id: str
    unique_id: str
    name: str
    mime_type: str
    content: bytes
    path: str


def document_json(file: StoredFile) -> Json:
    """The file as a Document."""
    return {
        "file_id": file.id,
        "file_unique_id": file.unique_id,
        "file_name": file.name,
        "mime_type": file.mime_type,
        "file_size": len(file.content),
    }


def photo_json(file: StoredFile) -> list[Json]:
    """The file as the sizes of a Photo. Raises ApiError for what is no picture, or too big."""
    width, height = _size(file.content)
    if width + height > SIDES or max(width, height) > RATIO * min(width, height):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    if len(file.content) > PHOTO_BYTES:
        raise bad("file is too big for a photo")
    size: Json = {"file_id": file.id, "file_unique_id": file.unique_id}
    return [size | {"width": width, "height": height, "file_size": len(file.content)}]


def _size(content: bytes) -> tuple[int, int]:
    if content.startswith(_PNG) and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return int(width), int(height)
    if content.startswith(_JPEG):
        return 1280, 720
    raise bad("IMAGE_PROCESS_FAILED")
