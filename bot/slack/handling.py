"""Handles one of Slack's payloads: reads it, answers it, shows the answer and marks it."""

from __future__ import annotations

from collections import OrderedDict
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
from bot.slack.inbound import Incoming, PageOpened, Uninstalled, UserChanged, read
from bot.slack.outbound import Outbound
from bot.slack.payload.kinds import PLATFORM, find_tenant
from bot.slack.payload.reply_targets import Place
from bot.slack.people import Admission, People, is_join_attempt
from bot.slack.show_answer import AnswerDisplay
from bot.slack.workspaces import Workspace, Workspaces
from handlers.contract.reply import Button, Reply, from_json, plain
from handlers.contract.request import Request
from handlers.contract.words import choose_words

MAX_THREADS = 10_000  # whose last answer is remembered
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
        self._thread_answers: OrderedDict[str, str] = OrderedDict()

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
        elif isinstance(incoming, UserChanged) and await self._people.review(incoming, workspace):
            await self._home.redraw(incoming.account, workspace)
        await self._inbox.mark_done(arrival.row_id)

    async def concerns_us(self, changed: UserChanged, workspace: Workspace) -> bool:
        """Whether a change in somebody's profile has to be handled: mostly it is a new status."""
        return await self._people.is_standing_changed(changed, workspace)

    async def apologise(self, raw: Raw, reference: str) -> None:
        """Tells the person that there will be no answer."""
        workspace = await self._workspaces.find(find_tenant(raw))
        incoming = read(raw, workspace) if workspace is not None else None
        if workspace is None or not isinstance(incoming, Incoming):
            return
        words = choose_words(incoming.request.account.language)
        sorry = Reply(words.say("contract.refusals.trouble", reference=reference))
        try:
            await self._outbound.show(sorry, _find_own_chat(incoming), workspace, self.make_calls())
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
            self._remember_thread(incoming.place, reference)
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
        """With the words it replies to, which Slack keeps back; no reply if they are not ours.

        A thread that hangs on the person's own message goes on after our last answer in it.
        """
        stored = await self._app.run_off_loop(lambda: self._find_sent_text(request.reply_to))
        if stored is not None:
            return replace(request, replied_text=_read_text(stored))
        answer = self._thread_answers.get(request.reply_to, "")
        stored = await self._app.run_off_loop(lambda: self._find_sent_text(answer))
        request = replace(request, reply_to="", goes_on=stored is not None)
        return replace(request, replied_text=_read_text(stored)) if stored else request

    def _find_sent_text(self, reference: str) -> str | None:
        """What we said in a message, empty where it is not kept; None for none of ours."""
        if not reference:
            return None
        with self._app.database.work() as memory:
            started = memory.outbox.find_text(PLATFORM, reference)
            if started is not None:
                return started
            return memory.inbox.find_reply_text(PLATFORM, reference)

    def _remember_thread(self, place: Place, reference: str) -> None:
        """Our last answer in a thread; after a restart a thread goes on without it."""
        if not reference or not place.thread or place.is_channel:
            return
        root = f"{place.channel}:{place.thread}"
        self._thread_answers[root] = reference
        self._thread_answers.move_to_end(root)
        if len(self._thread_answers) > MAX_THREADS:
            self._thread_answers.popitem(last=False)

    async def _refuse(
        self, row_id: int, admission: Admission, workspace: Workspace, calls: Calls
    ) -> None:
        incoming = admission.incoming
        words = choose_words(incoming.request.account.language)
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
        words = choose_words(account.language)
        hello = Reply(
            words.say("platforms.slack.joined", name=account.name, team=admission.joined_team)
        )
        await self._outbound.show(hello, _find_own_chat(admission.incoming), workspace, calls)

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


def _find_own_chat(incoming: Incoming) -> Place:
    """Where only the person reads: the thread of what they wrote to us, else our chat with them."""
    place = incoming.place
    in_thread = place.thread and not place.is_channel and not place.only_for
    return Place(place.channel, place.thread) if in_thread else Place(incoming.user)


def _read_text(stored: str) -> str:
    return plain(from_json(stored).text) if stored else ""
