"""Shows an answer: as a message, as a form, or in the modal that waits for it."""

from __future__ import annotations

from dataclasses import replace

import structlog

from bot.app import Answer, App
from bot.inbound.inbox import PlatformInbox
from bot.slack.api import Api, Json
from bot.slack.block_kit import modals
from bot.slack.errors import Calls, SlackCallError
from bot.slack.inbound import Incoming
from bot.slack.outbound import NOT_THERE, Outbound
from bot.slack.waiters import Waiting
from bot.slack.workspaces import Workspace
from handlers.contract.reply import Form, Reply, plain, text_of
from handlers.contract.words import Words

_TOO_LATE = frozenset(
    """exchanged_trigger_id expired_trigger_id invalid_trigger_id push_limit_reached
    trigger_exchanged trigger_expired view_not_found not_found""".split()
)
log = structlog.get_logger()


class Showing:
    """What one person sees after they did something."""

    def __init__(
        self,
        app: App,
        api: Api,
        outbound: Outbound,
        waiting: Waiting,
        inbox: PlatformInbox,
    ) -> None:
        self.outbound = outbound
        self._inbox = inbox
        self._app = app
        self._api = api
        self._placeholders = waiting.placeholders
        self._submissions = waiting.submissions

    async def show(
        self, heard: Incoming, answer: Answer, workspace: Workspace, calls: Calls
    ) -> str:
        """Shows the answer; gives back its message's reference, empty where there is none."""
        view_id = await self._placeholders.take_view_id(heard.request.event_id)
        words, reply = Words(answer.language), answer.reply
        if heard.submitted:
            told = self.tell(heard, answer)
            if told and _stays(answer):
                return ""
            view_id = "" if told else heard.view_id
        if reply.form is not None:
            return await self._form(heard, reply, reply.form, view_id, words, workspace, calls)
        if view_id:
            await self._say_in_modal(view_id, reply, words, workspace, calls)
        return await self._message(heard, reply, words, workspace, calls)

    def tell(self, heard: Incoming, answer: Answer) -> bool:
        """Tells the modal that waits what became of it; false when it is too late for that."""
        return self._submissions.tell(heard.request.event_id, _told(heard, answer))

    async def _form(
        self,
        heard: Incoming,
        reply: Reply,
        form: Form,
        view_id: str,
        words: Words,
        workspace: Workspace,
        calls: Calls,
    ) -> str:
        view = modals.view_of(form, reply.text, heard.place.anew(), words)
        try:
            if view_id:
                await self._fill(view_id, view, workspace, calls)
            else:
                in_modal = bool(heard.view_id) and not heard.at_home and not heard.submitted
                method = "views.push" if in_modal else "views.open"
                asked = {"trigger_id": heard.trigger_id, "view": view}
                await self._api.once(workspace.token, method, asked)
        except SlackCallError as trouble:
            if trouble.code not in _TOO_LATE and not trouble.passes:
                raise
            log.info("too late for a modal", reason=trouble.code)
            return await self._asked_in_chat(heard, words, workspace, calls)
        return ""

    async def _asked_in_chat(
        self, heard: Incoming, words: Words, workspace: Workspace, calls: Calls
    ) -> str:
        """The same form field by field: its handler has only asked so far."""
        request = heard.request
        again = replace(request, event_id=f"{request.event_id}:asked"[:100], draws_forms=False)
        answer = await self._app.answer(again)
        reference = await self._message(heard, answer.reply, words, workspace, calls)
        if answer.row_id:
            await self._inbox.mark_answered(answer.row_id, reference)
        return reference

    async def _say_in_modal(
        self, view_id: str, reply: Reply, words: Words, workspace: Workspace, calls: Calls
    ) -> None:
        """Ends a modal's wait with the answer, which stands in the chat as well."""
        try:
            await self._fill(view_id, modals.message(reply.text, words), workspace, calls)
        except SlackCallError as trouble:  # it has been closed meanwhile
            if trouble.code not in _TOO_LATE:
                raise

    async def _fill(self, view_id: str, view: Json, workspace: Workspace, calls: Calls) -> None:
        await self._api.call(workspace, calls, "views.update", view_id=view_id, view=view)

    async def _message(
        self, heard: Incoming, reply: Reply, words: Words, workspace: Workspace, calls: Calls
    ) -> str:
        place = heard.place if reply.edit else heard.place.anew()
        share = ""
        if heard.shares:
            reply = replace(reply, buttons=(), toast="")
            return await self.outbound.show(reply, place.for_all(), workspace, calls)
        if heard.request.in_group:
            place = place.privately(heard.user) if reply.private else place
            share = words.line("platforms.slack.share")
        elif place.only_for and not place.edits and place.channel.startswith("D"):
            try:  # a command in our own chat is answered there; in another's by its address
                own = place.for_all()
                return await self.outbound.show(reply, own, workspace, calls)
            except SlackCallError as trouble:
                if trouble.code not in NOT_THERE:
                    raise
        return await self.outbound.show(reply, place, workspace, calls, share)


def _stays(answer: Answer) -> bool:
    """Whether a submitted modal stays open: something is wrong, or it goes on."""
    return answer.reply.form is not None or not answer.row_id


def _told(heard: Incoming, answer: Answer) -> Json:
    """What the modal that waits is told, as Slack wants it."""
    form, words = answer.reply.form, Words(answer.language)
    if form is None and answer.row_id:
        return {}
    if form is None:  # it could not be handled: what was typed stays in the fields
        return {
            "response_action": "errors",
            "errors": {heard.first_field: plain(answer.reply.text)[:2000]},
        }
    errors = modals.errors_of(form)
    if errors and len(errors) == len(form.errors) and form.action == heard.request.action:
        return {"response_action": "errors", "errors": errors}
    view = modals.view_of(form, answer.reply.text or text_of(""), heard.place.anew(), words)
    return {"response_action": "update", "view": view}
