"""Fetches the content of an attachment, if it is small enough to be read in a chat."""

from __future__ import annotations

from dataclasses import replace

import structlog

from bot.slack.api import Api
from bot.slack.errors import Calls, SlackCallError
from bot.slack.inbound import Incoming
from bot.slack.workspaces import Workspace
from handlers.contract.request import Request
from kb.objections.exchange.formats import FILE_BYTES

log = structlog.get_logger()


async def fetch_attachment(
    incoming: Incoming, api: Api, workspace: Workspace, calls: Calls
) -> Request:
    """The request with its attachment's content; unchanged if that can't be had."""
    request, source = incoming.request, incoming.file
    attachment = request.attachment
    if attachment is None or source is None or not 0 < attachment.size <= FILE_BYTES:
        return request
    try:
        content = await api.download(workspace, source.url, FILE_BYTES, calls)
    except SlackCallError as error:
        log.info("attachment not fetched", reason=error.code)
        return request
    if len(content) > FILE_BYTES:  # the size it came with was not true
        return request
    return replace(request, attachment=replace(attachment, size=len(content), content=content))
