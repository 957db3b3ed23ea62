"""A message's content beside text: a file, or a forwarded message."""

from __future__ import annotations

from dataclasses import dataclass

from bot.inbound.json_fields import Raw, number, string
from bot.slack.payload.message_markup import read_text
from handlers.contract.request import Attachment

_UNREAD = ("image/", "audio/", "video/")  # kinds whose content we do not read


@dataclass(frozen=True)
class Fetchable:
    """A file that may be fetched, from an address of Slack's."""

    url: str


def find_attachment(event: Raw) -> tuple[Attachment, Fetchable | None] | None:
    """The first file of a message, and where it can be had."""
    files = event.get("files")
    file = files[0] if isinstance(files, list) and files else None
    if not isinstance(file, dict):
        return None
    media_type = string(file, "mimetype", 100) or "application/octet-stream"
    name = string(file, "name") or string(file, "title") or "file"
    url = string(file, "url_private_download", 2000) or string(file, "url_private", 2000)
    source = Fetchable(url) if url and not media_type.startswith(_UNREAD) else None
    return Attachment(name, media_type, number(file, "size")), source


def find_forwarded(event: Raw) -> tuple[str, str] | None:
    """Who wrote a message that was shared into our chat, and what; None where none was."""
    attachments = event.get("attachments")
    first = attachments[0] if isinstance(attachments, list) and attachments else None
    if not isinstance(first, dict) or not (first.get("is_share") or first.get("is_msg_unfurl")):
        return None
    text = read_text(first)
    sender = string(first, "author_name") or string(first, "author_subname") or "?"
    return (sender, text) if text.strip() else None
