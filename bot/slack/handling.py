"""Reads one of Slack's payloads, has it handled, shows the answer and marks it as shown."""

from __future__ import annotations

from dataclasses import replace

import structlog

from bot.app import Answer, App, Notice
from bot.inbound.inbox import PlatformInbox, StoredArrival
from bot.inbound.json_fields import Raw
from bot.limits.backoff import Sleep
from bot.slack.api import Json
from bot.slack.attachments import with_content
from bot.slack.block_kit import modals
from bot.slack.errors import Calls, SlackCallError
from bot.slack.home_and_assistant import Rooms
from bot.slack.inbound import Incoming, Opened, SentAway, read
from bot.slack.outbound import Outbound
from bot.slack.payload.kinds import PLATFORM, tenant_of
from bot.slack.payload.reply_targets import Place
from bot.slack.people import Met, People, may_stay
from bot.slack.show_answer import Showing
from bot.slack.workspaces import Workspace, Workspaces
from handlers.contract.reply import Button, Reply, from_json, plain
from handlers.contract.request import Request
from handlers.contract.words import Words, speaking

log = structlog.get_logger()


class SlackAnswering:
    """Answers the payloads of every workspace we serve."""

    def __init__(
        self,
        app: App,
        inbox: PlatformInbox,
        workspaces: Workspaces,
        people: People,
        showing: Showing,
        rooms: Rooms,
        rest: Sleep,
    ) -> None:
        self._app = app
        self._inbox = inbox
        self._workspaces = workspaces
        self._people = people
        self._showing = showing
        self._rooms = rooms
        self._rest = rest
        self._told: set[str] = set()

    @property
    def _outbound(self) -> Outbound:
        return self._showing.outbound

    async def once(self, kept: StoredArrival) -> None:
        """Answers a payload; raises SlackCallError among others."""
        workspace = await self._workspaces.find(tenant_of(kept.raw))
        if workspace is None:
            await self._inbox.mark_done(kept.row_id)
            return
        heard = kept.heard or read(kept.raw, workspace)
        if isinstance(heard, Incoming):
            await self._answer(kept.row_id, heard, workspace)
            return
        if isinstance(heard, SentAway):
            await self._sent_away(workspace)
        elif isinstance(heard, Opened):
            await self._rooms.opened(heard, workspace, self.calls())
        await self._inbox.mark_done(kept.row_id)

    async def apologise(self, raw: Raw, reference: str) -> None:
        """Tells whoever waits for an answer that there will be none."""
        workspace = await self._workspaces.find(tenant_of(raw))
        heard = read(raw, workspace) if workspace is not None else None
        if workspace is None or not isinstance(heard, Incoming):
            return
        words = Words(speaking(heard.request.account.language))
        sorry = Reply(words.say("contract.refusals.trouble", reference=reference))
        try:
            await self._outbound.show(sorry, Place(heard.user), workspace, self.calls())
        except SlackCallError as trouble:
            log.info("no apology", reason=trouble.code)

    def refusal(self, error: Exception) -> str:
        """What Slack refused, fit for a log; empty for any other error."""
        return error.code if isinstance(error, SlackCallError) else ""

    async def told_again(self, heard: Incoming) -> None:
        """A modal that was submitted before is told the same again."""
        answer = await self._app.answer(heard.request)
        self._showing.tell(heard, answer)

    def moment(self) -> Json:
        """What a submitted modal is told while its answer takes longer than it may wait."""
        return {"response_action": "update", "view": modals.skeleton()}

    def calls(self) -> Calls:
        """The calls of one answer."""
        return Calls(self._rest)

    async def _answer(self, row_id: int, heard: Incoming, workspace: Workspace) -> None:
        calls = self.calls()
        met = await self._people.met(heard, workspace, calls)
        heard = met.heard
        if met.refused and not may_stay(heard):
            await self._refuse(row_id, met, workspace, calls)
            return
        heard = await self._prepared(heard, workspace, calls)
        answer = await self._worked_out(heard, workspace)
        self._told.discard(heard.request.account.id)
        reference = ""
        try:
            await self._welcome(met, workspace, calls)
            reference = await self._showing.show(heard, answer, workspace, calls)
        except SlackCallError as trouble:
            if not trouble.is_gone:
                raise
            log.info("person not reachable", row=row_id, reason=trouble.code)
            await self._inbox.set_reachability(heard.request.account.id, reachable=False)
        if answer.row_id:
            await self._inbox.mark_answered(row_id, reference)
        await self._people.claimed(met, workspace)
        self._rooms.acted(heard, workspace)

    async def _worked_out(self, heard: Incoming, workspace: Workspace) -> Answer:
        answer = await self._app.answer(heard.request, self._notice(heard, workspace))
        while answer.busy:  # it is in the inbox, so we need not send the person away
            answer = await self._app.answer(heard.request)
        return answer

    async def _prepared(self, heard: Incoming, workspace: Workspace, calls: Calls) -> Incoming:
        """With the file's content; and a thread is a reply only where it hangs on words of ours."""
        request = heard.request
        if heard.file is not None:
            request = await with_content(heard, self._rooms.api, workspace, calls)
        if request.reply_to:
            request = await self._as_reply(request)
        return replace(heard, request=request)

    async def _as_reply(self, request: Request) -> Request:
        """With the words it replies to, which Slack keeps back; no reply if they are not ours."""

        def carried() -> str | None:
            with self._app.database.work() as memory:
                started = memory.outbox.find_text(PLATFORM, request.reply_to)
                return (
                    memory.inbox.find_reply_text(PLATFORM, request.reply_to)
                    if started is None
                    else started
                )

        stored = await self._app.off_loop(carried)
        if stored is None:
            return replace(request, reply_to="")
        return replace(request, replied_text=plain(from_json(stored).text) if stored else "")

    async def _refuse(self, row_id: int, met: Met, workspace: Workspace, calls: Calls) -> None:
        heard = met.heard
        words = Words(speaking(heard.request.account.language))
        button = Button(words.line("team.onboarding.have_invite"), "redeem")
        said = Reply(words.say(met.refused, workspace=workspace.name or workspace.id), ((button,),))
        answer = Answer(said, 0, language=words.language)
        try:
            await self._showing.show(heard, answer, workspace, calls)
        except SlackCallError as trouble:
            if not trouble.is_gone:
                raise
            log.info("person not reachable", row=row_id, reason=trouble.code)
        await self._inbox.mark_done(row_id)

    async def _welcome(self, met: Met, workspace: Workspace, calls: Calls) -> None:
        if not met.joined:
            return
        account = met.heard.request.account
        words = Words(speaking(account.language))
        hello = Reply(words.say("platforms.slack.joined", name=account.name, team=met.joined))
        await self._outbound.show(hello, Place(met.heard.user), workspace, calls)

    async def _sent_away(self, workspace: Workspace) -> None:
        """Forgets the token; nudges wait, and what the people wrote is kept for their return."""
        log.warning("a workspace has sent us away", workspace=workspace.id)
        await self._workspaces.remove(workspace)

    def _notice(self, heard: Incoming, workspace: Workspace) -> Notice | None:
        """How to tell the person that it takes a while; None when they know or see it."""
        account = heard.request.account
        if heard.submitted or account.id in self._told:
            return None

        async def notice(reply: Reply) -> None:
            if account.id in self._told:
                return
            self._told.add(account.id)
            place = replace(heard.place.privately(heard.user).anew(), response_url="")
            try:
                await self._outbound.show(reply, place, workspace, self.calls())
            except SlackCallError as trouble:
                log.info("no notice", reason=trouble.code)

        return notice
