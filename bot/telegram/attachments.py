"""Fetches the content of an attachment, if it is small enough to be read in a chat."""

from __future__ import annotations

from dataclasses import replace

import structlog
from telegram.error import TelegramError

from bot.telegram.api import Api
from bot.telegram.errors import Calls, summarize
from bot.telegram.inbound import Incoming
from handlers.contract.request import Attachment, Request
from kb.objections.exchange.formats import FILE_BYTES

FETCHED_BYTES = FILE_BYTES  # Telegram gives bots 20 MB; a table of cards is the longest we read
log = structlog.get_logger()


async def fetch_attachment(incoming: Incoming, api: Api, calls: Calls) -> Request:
    """The request with its attachment's content; unchanged if that can't be had."""
    attachment = incoming.request.attachment
    if attachment is None or not 0 < attachment.size <= FETCHED_BYTES:
        return incoming.request
    try:
        content = await calls.make(lambda: _fetch(api, incoming.file_id))
    except TelegramError as error:
        log.info("attachment not fetched", reason=summarize(error))
        return incoming.request
    return _add_content(incoming.request, attachment, content)


async def _fetch(api: Api, file_id: str) -> bytes:
    file = await api.get_file(file_id)
    return bytes(await file.download_as_bytearray())


def _add_content(request: Request, attachment: Attachment, content: bytes) -> Request:
    if len(content) > FETCHED_BYTES:  # the size it came with was not true
        return request
    return replace(request, attachment=replace(attachment, size=len(content), content=content))
