"""The terminal adapter: each typed line is a message; its own commands start with a colon."""

from __future__ import annotations

import mimetypes
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from bot.app import App
from bot.clock import SetClock, ShiftedClock
from bot.delivery.loop import Delivery
from bot.port import Address, DeliveryError, Sent
from bot.terminal.people import PLATFORM, Person, become, find_recipient_name
from bot.terminal.screen import Screen
from handlers.contract.reply import Button, Reply, plain
from handlers.contract.request import Attachment, Request, SharedContact
from handlers.contract.words import Words, choose_words
from handlers.reading import read_duration
from kb.objections.exchange.formats import FILE_BYTES
from storage.engine import Busy

MAX_FILE_BYTES = FILE_BYTES  # the longest file of any kind we read
A_DAY = timedelta(days=1)
LONGEST_WAIT = timedelta(days=366)


@dataclass(frozen=True)
class LatestMessage:
    """The latest message to a person: its buttons, its text, and its reference for replies."""

    buttons: tuple[Button, ...] = ()
    reference: str = ""
    words: str = ""


class Terminal:
    """One person at one terminal. `boot` makes the event ids of this run unique."""

    platform = PLATFORM

    def __init__(
        self, app: App, clock: SetClock | ShiftedClock, screen: Screen, person: Person, boot: str
    ) -> None:
        self._app = app
        self._clock = clock
        self._screen = screen
        self._person = person
        self._boot = boot
        self._count = 0
        self._latest_messages: dict[str, LatestMessage] = {}
        self.delivery = Delivery(app, {PLATFORM: self})
        self._own_commands: dict[str, Callable[[str], Awaitable[None]]] = {
            ":as": self._become,
            ":wait": self._wait,
            ":now": self._now,
            ":attach": self._attach,
            ":reply": self._reply,
            ":contact": self._contact,
            ":forward": self._forward,
            ":help": self._help,
        }

    @property
    def words(self) -> Words:
        """The texts for the terminal's own lines, in the person's language."""
        return choose_words(self._person.account.language)

    @property
    def _latest(self) -> LatestMessage:
        return self._latest_messages.get(self._person.account.id, LatestMessage())

    async def start(self) -> None:
        """Does nothing: lines come through `handle_line`."""

    async def stop(self) -> None:
        """Does nothing: there is nothing to close."""

    async def send(self, address: Address, reply: Reply) -> Sent:
        """Shows a message that Repmate starts, headed by its local time and its recipient.

        A terminal cannot change what it has printed: a reply that replaces a message is left out.
        Raises DeliveryError.
        """
        if reply.replaces:
            return Sent(reply.replaces)
        try:
            heading = await self._make_heading(address)
            buttons = self._screen.show(reply, heading)
        except (Busy, OSError, ValueError) as error:
            raise DeliveryError(f"not shown: {type(error).__name__}", retryable=True) from None
        reference = self._next_id("out")
        self._latest_messages[address.account_id] = LatestMessage(
            buttons, reference, plain(reply.text)
        )
        return Sent(reference)

    async def _make_heading(self, address: Address) -> str:
        if address.account_id == self._person.account.id:
            return self._render_local_time()
        database, account_id = self._app.database, address.account_id
        name = await self._app.run_off_loop(lambda: find_recipient_name(database, account_id))
        return f"{self._render_local_time()} → {name}"

    async def handle_line(self, line: str) -> bool:
        """Handles one typed line; false when it was `:quit`."""
        word, _, rest = line.strip().partition(" ")
        if word == ":quit":
            return False
        if not line.strip():
            return True
        command = self._own_commands.get(word)
        if command is not None:
            await command(rest.strip())
        elif word.startswith(":"):
            self._screen.say(self.words.line("platforms.terminal.unknown_word", word=word[:40]))
        else:
            await self._ask(self._read_line(line))
        await self.delivery.tick()
        return True

    def _read_line(self, line: str) -> Request:
        """The request of a line: a message, or a press of the latest message's numbered button."""
        number = line.strip()
        buttons = self._latest.buttons
        if number.isascii() and number.isdigit() and 0 < int(number[:3]) <= len(buttons):
            button = buttons[int(number[:3]) - 1]
            return replace(self._request(), kind="button", action=button.action)
        return replace(self._request(), text=line)

    async def _ask(self, request: Request) -> None:
        answer = await self._app.answer(request, notice=self._notice)
        if answer.row_id:
            await self._app.run_off_loop(lambda: self._mark(answer.row_id, request.event_id))
        buttons = self._screen.show(answer.reply)
        # A message without buttons leaves the ones before it pressable, as on a phone's screen.
        words = plain(answer.reply.text)
        message = LatestMessage(buttons or self._latest.buttons, request.event_id, words)
        self._latest_messages[self._person.account.id] = message

    def _mark(self, row_id: int, reference: str) -> None:
        with self._app.database.work() as memory:
            memory.inbox.mark_answered(row_id, reference)

    async def _notice(self, reply: Reply) -> None:
        self._screen.show(reply)

    def _request(self) -> Request:
        return Request(event_id=self._next_id("in"), account=self._person.account)

    def _next_id(self, way: str) -> str:
        self._count += 1
        return f"{self._boot}-{way}-{self._count}"

    async def _become(self, name: str) -> None:
        now, language = self._clock.now(), self._person.account.language
        team_id = self._person.team_id
        self._person = await self._app.run_off_loop(
            lambda: become(self._app.database, name or "nobody", language, now, team_id)
        )
        self._screen.say(self.words.line("platforms.terminal.you_are", who=self.describe_person()))

    def greet(self, *, newcomer: bool) -> None:
        """Prints who sits here, and for a newcomer three things to try."""
        key = "platforms.terminal.welcome" if newcomer else "platforms.terminal.you_are"
        self._screen.say(self.words.line(key, who=self.describe_person()))

    def describe_person(self) -> str:
        """The person who sits here, with role and team."""
        person, words = self._person, self.words
        if not person.role:
            return words.line("platforms.terminal.stranger", name=person.name)
        role = words.line(f"platforms.terminal.role_{person.role}")
        return words.line(
            "platforms.terminal.member", name=person.name, role=role, team=person.team
        )

    async def _wait(self, text: str) -> None:
        """Moves the clock on, and delivers messages as they come due on the way."""
        span = read_duration(text)
        if span is None or span <= timedelta() or span > LONGEST_WAIT:
            self._screen.say(self.words.line("platforms.terminal.wait_how"))
            return
        await self.delivery.pass_time(self._clock, self._clock.now() + span)
        if span >= A_DAY:
            await self.delivery.learn_odds()
        await self._now("")

    async def _now(self, _rest: str) -> None:
        self._screen.say(self._render_local_time())

    def _render_local_time(self) -> str:
        now = self._clock.now()
        zone = self._person.zone
        day = self.words.day(now, zone, now - timedelta(days=3))
        return self.words.line("contract.common.moment", day=day, clock=self.words.clock(now, zone))

    async def _attach(self, text: str) -> None:
        file = await self._app.run_off_loop(lambda: _read_file(text))
        if file is None:
            self._screen.say(self.words.line("platforms.terminal.no_file", path=text[:200]))
            return
        await self._ask(replace(self._request(), kind="file", attachment=file))

    async def _reply(self, text: str) -> None:
        latest = self._latest
        request = replace(self._request(), text=text)
        await self._ask(replace(request, reply_to=latest.reference, replied_text=latest.words))

    async def _contact(self, text: str) -> None:
        name, _, phone = text.rpartition(",")
        contact = SharedContact(name.strip(), phone.strip())
        await self._ask(replace(self._request(), kind="contact", contact=contact))

    async def _forward(self, text: str) -> None:
        sender, _, text = text.partition(":")
        await self._ask(
            replace(self._request(), text=text.strip(), forwarded_from=sender.strip() or "?")
        )

    async def _help(self, _rest: str) -> None:
        self._screen.say(self.words.line("platforms.terminal.own_words"))


def _read_file(text: str) -> Attachment | None:
    """The file at a path, if it can be read; a large one comes without its content."""
    path = Path(text)
    try:
        path = path.expanduser()
        if not text or not path.is_file():
            return None
        size = path.stat().st_size
        content = path.read_bytes() if size <= MAX_FILE_BYTES else None
    except (OSError, RuntimeError, ValueError):  # not ours to read, too long, of no such user
        return None
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Attachment(path.name, kind, size, content)
