"""A message's content: text, a contact card, a file, or a forwarded message."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bot.inbound.json_fields import Raw, number, part, string
from bot.telegram.names import read_full_name
from handlers.contract.request import Attachment, Kind, Request, SharedContact

# Kinds of file, and the name and type of one that has none of its own.
_FILES: Final = {
    "document": ("file", "application/octet-stream"),
    "audio": ("audio.mp3", "audio/mpeg"),
    "voice": ("voice.ogg", "audio/ogg"),
    "video": ("video.mp4", "video/mp4"),
    "video_note": ("video.mp4", "video/mp4"),
    "animation": ("animation.mp4", "video/mp4"),
    "sticker": ("sticker.webp", "image/webp"),
}


@dataclass(frozen=True)
class MessageContent:
    """A request with what its message holds; `file_id` names a file that may be fetched."""

    request: Request
    file_id: str = ""


def read_content(message: Raw, request: Request) -> MessageContent | None:
    """The request with a message's content; its text is already there. None for an empty message.

    A picture or file with words under it counts as those words: they are what was meant.
    """
    request = replace(request, forwarded_from=_read_forward_origin(message))
    if contact := part(message, "contact"):
        shared = SharedContact(read_full_name(contact), string(contact, "phone_number", 64))
        return MessageContent(replace(request, kind="contact", contact=shared))
    for read in (_read_file, _read_picture, _read_other):
        found = read(message)
        if found is not None:
            attachment, file_id = found
            is_words = bool(request.text) and not _is_contact_card(attachment)
            kind: Kind = "text" if is_words else "file"
            return MessageContent(replace(request, kind=kind, attachment=attachment), file_id)
    return MessageContent(request) if request.text.strip() else None


Found = tuple[Attachment, str] | None


def _read_file(message: Raw) -> Found:
    for kind, (name, media_type) in _FILES.items():
        if file := part(message, kind):
            file_name = string(file, "file_name") or name
            mime_type = string(file, "mime_type", 100) or media_type
            # Sound and film are not read, so only a document is worth fetching.
            file_id = string(file, "file_id") if kind == "document" else ""
            return Attachment(file_name, mime_type, number(file, "file_size")), file_id
    return None


def _read_picture(message: Raw) -> Found:
    if not message.get("photo"):
        return None
    # Of an album only the picture with a caption is read, else each would get an answer.
    if "media_group_id" in message and not message.get("caption"):
        return None
    return Attachment("photo.jpg", "image/jpeg", 0), ""


def _read_other(message: Raw) -> Found:
    for kind in ("location", "poll", "dice", "game", "story"):
        if part(message, kind):
            return Attachment(kind, "", 0), ""
    return None


def _is_contact_card(file: Attachment) -> bool:
    return "vcard" in file.media_type or file.name.casefold().endswith(".vcf")


def _read_forward_origin(message: Raw) -> str:
    """Whose message was forwarded: a name, "?" if hidden, empty if it was not forwarded."""
    origin = part(message, "forward_origin")
    if not origin:
        return ""
    chat = part(origin, "sender_chat") or part(origin, "chat")
    names = (
        read_full_name(part(origin, "sender_user")),
        string(origin, "sender_user_name"),
        string(chat, "title"),
    )
    return next((name for name in names if name), "?")
