"""Handles one of Slack's payloads: reads it, answers it, shows the answer and marks it."""

from __future__ import annotations

from dataclasses import replace

import structlog

from bot.app import Answer, App, Notice
from bot.inbound.inbox import PlatformInbox, StoredArrival
from bot.inbound.json_fields import Raw
from bot.limits.backoff import Sleep
from bot.slack.api import Json
from bot.slack.attachments import fetch_attachment
from bot.slack.block_kit import modals
from bot.slack.errors import Calls, SlackCallError
from bot.slack.home_and_assistant import HomeAndAssistant
from bot.slack.inbound import Incoming, PageOpened, Uninstalled, read
from bot.slack.outbound import Outbound
from bot.slack.payload.kinds import PLATFORM, find_tenant
from bot.slack.payload.reply_targets import Place
from bot.slack.people import Admission, People, is_join_attempt
from bot.slack.show_answer import AnswerDisplay
from bot.slack.workspaces import Workspace, Workspaces
from handlers.contract.reply import Button, Reply, from_json, plain
from handlers.contract.request import Request
from handlers.contract.words import Words, choose_language

log = structlog.get_logger()


class SlackHandler:
    """Handles the payloads of every workspace we serve."""

    def __init__(
        self,
        app: App,
        inbox: PlatformInbox,
        workspaces: Workspaces,
        people: People,
        display: AnswerDisplay,
        home: HomeAndAssistant,
        sleep: Sleep,
    ) -> None:
        self._app = app
        self._inbox = inbox
        self._workspaces = workspaces
        self._people = people
        self._display = display
        self._home = home
        self._sleep = sleep
        self._notified: set[str] = set()

    @property
    def _outbound(self) -> Outbound:
        return self._display.outbound

    async def handle(self, arrival: StoredArrival) -> None:
        """Handles a payload; raises SlackCallError among others."""
        workspace = await self._workspaces.find(find_tenant(arrival.raw))
        if workspace is None:
            await self._inbox.mark_done(arrival.row_id)
            return
        incoming = arrival.content or read(arrival.raw, workspace)
        if isinstance(incoming, Incoming):
            await self._answer(arrival.row_id, incoming, workspace)
            return
        if isinstance(incoming, Uninstalled):
            await self._forget_workspace(workspace)
        elif isinstance(incoming, PageOpened):
            await self._home.handle_opened(incoming, workspace, self.make_calls())
        await self._inbox.mark_done(arrival.row_id)

    async def apologise(self, raw: Raw, reference: str) -> None:
        """Tells the person that there will be no answer."""
        workspace = await self._workspaces.find(find_tenant(raw))
        incoming = read(raw, workspace) if workspace is not None else None
        if workspace is None or not isinstance(incoming, Incoming):
            return
        words = Words(choose_language(incoming.request.account.language))
        sorry = Reply(words.say("contract.refusals.trouble", reference=reference))
        try:
            await self._outbound.show(sorry, Place(incoming.user), workspace, self.make_calls())
        except SlackCallError as error:
            log.info("apology not sent", reason=error.code)

    def describe_refusal(self, error: Exception) -> str:
        """Slack's refusal, fit for a log; empty for any other error."""
        return error.code if isinstance(error, SlackCallError) else ""

    async def answer_again(self, incoming: Incoming) -> None:
        """Gives a modal that was submitted before the same answer again."""
        answer = await self._app.answer(incoming.request)
        self._display.tell_modal(incoming, answer)

    def draw_waiting_modal(self) -> Json:
        """The answer to a submitted modal when the real one takes longer than it may wait."""
        return {"response_action": "update", "view": modals.draw_skeleton()}

    def make_calls(self) -> Calls:
        """The calls of one answer."""
        return Calls(self._sleep)

    async def _answer(self, row_id: int, incoming: Incoming, workspace: Workspace) -> None:
        calls = self.make_calls()
        admission = await self._people.admission(incoming, workspace, calls)
        incoming = admission.incoming
        if admission.refusal_key and not is_join_attempt(incoming):
            await self._refuse(row_id, admission, workspace, calls)
            return
        incoming = await self._prepare(incoming, workspace, calls)
        answer = await self._work_out_answer(incoming, workspace)
        self._notified.discard(incoming.request.account.id)
        reference = ""
        try:
            await self._welcome(admission, workspace, calls)
            reference = await self._display.show(incoming, answer, workspace, calls)
        except SlackCallError as error:
            if not error.is_gone:
                raise
            log.info("person not reachable", row=row_id, reason=error.code)
            await self._inbox.set_reachability(incoming.request.account.id, reachable=False)
        if answer.row_id:
            await self._inbox.mark_answered(row_id, reference)
        await self._people.claim_workspace(admission, workspace)
        self._home.refresh_after(incoming, workspace)

    async def _work_out_answer(self, incoming: Incoming, workspace: Workspace) -> Answer:
        answer = await self._app.answer(incoming.request, self._notice(incoming, workspace))
        while answer.busy:  # the inbox has it, so we go on trying
            answer = await self._app.answer(incoming.request)
        return answer

    async def _prepare(self, incoming: Incoming, workspace: Workspace, calls: Calls) -> Incoming:
        """Adds the file's content, and the message of ours that a thread replies to."""
        request = incoming.request
        if incoming.file is not None:
            request = await fetch_attachment(incoming, self._home.api, workspace, calls)
        if request.reply_to:
            request = await self._with_replied_text(request)
        return replace(incoming, request=request)

    async def _with_replied_text(self, request: Request) -> Request:
        """Adds the text it replies to, which Slack does not send; no reply if it is not ours."""

        def find_text() -> str | None:
            with self._app.database.work() as memory:
                started = memory.outbox.find_text(PLATFORM, request.reply_to)
                return (
                    memory.inbox.find_reply_text(PLATFORM, request.reply_to)
                    if started is None
                    else started
                )

        stored = await self._app.run_off_loop(find_text)
        if stored is None:
            return replace(request, reply_to="")
        return replace(request, replied_text=plain(from_json(stored).text) if stored else "")

    async def _refuse(
        self, row_id: int, admission: Admission, workspace: Workspace, calls: Calls
    ) -> None:
        incoming = admission.incoming
        words = Words(choose_language(incoming.request.account.language))
        button = Button(words.line("team.onboarding.have_invite"), "redeem")
        reply = Reply(
            words.say(admission.refusal_key, workspace=workspace.name or workspace.id), ((button,),)
        )
        answer = Answer(reply, 0, language=words.language)
        try:
            await self._display.show(incoming, answer, workspace, calls)
        except SlackCallError as error:
            if not error.is_gone:
                raise
            log.info("person not reachable", row=row_id, reason=error.code)
        await self._inbox.mark_done(row_id)

    async def _welcome(self, admission: Admission, workspace: Workspace, calls: Calls) -> None:
        if not admission.joined_team:
            return
        account = admission.incoming.request.account
        words = Words(choose_language(account.language))
        hello = Reply(
            words.say("platforms.slack.joined", name=account.name, team=admission.joined_team)
        )
        await self._outbound.show(hello, Place(admission.incoming.user), workspace, calls)

    async def _forget_workspace(self, workspace: Workspace) -> None:
        """Forgets the token; nudges wait, and everything people wrote stays for their return."""
        log.warning("a workspace has uninstalled the app", workspace=workspace.id)
        await self._workspaces.remove(workspace)

    def _notice(self, incoming: Incoming, workspace: Workspace) -> Notice | None:
        """How to tell the person that it takes a while; None where they know or see that."""
        account = incoming.request.account
        if incoming.submitted or account.id in self._notified:
            return None

        async def notice(reply: Reply) -> None:
            if account.id in self._notified:
                return
            self._notified.add(account.id)
            place = replace(
                incoming.place.as_private(incoming.user).as_new_message(), response_url=""
            )
            try:
                await self._outbound.show(reply, place, workspace, self.make_calls())
            except SlackCallError as error:
                log.info("notice of a delay not sent", reason=error.code)

        return notice
