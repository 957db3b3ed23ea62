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
from bot.slack.waiters import Waiters
from bot.slack.workspaces import Workspace
from handlers.contract.reply import Form, Reply, plain, text_of
from handlers.contract.words import Words

_TOO_LATE = frozenset(
    """exchanged_trigger_id expired_trigger_id invalid_trigger_id push_limit_reached
    trigger_exchanged trigger_expired view_not_found not_found""".split()
)
log = structlog.get_logger()


class AnswerDisplay:
    """Shows answers to the people who asked."""

    def __init__(
        self,
        app: App,
        api: Api,
        outbound: Outbound,
        waiters: Waiters,
        inbox: PlatformInbox,
    ) -> None:
        self.outbound = outbound
        self._inbox = inbox
        self._app = app
        self._api = api
        self._placeholders = waiters.placeholders
        self._submissions = waiters.submissions

    async def show(
        self, incoming: Incoming, answer: Answer, workspace: Workspace, calls: Calls
    ) -> str:
        """Shows the answer; returns its message's reference, empty where there is none."""
        view_id = await self._placeholders.take_view_id(incoming.request.event_id)
        words, reply = Words(answer.language), answer.reply
        if incoming.submitted:
            modal_told = self.tell_modal(incoming, answer)
            if modal_told and _stays_open(answer):
                return ""
            view_id = "" if modal_told else incoming.view_id
        if reply.form is not None:
            return await self._show_form(
                incoming, reply, reply.form, view_id, words, workspace, calls
            )
        if view_id:
            await self._say_in_modal(view_id, reply, words, workspace, calls)
        return await self._show_message(incoming, reply, words, workspace, calls)

    def tell_modal(self, incoming: Incoming, answer: Answer) -> bool:
        """Gives the waiting modal its answer; false where it no longer waits."""
        return self._submissions.tell(
            incoming.request.event_id, _make_modal_answer(incoming, answer)
        )

    async def _show_form(
        self,
        incoming: Incoming,
        reply: Reply,
        form: Form,
        view_id: str,
        words: Words,
        workspace: Workspace,
        calls: Calls,
    ) -> str:
        view = modals.draw_form(form, reply.text, incoming.place.as_new_message(), words)
        try:
            if view_id:
                await self._fill_modal(view_id, view, workspace, calls)
            else:
                in_modal = (
                    bool(incoming.view_id) and not incoming.at_home and not incoming.submitted
                )
                method = "views.push" if in_modal else "views.open"
                arguments = {"trigger_id": incoming.trigger_id, "view": view}
                await self._api.call_once(workspace.token, method, arguments)
        except SlackCallError as error:
            if error.code not in _TOO_LATE and not error.is_temporary:
                raise
            log.info("too late for a modal", reason=error.code)
            return await self._ask_in_chat(incoming, words, workspace, calls)
        return ""

    async def _ask_in_chat(
        self, incoming: Incoming, words: Words, workspace: Workspace, calls: Calls
    ) -> str:
        """Asks the same form field by field in the chat; nothing has been changed so far."""
        request = incoming.request
        in_chat = replace(request, event_id=f"{request.event_id}:asked"[:100], draws_forms=False)
        answer = await self._app.answer(in_chat)
        reference = await self._show_message(incoming, answer.reply, words, workspace, calls)
        if answer.row_id:
            await self._inbox.mark_answered(answer.row_id, reference)
        return reference

    async def _say_in_modal(
        self, view_id: str, reply: Reply, words: Words, workspace: Workspace, calls: Calls
    ) -> None:
        """Shows the answer in the waiting modal; it is in the chat as well."""
        try:
            await self._fill_modal(
                view_id, modals.draw_message(reply.text, words), workspace, calls
            )
        except SlackCallError as error:  # it has been closed meanwhile
            if error.code not in _TOO_LATE:
                raise

    async def _fill_modal(
        self, view_id: str, view: Json, workspace: Workspace, calls: Calls
    ) -> None:
        await self._api.call(workspace, calls, "views.update", view_id=view_id, view=view)

    async def _show_message(
        self, incoming: Incoming, reply: Reply, words: Words, workspace: Workspace, calls: Calls
    ) -> str:
        place = incoming.place if reply.edit else incoming.place.as_new_message()
        share = ""
        if incoming.shares:
            reply = replace(reply, buttons=(), toast="")
            return await self.outbound.show(reply, place.for_everybody(), workspace, calls)
        if incoming.request.in_group:
            place = place.as_private(incoming.user) if reply.private else place
            share = words.line("platforms.slack.share")
        elif place.only_for and not place.edits and place.channel.startswith("D"):
            try:  # a command in our own chat is answered there; in another's by its address
                own_chat = place.for_everybody()
                return await self.outbound.show(reply, own_chat, workspace, calls)
            except SlackCallError as error:
                if error.code not in NOT_THERE:
                    raise
        return await self.outbound.show(reply, place, workspace, calls, share)


def _stays_open(answer: Answer) -> bool:
    """Whether a submitted modal stays open: something is wrong, or it goes on."""
    return answer.reply.form is not None or not answer.row_id


def _make_modal_answer(incoming: Incoming, answer: Answer) -> Json:
    """The answer for the waiting modal, in Slack's form."""
    form, words = answer.reply.form, Words(answer.language)
    if form is None and answer.row_id:
        return {}
    if form is None:  # not handled: the typed values stay in the fields
        return {
            "response_action": "errors",
            "errors": {incoming.first_field: plain(answer.reply.text)[:2000]},
        }
    errors = modals.render_errors(form)
    if errors and len(errors) == len(form.errors) and form.action == incoming.request.action:
        return {"response_action": "errors", "errors": errors}
    view = modals.draw_form(
        form, answer.reply.text or text_of(""), incoming.place.as_new_message(), words
    )
    return {"response_action": "update", "view": view}
