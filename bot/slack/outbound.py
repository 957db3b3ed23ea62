"""Shows replies: posts, edits and uploads them, with a fallback where Slack refuses."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

import structlog

from bot.inbound.json_fields import string
from bot.slack.api import Api, Json
from bot.slack.block_kit.blocks import Sheet, draw_sheets
from bot.slack.errors import Calls, SlackCallError
from bot.slack.payload.reply_targets import Place
from bot.slack.workspaces import Workspace
from handlers.contract.reply import File, Reply

ALT_CHARACTERS = 1000
# Why an edit is refused for good: the message is gone, too old, or not ours.
_CANNOT_EDIT = frozenset(
    "cant_update_message edit_window_closed message_not_found no_text update_failed".split()
)
# Why something is not shown to one person in a channel: we are not in there, or they are not.
NOT_THERE = frozenset(
    """channel_not_found is_archived not_in_channel restricted_action thread_not_found
    user_not_in_channel""".split()
)
log = structlog.get_logger()


class Outbound:
    """The outgoing messages of one adapter. Every method raises SlackCallError."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def show(
        self, reply: Reply, place: Place, workspace: Workspace, calls: Calls, share: str = ""
    ) -> str:
        """Shows a reply; returns its last message's reference, empty where it has none.

        `share` is the label of the button that shows a card's safe line to everybody.
        """
        reference = ""
        for sheet in draw_sheets(reply, share):
            if sheet.file is not None:
                await self._upload(sheet, sheet.file, place, workspace, calls)
                place = place.as_new_message()
                continue
            reference = await self._show_sheet(sheet, place, workspace, calls)
            place = place.as_new_message()
        return reference

    async def replace(self, reply: Reply, workspace: Workspace, calls: Calls) -> str:
        """Replaces the message that the reply names; does nothing where that is gone."""
        channel, _, stamp = reply.replaces.partition(":")
        sheet = next((each for each in draw_sheets(reply) if each.file is None), None)
        if sheet is not None:
            where = {"channel": channel, "ts": stamp}
            try:
                await self._api.call(
                    workspace, calls, "chat.update", **where, **_make_content(sheet)
                )
            except SlackCallError as error:
                if error.code not in _CANNOT_EDIT:
                    raise
        return reply.replaces

    async def _show_sheet(
        self, sheet: Sheet, place: Place, workspace: Workspace, calls: Calls
    ) -> str:
        if place.only_for:
            return await self._show_to_one(sheet, place, workspace, calls)
        if place.edits:
            return await self._edit(sheet, place, workspace, calls)
        return await self._post(sheet, place, workspace, calls)

    async def _post(self, sheet: Sheet, place: Place, workspace: Workspace, calls: Calls) -> str:
        thread = place.thread or None
        try:
            answer = await self._api.call(
                workspace,
                calls,
                "chat.postMessage",
                channel=place.channel,
                thread_ts=thread,
                unfurl_links=False,
                unfurl_media=False,
                **_make_content(sheet),
            )
        except SlackCallError as error:
            if error.code != "thread_not_found" or place.is_channel or not thread:
                raise
            # What they wrote was deleted meanwhile: it is answered in our own chat all the same.
            return await self._post(sheet, replace(place, thread=""), workspace, calls)
        channel, stamp = string(answer, "channel") or place.channel, string(answer, "ts")
        return f"{channel}:{stamp}" if stamp else ""

    async def _edit(self, sheet: Sheet, place: Place, workspace: Workspace, calls: Calls) -> str:
        try:
            await self._api.call(
                workspace,
                calls,
                "chat.update",
                channel=place.channel,
                ts=place.edits,
                **_make_content(sheet),
            )
        except SlackCallError as error:
            if error.code not in _CANNOT_EDIT:
                raise
            return await self._post(sheet, place.as_new_message(), workspace, calls)
        return f"{place.channel}:{place.edits}"

    async def _show_to_one(
        self, sheet: Sheet, place: Place, workspace: Workspace, calls: Calls
    ) -> str:
        """Shows a message to one person only: by the interaction's own address, else ephemerally.

        Where neither works any more it goes to the person's own chat.
        """
        if place.response_url:
            try:
                await self._api.respond(place.response_url, _make_response(sheet, place), calls)
            except SlackCallError as error:
                if error.is_temporary or error.is_uninstalled:
                    raise
                log.info("response address refused", reason=error.code)
            else:
                return ""
        if not place.is_channel:
            return await self._post(sheet, place.for_everybody(), workspace, calls)
        try:
            await self._api.call(
                workspace,
                calls,
                "chat.postEphemeral",
                channel=place.channel,
                user=place.only_for,
                thread_ts=place.thread or None,
                **_make_content(sheet),
            )
        except SlackCallError as error:
            if error.code not in NOT_THERE:
                raise
            return await self._post(sheet, Place(place.only_for), workspace, calls)
        return ""

    async def _upload(
        self, sheet: Sheet, file: File, place: Place, workspace: Workspace, calls: Calls
    ) -> None:
        """Uploads a file; one for a single person goes to their own chat."""
        slot = await self._api.call(
            workspace,
            calls,
            "files.getUploadURLExternal",
            filename=file.name,
            length=len(file.content),
            alt_txt=file.alt[:ALT_CHARACTERS] or None,
        )
        await self._api.upload(str(slot.get("upload_url", "")), file.content, calls)
        channel, thread = await self._find_upload_target(place, workspace, calls)
        await self._api.call(
            workspace,
            calls,
            "files.completeUploadExternal",
            files=[{"id": slot.get("file_id"), "title": file.name}],
            channel_id=channel,
            thread_ts=thread or None,
            blocks=list(sheet.blocks) or None,
        )

    async def _find_upload_target(
        self, place: Place, workspace: Workspace, calls: Calls
    ) -> tuple[str, str]:
        """The channel and thread for a file; a person's own chat has to be opened for its id."""
        who = place.only_for if place.only_for and place.is_channel else ""
        if not who and place.channel[:1] not in ("U", "W"):
            return place.channel, place.thread
        opened = await self._api.call(
            workspace, calls, "conversations.open", users=who or place.channel
        )
        channel = opened.get("channel")
        found = channel.get("id") if isinstance(channel, dict) else None
        if not isinstance(found, str):
            raise SlackCallError("channel_not_found", HTTPStatus.OK)
        return found, ""


def _make_content(sheet: Sheet) -> Json:
    return {"text": sheet.text, "blocks": list(sheet.blocks)}


def _make_response(sheet: Sheet, place: Place) -> Json:
    """The body of an answer to an interaction's own address."""
    body: Json = {
        "response_type": "ephemeral",
        "replace_original": bool(place.edits),
        **_make_content(sheet),
    }
    return body | ({"thread_ts": place.thread} if place.thread and not place.edits else {})
